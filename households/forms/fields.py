"""Fields that more than one form of families uses."""

import re

from django import forms

from buurtwerk.interface.forms import TileSelect, TileSelectMultiple
from households.habits import MINUTES

LONGEST = 720
LOOKS_LIKE_A_NUMBER = "Dit lijkt een nummer van iemand. Haal het weg of kies een persoon."
# As people write a telephone number, but not a date with an hour behind it.
PHONE_NUMBER = re.compile(
    r"(?<!\d)(?!\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d)"
    r"(?:0(?:[ ./-]?\d){8,9}|(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){8,13})(?!\d)"
)


def day_field(label, **options):
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **options)


class Count(forms.IntegerField):
    """How many people of one age: nothing typed is nobody."""

    def __init__(self, **options):
        refused = "Vul een aantal in van 0 tot 999."
        messages = {"invalid": refused, "min_value": refused, "max_value": refused}
        widget = forms.TextInput({"inputmode": "numeric"})
        super().__init__(required=False, min_value=0, max_value=999, widget=widget, error_messages=messages, **options)

    def clean(self, value):
        return super().clean(value) or 0

    def prepare_value(self, value):
        return "" if value == 0 else value

    def has_changed(self, initial, data):
        return super().has_changed(initial or None, data)


class MinuteTiles(TileSelect):
    def optgroups(self, name, value, attrs=None):
        groups = super().optgroups(name, value, attrs)
        for _, options, _ in groups:
            if options[0]["value"] == "":
                options[0]["label"] = "Niet genoteerd"
        return groups


class MinutesTile(forms.TypedChoiceField):
    """The usual lengths and someone's own: which of them stand there is a habit, so each possible length will do."""

    def __init__(self, **options):
        super().__init__(required=False, coerce=int, empty_value=None, widget=MinuteTiles, **options)
        self.offer(MINUTES)

    def offer(self, lengths):
        self.choices = [("", ""), *[(minutes, f"{minutes} min.") for minutes in lengths]]

    def valid_value(self, value):
        return value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= LONGEST


def colleagues_field(label, **options):
    messages = {"invalid_choice": "Kies een collega uit de lijst."}
    return forms.TypedMultipleChoiceField(
        label=label,
        required=False,
        coerce=int,
        empty_value=[],
        widget=TileSelectMultiple,
        error_messages=messages,
        **options,
    )
