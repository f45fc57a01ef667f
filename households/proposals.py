"""What the app proposes about how closely we follow a family. It never acts: a person changes a level.

What to try after three closed doors stands in closed_doors.py.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from households.models import Contact, Household, Review

LOOKED_AT = 60
KEPT_REVIEWS = 3
MISSED = 2
ASKED_BY_RESIDENT = 4
ASKED_WITHIN = timedelta(days=60)


@dataclass(frozen=True)
class Proposal:
    """A sentence, and why; the button leads to the page of the level, where a person decides."""

    name: str
    text: str


@dataclass(frozen=True)
class Try:
    """What counts of a contact here: never a word of what was said."""

    on: date
    outcome: str
    initiative: str

    @property
    def reached(self):
        return self.outcome in Contact.REACHED


@dataclass(frozen=True)
class Recent:
    """The newest contacts and reviews of a family, read once for everything that is judged on them."""

    tries: list
    kept: list

    @property
    def since_reached(self):
        """The tries after the last time that someone was reached."""
        before = next((place for place, each in enumerate(self.tries) if each.reached), len(self.tries))
        return self.tries[:before]

    @property
    def reached_on(self):
        return sorted({each.on for each in self.tries if each.reached})


def with_recent(families):
    """The same families with what `recent_of` needs, in the same query, however long their story is."""
    contacts = Contact.objects.filter(household=OuterRef("pk")).newest_first()
    tries = contacts.values(what=JSONObject(on="happened_on", outcome="outcome", initiative="initiative"))
    reviews = Review.objects.filter(household=OuterRef("pk"), kind=Review.Kind.LEVEL).order_by("-at", "-pk")
    kept = reviews.values(kept=Case(When(before=F("after"), then=True), default=False))
    return families.annotate(
        given_tries=ArraySubquery(tries[:LOOKED_AT]), given_reviews=ArraySubquery(kept[:KEPT_REVIEWS])
    )


def recent_of(household):
    """Of a family that came by `with_recent`."""
    tries = [Try(date.fromisoformat(each["on"]), each["outcome"], each["initiative"]) for each in household.given_tries]
    return Recent(tries, household.given_reviews)


def of(household, recent):
    """What to think about for this family, most pressing first."""
    if household.status == Household.Status.PAUSED:
        return list(filter(None, [_rest_is_over(household)]))
    if household.status != Household.Status.ACTIVE:
        return []
    found = [_review_is_due(household), _rhythm_was_missed(household, recent)]
    found += [_resident_comes_often(household, recent), _has_been_calm(household, recent)]
    return [each for each in found if each]


def _rest_is_over(household):
    if household.paused_until and household.paused_until < timezone.localdate():
        return Proposal("rest-over", "De rust is voorbij. Vraag of je weer mag langskomen.")
    return None


def _review_is_due(household):
    if household.next_review_on and household.next_review_on <= timezone.localdate():
        return Proposal("review", "Het is tijd om te herbekijken hoe dicht je opvolgt.")
    return None


def _rhythm_was_missed(household, recent):
    """The last two times that we should have reached them, we did not."""
    if not household.rhythm or household.intensity == Household.Intensity.ASSERTIVE:
        return None
    days = [*recent.reached_on, timezone.localdate()][-(MISSED + 1) :]
    gaps = [(after - before).days for before, after in pairwise(days)]
    if len(gaps) == MISSED and all(gap > household.rhythm for gap in gaps):
        return Proposal("missed", "Het ritme lukte twee keer na elkaar niet. Dichter opvolgen, of anders aanpakken?")
    return None


def _resident_comes_often(household, recent):
    since = timezone.localdate() - ASKED_WITHIN
    asked = [each for each in recent.tries if each.initiative == Contact.Initiative.RESIDENT and each.on >= since]
    if household.intensity < Household.Intensity.FOLLOWED and len(asked) >= ASKED_BY_RESIDENT:
        return Proposal("asked", f"Het gezin kwam zelf {len(asked)} keer in twee maanden. Is dichter opvolgen nodig?")
    return None


def _has_been_calm(household, recent):
    """Three reviews in a row that changed nothing, and no closed doors: perhaps less is enough."""
    if household.intensity == Household.Intensity.OPEN or recent.since_reached:
        return None
    if len(recent.kept) == KEPT_REVIEWS and all(recent.kept):
        return Proposal("calm", "Drie keer herbekeken en het bleef rustig. Is wat minder dicht nu genoeg?")
    return None
