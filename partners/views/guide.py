"""The public wegwijzer: no account, no script, kept whole until a card changes."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render

from buurtwerk.places.public import public_page
from buurtwerk.themes import Theme
from partners.facts import contacts_of, facts_of
from partners.forms import NeedForm
from partners.models import Organisation, Service
from partners.views.results import page_of


@public_page
def guide(request):
    form = NeedForm(request.GET)
    page = page_of(form.apply(Service.objects.active()), form=form, number=request.GET.get("page"))
    themes = [(theme, form.with_theme(theme)) for theme in Theme]
    return render(request, "partners/guide.html", {"form": form, "page": page, "themes": themes})


@public_page
def guide_card(request, slug):
    services = Service.objects.shown_to_everyone().prefetch_related("neighbourhoods")
    organisations = Organisation.objects.active().prefetch_related(Prefetch("services", services))
    organisation = get_object_or_404(organisations, slug=slug)
    for service in organisation.services.all():
        service.facts = facts_of(service)
    context = {"organisation": organisation, "contacts": contacts_of(organisation)}
    return render(request, "partners/guide_card.html", context)
