from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from buurtwerk.accounts.decorators import right_required
from partners.actions import free_slug, log_check
from partners.facts import contacts_of, facts_of
from partners.forms import ServiceForm, VerificationForm
from partners.models import Organisation, Service
from partners.views.saving import posted, save_once


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("partners.change")
def create(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    form = ServiceForm(posted(request), instance=Service(organisation=organisation))

    def save():
        service = form.save(commit=False)
        service.slug = free_slug(Service, service.name)
        service.save()
        form.save_m2m()
        messages.success(request, f"{service} is bewaard.")
        return service.get_absolute_url()

    context = {"form": form, "heading": "Nieuw aanbod", "organisation": organisation}
    return save_once(request, form, save) or render(request, "partners/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("partners.change")
def edit(request, slug, service_slug):
    service = _service(slug, service_slug)
    form = ServiceForm(posted(request), instance=service)

    def save():
        messages.success(request, f"{form.save()} is bewaard.")
        return service.get_absolute_url()

    context = {"form": form, "heading": "Pas het aanbod aan", "organisation": service.organisation}
    return save_once(request, form, save) or render(request, "partners/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("partners.change")
def check(request, slug, service_slug):
    service = _service(slug, service_slug)
    service.facts = facts_of(service) + contacts_of(service.organisation)
    form = VerificationForm(posted(request))

    def save():
        said = {name: form.cleaned_data[name] for name in ("method", "result", "note")}
        log_check(service, by=request.user, **said)
        messages.success(request, f"Het nazicht van {service} is bewaard.")
        return service.get_absolute_url()

    context = {"form": form, "service": service}
    return save_once(request, form, save) or render(request, "partners/check.html", context)


def _service(slug, service_slug):
    return get_object_or_404(Service.objects.with_card(), organisation__slug=slug, slug=service_slug)
