"""What must be settled before a family is rounded off. Each noun that can wait registers what it has."""

from dataclasses import dataclass

from households.models import Referral

_providers = []


@dataclass(frozen=True)
class Obstacle:
    text: str
    url: str


def register(provider):
    """Add a source: `provider(household)` gives what still waits, as `Obstacle`s, in one query."""
    _providers.append(provider)
    return provider


def obstacles(household):
    """Everything that still waits, of whoever it is: rounding off leaves nothing lying."""
    return [each for provider in _providers for each in provider(household)]


@register
def open_follow_ups(household):
    waiting = household.follow_ups.open().select_related("assigned_to")
    return [Obstacle(f"Opvolging: {each.what} ({each.assigned_to})", each.get_absolute_url()) for each in waiting]


@register
def waiting_referrals(household):
    """Everything that left and did not come to an end: a draft never went anywhere."""
    ended = [*Referral.ENDED, Referral.Status.DRAFT]
    waiting = household.referrals.exclude(status__in=ended).select_related("organisation")
    return [
        Obstacle(
            f"Doorverwijzing naar {each.organisation} ({each.get_status_display().lower()})", each.get_absolute_url()
        )
        for each in waiting
    ]


@register
def open_help_requests(household):
    """By theme and not in the words of who asked: those may be for one luik alone."""
    asked = household.help_requests.open().select_related("owner")
    return [
        Obstacle(f"Hulpvraag over {each.get_theme_display().lower()} ({each.owner})", each.get_absolute_url())
        for each in asked
    ]


@register
def bikes_lent(household):
    loans = household.bike_loans.open().select_related("bike")
    return [Obstacle(f"Fiets {each.bike} is nog uitgeleend", household.get_absolute_url()) for each in loans]
