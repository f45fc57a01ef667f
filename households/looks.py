"""Wie keek in mijn dossier: the lines of the trail about one family, in words for the people it is about."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncDate

from buurtwerk.trail.models import Access
from households.models import Household, Member

DAYS_PER_PAGE = 14
SOMEONE = "Iemand van het team"

DID = {
    Access.Action.VIEW: "bekeek een deel van het dossier",
    Access.Action.LIST: "zag het gezin in een lijst",
    Access.Action.SEARCH: "vond het gezin bij het zoeken",
    Access.Action.FILE: "opende een papier",
    Access.Action.EXPORT: "haalde gegevens uit het dossier in een bestand",
    Access.Action.PRINT: "drukte iets uit het dossier af",
    Access.Action.BREAK_GLASS: "opende het dossier met noodtoegang",
}
VIEWED = {
    "household": "opende het dossier",
    "contact": "las een contactmoment",
    "person": "bekeek de gegevens van iemand van het gezin",
    "member": "bekeek de gegevens van iemand van het gezin",
    "follow_up": "bekeek wat we opvolgen",
    "help_request": "bekeek een hulpvraag",
    "referral": "bekeek een doorverwijzing",
    "attachment": "opende een papier",
}


@dataclass(frozen=True)
class Look:
    """What one colleague did on one day, as often as they did it."""

    who: str
    role: str
    did: str
    times: int
    last: datetime
    why: str


@dataclass
class Day:
    on: date
    looks: list = field(default_factory=list)


def looks_at(household):
    """The lines of the trail about this family: itself, its people, and everything that hangs on it."""
    # Also who looked at a file that went up in this one.
    files = household.ids_of_file
    # Who opens the page of someone, opens it in a family. A child that also lives in another family is looked at
    # there as well, and that is not for this one to know; that someone was found by name, is.
    people = Member.objects.filter(household__in=files).values("person")
    found, params = ["SELECT trail_about('household', %s)"], [files]
    for record_type, rows in {"person": people, **_rows_of(household)}.items():
        sql, given = rows.query.sql_with_params()
        found.append(f"SELECT trail_about(%s, ARRAY({sql}))")
        params += [record_type, *given]
    looks = Access.objects.filter(pk__in=RawSQL(" UNION ALL ".join(found), params))
    return looks.exclude(~Q(action=Access.Action.SEARCH), record_type="person")


def page_of_days(household, number):
    """A page of days with a look on them, the newest first; and the page itself, to leaf through."""
    days = list(looks_at(household).dates("at", "day", order="DESC"))
    page = Paginator(days, DAYS_PER_PAGE).get_page(number)
    on_page = list(page)
    if not on_page:
        return page, []
    return page, by_day(looks_at(household), since=on_page[-1], until=on_page[0])


def by_day(looks, *, since, until):
    """The looks of these days, told per day. One query, however many there were."""
    told = (
        looks.annotate(day=TruncDate("at"))
        .filter(day__gte=since, day__lte=until)
        .values("day", "user__first_name", "user__username", "role", "action", "record_type", "reason")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("-day", "-last")
    )
    days = {}
    for row in told:
        days.setdefault(row["day"], Day(row["day"])).looks.append(_look(row))
    return list(days.values())


def _look(row):
    did = DID.get(row["action"], DID[Access.Action.VIEW])
    if row["action"] == Access.Action.VIEW:
        did = VIEWED.get(row["record_type"], did)
    return Look(
        row["user__first_name"] or row["user__username"],
        row["role"] or SOMEONE,
        did,
        row["times"],
        row["last"],
        row["reason"],
    )


def _rows_of(household):
    """What hangs on this family, by the name under which the trail knows it: `follow_up` for a FollowUp."""
    rows = {
        _name(model): model._base_manager.filter(household__in=household.ids_of_file).values("pk")
        for model in apps.get_app_config("households").get_models()
        if _hangs_on_family(model)
    }
    return rows


def _hangs_on_family(model):
    if hasattr(model, "pgh_tracked_model"):
        return False
    return any(each.name == "household" and each.related_model is Household for each in model._meta.concrete_fields)


def _name(model):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
