from django.core.paginator import Paginator

PER_PAGE = 20


def page_of(services, *, form, number):
    """One page of results, each with the reasons why it fits."""
    page = Paginator(services.with_card(), PER_PAGE).get_page(number)
    for service in page:
        service.reasons = form.why(service)
    return page
