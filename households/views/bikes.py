from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.interface.templatetags.look import day as in_words
from buurtwerk.interface.templatetags.look import euro
from buurtwerk.interface.text import search_key
from buurtwerk.places.models import Centre
from buurtwerk.trail.models import Access
from households.actions import bikes as actions
from households.bikes import ENDS_SOON, outgrowing, sizes_on, tariff_on
from households.forms.bikes import (
    BikeEditForm,
    BikeForm,
    FindFamilyForm,
    LendForm,
    RepairDoneForm,
    RepairForm,
    ReturnForm,
    ServiceForm,
    SizeForm,
    SwapForm,
    TariffForm,
    children_of,
)
from households.models import Bike, BikeLoan, BikeRepair, BikeService, BikeSize, BikeTariff, Household
from households.views.page import family_for

MOST_FOUND = 8
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
    loans = list(_loans(request.user).open().filter(centre=centre).order_by("due_on", "pk"))
    _write_trail(request, loans, centre, Access.Action.LIST)
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
    centre = _managed_centre(request, request.GET.get("centrum"))
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
    loans = list(_loans(request.user).filter(bike=bike).order_by("-since", "-pk"))
    _write_trail(request, loans, bike.centre, Access.Action.VIEW)
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


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("bikes.lend")
def find_family(request):
    """For which family? A page that posts, so that no name of a resident stands in an address."""
    form = FindFamilyForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "found": None}
    if request.method == "POST" and form.is_valid():
        found = context["found"] = _families(request.user, form.cleaned_data["search"])
        Access.objects.record_shown(request, found, action=Access.Action.SEARCH, record_type="household")
    return render(request, "households/bike_find_family.html", context)


def _families(user, words):
    """With each family where its own centre sends it: to a bike, or to the partner who lends them."""
    if not search_key(words):
        return []
    services = {
        service.centre_id: service for service in BikeService.objects.visible_to(user).select_related("partner")
    }
    families = Household.objects.visible_to(user).followed().filter(centre__in=user.centres_where("bikes.lend"))
    families = list(families.matching(words)[:MOST_FOUND])
    for family in families:
        service = services.get(family.centre_id)
        family.lends = service is not None and service.mode == Mode.OWN
        refers = service is not None and service.mode == Mode.REFER
        family.partner = service.partner if refers else None
        family.may_refer = refers and user.may("referrals.make", family.centre_id)
    return families


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("bikes.lend")
def lend(request, code):
    household = family_for(request.user, code, right="bikes.lend")
    if not BikeService.objects.filter(centre=household.centre_id, mode=Mode.OWN).exists():
        messages.info(request, "Dit centrum leent zelf geen fietsen uit.")
        return redirect("households:bike-list")
    today = timezone.localdate()
    form = LendForm(
        request.POST or None,
        centre=household.centre_id,
        children=children_of(household),
        bikes=list(Bike.objects.visible_to(request.user).filter(centre=household.centre_id).free()),
        sizes=sizes_on(household.centre_id, today),
        tariff=tariff_on(household.centre_id, today),
    )
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if once.result:
            return redirect(once.result)
        try:
            loan = _lend(form, household, by=request.user)
        except actions.NotPossible as refused:
            once.delete()
            form.add_error("bike", str(refused))
        else:
            once.led_to(loan.get_absolute_url())
            sentence = f"{loan.bike} is uitgeleend tot {in_words(loan.due_on)}."
            say_with_undo(request, sentence, name=actions.BIKE_LENT, subject_id=loan.pk)
            return redirect(loan)
    if request.method != "POST":
        _trail(request, [household.pk], household.centre_id, Access.Action.VIEW)
    context = {"form": form, "household": household, "tariff": tariff_on(household.centre_id, today)}
    return render(request, "households/bike_lend.html", context)


def _lend(form, household, *, by):
    cleaned = form.cleaned_data
    return actions.lend(
        bike=cleaned["bike"],
        child=cleaned["child"],
        household=household,
        since=cleaned["since"],
        deposit_cents=form.deposit_cents,
        by=by,
    )


@require_safe
@right_required("bikes.lend")
def loan_detail(request, pk):
    loan = _loan(request, pk)
    _write_trail(request, [loan], loan.centre, Access.Action.VIEW)
    today = timezone.localdate()
    sizes = sizes_on(loan.centre_id, today)
    free = Bike.objects.visible_to(request.user).filter(centre=loan.centre_id).free()
    context = {
        "loan": loan,
        "size": sizes.get(loan.bike.wheel),
        "outgrown": next(iter(outgrowing([loan], sizes=sizes, free=list(free))), None) if loan.is_open else None,
        "goes_on": getattr(loan, "followed_by", None),
        "tariff": tariff_on(loan.centre_id, today),
        "opens_families": request.user.may("families.open", loan.centre_id),
    }
    return render(request, "households/loan_detail.html", context)


