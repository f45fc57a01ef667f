"""The rhythm we promised a family, beside the day we last reached it. It says something about us, not about them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, CharField, DateField, F, IntegerField, Q, Value, When
from django.db.models.expressions import ExpressionWrapper
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from households.models import Household

# The last fifth of the promised time is when there is still something to do about it.
ENDING_FROM = (4, 5)

IN, ENDING, PAST, RESTING, NONE = "in", "ending", "past", "resting", "none"
WORDS = {IN: "in ritme", ENDING: "ritme loopt af", PAST: "ritme voorbij", RESTING: "op rust", NONE: "zonder ritme"}


@dataclass(frozen=True)
class Standing:
    """How a family stands today in the rhythm that we promised."""

    state: str
    promised: int | None
    days: int
    ends_on: date | None

    @property
    def word(self):
        return WORDS[self.state]

    @property
    def is_urgent(self):
        return self.state in (ENDING, PAST)

    @property
    def beyond(self):
        """Days past the promise; 0 as long as it is kept."""
        return max(0, self.days - self.promised) if self.promised else 0

    @property
    def left(self):
        return max(0, self.promised - self.days) if self.promised else 0

    @property
    def drawn(self):
        """The bar on a scale of 100: how far we are, and where the promise lies."""
        whole = max(self.days, self.promised or 0, 1)
        return {"done": round(100 * self.days / whole), "promise": round(100 * (self.promised or 0) / whole)}


def standing(household):
    today = timezone.localdate()
    since = _counted_from(household)
    days = max(0, (today - since).days)
    promised = household.rhythm
    ends_on = since + timedelta(days=promised) if promised else None
    return Standing(_state(household, days, promised, today), promised, days, ends_on)


def _state(household, days, promised, today):
    if rests(household, today):
        return RESTING
    if promised is None or household.status != Household.Status.ACTIVE:
        return NONE
    if days > promised:
        return PAST
    part, of = ENDING_FROM
    return ENDING if days * of >= promised * part else IN


def rests(household, today=None):
    """On rest at the request of the family: the whole file, or in its contact agreement until a day."""
    if household.status == Household.Status.PAUSED:
        return True
    until = resting_until(household, today)
    return household.status == Household.Status.ACTIVE and until is not None


def resting_until(household, today=None):
    """The last day on which the family wants rest, when that is still to come."""
    agreement = getattr(household, "agreement", None)
    days = [household.paused_until, agreement and agreement.pause_until]
    return max((day for day in days if day and day >= (today or timezone.localdate())), default=None)


def rhythm_word(household):
    """ "ritme loopt af" or "ritme voorbij"; nothing while there is time, and nothing without a promise."""
    here = standing(household)
    return here.word if here.is_urgent else ""


def promise(household):
    """The promised rhythm in words."""
    return f"om de {household.rhythm} dagen" if household.rhythm else "zonder vast ritme"


def with_rhythm(families):
    """The same rule for the database: `rhythm_ends_on` and `rhythm_state` beside each family."""
    today = timezone.localdate()
    part, of = ENDING_FROM
    by_level = [When(intensity=level, then=Value(days)) for level, days in Household.RHYTHM_DAYS.items() if days]
    families = families.annotate(
        promised=Coalesce("rhythm_days", Case(*by_level, default=None, output_field=IntegerField())),
        counted_from=Coalesce("last_reached_on", TruncDate("created_at", tzinfo=timezone.get_default_timezone())),
    )
    families = families.annotate(
        rhythm_ends_on=ExpressionWrapper(F("counted_from") + F("promised"), DateField()),
        # Rounded up, as half a day does not exist.
        rhythm_ending_from=ExpressionWrapper(
            F("counted_from") + (F("promised") * part + (of - 1)) / of, output_field=DateField()
        ),
    )
    return families.annotate(
        rhythm_state=Case(
            When(_resting(today), then=Value(RESTING)),
            When(~Q(status=Household.Status.ACTIVE) | Q(promised=None), then=Value(NONE)),
            When(rhythm_ends_on__lt=today, then=Value(PAST)),
            When(rhythm_ending_from__lte=today, then=Value(ENDING)),
            default=Value(IN),
            output_field=CharField(),
        )
    )


def _resting(today):
    active = Q(status=Household.Status.ACTIVE)
    return Q(status=Household.Status.PAUSED) | active & Q(agreement__pause_until__gte=today)


def _counted_from(household):
    """The day we last reached the family; before the first time, the day we began."""
    return household.last_reached_on or timezone.localdate(household.created_at)
