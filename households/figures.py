"""What the team did in a month, in numbers. A contact counts once, also when it got a name later, and also after the
family was erased: what is left of it then (`ContactFact`) counts along.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, Func, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from buurtwerk.interface.figures import suppress_small_cells
from buurtwerk.themes import Theme
from households.models import Contact, ContactFact

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
    there += F("erased_present")
    reached = When(outcome__in=Contact.REACHED, then=Greatest(COUNTED, F("there"), Value(1)))
    summed = contacts.annotate(there=there).aggregate(
        contacts=Count("pk"),
        people=Coalesce(Sum(Case(reached, default=0, output_field=IntegerField())), 0),
        without_name=Count("pk", filter=Q(household=None)),
    )
    facts = ContactFact.objects.filter(centre=centre, month=date(year, month, 1)).order_by()
    left = facts.aggregate(
        left_contacts=Coalesce(Sum("contacts"), 0),
        left_people=Coalesce(Sum("people"), 0),
        left_without_name=Count("pk", filter=Q(has_name=False, contacts=1)),
    )
    numbers = _by_theme(contacts) + _by_theme(facts.filter(contacts=1))
    by_theme = {theme.value: numbers[theme.value] for theme in Theme if numbers[theme.value]}
    return Month(**{name: number + left[f"left_{name}"] for name, number in summed.items()}, by_theme=by_theme)


def _by_theme(rows):
    told = rows.annotate(theme=Func("themes", function="unnest")).values("theme").annotate(number=Count("pk"))
    return Counter({each["theme"]: each["number"] for each in told})


def _as_table(counts):
    return {row: {"contacts": count} for row, count in counts.items()}
