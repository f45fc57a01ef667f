"""What the level of a family was before, in words, read from its history."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, Window
from django.db.models.functions import Lag

from buurtwerk.accounts.models import User
from households.models import Household, Review

SHOWN = 20


@dataclass(frozen=True)
class Step:
    at: datetime
    by: str
    title: str
    why: str = ""


def story_of(household):
    """Newest first: every level it had, and each time that someone looked and left it as it was."""
    steps = _changes(household) + _kept(household)
    return sorted(steps, key=lambda step: step.at, reverse=True)[:SHOWN]


def _changes(household):
    """The history has a row for each contact as well: the database picks those where the level moved."""

    def earlier(name):
        return Window(Lag(name), order_by=F("pgh_id").asc())

    events = household.events.annotate(level_before=earlier("intensity"), days_before=earlier("rhythm_days"))
    events = events.annotate(pgh_before=earlier("pgh_id"))
    moved = ~Q(level_before=F("intensity")) | Q(level_before=None)
    own_days = ~Q(days_before=F("rhythm_days"))
    own_days |= Q(days_before=None, rhythm_days__isnull=False) | Q(days_before__isnull=False, rhythm_days=None)
    events = list(events.filter(moved | own_days).select_related("pgh_context").order_by("-pgh_id")[:SHOWN])
    names = _names_of(events)
    return [_step(event, names) for event in events]


def _step(event, names):
    level, before = Household.Intensity(event.intensity).label, event.level_before
    days = f", eigen ritme van {event.rhythm_days} dagen" if event.rhythm_days else ""
    if event.pgh_before is None:
        title = f"Begonnen met {level.lower()}{days}"
    elif before == event.intensity:
        title = f"{level}{days or ', weer met het gewone ritme'}"
    else:
        title = f"Van {Household.Intensity(before).label.lower()} naar {level.lower()}{days}"
    return Step(event.pgh_created_at, names.get(_asker(event), ""), title, event.intensity_reason)


def _kept(household):
    kept = household.reviews.filter(kind=Review.Kind.LEVEL, before=F("after")).select_related("by")[:SHOWN]
    return [Step(review.at, str(review.by), str(review), review.text) for review in kept]


def _names_of(events):
    people = {_asker(event) for event in events} - {None}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=people)}


def _asker(event):
    return event.pgh_context.metadata.get("user") if event.pgh_context else None
