"""The map of the rhythm: what we promised families beside what we did. About families, never about colleagues."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Min, Q, Sum
from django.utils import timezone

from buurtwerk.interface.figures import HIDDEN, HIDDEN_TEXT, suppress_small_cells
from households.models import Contact, Household
from households.rhythm import ENDING, IN, NONE, PAST, RESTING

LOOK_BACK = timedelta(days=90)
KEPT_OVER = timedelta(days=180)
STATES = [IN, ENDING, PAST, RESTING, NONE]
LABELS = {
    IN: "in ritme",
    ENDING: "loopt af",
    PAST: "voorbij",
    RESTING: "op rust",
    NONE: "zonder vast ritme",
}
WIDTH = 300


@dataclass(frozen=True)
class Piece:
    """One part of a bar, `at` and `wide` on a scale that the longest bar fills."""

    state: str
    label: str
    count: int
    at: int
    wide: int


@dataclass(frozen=True)
class Bar:
    label: str
    pieces: list
    hides_some: bool

    @property
    def words(self):
        told = [f"{piece.count} {piece.label}" for piece in self.pieces]
        if self.hides_some:
            told.append(f"de rest is {HIDDEN_TEXT}")
        return ", ".join(told) or "geen gezinnen"


def bars(families, *, whole):
    """Per level how many families stand where, in one query. Small counts only for who sees the `whole` list."""
    levels = sorted(Household.Intensity, reverse=True)
    counted = {level: dict.fromkeys(STATES, 0) for level in levels}
    rows = families.order_by().values_list("intensity", "rhythm_state").annotate(families=Count("pk"))
    for level, state, count in rows:
        counted[level][state] = count
    if not whole:
        counted = suppress_small_cells(counted)
    longest = max(sum(count or 0 for count in states.values()) for states in counted.values()) or 1
    return [_bar(level, states, longest) for level, states in counted.items()]


def _bar(level, states, longest):
    pieces, before = [], 0
    for state, count in states.items():
        if count:
            at, to = WIDTH * before // longest, WIDTH * (before + count) // longest
            pieces.append(Piece(state, LABELS[state], count, at, to - at))
            before += count
    return Bar(Household.Intensity(level).label, pieces, hides_some=HIDDEN in states.values())


@dataclass(frozen=True)
class Effort:
    """What we did for the families of one level; None where so few could be recognised."""

    label: str
    families: int | None
    contacts: int | None
    minutes: int | None

    @property
    def contacts_each(self):
        return round(self.contacts / self.families, 1) if self.families and self.contacts is not HIDDEN else None

    @property
    def minutes_each(self):
        return round(self.minutes / self.families) if self.families and self.minutes is not HIDDEN else None


def effort(families, *, user):
    """Evenredigheidsmeter: do we give more to whom we promised more? Over ninety days, at the levels of today."""
    since = timezone.localdate() - LOOK_BACK
    contacts = Contact.objects.visible_to(user).filter(happened_on__gte=since, household__in=families.values("pk"))
    rows = (
        contacts.order_by()
        .values("household__intensity")
        .annotate(
            contacts=Count("pk"),
            minutes=Sum("minutes", default=0),
            reached=Count("household", distinct=True),
        )
    )
    done = {row["household__intensity"]: row for row in rows}
    nothing = {"contacts": 0, "minutes": 0, "reached": 0}
    per_level = families.order_by().values_list("intensity").annotate(families=Count("pk"))
    present = dict(per_level)
    levels = sorted(Household.Intensity, reverse=True)
    shown = suppress_small_cells({level: {"families": present.get(level, 0)} for level in levels})
    # A few contacts, or contacts with a few families, point at someone just as well.
    counted = suppress_small_cells({level: {"contacts": done.get(level, nothing)["contacts"]} for level in levels})
    with_whom = suppress_small_cells({level: {"reached": done.get(level, nothing)["reached"]} for level in levels})
    return [
        _effort(level, shown[level]["families"], counted[level]["contacts"], with_whom[level]["reached"], done)
        for level in levels
    ]


def _effort(level, families, contacts, reached, done):
    label = Household.Intensity(level).label
    if HIDDEN in (families, contacts, reached):
        return Effort(label, families, HIDDEN, HIDDEN)
    return Effort(label, families, contacts, done.get(level, {"minutes": 0})["minutes"])


def kept_rhythm(page):
    """How often each family of a page was reached in half a year, as days between two times. One query."""
    today = timezone.localdate()
    reached = Contact.objects.filter(household__in=[family.pk for family in page])
    reached = reached.filter(outcome__in=Contact.REACHED, happened_on__gte=today - KEPT_OVER).order_by()
    rows = reached.values_list("household").annotate(days=Count("happened_on", distinct=True), first=Min("happened_on"))
    times = {household: (days, first) for household, days, first in rows}
    for family in page:
        count, first = times.get(family.pk, (0, today))
        # What was noted may be older than the file, and the file older than what was noted.
        begun = min(timezone.localdate(family.created_at), first)
        known_for = min(KEPT_OVER.days, max(1, (today - begun).days))
        family.kept_every = max(1, round(known_for / count)) if count else None


def resting(families):
    """The families that asked for peace, with until when."""
    return families.filter(rhythm_state=RESTING).order_by(F("paused_until").asc(nulls_last=True), "nickname", "pk")


def followed(families):
    """Those with a place on the map: not rounded off."""
    return families.filter(Q(status=Household.Status.ACTIVE) | Q(status=Household.Status.PAUSED))
