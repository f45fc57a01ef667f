from datetime import timedelta

from django import forms
from django.utils import timezone

from activities.actions.date import Action
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.interface.text import refuse_control_characters, refuse_national_number

FAR = timedelta(days=2 * 366)


def coming_day(day):
    """Refuse a day that is past or that nobody plans yet."""
    today = timezone.localdate()
    if not today <= day <= today + FAR:
        raise forms.ValidationError("Kies een dag vanaf vandaag en binnen twee jaar.")


class DateForm(forms.Form):
    """What someone decides about one date of a series."""

    action = forms.ChoiceField(
        label="Wat wil je doen?",
        choices=[
            (Action.SKIP, "Een datum overslaan"),
            (Action.ADD, "Een datum toevoegen"),
            (Action.RESTORE, "Een overgeslagen datum terugzetten"),
        ],
        widget=TileSelect(icons={"skip": "ban", "add": "plus", "restore": "rotate-ccw"}),
    )
    day = forms.DateField(
        label="Welke dag?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[coming_day],
    )
    reason = forms.CharField(
        label="Waarom?",
        help_text="Bewoners lezen dit bij een overgeslagen datum. Schrijf geen naam.",
        max_length=200,
        required=False,
        validators=[refuse_control_characters, refuse_national_number],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, action="Kies wat je wil doen.", day="Kies de dag.")
        self.helper = helper("Bewaar")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("action") == Action.SKIP and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Schrijf kort waarom deze datum wegvalt.")
        return cleaned
