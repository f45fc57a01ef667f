"""The days that people choose from chips, and the bounds of what can be planned."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

FURTHEST = timedelta(days=2 * 366)


def tomorrow(today):
    return today + timedelta(days=1)


def this_week(today):
    """Friday; in the weekend the day itself."""
    return max(today, today + timedelta(days=4 - today.weekday()))


def next_week(today):
    """Monday of next week."""
    return today + timedelta(days=7 - today.weekday())


def in_two_weeks(today):
    return today + timedelta(days=14)


def refuse_impossible_plan(day):
    """A validator: nothing is planned in the past, nor further than anyone remembers."""
    today = timezone.localdate()
    if day < today:
        raise ValidationError("Die dag is al voorbij. Kies vandaag of een dag erna.")
    if day > today + FURTHEST:
        raise ValidationError("Kies een dag binnen de twee jaar.")
