from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from buurtwerk.accounts.decorators import right_required
from partners.actions import free_slug
from partners.facts import facts_of
from partners.forms import OrganisationForm, TeamNeedForm
from partners.models import Organisation, Service, Verification
from partners.views.results import page_of
from partners.views.saving import posted, save_once

LAST_CHECKS = 10
MOST_WITHOUT_SERVICES = 50


@require_safe
@right_required("partners.read")
def organisation_list(request):
    form = TeamNeedForm(request.GET)
    return render(
        request,
        "partners/list.html",
        {
            "form": form,
            "page": page_of(form.services(), form=form, number=request.GET.get("page")),
            "without_services": Organisation.objects.without_services()[:MOST_WITHOUT_SERVICES],
            "may_change": request.user.may("partners.change"),
        },
    )


@require_safe
@right_required("partners.read")
def detail(request, slug):
    services = Service.objects.prefetch_related("neighbourhoods")
    organisations = Organisation.objects.prefetch_related(Prefetch("services", services))
    organisation = get_object_or_404(organisations, slug=slug)
    for service in organisation.services.all():
        service.facts = facts_of(service)
    checks = Verification.objects.filter(service__organisation=organisation).select_related("service", "by")
    return render(
        request,
        "partners/detail.html",
        {
            "organisation": organisation,
            "checks": checks[:LAST_CHECKS],
            "may_change": request.user.may("partners.change"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("partners.change")
def create(request):
    form = OrganisationForm(posted(request))

    def save():
        organisation = form.save(commit=False)
        organisation.slug = free_slug(Organisation, organisation.name)
        organisation.save()
        messages.success(request, f"{organisation} is bewaard. Zeg nu wat ze aanbieden, dan vindt iedereen het.")
        return reverse("partners:service-create", args=[organisation.slug])

    context = {"form": form, "heading": "Nieuwe organisatie"}
    return save_once(request, form, save) or render(request, "partners/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("partners.change")
def edit(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    form = OrganisationForm(posted(request), instance=organisation)

    def save():
        messages.success(request, f"{form.save()} is bewaard.")
        return organisation.get_absolute_url()

    context = {"form": form, "heading": "Pas de organisatie aan", "organisation": organisation}
    return save_once(request, form, save) or render(request, "partners/form.html", context)
