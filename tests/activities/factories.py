"""Builders for activities, and the real holidays of the facts."""

import csv
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from activities.models import (
    ActivitySeries,
    Attendance,
    CareConsent,
    Carer,
    CareSheet,
    Participant,
    PickupPerson,
    Posting,
    Registration,
    RegistrationGroup,
    Session,
)
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


def make_session_now(series=None, **fields):
    """A moment that began an hour ago."""
    series = series or make_series(**{name.removeprefix("series_"): fields.pop(name) for name in list(fields)})
    now = timezone.now()
    return Session.objects.create(
        series=series,
        centre_id=series.centre_id,
        original_start=timezone.localtime(now - timedelta(hours=1)).replace(tzinfo=None),
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=2),
        **fields,
    )


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


def make_participant(**fields):
    """A child of primary school, of whom nobody knows a family."""
    number = next(_number)
    defaults = {"first_name": f"Kind{number}", "last_name": "Voorbeeld", "birth_year": timezone.localdate().year - 8}
    if "centre" not in fields:
        fields["centre"] = make_centre()
    return Participant.objects.create(**{**defaults, **fields})


def make_carer(participant, **fields):
    defaults = {"name": "Mama", "relation": "moeder", "phone": "0470 00 00 00"}
    return Carer.objects.create(participant=participant, centre=participant.centre, **{**defaults, **fields})


def make_group(series, **fields):
    """What a parent sent from the site."""
    defaults = {"contact_name": "Ouder", "phone": "0470 00 00 00", "channel": "web"}
    return RegistrationGroup.objects.create(series=series, centre=series.centre, **{**defaults, **fields})


def make_registration(session=None, *, series=None, participant=None, group=None, **fields):
    """Confirmed for one moment; with `series` and no moment, for the whole of it."""
    series = series or session.series
    defaults = {"status": "confirmed", "rank": next(_number)}
    return Registration.objects.create(
        centre=series.centre,
        group=group or make_group(series),
        participant=participant or make_participant(centre=series.centre),
        series=series,
        session=session,
        **{**defaults, **fields},
    )


def make_attendance(session, *, by, participant=None, state="present", **fields):
    participant = participant or make_participant(centre=session.centre)
    return Attendance.objects.create(
        centre=session.centre, session=session, participant=participant, state=state, by=by, **fields
    )


def make_posting(session, user):
    return Posting.objects.create(centre=session.centre, session=session, user=user)


def make_consent(participant, purpose="medical", **fields):
    defaults = {"is_given": True, "given_by": "Mama", "how": "link"}
    return CareConsent.objects.create(
        participant=participant, centre=participant.centre, purpose=purpose, **{**defaults, **fields}
    )


def make_care_sheet(participant, **fields):
    """With the consent that medical data need, unless it is there."""
    if not participant.consents.filter(purpose="medical", withdrawn_on=None).exists():
        make_consent(participant)
    return CareSheet.objects.create(participant=participant, centre=participant.centre, **fields)


def make_pickup_person(participant, **fields):
    defaults = {"name": "Oma Fatima", "relation": "grootmoeder", "phone": "0470 00 00 01"}
    return PickupPerson.objects.create(participant=participant, centre=participant.centre, **{**defaults, **fields})
