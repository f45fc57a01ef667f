from django import forms

from activities.models import Participant
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import helper, say_when_empty
from households.models import Person

MOST_FOUND = 12


class ParticipantForm(VersionedForm):
    class Meta:
        model = Participant
        fields = ["first_name", "last_name", "birth_year", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, first_name="Vul de voornaam in.")
        self.helper = helper("Bewaar", guard=True)


class LinkForm(forms.Form):
    """People of the same name in the families that this colleague may open."""

    person = forms.ModelChoiceField(
        label="Wie is dit?",
        queryset=Person.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Kies iemand uit de lijst."},
    )

    def __init__(self, *args, people, participant, **kwargs):
        super().__init__(*args, **kwargs)
        self.participant = participant
        alike = people.matching(participant.first_name)
        self.found = list(alike.order_by("first_name", "pk")[:MOST_FOUND])
        field = self.fields["person"]
        field.queryset, field.initial = people, participant.person_id
        field.choices = [("", "Niemand van deze mensen"), *((one.pk, str(one)) for one in self.found)]
        self.helper = helper("Bewaar", ctrl_enter=False)

    def clean_person(self):
        person = self.cleaned_data["person"]
        taken = Participant.objects.filter(centre=self.participant.centre_id, person=person)
        if person and taken.exclude(pk=self.participant.pk).exists():
            raise forms.ValidationError("Deze persoon is al deelnemer, onder een andere naam.")
        return person
