from django import forms

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import helper, say_when_empty
from households.models import BreakGlass

SHORTEST, LONGEST = 15, 200


class BreakGlassForm(SaveOnceForm, forms.ModelForm):
    """Why someone opens a file that is not theirs. The resident can read it later."""

    class Meta:
        model = BreakGlass
        fields = ["ground", "reason"]
        widgets = {"ground": forms.RadioSelect}
        labels = {"ground": "Waarom nu", "reason": "Wat is er aan de hand"}
        help_texts = {"reason": "Minstens 15 tekens. De bewoner kan dit later lezen in *Wie keek in mijn dossier*."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = BreakGlass.Ground.choices
        self.fields["reason"].help_text = "Minstens 15 tekens. De bewoner kan dit later lezen."
        self.fields["reason"].max_length = LONGEST
        self.fields["reason"].widget.attrs.pop("maxlength", None)
        say_when_empty(
            self, ground="Kies waarom je dit dossier nu nodig hebt.", reason="Schrijf wat er aan de hand is."
        )
        self.helper = helper("Open dit dossier voor 30 minuten")

    def clean_reason(self):
        reason = self.cleaned_data["reason"].strip()
        if len(reason) < SHORTEST:
            raise forms.ValidationError("Schrijf in minstens 15 tekens wat er aan de hand is.")
        if len(reason) > LONGEST:
            raise forms.ValidationError("Maak het korter: hoogstens 200 tekens.")
        return reason


class BreakGlassByCodeForm(BreakGlassForm):
    """For a family that cannot be found: who needs it, knows its code from a colleague or from the resident."""

    code = forms.CharField(
        label="Code van het gezin",
        max_length=20,
        help_text="Zoals HH-2026-0042.",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Typ de code van het gezin."},
    )
    field_order = ["code", "ground", "reason"]

    def clean_code(self):
        return self.cleaned_data["code"].upper()
