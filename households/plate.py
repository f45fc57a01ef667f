"""What someone has on their plate, by section of Vandaag. Each noun adds its own lines."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.interface.templatetags.look import due
from households.actions.rights import rights_to_ask
from households.actions.visit_notes import notes_to_review
from households.closed_doors import CLOSED_DOORS
from households.models import Contact, HelpRequest, Household, Referral
from households.rhythm import ENDING, PAST, RESTING, promise, with_rhythm

# Longer lists have pages of their own; Vandaag shows where to begin.
AT_MOST = 6
SOON = timedelta(days=7)
DOORS = [Contact.Outcome.NO_ANSWER] * CLOSED_DOORS
RHYTHM, PARTNER, REVIEW = "ritme", "partner", "herbekijken"

_providers, _of_family = [], []


@dataclass(frozen=True)
class Line:
    """One thing to look at. `on` decides the order: what waits longest comes first."""

    section: str
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


def register(provider):
    """Add lines: `provider(user, limit)` gives at most so many for a section, in one query, longest waiting first."""
    _providers.append(provider)
    return provider


def register_of_family(provider):
    """Add lines to the tab Opvolging of a family: `provider(household, user)`, in one query."""
    _of_family.append(provider)
    return provider


def of(user):
    """The sections for who works with families."""
    lines = [line for provider in _providers for line in provider(user, AT_MOST + 1)]
    return [_section(lines, *about) for about in SECTIONS]


def of_family(household, user):
    lines = [line for provider in _of_family for line in provider(household, user)]
    return sorted(lines, key=lambda line: line.on)


def _section(lines, name, title, empty, url_name, all_of_them):
    here = sorted((line for line in lines if line.section == name), key=lambda line: line.on)
    return Section(name, title, here[:AT_MOST], len(here) > AT_MOST, empty, reverse(url_name), all_of_them)


@register
def families(user, limit):
    """Of one's own families: whose rhythm ends or ended, where nobody opened three times, and what is to be reviewed.

    One query for two sections, as both look at the same few dozens of families.
    """
    own = Household.objects.openable_by(user).filter(Q(primary_worker=user) | Q(backup_worker=user))
    newest = Contact.objects.filter(household=OuterRef("pk")).newest_first().values("outcome")[:CLOSED_DOORS]
    own = with_rhythm(own.followed()).annotate(newest=ArraySubquery(newest))
    awake = ~Q(rhythm_state=RESTING)
    out = Q(rhythm_state__in=[ENDING, PAST]) | Q(newest=DOORS) & awake
    review = Q(status=Household.Status.ACTIVE, next_review_on__lte=timezone.localdate() + SOON)
    rest_over = Q(status=Household.Status.PAUSED, paused_until__lt=timezone.localdate())
    found = list(own.filter(out | review | rest_over).order_by(F("rhythm_ends_on").asc(nulls_last=True), "pk"))
    lines = [_rhythm_line(family) for family in found if _is_out_of_rhythm(family)]
    return lines + [_review_line(family) for family in found if _is_to_review(family)]


def _is_out_of_rhythm(family):
    return family.rhythm_state in (ENDING, PAST) or (family.newest == DOORS and family.rhythm_state != RESTING)


def _is_to_review(family):
    today = timezone.localdate()
    if family.status == Household.Status.PAUSED:
        return family.paused_until is not None and family.paused_until < today
    return family.next_review_on is not None and family.next_review_on <= today + SOON


def _rhythm_line(family):
    return Line(
        RHYTHM,
        on=family.rhythm_ends_on or timezone.localdate(),
        title=str(family),
        url=family.get_absolute_url(),
        about="Drie keer niemand bereikt: probeer een ander uur, een ander kanaal of een collega."
        if family.newest == DOORS
        else f"Beloofd {promise(family)}",
        tag="" if family.rhythm_ends_on is None else _ends(family.rhythm_ends_on),
        urgent=family.rhythm_state == PAST,
    )


def _ends(day):
    days = (day - timezone.localdate()).days
    if days < 0:
        return "1 dag voorbij" if days == -1 else f"{-days} dagen voorbij"
    return {0: "loopt vandaag af", 1: "loopt morgen af"}.get(days, f"loopt af over {days} dagen")


@register
def referrals_waiting(user, limit):
    if not user.may("referrals.make"):
        return []
    waiting = Referral.objects.visible_to(user).waiting().waiting_longest_first()
    return [
        Line(
            PARTNER,
            on=timezone.localdate(referral.sent_at),
            title=f"{referral.household} naar {referral.organisation}",
            url=referral.get_absolute_url(),
            about=f"{referral.get_status_display()}, {referral.days_waiting} dagen geleden doorgegeven",
        )
        for referral in waiting.select_related("household", "organisation")[:limit]
    ]


def _review_line(family):
    if family.status == Household.Status.PAUSED:
        about = "De rust is voorbij: vraag of je weer mag langskomen."
        return Line(REVIEW, on=family.paused_until, title=str(family), url=family.get_absolute_url(), about=about)
    return Line(
        REVIEW,
        on=family.next_review_on,
        title=str(family),
        url=reverse("households:level", args=[family.code]),
        about=f"{family.get_intensity_display()}: is dit nog juist?",
        tag=due(family.next_review_on),
        urgent=family.next_review_on < timezone.localdate(),
    )


@register
def visit_notes(user, limit):
    return [
        Line(
            REVIEW,
            on=note.review_on,
            title=str(note.household),
            url=note.household.get_absolute_url(),
            about=f"Aandachtspunt huisbezoek, {note.get_kind_display().lower()}: klopt dit nog?",
            tag=due(note.review_on),
        )
        for note in notes_to_review(user)[:limit]
    ]


@register
def rights(user, limit):
    return [
        Line(
            REVIEW,
            on=check.next_ask_on,
            title=str(check.household),
            url=reverse("households:help", args=[check.household.code]),
            about=f"{check.right}: vraag het nog eens",
            tag=due(check.next_ask_on),
        )
        for check in rights_to_ask(user)[:limit]
    ]


@register
def help_requests(user, limit):
    asked = HelpRequest.objects.due(user).select_related("household").order_by("next_on", "pk")
    return [_help_line(each, title=str(each.household)) for each in asked[:limit]]


@register_of_family
def help_requests_of_family(household, user):
    """The questions of a family whose day has come, whoever looks after them."""
    asked = HelpRequest.objects.visible_to(user).told_in(household, household.compartment).open()
    asked = asked.filter(next_on__lte=timezone.localdate()).order_by("next_on", "pk")
    return [_help_line(each, title=each.words[:120]) for each in asked[:AT_MOST]]


def _help_line(asked, *, title):
    return Line(
        REVIEW,
        on=asked.next_on,
        title=title,
        url=asked.get_absolute_url(),
        about=f"Hulpvraag over {asked.get_theme_display().lower()}, {asked.get_status_display().lower()}",
        tag=due(asked.next_on),
        urgent=asked.next_on < timezone.localdate(),
    )
