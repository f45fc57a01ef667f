"""How many came, for reports: from presence and head counts, never from who registered."""

from dataclasses import dataclass

from django.db.models import Count, DateField, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from activities.models import Attendance, HeadCount, Registration
from buurtwerk.interface.figures import HIDDEN, suppress_small_cells

# The Monday of the week a moment was first planned in: `block_of`, in the database.
WEEK = Func(F("original_start"), template="date_trunc('week', %(expressions)s)::date", output_field=DateField())
COUNTED = ("children", "teens", "adults", "first_time")


def with_presence(sessions):
    """Each moment with who came by name (`came`), of them for the first time (`new`), who was registered, and the
    last count without names, in the same query."""
    came = Attendance.objects.filter(session=OuterRef("pk")).holding().who_came()
    earlier = Attendance.objects.filter(
        participant=OuterRef("participant"),
        session__series=OuterRef("session__series"),
        session__starts_at__lt=OuterRef("session__starts_at"),
        state__in=Attendance.CAME,
    )
    # A count for a moment that is asked while it goes on: what someone said of the series before this day.
    newest = HeadCount.objects.filter(session=OuterRef("pk")).order_by("-at", "-pk")
    return sessions.annotate(
        came=_count(came),
        new=_count(came.filter(~Exists(earlier))),
        **{f"counted_{name}": Subquery(newest.values(name)[:1]) for name in COUNTED},
    )


def with_registered(sessions):
    """Each moment with `registered` and `came_registered`: those who were, and those of them who came."""
    of_it = Registration.objects.filter(status=Registration.Status.CONFIRMED, series=OuterRef("series"))
    of_it = of_it.filter(
        Q(session=OuterRef("pk")) | Q(session=None, block=None) | Q(session=None, block=OuterRef("week"))
    )
    of_came = Registration.objects.filter(
        status=Registration.Status.CONFIRMED,
        series=OuterRef("session__series"),
        participant=OuterRef("participant"),
    ).filter(Q(session=OuterRef("session")) | Q(session=None))
    came = Attendance.objects.filter(session=OuterRef("pk")).holding().who_came().filter(Exists(of_came))
    return sessions.annotate(week=WEEK).annotate(registered=_count(of_it), came_registered=_count(came))


def _count(rows):
    counted = rows.order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True)
class Reach:
    """One activity in a period."""

    title: str
    moments: int
    visits: int
    people: int
    first_timers: int
    counted: int


def reach(sessions):
    """Per activity: how many moments, visits by name, different people, first-timers, and heads counted."""
    found = with_presence(sessions.order_by()).values_list(
        "series__title", "series_id", "came", "new", *(f"counted_{name}" for name in COUNTED)
    )
    people = dict(
        Attendance.objects.filter(session__in=sessions.values("pk"))
        .holding()
        .who_came()
        .order_by()
        .values_list("session__series")
        .annotate(Count("participant", distinct=True))
    )
    rows = {}
    for title, series, came, new, *counted in found:
        row = rows.setdefault(series, {"title": title, "moments": 0, "visits": 0, "first_timers": 0, "counted": 0})
        children, teens, adults, first_time = (number or 0 for number in counted)
        row["moments"] += bool(came or children or teens or adults)
        row["visits"] += came
        row["first_timers"] += new + first_time
        row["counted"] += children + teens + adults
    return [Reach(people=people.get(series, 0), **row) for series, row in sorted(rows.items())]


def for_readers(session):
    """The counts of one moment for who sees no names: what is too small to tell is None."""
    cells = {"came": session.came, "new": session.new}
    cells |= {name: getattr(session, f"counted_{name}") or 0 for name in COUNTED}
    # Each on its own line: first-timers are among the others, so they hide when those do.
    shown = {name: suppress_small_cells({"row": {"count": count}})["row"]["count"] for name, count in cells.items()}
    if HIDDEN in (shown["came"], shown["children"], shown["teens"], shown["adults"]):
        shown["new"] = shown["first_time"] = HIDDEN
    return shown
