from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import helper, say_when_empty
from buurtwerk.interface.sensitive import GuardedText
from buurtwerk.interface.text import FreeLine
from buurtwerk.places.models import Centre
from households.forms.families import date_input
from households.models import RetentionHold, RetentionTerm

FURTHEST = timedelta(days=3 * 366)


class RetentionTermForm(SaveOnceForm, forms.ModelForm):
    """A new term from a day on; the ones before stay, so that one can see what counted when."""

    class Meta:
        model = RetentionTerm
        fields = ["centre", "kind", "months", "ground", "since"]
        widgets = {
            "kind": forms.RadioSelect,
            "months": forms.TextInput(attrs={"inputmode": "numeric"}),
            "ground": forms.Textarea(attrs={"rows": 3}),
            "since": date_input(),
        }
        help_texts = {"ground": "Waarom zo lang, en waar staat dat? Zoals de selectielijst of een advies."}
        error_messages = {
            "months": {"invalid": "Vul een aantal maanden in, zoals 24.", "min_value": "Vul 1 of meer in."}
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        centres = Centre.objects.filter(pk__in=by.centres_where("files.review")).order_by("name")
        self.fields["centre"].queryset = centres
        self.fields["centre"].empty_label = "Kies een centrum"
        self.fields["kind"].choices = RetentionTerm.Kind.choices
        if len(centres) == 1:
            self.initial["centre"], self.fields["centre"].widget = centres[0].pk, forms.HiddenInput()
        self.initial["since"] = timezone.localdate()
        say_when_empty(
            self,
            centre="Kies een centrum.",
            kind="Kies om welke gezinnen het gaat.",
            months="Vul een aantal maanden in, zoals 24.",
            ground="Schrijf op welke grond.",
            since="Kies vanaf welke dag.",
        )
        self.helper = helper("Bewaar termijn", guard=True)

    def clean_since(self):
        """From today on: what counted before cannot be changed afterwards."""
        day, today = self.cleaned_data["since"], timezone.localdate()
        if not today <= day <= today + FURTHEST:
            raise ValidationError("Kies een dag vanaf vandaag, hoogstens drie jaar vooruit.")
        return day


class KeepForm(GuardedText, forms.ModelForm):
    """Keep a family longer than its term."""

    class Meta:
        model = RetentionHold
        fields = ["reason", "until"]
        widgets = {"until": date_input()}
        labels = {"reason": "Waarom bewaren we langer", "until": "Tot wanneer"}
        help_texts = {
            "reason": "Zonder namen. Zoals: “Er loopt nog een klacht.”",
            "until": "Hoogstens twaalf maanden. Daarna komt het gezin opnieuw op de lijst.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, reason="Schrijf waarom.", until="Kies een dag.")
        self.helper = helper("Bewaar langer", ctrl_enter=False)

    def clean_until(self):
        day, today = self.cleaned_data["until"], timezone.localdate()
        if not today < day <= today + RetentionHold.LONGEST:
            raise ValidationError("Kies een dag binnen de twaalf maanden.")
        return day


class GroundForm(GuardedText, forms.Form):
    """Why somebody of a family that stays must go."""

    ground = forms.CharField(
        label="Waarom",
        max_length=300,
        validators=FreeLine.default_validators,
        help_text="Zonder namen. Zoals: “Woont sinds drie jaar elders, er is geen doel meer.”",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, ground="Schrijf waarom.")
        self.helper = helper("Zet op de vernietigingslijst", ctrl_enter=False)
