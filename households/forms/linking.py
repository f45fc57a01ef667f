from django import forms

from buurtwerk.interface.forms import TileSelectMultiple, helper
from households.forms.family_search import find_family
from households.models import Person

CHOOSE_FAMILY = "Kies bij welk gezin dit hoort."


class LinkForm(forms.Form):
    """The family that a talk turned out to be with, and who of them it was."""

    household = forms.CharField(widget=forms.HiddenInput, error_messages={"required": CHOOSE_FAMILY})
    present = forms.MultipleChoiceField(label="Wie was het", required=False, widget=TileSelectMultiple)

    def __init__(self, *args, user, contact, household=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.contact, self.family = user, contact, household
        self.fields["household"].initial = household.code if household else ""
        self.fields["present"].choices = lambda: self.people
        self.helper = helper("Koppel")

    @property
    def people(self):
        if self.family is None or not self.family.is_read_by(self.user):
            return []
        of_family = Person.objects.filter(memberships__in=self.family.members.current()).distinct()
        return [(person.pk, person.first_name) for person in of_family]

    def clean_household(self):
        household = find_family(self.user, self.cleaned_data["household"])
        if household is None or household.centre_id != self.contact.centre_id:
            raise forms.ValidationError(CHOOSE_FAMILY)
        self.family = household
        return household
