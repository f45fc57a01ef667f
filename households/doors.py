"""Which doors a round could pass by, and which it leaves in peace."""

from dataclasses import dataclass

from django.db.models import Case, DateField, ExpressionWrapper, F, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from households.agreements import breaches
from households.models import Contact, Household
from households.rhythm import promise, rhythm_word

MOST_DOORS = 20
# As many as fit a page; who is not among them has a rhythm that ends much later.
OFFERED = 60


@dataclass(frozen=True)
class Door:
    """A family of the buurt: can it be chosen, is it chosen already, and if not, why we leave it in peace."""

    family: Household
    is_chosen: bool
    why_not: tuple = ()

    @property
    def value(self):
        return str(self.family.pk)

    @property
    def about(self):
        reached = rhythm_word(self.family) or promise(self.family)
        return ", ".join(filter(None, [self.family.code, self.family.street, reached]))


def families_of(outreach, *, user):
    """The families of this buurt that someone may know, those whose rhythm ends first on top."""
    families = Household.objects.openable_by(user).filter(centre=outreach.centre_id).followed()
    return families.select_related("agreement").annotate(rhythm_ends_on=_rhythm_ends_on())


def doors_for(outreach, *, user):
    """Two lists: the doors to choose from, and the families we leave in peace with the reason."""
    chosen = set(outreach.doors.values_list("household_id", flat=True))
    families = families_of(outreach, user=user)
    families = families.filter(Q(neighbourhood=outreach.neighbourhood_id) | Q(pk__in=chosen))
    families = families.order_by(
        Case(When(pk__in=chosen, then=0), default=1, output_field=IntegerField()),
        F("rhythm_ends_on").asc(nulls_last=True),
        "nickname",
        "pk",
    )
    doors = [Door(family, family.pk in chosen, tuple(why_in_peace(family, outreach))) for family in families[:OFFERED]]
    return [door for door in doors if not door.why_not], [door for door in doors if door.why_not]


def why_in_peace(family, outreach):
    """What the family asked for that a ring at the door would break, in sentences."""
    return breaches(family, mode=Contact.Mode.DOOR, on=outreach.on, at_time=outreach.starts)


def _rhythm_ends_on():
    """The last day of the promised rhythm; nothing for the open offer."""
    promised = Coalesce(
        "rhythm_days",
        Case(
            *(When(intensity=level, then=Value(days)) for level, days in Household.RHYTHM_DAYS.items() if days),
            default=None,
            output_field=IntegerField(),
        ),
    )
    began = TruncDate("created_at", tzinfo=timezone.get_default_timezone())
    counted_from = Coalesce("last_reached_on", began, output_field=DateField())
    return ExpressionWrapper(counted_from + promised, output_field=DateField())
