"""How a centre lends bikes: by itself or not, what it costs, and which bike for which age."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from households.actions import bikes as actions
from households.bikes import sizes_on, tariff_on
from households.forms.bike_settings import ServiceForm, SizeForm, TariffForm
from households.models import BikeService, BikeSize, BikeTariff
from households.views.bikes import managed_centre


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("bikes.manage")
def settings(request, slug):
    """Do we do it ourselves, what does it cost, which bike for which age."""
    centre = managed_centre(request, slug)
    form = ServiceForm(request.POST or None, instance=_service_of(centre))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Bewaard.")
        return redirect("households:bike-settings", slug)
    return _show_settings(request, centre, service_form=form)


@require_POST
@right_required("bikes.manage")
def add_tariff(request, slug):
    centre = managed_centre(request, slug)
    form = TariffForm(request.POST, centre=centre)
    return _add_row(request, centre, form, "Het tarief is bewaard.") or _show_settings(
        request, centre, tariff_form=form
    )


@require_POST
@right_required("bikes.manage")
def add_size(request, slug):
    centre = managed_centre(request, slug)
    form = SizeForm(request.POST, centre=centre)
    return _add_row(request, centre, form, "De maat is bewaard.") or _show_settings(request, centre, size_form=form)


def _add_row(request, centre, form, sentence):
    if not form.is_valid():
        return None
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if not once.result:
        form.save()
        once.led_to(reverse("households:bike-settings", args=[centre.slug]))
        messages.success(request, sentence)
    return redirect(once.result)


@require_POST
@right_required("bikes.manage")
def take_guide(request, slug):
    centre = managed_centre(request, slug)
    actions.take_guide(centre, since=timezone.localdate())
    messages.success(request, "De algemene gids staat erin. Kijk de leeftijden na.")
    return redirect("households:bike-settings", slug)


def _show_settings(request, centre, *, service_form=None, tariff_form=None, size_form=None):
    today = timezone.localdate()
    tariff_form = tariff_form or TariffForm(centre=centre)
    size_form = size_form or SizeForm(centre=centre)
    tariff_form.helper.form_action = reverse("households:bike-tariff", args=[centre.slug])
    size_form.helper.form_action = reverse("households:bike-size", args=[centre.slug])
    service_form = service_form or ServiceForm(instance=_service_of(centre))
    service_form.helper.form_action = reverse("households:bike-settings", args=[centre.slug])
    forms = [service_form, tariff_form, size_form]
    current = sizes_on(centre.pk, today)
    context = {
        "centre": centre,
        "form": next((form for form in forms if form.errors), None),
        "service_form": service_form,
        "tariff_form": tariff_form,
        "size_form": size_form,
        "tariffs": BikeTariff.objects.filter(centre=centre),
        "tariff": tariff_on(centre.pk, today),
        "sizes": [(size, size == current.get(size.wheel)) for size in BikeSize.objects.filter(centre=centre)],
    }
    return render(request, "households/bike_settings.html", context)


def _service_of(centre):
    return BikeService.objects.filter(centre=centre).first() or BikeService(centre=centre)
