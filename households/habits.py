"""What someone usually notes, learned from their own newest contacts: the likely tile comes first."""

from collections import Counter
from dataclasses import dataclass

from buurtwerk.themes import Theme
from households.models import Contact, Household

LOOK_BACK = 60
FAMILIES = 5
MINUTES = [5, 15, 30, 45, 60, 90]
# How many lengths of one's own stand beside the usual ones, and how often one was noted to count as a habit.
OWN_MINUTES, OFTEN = 2, 3


@dataclass(frozen=True)
class Habits:
    families: list
    themes: list
    centre_id: int | None = None
    own_minutes: tuple = ()

    @property
    def themes_first(self):
        """All themes, the often used ones first; the others keep their fixed place, so that a thumb finds them."""
        return self.themes + [code for code in Theme.values if code not in self.themes]

    @property
    def minutes(self):
        """The usual lengths and those that are often one's own, from short to long."""
        return sorted({*MINUTES, *self.own_minutes})


def habits_of(user):
    """Two queries, and a third one only for who noted with few families so far.

    What a colleague noted about a contact that one did together, is one's own too.
    """
    seen = Contact.objects.visible_to(user).newest_first().select_related("household")
    newest = [*seen.filter(author=user)[:LOOK_BACK], *seen.filter(co_workers=user)[:LOOK_BACK]]
    newest.sort(key=lambda contact: (contact.happened_on, contact.pk), reverse=True)
    families, themes, minutes, centre_id = {}, Counter(), Counter(), None
    for contact in newest[:LOOK_BACK]:
        centre_id = centre_id or contact.centre_id
        themes.update(contact.themes)
        minutes[contact.minutes] += 1
        if contact.household and contact.household.status != Household.Status.ERASED:
            families.setdefault(contact.household.pk, contact.household)
    if len(families) < FAMILIES:
        for household in _followed_by(user):
            families.setdefault(household.pk, household)
    return Habits(
        list(families.values())[:FAMILIES], [code for code, _ in themes.most_common()], centre_id, _own_minutes(minutes)
    )


def _own_minutes(counted):
    usual = {None, *MINUTES}
    own = [minutes for minutes, times in counted.most_common() if minutes not in usual and times >= OFTEN]
    return tuple(own[:OWN_MINUTES])


def _followed_by(user):
    return Household.objects.openable_by(user).followed().filter(primary_worker=user)[:FAMILIES]
