"""The bikes of a family, on its page: one line of what a child rides now, and when a bike came and went."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, F, OuterRef
from django.db.models.functions import Cast, JSONObject
from django.utils.dateparse import parse_date

from households import timeline
from households.models import BikeLoan


def riding_now(user):
    """As an expression beside a family: what is lent to it now, in the same query."""
    loans = BikeLoan.objects.visible_to(user).open().filter(household=OuterRef("pk")).order_by("due_on", "pk")
    what = {"pk": F("pk"), "number": F("bike__number"), "child": F("child__first_name")}
    return ArraySubquery(loans.values(what=JSONObject(**what, due_on=Cast("due_on", DateField()))))


def lines_of(household):
    """What was asked along with `riding_now`, for a template."""
    return [{**loan, "due_on": parse_date(loan["due_on"])} for loan in household.given_bikes]


@timeline.register
def bikes(household, *, user, limit, before):
    if not household.is_read_by(user):
        return []
    found = household.bike_loans.visible_to(user).select_related("bike", "child", "lent_by", "taken_back_by")
    if before:
        found = found.filter(since__lt=before)
    entries = [entry for loan in found.order_by("-since", "-pk")[:limit] for entry in _entries(loan)]
    return [entry for entry in entries if before is None or entry.on < before]


def _entries(loan):
    yield timeline.Entry(
        on=loan.since,
        order=int(loan.created_at.timestamp()),
        kind="bike",
        icon="bike",
        title=f"{loan.bike} voor {loan.child.first_name}",
        by=str(loan.lent_by),
        url=loan.get_absolute_url(),
        tags=("uitgeleend",) if loan.is_open else (),
    )
    if loan.returned_on:
        yield timeline.Entry(
            on=loan.returned_on,
            order=int(loan.created_at.timestamp()) + 1,
            kind="bike",
            icon="bike",
            title=f"{loan.bike} is terug",
            by=str(loan.taken_back_by),
            url=loan.get_absolute_url(),
            tags=(loan.get_returned_state_display(),),
        )
