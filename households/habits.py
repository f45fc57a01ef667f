"""What someone usually notes, learned from their own newest contacts: the likely tile comes first."""

from collections import Counter
from dataclasses import dataclass

from buurtwerk.themes import Theme
from households.models import Contact, Household

LOOK_BACK = 60
FAMILIES = 5


@dataclass(frozen=True)
class Habits:
    families: list
    themes: list
    centre_id: int | None = None

    @property
    def themes_first(self):
        """All themes, the often used ones first; the others keep their fixed place, so that a thumb finds them."""
        return self.themes + [code for code in Theme.values if code not in self.themes]


def habits_of(user):
    """One query, and a second one only for who noted with few families so far."""
    newest = Contact.objects.visible_to(user).filter(author=user).newest_first().select_related("household")[:LOOK_BACK]
    families, themes, centre_id = {}, Counter(), None
    for contact in newest:
        centre_id = centre_id or contact.centre_id
        themes.update(contact.themes)
        if contact.household and contact.household.status != Household.Status.ERASED:
            families.setdefault(contact.household.pk, contact.household)
    if len(families) < FAMILIES:
        for household in _followed_by(user):
            families.setdefault(household.pk, household)
    return Habits(list(families.values())[:FAMILIES], [code for code, _ in themes.most_common()], centre_id)


def _followed_by(user):
    return Household.objects.openable_by(user).followed().filter(primary_worker=user)[:FAMILIES]
