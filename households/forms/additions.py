"""Text that is added to a contact, and the correction of a contact by the coordinator."""

from django import forms
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty
from buurtwerk.themes import Theme
from households.forms.fields import LOOKS_LIKE_A_NUMBER, PHONE_NUMBER, day_field
from households.models import Contact, ContactAddition


class AdditionForm(SaveOnceForm, forms.ModelForm):
    class Meta:
        model = ContactAddition
        fields = ["text"]
        labels = {"text": "Wat vul je aan"}
        help_texts = {"text": "Wat er al staat, blijft staan. Kort en feitelijk."}
        widgets = {"text": forms.Textarea({"rows": 4})}

    field_order = ["token", "text"]

    def __init__(self, *args, contact, **kwargs):
        super().__init__(*args, **kwargs)
        self.contact = contact
        # A browser would cut a longer text without a word; the form says so and keeps it.
        self.fields["text"].widget.attrs.pop("maxlength", None)
        say_when_empty(self, text="Schrijf wat je wil aanvullen.")
        self.helper = helper("Vul aan", guard=True)

    def clean_text(self):
        text = self.cleaned_data["text"]
        if self.contact.household_id is None and PHONE_NUMBER.search(text):
            raise forms.ValidationError(LOOKS_LIKE_A_NUMBER)
        return text


class CorrectionForm(VersionedForm):
    """What a coordinator may set right in what a colleague noted. Who reads it, stays the choice of its author."""

    happened_on = day_field(
        "Wanneer",
        error_messages={"required": "Kies de dag van het contact.", "invalid": "Kies een dag, zoals 24/12/2026."},
    )
    themes = forms.MultipleChoiceField(
        label="Waarover ging het", required=False, choices=Theme.choices, widget=TileSelectMultiple
    )
    reason = ContactAddition._meta.get_field("text").formfield(
        label="Waarom verbeter je dit",
        help_text="Iedereen die de nota leest, ziet deze reden. De schrijver krijgt bericht.",
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )

    class Meta:
        model = Contact
        fields = ["note", "mode", "outcome", "happened_on", "themes", "place"]
        labels = {"place": "Waar", "mode": "Hoe"}
        widgets = {"note": forms.Textarea({"rows": 4}), "mode": TileSelect, "outcome": TileSelect}

    field_order = ["note", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("note", "reason"):
            self.fields[name].widget.attrs.pop("maxlength", None)
        say_when_empty(self, reason="Schrijf waarom je dit verbetert.")
        say_when_empty(self, mode="Kies hoe het contact was.", outcome="Kies wat het resultaat was.")
        self.helper = helper("Verbeter", guard=True)

    def clean_happened_on(self):
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate(self.instance.created_at):
            raise forms.ValidationError("Dit contact lag dan in de toekomst. Kies de dag zelf of een dag ervoor.")
        if day.year < 2000:
            raise forms.ValidationError("Kijk het jaar na.")
        return day

    def clean(self):
        cleaned = super().clean()
        if self.instance.household_id is None:
            for name in ("note", "place"):
                if PHONE_NUMBER.search(cleaned.get(name) or ""):
                    self.add_error(name, LOOKS_LIKE_A_NUMBER)
        return cleaned
