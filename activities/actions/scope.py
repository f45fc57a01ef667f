"""Other hours or places for one moment, from that moment on, or for the whole series."""

from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from activities.actions.moving import move
from activities.actions.series import take_over_phase
from activities.generation import Replanned, instant, locked, replan
from activities.models import SeriesPhase, Session
from activities.people import people_in


class Scope(models.TextChoices):
    SESSION = "session", "Enkel dit moment"
    ONWARD = "onward", "Vanaf dit moment"
    SERIES = "series", "De hele reeks"


@transaction.atomic
def change_hours(session, *, scope, start, end, capacity, by, with_people=False):
    """Give it other hours and places. What is past stays; identity, code and registrations always stay.

    Returns what became of the coming moments; those with people in them changed only `with_people`.
    """
    series = locked(session.series)
    if scope == Scope.SESSION:
        return _change_one(series, session, start, end, capacity, with_people, by)
    day = session.original_start.date()
    if scope == Scope.ONWARD:
        series.phases.filter(from_day__gte=day).delete()
        SeriesPhase.objects.create(
            series=series, from_day=day, local_start=start, local_end=end, capacity=capacity, by=by
        )
        _follow_again(series.sessions.filter(pk=session.pk))
        replanned = replan(series, from_day=day, with_people=with_people, rule_counts=False)
        take_over_phase(series)
    else:
        series.phases.all().delete()
        series.local_start, series.local_end, series.capacity = start, end, capacity
        series.version += 1
        series.save(update_fields=["local_start", "local_end", "capacity", "version"])
        _follow_again(series.sessions.filter(pk=session.pk))
        replanned = replan(series, with_people=with_people, rule_counts=False)
        day = timezone.localdate()
    _give_places(series, day, capacity if scope == Scope.ONWARD else None)
    return replanned


def _follow_again(sessions):
    """A moment from which the rest takes its hours, no longer goes its own way."""
    by_hand = ["starts_at", "ends_at", "place", "capacity"]
    sessions.filter(overridden_fields__contained_by=by_hand).update(overridden_fields=[])


def _give_places(series, day, capacity):
    coming = series.sessions.filter(starts_at__gt=timezone.now(), overridden_fields=[])
    coming = coming.filter(original_start__gte=datetime.combine(day, datetime.min.time()))
    coming.exclude(capacity=capacity).update(capacity=capacity)


def _change_one(series, session, start, end, capacity, with_people, by):
    """Another hour for one moment is a move like any other: people hear of it. Places alone move nobody."""
    session = Session.objects.select_for_update().get(pk=session.pk)
    people = people_in(series, [session]).get(session.pk)
    moves = (start, end) != (_clock(session.starts_at), _clock(session.ends_at))
    if capacity != session.seats:
        session.capacity = capacity
        session.overridden_fields = sorted({*session.overridden_fields, "capacity"})
        session.sequence += 1
        session.save(update_fields=["capacity", "overridden_fields", "sequence", "changed_at"])
    if moves and (with_people or not people):
        day = timezone.localdate(session.starts_at)
        starts_at, ends_at = (instant(datetime.combine(day, hour), series.zone) for hour in (start, end))
        move(session, starts_at=starts_at, ends_at=ends_at, place=session.place, sequence=session.sequence, by=by)
    if moves and people:
        return Replanned(int(with_people), 0, 0, 0, 1, people.registered)
    return Replanned(1, 0, 0, 0)


def _clock(at):
    return timezone.localtime(at).time().replace(second=0, microsecond=0)
