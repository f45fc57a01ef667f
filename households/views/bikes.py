from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.places.models import Centre
from buurtwerk.trail.models import Access
from households.actions import bikes as actions
from households.bikes import ENDS_SOON, outgrowing, sizes_on, tariff_on
from households.forms.bike_loans import FindFamilyForm
from households.forms.bikes import BikeEditForm, BikeForm, RepairDoneForm, RepairForm
from households.models import Bike, BikeLoan, BikeRepair, BikeService

Mode = BikeService.Mode


@require_safe
@right_required("bikes.lend")
def bike_list(request):
    """What ends, who outgrows, what is there; or how to refer, where others lend."""
    centres = _centres(request.user)
    centre = next((each for each in centres if each.slug == request.GET.get("centrum")), centres[0])
    service = centre.bike_mode
    context = {"centre": centre, "centres": centres, "service": service, **_manages(request, centre)}
    if service.mode == Mode.OWN:
        context |= _stock(request, centre)
    context["find"] = FindFamilyForm()
    return render(request, "households/bike_list.html", context)


def _stock(request, centre):
    today = timezone.localdate()
    bikes = list(Bike.objects.visible_to(request.user).filter(centre=centre).kept())
    loans = list(known_loans(request.user).open().filter(centre=centre).order_by("due_on", "pk"))
    record_loans(request, loans, centre, Access.Action.LIST)
    riding = {loan.bike_id: loan for loan in loans}
    sizes = sizes_on(centre.pk, today)
    for bike in bikes:
        # Of a family that is hidden from this colleague, the bike is lent and that is all.
        bike.loan, bike.size = riding.get(bike.pk), sizes.get(bike.wheel)
    return {
        "bikes": bikes,
        "free": sum(bike.is_free for bike in bikes),
        "ending": [loan for loan in loans if loan.due_on <= today + ENDS_SOON],
        "outgrowing": outgrowing(loans, sizes=sizes, free=[bike for bike in bikes if bike.is_free]),
        "has_sizes": bool(sizes),
        "tariff": tariff_on(centre.pk, today),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("bikes.manage")
def create(request):
    centre = managed_centre(request, request.GET.get("centrum"))
    form = BikeForm(request.POST or None, centre=centre)
    if request.method != "POST" or not form.is_valid():
        return render(request, "households/bike_form.html", {"form": form, "centre": centre})
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if not once.result:
        bike = form.save()
        once.led_to(bike.get_absolute_url())
        messages.success(request, f"{bike} staat op stock.")
    return redirect(once.result)


@require_safe
@right_required("bikes.lend")
def detail(request, pk):
    return _show_bike(request, _bike(request, pk))


def _show_bike(request, bike, *, repair_form=None, done_form=None):
    loans = list(known_loans(request.user).filter(bike=bike).order_by("-since", "-pk"))
    record_loans(request, loans, bike.centre, Access.Action.VIEW)
    repairs = list(bike.repairs.select_related("noted_by", "done_by"))
    open_repair = next((repair for repair in repairs if not repair.done_on), None)
    context = {
        "bike": bike,
        "size": sizes_on(bike.centre_id, timezone.localdate()).get(bike.wheel),
        "loan": next((loan for loan in loans if loan.is_open), None),
        "earlier": [loan for loan in loans if not loan.is_open],
        "repairs": repairs,
        "form": repair_form or done_form,
        "repair_form": repair_form or (RepairForm() if bike.is_free else None),
        "open_repair": open_repair,
        "done_form": done_form or (RepairDoneForm() if open_repair else None),
        **_manages(request, bike.centre),
    }
    return render(request, "households/bike_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("bikes.manage")
def edit(request, pk):
    bike = _bike(request, pk, right="bikes.manage")
    form = BikeEditForm(request.POST or None, instance=bike)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "De fiets is aangepast.")
        return redirect(bike)
    return render(request, "households/bike_form.html", {"form": form, "bike": bike, "centre": bike.centre})


@require_POST
@right_required("bikes.lend")
def repair(request, pk):
    bike = _bike(request, pk)
    form = RepairForm(request.POST)
    if not form.is_valid():
        return _show_bike(request, bike, repair_form=form)
    return _do(
        request, bike, "De fiets staat in herstel.", actions.start_repair, bike, **form.cleaned_data, by=request.user
    )


@require_POST
@right_required("bikes.lend")
def repair_done(request, pk):
    repair = get_object_or_404(BikeRepair.objects.visible_to(request.user).select_related("bike__centre"), pk=pk)
    form = RepairDoneForm(request.POST)
    if not form.is_valid():
        return _show_bike(request, repair.bike, done_form=form)
    about = {"what": form.cleaned_data["done_what"], "cost_cents": form.cleaned_data["cost"]}
    return _do(
        request,
        repair.bike,
        "De fiets is klaar en staat op stock.",
        actions.finish_repair,
        repair,
        **about,
        by=request.user,
    )


@require_POST
@right_required("bikes.manage")
def write_off(request, pk):
    bike = _bike(request, pk, right="bikes.manage")
    return _do(request, bike, f"{bike} is weg uit de stock.", actions.write_off, bike, by=request.user)


@require_POST
@right_required("bikes.manage")
def find_again(request, pk):
    bike = _bike(request, pk, right="bikes.manage")
    return _do(request, bike, f"{bike} staat weer op stock.", actions.find_again, bike)


def _do(request, target, sentence, act, *args, **about):
    """One step, or the sentence why it cannot be."""
    try:
        act(*args, **about)
        messages.success(request, sentence)
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
    return redirect(target)


def _centres(user):
    """Where this colleague lends, each with how it does so; who lends first on top."""
    centres = Centre.objects.where(user, "bikes.lend").select_related("bike_service__partner").order_by("name")
    centres = list(centres)
    for centre in centres:
        centre.bike_mode = getattr(centre, "bike_service", None) or BikeService(centre=centre)
    return sorted(centres, key=lambda centre: centre.bike_mode.mode != Mode.OWN)


def managed_centre(request, slug):
    """A centre that one may manage: 404 where one has no business, 403 where others manage."""
    manages = request.user.centres_where("bikes.manage")
    if slug is None:
        return Centre.objects.filter(pk__in=manages).order_by("bike_service__mode", "name").first()
    # Compared here and not in the database: an address can carry anything.
    centre = next((each for each in Centre.objects.where(request.user, "bikes.lend") if each.slug == slug), None)
    if centre is None:
        raise Http404
    if centre.pk not in manages:
        raise PermissionDenied
    return centre


def _manages(request, centre):
    return {"manages": request.user.may("bikes.manage", centre)}


def _bike(request, pk, *, right="bikes.lend"):
    bike = get_object_or_404(Bike.objects.visible_to(request.user).select_related("centre"), pk=pk)
    if not request.user.may(right, bike.centre_id):
        raise PermissionDenied
    return bike


def known_loans(user):
    return BikeLoan.objects.visible_to(user).select_related("bike", "child", "household")


def record_loans(request, loans, centre, action):
    record_families(request, sorted({loan.household_id for loan in loans}), centre.pk, action)


def record_families(request, households, centre_id, action):
    if households:
        Access.objects.record(
            request, action=action, record_type="household", ids=households, centre_id=centre_id, reason="Kinderfietsen"
        )