@require_POST
@right_required("bikes.lend")
def loan_renew(request, pk):
    loan = _loan(request, pk)
    given = request.POST.get("version", "")
    version = int(given) if given.isdecimal() and len(given) < 10 else 0
    try:
        loan, fee = actions.renew(loan, version=version, by=request.user)
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        paid = f"Huur: {euro(fee)}." if fee is not None else "Er is geen tarief, dus geen bedrag bij geteld."
        messages.success(request, f"Verlengd tot {in_words(loan.due_on)}. {paid}")
    return redirect(loan)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("bikes.lend")
def loan_return(request, pk):
    loan = _loan(request, pk)
    form = ReturnForm(request.POST or None, loan=loan)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            actions.take_back(
                loan,
                state=cleaned["returned_state"],
                note=cleaned["return_note"],
                deposit_returned_cents=cleaned["deposit"],
                by=request.user,
            )
        except actions.NotPossible as refused:
            messages.info(request, str(refused))
        else:
            say_with_undo(request, f"{loan.bike} is terug.", name=actions.BIKE_BACK, subject_id=loan.pk)
        return redirect(loan)
    return _show_loan_form(request, loan, form, "Neem de fiets terug")


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("bikes.lend")
def loan_swap(request, pk):
    loan = _loan(request, pk)
    if not loan.is_open:
        messages.info(request, "Deze fiets is al terug.")
        return redirect(loan)
    form = SwapForm(
        request.POST or None,
        loan=loan,
        bikes=list(Bike.objects.visible_to(request.user).filter(centre=loan.centre_id).free()),
        sizes=sizes_on(loan.centre_id, timezone.localdate()),
    )
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            new = actions.swap(
                loan,
                bike=cleaned["bike"],
                state=cleaned["returned_state"],
                note=cleaned["return_note"],
                by=request.user,
            )
        except actions.NotPossible as refused:
            form.add_error("bike", str(refused))
        else:
            messages.success(request, f"{new.child.first_name} rijdt nu met {new.bike}, tot {in_words(new.due_on)}.")
            return redirect(new)
    return _show_loan_form(request, loan, form, "Ruil de fiets")


def _show_loan_form(request, loan, form, title):
    if request.method != "POST":
        _write_trail(request, [loan], loan.centre, Access.Action.VIEW)
    return render(request, "households/loan_form.html", {"form": form, "loan": loan, "title": title})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("bikes.manage")
def settings(request, slug):
    """Do we do it ourselves, what does it cost, which bike for which age."""
    centre = _managed_centre(request, slug)
    form = ServiceForm(request.POST or None, instance=_service_of(centre))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Bewaard.")
        return redirect("households:bike-settings", slug)
    return _show_settings(request, centre, service_form=form)


@require_POST
@right_required("bikes.manage")
def add_tariff(request, slug):
    centre = _managed_centre(request, slug)
    form = TariffForm(request.POST, centre=centre)
    return _add_row(request, centre, form, "Het tarief is bewaard.") or _show_settings(
        request, centre, tariff_form=form
    )


@require_POST
@right_required("bikes.manage")
def add_size(request, slug):
    centre = _managed_centre(request, slug)
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
    centre = _managed_centre(request, slug)
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


def _centres(user):
    """Where this colleague lends, each with how it does so; who lends first on top."""
    centres = Centre.objects.where(user, "bikes.lend").select_related("bike_service__partner").order_by("name")
    centres = list(centres)
    for centre in centres:
        centre.bike_mode = getattr(centre, "bike_service", None) or BikeService(centre=centre)
    return sorted(centres, key=lambda centre: centre.bike_mode.mode != Mode.OWN)


def _managed_centre(request, slug):
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


def _loans(user):
    return BikeLoan.objects.visible_to(user).select_related("bike", "child", "household")


def _loan(request, pk):
    loans = _loans(request.user).select_related("centre", "lent_by", "taken_back_by", "follows", "followed_by")
    return get_object_or_404(loans, pk=pk)


def _write_trail(request, loans, centre, action):
    _trail(request, sorted({loan.household_id for loan in loans}), centre.pk, action)


def _trail(request, households, centre_id, action):
    if households:
        Access.objects.record(
            request, action=action, record_type="household", ids=households, centre_id=centre_id, reason="Kinderfietsen"
        )
