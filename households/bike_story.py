"""The bikes of a family, on its page: one line of what a child rides now, and when a bike came and went."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime

from households import timeline
from households.models import BikeLoan, Household


def _name(of):
    return Coalesce(NullIf(f"{of}__first_name", Value("")), f"{of}__username")


def bikes_beside(user):
    """As an expression beside a family: every bike that was lent to it, in the same query. They are few."""
    loans = BikeLoan.objects.visible_to(user).filter(household=OuterRef("pk")).order_by("due_on", "pk")
    fields = ("pk", "due_on", "since", "returned_on", "returned_state", "created_at")
    what = {name: F(name) for name in fields} | {"number": F("bike__number"), "child": F("child__first_name")}
    what |= {"child_id": F("child")}
    return ArraySubquery(loans.values(what=JSONObject(**what, by=_name("lent_by"), back_by=_name("taken_back_by"))))


def _told_in(household):
    """With which parent a bike was arranged, we do not know: with luiken it stands at *Gedeeld* and in no luik."""
    if household.compartment:
        return []
    return [loan for loan in household.given_bikes if loan["child_id"] not in household.people_with_compartment]


def lines_of(household):
    """What is lent now, for a template."""
    open_loans = [loan for loan in _told_in(household) if not loan["returned_on"]]
    return [{**loan, "due_on": parse_date(loan["due_on"])} for loan in open_loans]


@timeline.register
def bikes(household, *, user, limit, before):
    if not household.is_read_by(user):
        return []
    if not hasattr(household, "given_bikes"):
        beside = Household.objects.filter(pk=household.pk).annotate(given=bikes_beside(user))
        household.given_bikes = beside.values_list("given", flat=True).first() or []
    entries = [entry for loan in _told_in(household) for entry in _entries(loan)]
    return [entry for entry in entries if before is None or entry.on < before]


def _entries(loan):
    order = int(parse_datetime(loan["created_at"]).timestamp())
    about = {"kind": "bike", "icon": "bike", "url": reverse("households:loan-detail", args=[loan["pk"]])}
    yield timeline.Entry(
        on=parse_date(loan["since"]),
        order=order,
        title=f"Fiets {loan['number']} voor {loan['child']}",
        by=loan["by"],
        tags=() if loan["returned_on"] else ("uitgeleend",),
        **about,
    )
    if loan["returned_on"]:
        yield timeline.Entry(
            on=parse_date(loan["returned_on"]),
            order=order + 1,
            title=f"Fiets {loan['number']} is terug",
            by=loan["back_by"],
            tags=(BikeLoan.State(loan["returned_state"]).label,),
            **about,
        )
