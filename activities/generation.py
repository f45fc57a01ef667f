"""From the rule of a series to its moments.

The rule is expanded in local time without a zone and only then becomes an instant, so ten o'clock stays
ten o'clock when the clock changes. A date is known for ever by its original local start: making moments
twice, or at the same time, makes none double.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.db import transaction
from django.utils import timezone

from activities.models import ActivitySeries, SeriesException, Session
from activities.models.presence import post_staff
from activities.people import people_in
from buurtwerk.places.models import PublicHoliday, SchoolHoliday
from buurtwerk.places.school_holidays import first_year_of, label

# From July on we look past the summer: otherwise September stays empty until it is there.
LOOK_AHEAD = timedelta(days=62)
NO_LONGER_PLANNED = "Staat niet meer in de planning"
ADDED = "toegevoegd"


class NonexistentTime(ValueError):
    """An hour that the clock jumps over in spring."""


@dataclass(frozen=True)
class PlannedDate:
    """One date of the rule: when it is on, or why it is skipped."""

    start: datetime
    end: datetime
    skipped_because: str = ""
    remark: str = ""
    capacity: int | None = None
    # Someone decided about this date: skip, add or restore.
    decided: str = ""

    @property
    def day(self):
        return self.start.date()

    @property
    def is_on(self):
        return not self.skipped_because

    @property
    def may_return(self):
        """Whether someone can still say that it is on: not on a clock without that hour, nor when it is past."""
        return bool(self.skipped_because) and not self.has_no_hour and self.day >= timezone.localdate()

    @property
    def has_no_hour(self):
        return self.skipped_because.endswith(NO_SUCH_HOUR)


NO_SUCH_HOUR = "bestaat die dag niet: de klok gaat vooruit"


def school_year(day):
    """2026-27"""
    return label(first_year_of(day))


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


def dates_of(series, until=None, *, chosen=(), facts=None):
    """Every date of the series up to `until`, in order, with the reason for each skipped one. Saves nothing.

    A date that someone added is on at any time. `chosen` are added dates that are not kept yet.
    """
    plan = _Plan(series, chosen, facts or Facts())
    last = min(filter(None, [until or end_of_school_year(), series.until]))
    days = {start.date() for start in _expand(series, last)} | plan.decided_days
    return [plan.judge(day) for day in sorted(days)]


def _expand(series, last):
    start = datetime.combine(series.first_date, series.local_start)
    if series.first_date > last:
        return []
    if not series.rrule:
        return [start]
    rule = rrulestr(series.rrule, dtstart=start)
    return list(rule.replace(until=datetime.combine(last, series.local_start)))


class Facts:
    """The holidays that all centres share, read once for any number of series."""

    @cached_property
    def school_holidays(self):
        return list(SchoolHoliday.objects.filter(community="nl"))

    @cached_property
    def school_years(self):
        """The years of which there are facts at all."""
        return {holiday.school_year for holiday in self.school_holidays if not holiday.school}

    @cached_property
    def public_holidays(self):
        return {holiday.day: holiday for holiday in PublicHoliday.objects.all()}

    @cached_property
    def public_years(self):
        return {day.year for day, holiday in self.public_holidays.items() if holiday.is_legal}

    def school_holiday(self, day, school=""):
        schools = {"", school}
        return next(
            (
                one.name
                for one in self.school_holidays
                if one.first_day <= day <= one.last_day and one.school in schools
            ),
            "",
        )

    def public_holiday(self, day, centre):
        holiday = self.public_holidays.get(day)
        is_kept = holiday and (holiday.is_legal or centre.is_closed_on_flemish_day)
        return holiday.name if is_kept else ""


class _Plan:
    """What a series says of its days: its hours, what people decided, closings, holidays and the clock."""

    def __init__(self, series, chosen, facts):
        self.series, self.facts = series, facts
        decisions = series.exceptions.all() if series.pk else []
        self.decisions = {one.original_start.date(): one for one in decisions}
        self.chosen = set(chosen)
        self.phases = list(series.phases.all()) if series.pk else []
        self.closures = list(series.centre.closures.all()) if series.centre_id else []

    @property
    def decided_days(self):
        """Dates that people named themselves, whatever the rule says; those from before a change of rule are past."""
        restore = SeriesException.Action.RESTORE
        return {day for day, one in self.decisions.items() if one.action != restore} | self.chosen

    def judge(self, day):
        hours = next((phase for phase in reversed(self.phases) if phase.from_day <= day), None)
        source = hours or self.series
        planned = PlannedDate(
            datetime.combine(day, source.local_start),
            datetime.combine(day, source.local_end),
            capacity=hours.capacity if hours else None,
        )
        return self._on_the_clock(self._decided(planned))

    def _decided(self, planned):
        reason = self._closed(planned.day) or self._holiday(planned.day) or self._public_holiday(planned.day)
        decision = self.decisions.get(planned.day)
        action = SeriesException.Action.ADD if planned.day in self.chosen else decision.action if decision else ""
        match action:
            case SeriesException.Action.SKIP:
                return replace(planned, skipped_because=decision.reason, decided=action)
            case SeriesException.Action.ADD:
                return replace(planned, remark=f"{ADDED}, ook al is het: {reason}" if reason else ADDED, decided=action)
            case SeriesException.Action.RESTORE:
                remark = f"gaat toch door, ook al is het: {reason}" if reason else ""
                return replace(planned, remark=remark, decided=action)
        return replace(planned, skipped_because=reason)

    def _closed(self, day):
        closure = next((closure for closure in self.closures if closure.first_day <= day <= closure.last_day), None)
        return f"Gesloten: {closure.reason}" if closure else ""

    def _holiday(self, day):
        policy = self.series.holiday_policy
        if policy == ActivitySeries.HolidayPolicy.IGNORE:
            return ""
        if school_year(day) not in self.facts.school_years:
            return f"De schoolvakanties van {school_year(day)} zijn nog niet bekend"
        name = self.facts.school_holiday(day, self.series.school)
        if policy == ActivitySeries.HolidayPolicy.ONLY:
            return "" if name else "Geen schoolvakantie"
        return name

    def _public_holiday(self, day):
        if self.series.public_holiday_policy == ActivitySeries.PublicHolidayPolicy.IGNORE:
            return ""
        if day.year not in self.facts.public_years:
            return f"De feestdagen van {day.year} zijn nog niet bekend"
        return self.facts.public_holiday(day, self.series.centre)

    def _on_the_clock(self, planned):
        try:
            instant(planned.start, self.series.zone), instant(planned.end, self.series.zone)
        except NonexistentTime as error:
            return replace(planned, skipped_because=f"{error.args[0]:%H.%M} uur {NO_SUCH_HOUR}", remark="")
        if planned.is_on and _is_doubled(planned.start, self.series.zone):
            hour = f"{planned.start:%H.%M} uur"
            said = f"{hour} is er die dag twee keer: we nemen de eerste keer"
            return replace(planned, remark=", ".join(filter(None, [planned.remark, said])))
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
def generate(series, *, until=None, facts=None):
    """Make the moments that are not there yet, and leave those that are. Returns the new ones."""
    series = locked(series)
    return _add_missing(series, dates_of(series, until, facts=facts))


def locked(series):
    """One generator at a time for a series: the other one then finds everything made."""
    return ActivitySeries.objects.select_for_update(no_key=True, of=["self"]).select_related("centre").get(pk=series.pk)


def _add_missing(series, dates):
    # A moment keeps its identity when the hours of the series change, so its day is what counts.
    days = {start.date() for start in series.sessions.values_list("original_start", flat=True)}
    new = [planned for planned in dates if planned.is_on and planned.day not in days]
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
        capacity=planned.capacity,
    )


@dataclass(frozen=True)
class Replanned:
    """What became of the coming moments when their series changed."""

    changed: int
    skipped: int
    added: int
    left_alone: int
    # Moments that would have changed and have people in them, and how many are registered there.
    with_people: int = 0
    registered: int = 0


@transaction.atomic
def replan(series, *, until=None, with_people=False, from_day=date.min, days=None, rule_counts=True, facts=None):
    """Bring the coming moments in line with the series, except those that were cancelled or changed by hand.

    Moments that began before now stay as they were, and a moment never disappears: its address on a poster
    must keep its answer. Those with people in them change only `with_people`. `from_day` and `days` narrow which
    moments may change; without `rule_counts` a moment on a day that the rule does not name is left as it is.
    """
    series = locked(series)
    dates = dates_of(series, until, facts=facts)
    planned = {one.day: one for one in dates}
    coming = [
        session
        for session in series.sessions.filter(starts_at__gt=timezone.now()).select_for_update()
        if (day := session.original_start.date()) >= from_day
        and (days is None or day in days)
        and (rule_counts or day in planned)
    ]
    free = [session for session in coming if session.follows_its_series]
    was_on = {session.pk for session in free if session.is_on}
    changed = [session for session in free if _follow(session, planned.get(session.original_start.date()), series)]
    people = people_in(series, changed)
    saved = changed if with_people else [session for session in changed if session.pk not in people]
    Session.objects.bulk_update(saved, FOLLOWED, batch_size=500)
    skipped = sum(1 for session in saved if session.pk in was_on and not session.is_on)
    return Replanned(
        changed=len(saved) - skipped,
        skipped=skipped,
        added=len(_add_missing(series, dates)),
        left_alone=len(coming) - len(free),
        with_people=len(people),
        registered=sum(one.registered for one in people.values()),
    )


FOLLOWED = ["starts_at", "ends_at", "status", "reason_public", "capacity", "sequence", "changed_at"]


def _follow(session, planned, series):
    """Give the moment what the series now says of its date. Returns whether anything changed."""
    before = [getattr(session, name) for name in FOLLOWED]
    if planned and planned.is_on:
        session.starts_at, session.ends_at = instant(planned.start, series.zone), instant(planned.end, series.zone)
        session.status, session.reason_public = Session.Status.PLANNED, ""
    else:
        session.status = Session.Status.SKIPPED
        session.reason_public = planned.skipped_because if planned else NO_LONGER_PLANNED
    if planned and planned.capacity and "capacity" not in session.overridden_fields:
        session.capacity = planned.capacity
    if before == [getattr(session, name) for name in FOLLOWED]:
        return False
    session.sequence += 1
    session.changed_at = timezone.now()
    return True


def start_of(series, day):
    """The local start by which a date of a series is known."""
    return datetime.combine(day, series.local_start)


def at_any_hour(day):
    """A range of local starts: the whole of a day."""
    return datetime.combine(day, time.min), datetime.combine(day, time.max)
