from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import helper, say_when_empty
from buurtwerk.interface.sensitive import GuardedText
from buurtwerk.interface.text import FreeText
from households.forms.families import date_input
from households.models import Household, Person, SubjectRequest

# A request that lay somewhere before it was noted: its clock runs from the day it came in.
EARLIEST = timedelta(days=90)


class WhichFamilyForm(forms.Form):
    """Of which family, by its code; a code may stand in an address, a name may not."""

    gezin = forms.CharField(label="Code van het gezin", max_length=20, help_text="Zoals HH-2026-0042.")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        say_when_empty(self, gezin="Typ de code van het gezin.")
        self.helper = helper("Ga verder", method="get")

    def clean_gezin(self):
        families = Household.objects.visible_to(self.by).filter(centre__in=self.by.centres_where("files.review"))
        household = families.filter(code=self.cleaned_data["gezin"].strip().upper()).first()
        if household is None:
            raise ValidationError("Er is geen gezin met deze code.")
        return household


class SubjectRequestForm(SaveOnceForm, forms.ModelForm):
    class Meta:
        model = SubjectRequest
        fields = ["person", "kind", "received_on", "identity", "words"]
        widgets = {
            "person": forms.RadioSelect,
            "kind": forms.RadioSelect,
            "identity": forms.RadioSelect,
            "received_on": date_input(),
            "words": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "received_on": "Vanaf die dag lopen de dertig dagen.",
            "words": "Mag leeg. Wat klopt niet, of wat wil iemand niet meer?",
            "identity": "Kijk goed: een ex-partner mag niets van een ander krijgen.",
        }

    def __init__(self, *args, household, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.filter(memberships__household=household).distinct()
        self.fields["person"].empty_label = None
        self.fields["kind"].choices = SubjectRequest.Kind.choices
        self.fields["identity"].choices = SubjectRequest.Identity.choices
        say_when_empty(
            self,
            person="Kies wie het vraagt.",
            kind="Kies wat er gevraagd wordt.",
            received_on="Kies wanneer de vraag binnenkwam.",
            identity="Kies hoe je weet wie het is.",
        )
        self.helper = helper("Bewaar vraag", guard=True)

    def clean_received_on(self):
        day, today = self.cleaned_data["received_on"], timezone.localdate()
        if not today - EARLIEST <= day <= today:
            raise ValidationError("Kies een dag in de voorbije drie maanden, niet in de toekomst.")
        return day

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind in (SubjectRequest.Kind.CORRECTION, SubjectRequest.Kind.OBJECTION) and not cleaned.get("words"):
            self.add_error("words", "Schrijf wat er niet klopt, of wat iemand niet meer wil.")
        return cleaned


class AnswerForm(GuardedText, forms.Form):
    """What we did or answer, for the second reader and the resident."""

    answer = forms.CharField(
        label="Wat we deden of antwoorden",
        max_length=2000,
        validators=FreeText.default_validators,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, answer="Schrijf wat we deden of wat we antwoorden.")
        self.helper = helper("Naar de tweede lezer", guard=True)


class RefusalForm(GuardedText, forms.Form):
    refusal = forms.CharField(
        label="Waarom niet",
        max_length=1000,
        validators=FreeText.default_validators,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="De bewoner krijgt dit te lezen, en mag naar de Gegevensbeschermingsautoriteit stappen.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, refusal="Schrijf waarom we dit niet doen.")
        self.helper = helper("Weiger deze vraag", guard=True)
