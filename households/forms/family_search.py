"""Finding the family that something is noted with."""

from django import forms

from buurtwerk.interface.text import CONTROL_CHARACTERS, search_key
from households.models import Household

MOST_FOUND = 8


class FamilySearchForm(forms.Form):
    """The words of a search travel in the body of a POST, so that no name ends up in an address or a log."""

    search = forms.CharField(max_length=80, min_length=2)

    def families(self, user):
        if not self.is_valid():
            return []
        words = self.cleaned_data["search"]
        # Words of dashes alone have no key, and would match every family.
        if not search_key(words):
            return []
        found = list(families_to_note_with(user).matching(words)[:MOST_FOUND])
        for family in found:
            family.where = family.address if family.is_read_by(user) else family.street
        return found


def families_to_note_with(user):
    return Household.objects.openable_by(user).exclude(status=Household.Status.ERASED).with_readers(user)


def find_family(user, code):
    """The family with this code, as someone's page or address says it; None for anything else."""
    if CONTROL_CHARACTERS.search(code):
        return None
    families = families_to_note_with(user).select_related("agreement")
    found = families.filter(code=code).first()
    if found is None and (kept := Household.objects.kept_for(code, user=user)):
        # Open in another window while two files became one: noted with the one that is left.
        found = families.filter(pk=kept.pk).first()
    return found
