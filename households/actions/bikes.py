"""What happens with bikes and their loans. Each step locks the bikes it touches: the last one goes out once."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from buurtwerk.drafts.undo import undoable
from households.bikes import GUIDE, GUIDE_SOURCE, a_year_after, tariff_on
from households.models import Bike, BikeLoan, BikeRepair, BikeSize

BIKE_LENT, BIKE_BACK = "households.bike-lent", "households.bike-back"

# Where a bike goes when it comes back in this state.
GOES_TO = {
    BikeLoan.State.GOOD: Bike.Status.STOCK,
    BikeLoan.State.REPAIR: Bike.Status.REPAIR,
    BikeLoan.State.LOST: Bike.Status.GONE,
}


class NotPossible(Exception):
    """A bike or a loan is not where this step begins; the sentence says so to who tried."""


@transaction.atomic
def lend(*, bike, child, household, since, deposit_cents, by):
    """Give a child a bike for a year."""
    household = household.held()
    (bike,) = _locked(bike)
    tariff = tariff_on(bike.centre_id, since)
    return _ride(
        bike,
        child=child,
        household=household,
        since=since,
        due_on=a_year_after(since),
        fee_cents=tariff and tariff.fee_cents,
        deposit_paid_cents=deposit_cents,
        lent_by=by,
    )


@transaction.atomic
def swap(loan, *, bike, state, note="", by):
    """A larger bike in one step: the year runs on, what was paid goes along."""
    # The family first, as who merges does; only then is it sure where the loan stands.
    household = loan.household.held()
    loan = _locked_loan(loan)
    today = timezone.localdate()
    if loan.due_on <= today:
        raise NotPossible("De huur is afgelopen. Verleng eerst, en ruil dan.")
    old, bike = _locked(loan.bike, bike)
    _close(loan, state=state, note=note, deposit_returned_cents=None, by=by)
    _put_away(old, state=state, note=note, by=by)
    return _ride(
        bike,
        child=loan.child,
        household=household,
        since=today,
        due_on=loan.due_on,
        fee_cents=0,
        deposit_paid_cents=loan.deposit_paid_cents,
        follows=loan,
        lent_by=by,
    )


@transaction.atomic
def renew(loan, *, version, by):
    """A year longer, from the day it ends. Returns the loan, and the fee of that year (None without a tariff)."""
    loan = _locked_loan(loan)
    if loan.version != version:
        raise NotPossible("Een collega was je net voor. Kijk na tot wanneer de huur nu loopt.")
    today = timezone.localdate()
    tariff = tariff_on(loan.centre_id, today)
    due_on = a_year_after(loan.due_on)
    loan.due_on = due_on if due_on > today else a_year_after(today)
    if tariff:
        loan.fee_cents = (loan.fee_cents or 0) + tariff.fee_cents
    loan.version += 1
    loan.save()
    return loan, tariff and tariff.fee_cents


@transaction.atomic
def take_back(loan, *, state, deposit_returned_cents, note="", by):
    """The bike comes back: to the stock, to the workshop, or never again."""
    loan = _locked_loan(loan)
    (bike,) = _locked(loan.bike)
    _close(loan, state=state, note=note, deposit_returned_cents=deposit_returned_cents, by=by)
    _put_away(bike, state=state, note=note, by=by)
    return loan


@transaction.atomic
def start_repair(bike, *, what, by):
    """Out of use until it is done."""
    (bike,) = _locked(bike)
    if not bike.is_free:
        raise NotPossible(f"Deze fiets is {bike.get_status_display().lower()}. Neem ze eerst terug.")
    return _repair(bike, what=what, by=by)


@transaction.atomic
def finish_repair(repair, *, what, cost_cents, by):
    (bike,) = _locked(repair.bike)
    repair = BikeRepair.objects.select_for_update().get(pk=repair.pk)
    if repair.done_on:
        raise NotPossible("Deze herstelling was al klaar.")
    repair.done_on, repair.done_by = timezone.localdate(), by
    repair.done_what, repair.cost_cents = what, cost_cents
    repair.save()
    _move(bike, Bike.Status.STOCK)


@transaction.atomic
def write_off(bike, *, by):
    """The bike is gone for good: stolen, broken, given away. Its open repair ends with it."""
    (bike,) = _locked(bike)
    if bike.status not in (Bike.Status.STOCK, Bike.Status.REPAIR):
        raise NotPossible(f"Deze fiets is {bike.get_status_display().lower()}.")
    bike.repairs.open().update(done_on=timezone.localdate(), done_by=by, done_what="Niet meer hersteld")
    _move(bike, Bike.Status.GONE)


@transaction.atomic
def find_again(bike):
    """A bike that was written off is there again."""
    (bike,) = _locked(bike)
    if bike.status != Bike.Status.GONE:
        raise NotPossible("Deze fiets is niet weg.")
    _move(bike, Bike.Status.STOCK)


def take_guide(centre, *, since):
    """The general guide as a beginning, for the sizes that the centre has nothing for."""
    known = set(BikeSize.objects.filter(centre=centre).values_list("wheel", flat=True))
    BikeSize.objects.bulk_create(
        BikeSize(centre=centre, wheel=wheel, from_age=ages[0], to_age=ages[1], since=since, source=GUIDE_SOURCE)
        for wheel, ages in GUIDE.items()
        if wheel not in known
    )


@undoable(BIKE_LENT)
@transaction.atomic
def take_back_lent(loan_id, *, by):
    """As if it never went out; the history keeps it."""
    loan = BikeLoan.objects.visible_to(by).select_for_update().filter(pk=loan_id).first()
    if loan is None or not loan.is_open or loan.version > 1 or loan.follows_id:
        return "Dit kan niet meer ongedaan: er gebeurde intussen al iets met deze fiets."
    (bike,) = _locked(loan.bike)
    loan.delete()
    _move(bike, Bike.Status.STOCK)
    return "Ongedaan gemaakt. De fiets staat weer op stock.", bike.get_absolute_url()


@undoable(BIKE_BACK)
@transaction.atomic
def take_back_returned(loan_id, *, by):
    """The child still rides it, as long as nobody else does."""
    loan = BikeLoan.objects.visible_to(by).select_for_update().filter(pk=loan_id).first()
    late = "Dit kan niet meer ongedaan: er gebeurde intussen al iets met deze fiets."
    if loan is None or loan.is_open or hasattr(loan, "followed_by"):
        return late
    (bike,) = _locked(loan.bike)
    if bike.status != GOES_TO[loan.returned_state] or BikeLoan.objects.open().filter(child=loan.child_id).exists():
        return late
    bike.repairs.open().delete()
    loan.returned_on = loan.taken_back_by = loan.deposit_returned_cents = None
    loan.returned_state = loan.return_note = ""
    loan.version += 1
    loan.save()
    _move(bike, Bike.Status.LENT)
    return "Ongedaan gemaakt. De fiets is weer uitgeleend."


def _locked(*bikes):
    """The bikes as they are once nobody else can touch them; always locked in the same order."""
    wanted = [bike.pk for bike in bikes]
    found = {bike.pk: bike for bike in Bike.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    return [found[pk] for pk in wanted]


def _locked_loan(loan):
    loan = BikeLoan.objects.select_for_update(of=["self"]).select_related("bike", "child", "household").get(pk=loan.pk)
    if not loan.is_open:
        raise NotPossible("Deze fiets is al terug.")
    return loan


def _ride(bike, **about):
    if not bike.is_free:
        why = "een collega leende ze net uit" if bike.status == Bike.Status.LENT else bike.get_status_display().lower()
        raise NotPossible(f"{bike} is niet meer vrij: {why}. Kies een andere.")
    loan = BikeLoan(bike=bike, centre_id=bike.centre_id, **about)
    try:
        # One child, one bike: the table knows it also of families that this colleague may not know.
        with transaction.atomic():
            loan.save()
    except IntegrityError as refused:
        raise NotPossible(f"{loan.child.first_name} heeft al een fiets.") from refused
    _move(bike, Bike.Status.LENT)
    return loan


def _close(loan, *, state, note, deposit_returned_cents, by):
    loan.returned_on, loan.taken_back_by = timezone.localdate(), by
    loan.returned_state, loan.return_note = state, note
    loan.deposit_returned_cents = deposit_returned_cents
    loan.version += 1
    loan.save()


def _put_away(bike, *, state, note, by):
    if state == BikeLoan.State.REPAIR:
        _repair(bike, what=note or "Na te kijken", by=by)
    else:
        _move(bike, GOES_TO[state])


def _repair(bike, *, what, by):
    _move(bike, Bike.Status.REPAIR)
    return BikeRepair.objects.create(bike=bike, centre_id=bike.centre_id, what=what, noted_by=by)


def _move(bike, status):
    bike.status = status
    bike.version += 1
    bike.save(update_fields=["status", "version"])
