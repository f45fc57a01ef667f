from django.core.paginator import Paginator

from partners.facts import contacts_of, facts_of

PER_PAGE = 20


def page_of(services, *, form, number):
    """One page of results, each with the reasons why it fits and all you need to go there."""
    page = Paginator(services.with_card(), PER_PAGE).get_page(number)
    for service in page:
        service.reasons = form.why(service)
        service.facts = facts_of(service, asked=form) + contacts_of(service.organisation)
    return page
