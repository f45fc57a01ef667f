"""From the rule of a series to its moments.

The rule is expanded in local time without a zone and only then becomes an instant, so ten o'clock stays
ten o'clock when the clock changes. A date is known for ever by its original local start: making moments
twice, or at the same time, makes none double.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.db import transaction
from django.utils import timezone

from activities.models import ActivitySeries, Session
from activities.models.presence import post_staff
from buurtwerk.places.models import PublicHoliday, SchoolHoliday

# From July on we look past the summer: otherwise September stays empty until it is there.
LOOK_AHEAD = timedelta(days=62)
NO_LONGER_PLANNED = "Staat niet meer in de planning"


class NonexistentTime(ValueError):
    """An hour that the clock jumps over in spring."""


@dataclass(frozen=True)
class PlannedDate:
    """One date of the rule: when it is on, or why it is skipped."""

    start: datetime
    end: datetime
    skipped_because: str = ""
    remark: str = ""

    @property
    def day(self):
        return self.start.date()

    @property
    def is_on(self):
        return not self.skipped_because


def school_year(day):
    """2026-27"""
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}-{(first + 1) % 100:02}"


def end_of_school_year(today=None):
    """The last day for which moments are made: 31 August."""
    ahead = (today or timezone.localdate()) + LOOK_AHEAD
    return date(ahead.year + (ahead.month >= 9), 8, 31)


def instant(local, zone):
    """The instant of a local time: the first of a doubled hour; an hour that does not exist is refused."""
    aware = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    if aware.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) != local:
        raise NonexistentTime(local)
    return aware.astimezone(UTC)


def dates_of(series, until=None):
    """Every date of the rule up to `until`, in order, with the reason for each skipped one. Saves nothing."""
    last = min(filter(None, [until or end_of_school_year(), series.until]))
    starts = _expand(series, last)
    if not starts:
        return []
    calendar = _Calendar(series, starts[0].date(), starts[-1].date())
    return [calendar.judge(start) for start in starts]


def _expand(series, last):
    start = datetime.combine(series.first_date, series.local_start)
    if series.first_date > last:
        return []
    if not series.rrule:
        return [start]
    rule = rrulestr(series.rrule, dtstart=start)
    return list(rule.replace(until=datetime.combine(last, series.local_start)))


class _Calendar:
    """What is known about the days of a period: holidays, closings, and changes of the clock."""

    def __init__(self, series, first, last):
        self.series = series
        # A whole school year more on both sides: so we know for which years there are facts at all.
        around = {"first_day__lte": last + timedelta(days=366), "last_day__gte": first - timedelta(days=366)}
        self.school_holidays = list(SchoolHoliday.objects.filter(community="nl", **around))
        self.school_years = {holiday.school_year for holiday in self.school_holidays}
        holidays = PublicHoliday.objects.legal().filter(day__year__gte=first.year, day__year__lte=last.year)
        self.public_holidays = dict(holidays.values_list("day", "name"))
        self.public_years = {day.year for day in self.public_holidays}
        closures = series.centre.closures.filter(first_day__lte=last, last_day__gte=first) if series.centre_id else []
        self.closures = list(closures)

    def judge(self, start):
        planned = PlannedDate(start, datetime.combine(start.date(), self.series.local_end))
        reason = self._closed(planned.day) or self._holiday(planned.day) or self._public_holiday(planned.day)
        if reason:
            return replace(planned, skipped_because=reason)
        return self._on_the_clock(planned)

    def _closed(self, day):
        closure = next((closure for closure in self.closures if closure.first_day <= day <= closure.last_day), None)
        return f"Gesloten: {closure.reason}" if closure else ""

    def _holiday(self, day):
        policy = self.series.holiday_policy
        if policy == ActivitySeries.HolidayPolicy.IGNORE:
            return ""
        if school_year(day) not in self.school_years:
            return f"De schoolvakanties van {school_year(day)} zijn nog niet bekend"
        name = next((one.name for one in self.school_holidays if one.first_day <= day <= one.last_day), "")
        if policy == ActivitySeries.HolidayPolicy.ONLY:
            return "" if name else "Geen schoolvakantie"
        return name

    def _public_holiday(self, day):
        if self.series.public_holiday_policy == ActivitySeries.PublicHolidayPolicy.IGNORE:
            return ""
        if day.year not in self.public_years:
            return f"De feestdagen van {day.year} zijn nog niet bekend"
        return self.public_holidays.get(day, "")

    def _on_the_clock(self, planned):
        try:
            instant(planned.start, self.series.zone), instant(planned.end, self.series.zone)
        except NonexistentTime as error:
            hour = f"{error.args[0]:%H.%M} uur"
            return replace(planned, skipped_because=f"{hour} bestaat die dag niet: de klok gaat vooruit")
        if _is_doubled(planned.start, self.series.zone):
            hour = f"{planned.start:%H.%M} uur"
            return replace(planned, remark=f"{hour} is er die dag twee keer: we nemen de eerste keer")
        return planned


def _is_doubled(local, zone):
    first, second = (local.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return first > second


def warnings_of(dates):
    """What someone should do before the planning is complete: facts that are missing, once each."""
    missing = [planned.skipped_because for planned in dates if planned.skipped_because.endswith("nog niet bekend")]
    return list(dict.fromkeys(missing))


def skipped_by_reason(dates):
    """The skipped dates in runs with the same reason: pairs of reason and dates."""
    skipped = [planned for planned in dates if planned.skipped_because]
    return [(reason, list(run)) for reason, run in groupby(skipped, key=lambda planned: planned.skipped_because)]


@transaction.atomic
def generate(series, *, until=None):
    """Make the moments that are not there yet, and leave those that are. Returns the new ones."""
    # One generator at a time for a series: the other one then finds everything made.
    series = ActivitySeries.objects.select_for_update(no_key=True).get(pk=series.pk)
    # A moment keeps its identity when the hours of the series change, so its day is what counts.
    days = {start.date() for start in series.sessions.values_list("original_start", flat=True)}
    new = [planned for planned in dates_of(series, until) if planned.is_on and planned.day not in days]
    sessions = Session.objects.bulk_create([_session(series, planned) for planned in new])
    post_staff(series, sessions)
    return sessions


def _session(series, planned):
    return Session(
        series=series,
        centre_id=series.centre_id,
        original_start=planned.start,
        starts_at=instant(planned.start, series.zone),
        ends_at=instant(planned.end, series.zone),
    )


@dataclass(frozen=True)
class Replanned:
    """What became of the coming moments when their series changed."""

    changed: int
    skipped: int
    added: int
    left_alone: int


@transaction.atomic
def replan(series, *, until=None):
    """Bring the coming moments in line with the series, except those that were cancelled or changed by hand.

    Moments that began before now stay as they were, and a moment never disappears: its address on a poster
    must keep its answer.
    """
    series = ActivitySeries.objects.select_for_update(no_key=True).get(pk=series.pk)
    planned = {one.day: one for one in dates_of(series, until)}
    coming = series.sessions.filter(starts_at__gt=timezone.now())
    untouched = list(coming.untouched().select_for_update())
    left_alone = coming.count() - len(untouched)
    was_on = {session.pk for session in untouched if session.is_on}
    changed = [session for session in untouched if _follow(session, planned.get(session.original_start.date()), series)]
    Session.objects.bulk_update(
        changed, ["starts_at", "ends_at", "status", "reason_public", "sequence", "changed_at"], batch_size=500
    )
    skipped = sum(1 for session in changed if session.pk in was_on and not session.is_on)
    return Replanned(len(changed) - skipped, skipped, len(generate(series, until=until)), left_alone)


def _follow(session, planned, series):
    """Give the moment what the series now says of its date. Returns whether anything changed."""
    before = session.starts_at, session.ends_at, session.status, session.reason_public
    if planned and planned.is_on:
        session.starts_at, session.ends_at = instant(planned.start, series.zone), instant(planned.end, series.zone)
        session.status, session.reason_public = Session.Status.PLANNED, ""
    else:
        session.status = Session.Status.SKIPPED
        session.reason_public = planned.skipped_because if planned else NO_LONGER_PLANNED
    if before == (session.starts_at, session.ends_at, session.status, session.reason_public):
        return False
    session.sequence += 1
    session.changed_at = timezone.now()
    return True
