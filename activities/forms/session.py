from django import forms
from django.db import models

from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.interface.text import refuse_national_number


class Reason(models.TextChoices):
    """Why a moment is off; the sentence is what residents read when nothing else is typed."""

    SICK = "sick", "Ziek"
    WEATHER = "weather", "Slecht weer"
    ROOM = "room", "Zaal niet vrij"
    OTHER = "other", "Iets anders"

    @property
    def sentence(self):
        return SENTENCES.get(self, "")


SENTENCES = {
    Reason.SICK: "De begeleider is ziek.",
    Reason.WEATHER: "Het weer is te slecht.",
    Reason.ROOM: "De zaal is niet vrij.",
}
ICONS = {"sick": "thermometer", "weather": "cloud-rain", "room": "door-closed", "other": "message-circle"}


class CancelForm(forms.Form):
    reason = forms.ChoiceField(label="Waarom?", choices=Reason.choices, widget=TileSelect(icons=ICONS))
    text = forms.CharField(
        label="In je eigen woorden",
        help_text="Bewoners lezen dit. Schrijf geen naam en niets over iemands gezondheid.",
        max_length=200,
        required=False,
        validators=[refuse_national_number],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, reason="Kies waarom het niet doorgaat.")
        self.helper = helper("Bekijk wat bewoners zien")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") == Reason.OTHER and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", "Schrijf kort waarom het niet doorgaat.")
        return cleaned

    @property
    def sentence(self):
        """What residents read."""
        return self.cleaned_data["text"] or Reason(self.cleaned_data["reason"]).sentence
