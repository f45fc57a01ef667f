from datetime import timedelta

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelectMultiple, helper
from households.forms.families import date_input
from households.models import Contact, ContactAgreement

PAUSE_WITHIN = timedelta(days=366)


class AgreementForm(VersionedForm):
    class Meta:
        model = ContactAgreement
        fields = ["channels", "parts_of_day", "weekdays", "hours", "via", "rather_not", "pause_until"]
        widgets = {"pause_until": date_input(), "rather_not": forms.Textarea(attrs={"rows": 3})}
        labels = {"hours": "Over het uur, in eigen woorden"}
        help_texts = {
            "hours": "Zoals: woensdag na 14 uur.",
            "via": "Zoals: eerst bellen naar de zus.",
            "rather_not": "In de woorden van het gezin.",
            "pause_until": "Tot en met die dag laten we het gezin met rust.",
        }

    channels = forms.MultipleChoiceField(
        label="Zo mag het",
        choices=ContactAgreement.Channel,
        required=False,
        widget=TileSelectMultiple,
        help_text="Kies je niets, dan mag alles.",
    )
    parts_of_day = forms.MultipleChoiceField(
        label="Op dit deel van de dag", choices=Contact.PartOfDay, required=False, widget=TileSelectMultiple
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="Op deze dagen",
        choices=ContactAgreement.Weekday,
        required=False,
        coerce=int,
        empty_value=[],
        widget=TileSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What is saved, and not what stands in a draft.
        self.resting_until = self.instance.pause_until
        if self.instance._state.adding:
            # Two colleagues who both make the first agreement: the second one is told.
            self.fields["loaded_version"].initial = 0
        # A browser would cut a longer text without a word; the form says so and keeps it.
        self.fields["rather_not"].widget.attrs.pop("maxlength", None)
        self.helper = helper("Bewaar afspraak", guard=True)
        self.helper.layout = Layout("loaded_version", *self.Meta.fields)

    def clean_weekdays(self):
        return sorted(set(self.cleaned_data["weekdays"]))

    def clean_pause_until(self):
        day, today = self.cleaned_data["pause_until"], timezone.localdate()
        if day and day != self.resting_until and not today <= day <= today + PAUSE_WITHIN:
            raise ValidationError("Kies een dag tussen vandaag en over een jaar.")
        return day

    def save(self, commit=True):
        agreement, today = self.instance, timezone.localdate()
        # Rest that is made longer or shorter began when it first did.
        is_new = self.resting_until is None or self.resting_until < today
        if agreement.pause_until is None:
            agreement.pause_from = None
        elif is_new and agreement.pause_until != self.resting_until:
            agreement.pause_from = today
        return super().save(commit)
