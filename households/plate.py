"""What someone has on their plate, by section of Vandaag. Each noun adds its own lines."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.interface.templatetags.look import due
from households.closed_doors import CLOSED_DOORS
from households.models import Contact, Household, Referral
from households.rhythm import ENDING, PAST, promise, with_rhythm

# Longer lists have pages of their own; Vandaag shows where to begin.
AT_MOST = 6
SOON = timedelta(days=7)
RHYTHM, PARTNER, REVIEW = "ritme", "partner", "herbekijken"

_providers = defaultdict(list)
_of_family = []


@dataclass(frozen=True)
class Line:
    """One thing to look at. `on` decides the order: what waits longest comes first."""

    on: date
    title: str
    url: str
    about: str = ""
    tag: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    lines: list
    more: bool
    empty: str
    url: str
    all: str


# Name, title, what is said when there is nothing, where all of it stands and how that is called.
SECTIONS = [
    (RHYTHM, "Ritme loopt af", "Elk gezin van jou is in ritme.", "households:rhythm-map", "De ritmekaart"),
    (PARTNER, "Wacht op partner", "Niemand wacht op een partner.", "households:referral-list", "Alle doorverwijzingen"),
    (REVIEW, "Herbekijken", "Deze week is er niets te herbekijken.", "households:list", "Alle gezinnen"),
]


def register(section, provider):
    """Add lines to a section: `provider(user, limit)` gives at most so many, in one query, what waits longest first."""
    _providers[section].append(provider)
    return provider


def register_of_family(provider):
    """Add lines to the tab Opvolging of a family: `provider(household, user)`, in one query."""
    _of_family.append(provider)
    return provider


def of(user):
    """The sections for who works with families."""
    return [_section(user, *about) for about in SECTIONS]


def of_family(household, user):
    lines = [line for provider in _of_family for line in provider(household, user)]
    return sorted(lines, key=lambda line: line.on)


def _section(user, name, title, empty, url_name, all_of_them):
    lines = [line for provider in _providers[name] for line in provider(user, AT_MOST + 1)]
    lines.sort(key=lambda line: line.on)
    return Section(name, title, lines[:AT_MOST], len(lines) > AT_MOST, empty, reverse(url_name), all_of_them)


def _followed_by(user):
    """The families of which someone is the vaste buurtwerker or the back-up."""
    own = Household.objects.openable_by(user)
    return own.filter(Q(primary_worker=user) | Q(backup_worker=user), status=Household.Status.ACTIVE)


def families_out_of_rhythm(user, limit):
    """Of whom the rhythm ends or ended, and those where nobody opened three times in a row."""
    newest = Contact.objects.filter(household=OuterRef("pk")).newest_first().values("outcome")[:CLOSED_DOORS]
    families = with_rhythm(_followed_by(user)).annotate(newest=ArraySubquery(newest))
    doors = [Contact.Outcome.NO_ANSWER] * CLOSED_DOORS
    waiting = families.filter(Q(rhythm_state__in=[ENDING, PAST]) | Q(newest=doors))
    waiting = waiting.order_by(F("rhythm_ends_on").asc(nulls_last=True), "pk")
    return [_rhythm_line(family, family.newest == doors) for family in waiting[:limit]]


def _rhythm_line(family, closed_doors):
    past = family.rhythm_state == PAST
    return Line(
        on=family.rhythm_ends_on or timezone.localdate(),
        title=str(family),
        url=family.get_absolute_url(),
        about="Drie keer niemand bereikt: probeer een ander uur, een ander kanaal of een collega."
        if closed_doors
        else f"Beloofd {promise(family)}",
        tag="" if family.rhythm_ends_on is None else _ends(family.rhythm_ends_on),
        urgent=past,
    )


def _ends(day):
    days = (day - timezone.localdate()).days
    if days < 0:
        return "1 dag voorbij" if days == -1 else f"{-days} dagen voorbij"
    return {0: "loopt vandaag af", 1: "loopt morgen af"}.get(days, f"loopt af over {days} dagen")


def referrals_waiting(user, limit):
    if not user.may("referrals.make"):
        return []
    waiting = Referral.objects.visible_to(user).waiting().waiting_longest_first()
    return [
        Line(
            on=timezone.localdate(referral.sent_at),
            title=f"{referral.household} naar {referral.organisation}",
            url=referral.get_absolute_url(),
            about=f"{referral.get_status_display()}, {referral.days_waiting} dagen geleden doorgegeven",
        )
        for referral in waiting.select_related("household", "organisation")[:limit]
    ]


def families_to_review(user, limit):
    """Levels of which the day comes this week, and a rest that is over."""
    today = timezone.localdate()
    own = Household.objects.openable_by(user).filter(Q(primary_worker=user) | Q(backup_worker=user))
    found = own.filter(
        Q(status=Household.Status.ACTIVE, next_review_on__lte=today + SOON)
        | Q(status=Household.Status.PAUSED, paused_until__lt=today)
    )
    found = found.order_by(F("next_review_on").asc(nulls_last=True), "pk")
    return [_review_line(family) for family in found[:limit]]


def _review_line(family):
    if family.status == Household.Status.PAUSED:
        about = "De rust is voorbij: vraag of je weer mag langskomen."
        return Line(on=family.paused_until, title=str(family), url=family.get_absolute_url(), about=about)
    return Line(
        on=family.next_review_on,
        title=str(family),
        url=reverse("households:level", args=[family.code]),
        about=f"{family.get_intensity_display()}: is dit nog juist?",
        tag=due(family.next_review_on),
        urgent=family.next_review_on < timezone.localdate(),
    )


register(RHYTHM, families_out_of_rhythm)
register(PARTNER, referrals_waiting)
register(REVIEW, families_to_review)
