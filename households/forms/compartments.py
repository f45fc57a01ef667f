from django import forms

from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import helper
from households.models import Household, Member


class CompartmentsForm(VersionedForm):
    """Luiken on or off, and which adults have one of their own."""

    class Meta:
        model = Household
        fields = ["has_compartments"]
        labels = {"has_compartments": "Zet luiken aan voor dit gezin"}

    adults = forms.MultipleChoiceField(
        label="Wie krijgt een eigen luik",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Wat je met enkel deze persoon bespreekt, staat alleen in dat luik.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        everyone = Member.objects.filter(household=self.instance).select_related("person").order_by("since", "pk")
        # One choice for each person, also who left: what they told before stays theirs.
        self.people = {str(member.person_id): member for member in everyone if member.is_adult}
        self.fields["adults"].choices = [(pk, str(member)) for pk, member in self.people.items()]
        self.fields["adults"].initial = [pk for pk, member in self.people.items() if member.has_compartment]
        self.helper = helper("Bewaar", guard=True)
        # The page has two buttons of its own: look first, and save.
        self.helper.inputs = []
        self.helper.form_tag = False

    @property
    def chosen_adults(self):
        """The members as chosen now, whether or not that is saved already."""
        if not self["has_compartments"].value():
            return []
        return [self.people[pk] for pk in self["adults"].value() or [] if pk in self.people]
