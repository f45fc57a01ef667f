"""How closely we follow a family: a choice of a person, with a reason and a day to look again."""

from datetime import timedelta

from crispy_forms.layout import Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import helper, say_when_empty
from buurtwerk.interface.templatetags.look import day as in_words
from households.models import Household

Intensity = Household.Intensity
REVIEW_WITHIN = timedelta(days=2 * 366)
LEVELS = [
    (Intensity.OPEN, "Open aanbod: geen ritme, herbekijken na een jaar"),
    (Intensity.LIGHT, "Vinger aan de pols: om de 90 dagen, herbekijken na 6 maanden"),
    (Intensity.FOLLOWED, "Opvolging: om de 30 dagen, herbekijken na 3 maanden"),
    (Intensity.ASSERTIVE, "Aanklampend: om de 10 dagen, herbekijken na 6 weken"),
]


def review_term(intensity):
    """The last day of the review term of a level, seen from today."""
    return timezone.localdate() + Household.REVIEW_AFTER[intensity]


class LevelFields(forms.ModelForm):
    """The level, why, and when to look again: for a new family, and on the page of the level itself."""

    LEVEL = ["intensity", "intensity_reason", "next_review_on"]
    HELP = {"intensity_reason": "Liefst in de woorden van het gezin. Nodig bij aanklampend."}

    intensity = forms.TypedChoiceField(
        label="Hoe dicht volgen we op", coerce=int, choices=LEVELS, widget=forms.RadioSelect, initial=0
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.latest = review_term(Intensity.ASSERTIVE)
        say_when_empty(self, intensity="Kies hoe dicht je opvolgt.")
        review = self.fields["next_review_on"]
        review.label = "Herbekijken op"
        review.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        review.help_text = (
            "Leeg: na de termijn van het niveau. "
            f"Bij aanklampend kies je zelf een dag, ten laatste {in_words(self.latest)}."
        )

    def clean_next_review_on(self):
        day, today = self.cleaned_data["next_review_on"], timezone.localdate()
        if day and not today < day <= today + REVIEW_WITHIN:
            raise ValidationError("Kies een dag vanaf morgen, binnen de twee jaar.")
        return day

    def clean(self):
        cleaned = super().clean()
        level = cleaned.get("intensity")
        if level == Intensity.ASSERTIVE:
            self._ask_reason_and_review(cleaned)
        if level is not None and "next_review_on" not in self.errors:
            cleaned["next_review_on"] = cleaned["next_review_on"] or review_term(level)
        return cleaned

    def _ask_reason_and_review(self, cleaned):
        if not cleaned.get("intensity_reason") and "intensity_reason" not in self.errors:
            self.add_error("intensity_reason", "Schrijf waarom je aanklampend opvolgt.")
        day = cleaned.get("next_review_on")
        if "next_review_on" not in self.errors and (day is None or day > self.latest):
            self.add_error(
                "next_review_on", f"Kies een dag om dit te herbekijken, ten laatste {in_words(self.latest)}."
            )


class LevelForm(VersionedForm, LevelFields):
    class Meta:
        model = Household
        fields = [*LevelFields.LEVEL, "rhythm_days"]
        labels = {"rhythm_days": "Eigen ritme in dagen", "intensity_reason": "Waarom"}
        help_texts = {**LevelFields.HELP, "rhythm_days": "Leeg: het ritme van het niveau."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rhythm_days"].widget = forms.TextInput(attrs={"inputmode": "numeric"})
        self.fields["rhythm_days"].error_messages["invalid"] = "Vul een aantal dagen in, zoals 14."
        # A day that has come says nothing about the next one.
        day = self.instance.next_review_on
        self.initial["next_review_on"] = day if day and day > timezone.localdate() else None
        self.helper = helper("Bewaar", guard=True)
        self.helper.layout = Layout(
            "loaded_version", "intensity", "intensity_reason", Row("next_review_on", "rhythm_days")
        )

    def clean_rhythm_days(self):
        days = self.cleaned_data["rhythm_days"]
        if days is not None and not 1 <= days <= 366:
            raise ValidationError("Vul een aantal dagen in van 1 tot 366.")
        return days

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("intensity") == Intensity.OPEN and cleaned.get("rhythm_days"):
            self.add_error("rhythm_days", "Open aanbod heeft geen ritme. Laat dit leeg of kies een ander niveau.")
        return cleaned
