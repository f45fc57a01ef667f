"""Builders for activities, and the real holidays of the facts."""

import csv
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from activities.models import ActivitySeries, Session
from buurtwerk.places.models import PublicHoliday, SchoolHoliday
from tests.factories import make_centre

FACTS = Path(__file__).resolve().parents[2] / "buurtwerk" / "demo" / "data"
BRUSSELS = ZoneInfo("Europe/Brussels")
# Inside a test the transaction of a request is a savepoint and its release.
TRANSACTION = 2
_number = count(1)


def load_holidays():
    SchoolHoliday.objects.bulk_create(
        SchoolHoliday(
            school_year=row["school_year"],
            kind=row["kind"],
            name=row["label_nl"],
            first_day=row["from"],
            last_day=row["to"],
        )
        for row in _rows("school_holidays.csv")
    )
    PublicHoliday.objects.bulk_create(
        PublicHoliday(day=row["date"], name=row["label_nl"], is_legal=row["legal"] == "yes")
        for row in _rows("public_holidays.csv")
    )


def _rows(name):
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def make_series(**fields):
    """A weekly play afternoon for everyone, every day of the year, from today on."""
    number = next(_number)
    defaults = {
        "slug": f"activiteit-{number}",
        "title": f"Activiteit {number}",
        "summary": "Kom erbij.",
        "kind": "kind",
        "type": "play_afternoon",
        "rrule": "FREQ=WEEKLY;BYDAY=WE",
        "local_start": time(14),
        "local_end": time(16, 30),
        "first_date": timezone.localdate(),
        "holiday_policy": "ignore",
        "public_holiday_policy": "ignore",
    }
    if "centre" not in fields:
        fields["centre"] = make_centre()
    return ActivitySeries.objects.create(**{**defaults, **fields})


def make_session(series=None, *, day=None, start=time(14), end=time(16, 30), **fields):
    """One moment, tomorrow unless told otherwise; `series_…` fields go to its series."""
    of_series = {name.removeprefix("series_"): fields.pop(name) for name in list(fields) if name.startswith("series_")}
    series = series or make_series(local_start=start, local_end=end, **of_series)
    day = day or timezone.localdate() + timedelta(days=1)
    defaults = {
        "centre_id": series.centre_id,
        "original_start": datetime.combine(day, start),
        "starts_at": at(day, start),
        "ends_at": at(day, end),
    }
    return Session.objects.create(series=series, **{**defaults, **fields})


def at(day, hour):
    """The instant of a local time."""
    return datetime.combine(day, hour, tzinfo=BRUSSELS)


def local(session):
    """When a moment begins, as it stands on the screen."""
    return timezone.localtime(session.starts_at).strftime("%Y-%m-%d %H:%M")


def play_afternoon(**fields):
    """The Wednesday of scenario 1: in the school year, not in holidays."""
    defaults = {
        "first_date": date(2026, 9, 2),
        "until": date(2027, 6, 30),
        "holiday_policy": "skip",
        "public_holiday_policy": "skip",
    }
    return make_series(**{**defaults, **fields})
