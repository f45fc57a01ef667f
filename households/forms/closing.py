"""Leaving a family in peace for a while, and rounding off."""

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.interface.text import FreeText
from households.forms.agreement import PAUSE_WITHIN
from households.forms.families import date_input
from households.models import Household, Review


class PauseForm(VersionedForm):
    class Meta:
        model = Household
        fields = ["pause_reason", "paused_until"]
        labels = {"pause_reason": "Wat vroeg het gezin?", "paused_until": "Rust tot en met"}
        help_texts = {
            "pause_reason": "In hun woorden. Zoals: “Laat ons de examens even gerust.”",
            "paused_until": "Leeg: tot ze zelf weer iets laten horen.",
        }
        widgets = {"paused_until": date_input()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pause_reason"].required = True
        say_when_empty(self, pause_reason="Schrijf wat het gezin vroeg.")
        self.helper = helper("Zet op rust", guard=True)

    def clean_paused_until(self):
        day, today = self.cleaned_data["paused_until"], timezone.localdate()
        if day and not today <= day <= today + PAUSE_WITHIN:
            raise ValidationError("Kies een dag tussen vandaag en over een jaar.")
        return day

    def validate_constraints(self):
        """The family is put on rest by the action, after this form."""


class ClosingForm(VersionedForm):
    class Meta:
        model = Household
        fields = []

    closure_reason = forms.ChoiceField(label="Waarom rond je af", choices=Household.ClosureReason, widget=TileSelect)
    text = forms.CharField(
        label="Wat is er bereikt",
        max_length=Review._meta.get_field("text").max_length,
        validators=FreeText.default_validators,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ook klein telt. Enkel het dossierteam leest dit.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, closure_reason="Kies waarom je afrondt.", text="Schrijf in een zin wat er bereikt is.")
        self.helper = helper("Rond af", guard=True)
        self.helper.layout = Layout("loaded_version", "closure_reason", "text")

    def validate_constraints(self):
        """The family is closed by the action, after this form."""
