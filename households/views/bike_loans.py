"""Lending a bike: to which family, which bike, and everything until it is back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.interface.templatetags.look import day as in_words
from buurtwerk.interface.templatetags.look import euro
from buurtwerk.interface.text import search_key
from buurtwerk.trail.models import Access
from households.actions import bikes as actions
from households.bikes import outgrowing, sizes_on, tariff_on
from households.forms.bike_loans import FindFamilyForm, LendForm, ReturnForm, SwapForm, children_of
from households.models import Bike, BikeService, Household
from households.views.bikes import Mode, known_loans, record_families, record_loans
from households.views.page import family_for

MOST_FOUND = 8


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
    form = _lend_form(request, household)
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            _lend(request, form, household, once)
        if once.result:
            return redirect(once.result)
    if request.method != "POST":
        record_families(request, [household.pk], household.centre_id, Access.Action.VIEW)
    context = {"form": form, "household": household, "tariff": form.tariff}
    return render(request, "households/bike_lend.html", context)


def _lend_form(request, household):
    today = timezone.localdate()
    return LendForm(
        request.POST or None,
        centre=household.centre_id,
        children=children_of(household),
        bikes=list(Bike.objects.visible_to(request.user).filter(centre=household.centre_id).free()),
        sizes=sizes_on(household.centre_id, today),
        tariff=tariff_on(household.centre_id, today),
    )


def _lend(request, form, household, once):
    """Once and for all; or not, and then why it cannot be stands at the bike."""
    cleaned = form.cleaned_data
    try:
        loan = actions.lend(
            bike=cleaned["bike"],
            child=cleaned["child"],
            household=household,
            since=cleaned["since"],
            deposit_cents=form.deposit_cents,
            by=request.user,
        )
    except actions.NotPossible as refused:
        once.delete()
        form.add_error("bike", str(refused))
        return
    once.led_to(loan.get_absolute_url())
    sentence = f"{loan.bike} is uitgeleend tot {in_words(loan.due_on)}."
    say_with_undo(request, sentence, name=actions.BIKE_LENT, subject_id=loan.pk)


@require_safe
@right_required("bikes.lend")
def detail(request, pk):
    loan = _loan(request, pk)
    record_loans(request, [loan], loan.centre, Access.Action.VIEW)
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
def renew(request, pk):
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
def take_back(request, pk):
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
def swap(request, pk):
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
        record_loans(request, [loan], loan.centre, Access.Action.VIEW)
    return render(request, "households/loan_form.html", {"form": form, "loan": loan, "title": title})


def _loan(request, pk):
    loans = known_loans(request.user).select_related("centre", "lent_by", "taken_back_by", "follows", "followed_by")
    return get_object_or_404(loans, pk=pk)
