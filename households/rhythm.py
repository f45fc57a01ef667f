"""The rhythm we promised a family, beside the day we last reached it. It says something about us, not about them."""

from django.utils import timezone

from households.models import Household

# The last fifth of the promised time is when there is still something to do about it.
ENDING_FROM = 0.8


def rhythm_word(household):
    """ "ritme loopt af" or "ritme voorbij"; nothing while there is time, and nothing without a promise."""
    if household.rhythm is None or household.status != Household.Status.ACTIVE:
        return ""
    days = (timezone.localdate() - _counted_from(household)).days
    if days > household.rhythm:
        return "ritme voorbij"
    return "ritme loopt af" if days >= household.rhythm * ENDING_FROM else ""


def promise(household):
    """The promised rhythm in words."""
    return f"om de {household.rhythm} dagen" if household.rhythm else "zonder vast ritme"


def _counted_from(household):
    """The day we last reached the family; before the first time, the day we began."""
    return household.last_reached_on or timezone.localdate(household.created_at)
