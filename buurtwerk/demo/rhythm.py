"""How closely the demo centre follows: a rhythm that ends, reviews of this week, a rest, a family rounded off."""

from datetime import timedelta

from django.utils import timezone

from buurtwerk.accounts.rowlevel import asking_everything
from households.actions.contacts import note
from households.models import Contact, Household, Review

# Days ago, and how: three times in a row nobody opens.
CLOSED_DOORS = [(4, "door"), (2, "phone"), (1, "door")]
BEFORE_DOORS = "Willy van de hoek"
TO_REVIEW = {"Willy van de hoek": 3, "Hamid en Zahra": 5}
KEPT = "Hamid en Zahra"
ENDING, RESTING, CLOSED = "Kevin en Tamara", "Annick en Stan", "Aysel van de naailes"


def load_rhythm():
    """Only what nobody touched since it was loaded; once done, each has its mark in the history."""
    with asking_everything():
        if Review.objects.exists():
            return
        for nickname, days in TO_REVIEW.items():
            for family in _untouched(nickname):
                _review_soon(family, days)
        for family in Household.objects.filter(nickname=BEFORE_DOORS, status=Household.Status.ACTIVE)[:1]:
            _find_nobody(family)
        for family in _untouched(ENDING):
            _let_rhythm_end(family)
        for family in _untouched(RESTING):
            family.status, family.pause_reason = Household.Status.PAUSED, "Laat ons de examens even gerust."
            family.paused_until = timezone.localdate() + timedelta(days=18)
            _save(family)
        for family in _untouched(CLOSED):
            _round_off(family)


def _untouched(nickname):
    return Household.objects.filter(nickname=nickname, version=1, status=Household.Status.ACTIVE)[:1]


def _review_soon(family, days):
    family.next_review_on = timezone.localdate() + timedelta(days=days)
    _save(family)
    _review(family, days_ago=40, text=family.intensity_reason, next_on=family.next_review_on)
    if family.nickname == KEPT:
        for days_ago in (220, 130):
            _review(family, days_ago=days_ago, text="Het gaat rustig.")


def _find_nobody(family):
    for days_ago, mode in CLOSED_DOORS:
        at = timezone.now() - timedelta(days=days_ago)
        contact = Contact(
            household=family,
            centre_id=family.centre_id,
            happened_on=timezone.localdate(at),
            mode=mode,
            outcome=Contact.Outcome.NO_ANSWER,
            created_at=at,
        )
        note(contact, by=family.primary_worker)


def _let_rhythm_end(family):
    """The promised days are nearly over, whenever the demo is loaded."""
    since = (timezone.localdate() - family.last_reached_on).days if family.last_reached_on else 0
    if family.rhythm is None or since < 2:
        return
    family.rhythm_days = since + max(1, since // 8)
    _save(family)


def _round_off(family):
    if family.follow_ups.open().exists() or family.help_requests.open().exists():
        return
    family.status, family.closure_reason = Household.Status.CLOSED, Household.ClosureReason.GOAL
    family.closed_on = timezone.localdate() - timedelta(days=12)
    _save(family)
    text = "Ze kent de weg naar de naailes en geeft er nu zelf les. Ze weet dat ze altijd mag terugkomen."
    _review(family, days_ago=12, text=text, kind=Review.Kind.CLOSING)


def _save(family):
    family.version += 1
    family.save()


def _review(family, *, days_ago, text, **fields):
    Review.objects.create(
        centre_id=family.centre_id,
        household=family,
        before=family.intensity,
        after=family.intensity,
        text=text,
        by=family.primary_worker,
        at=timezone.now() - timedelta(days=days_ago),
        **fields,
    )
