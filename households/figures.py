"""What the team did in a month, in numbers. A contact counts once, also when it got a name later."""

from dataclasses import dataclass

from django.db.models import Case, Count, F, Func, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from buurtwerk.interface.figures import suppress_small_cells
from buurtwerk.themes import Theme
from households.models import Contact

COUNTED = F("children") + F("teens") + F("adults") + F("seniors")


@dataclass(frozen=True)
class Month:
    contacts: int
    people: int
    without_name: int
    by_theme: dict

    @property
    def by_theme_for_others(self):
        """The same without numbers so small that they point at a family."""
        return {theme: shown["contacts"] for theme, shown in suppress_small_cells(_as_table(self.by_theme)).items()}


def month(centre, year, month):
    """The contacts of one centre in one month, each of them once.

    People are those who were reached: as counted in a group, else those who were ticked as present, else one.
    """
    contacts = Contact.objects.filter(centre=centre, happened_on__year=year, happened_on__month=month).order_by()
    ticked = Contact.present.through.objects.filter(contact=OuterRef("pk")).order_by().values("contact")
    there = Coalesce(Subquery(ticked.values(number=Count("pk")), output_field=IntegerField()), 0)
    reached = When(outcome__in=Contact.REACHED, then=Greatest(COUNTED, F("there"), Value(1)))
    summed = contacts.annotate(there=there).aggregate(
        contacts=Count("pk"),
        people=Coalesce(Sum(Case(reached, default=0, output_field=IntegerField())), 0),
        without_name=Count("pk", filter=Q(household=None)),
    )
    return Month(**summed, by_theme=_by_theme(contacts))


def _by_theme(contacts):
    told = contacts.annotate(theme=Func("themes", function="unnest")).values("theme").annotate(number=Count("pk"))
    numbers = {each["theme"]: each["number"] for each in told}
    return {theme.value: numbers[theme.value] for theme in Theme if theme.value in numbers}


def _as_table(counts):
    return {row: {"contacts": count} for row, count in counts.items()}
