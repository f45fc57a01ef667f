from django import forms

from buurtwerk.interface.forms import TileSelect, helper
from households.wording import MARKS, sentences

NO_MARK = "none"


class MarkForm(forms.Form):
    """Each sentence of a text, with what it is: a fact, something heard, or an impression."""

    def __init__(self, *args, text, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("fact", "Feit"), ("heard", "Gehoord"), ("impression", "Indruk"), (NO_MARK, "Geen")]
        for number, sentence in enumerate(sentences(text)):
            field = forms.ChoiceField(
                label=sentence.text,
                choices=choices,
                initial=sentence.mark or NO_MARK,
                widget=TileSelect,
                error_messages={"invalid_choice": "Kies wat deze zin is."},
            )
            self.fields[f"sentence_{number}"] = field
        self.helper = helper("Neem over")

    def marks(self):
        """The mark of each sentence by its number."""
        chosen = (self.cleaned_data[name] for name in self.fields)
        return {number: mark if mark in MARKS else "" for number, mark in enumerate(chosen)}
