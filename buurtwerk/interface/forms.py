"""The Python side of the crispy pack: one helper for all forms, and choices as tiles."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms


class TileSelect(forms.RadioSelect):
    """One choice from a few, as tiles that a thumb can hit."""

    tiles = True


class TileSelectMultiple(forms.CheckboxSelectMultiple):
    """Any number of choices from a few, as tiles."""

    tiles = True


def helper(button, *, name="save", method="post"):
    """The layout of a form: its fields in order and one button."""
    layout = FormHelper()
    layout.form_method = method
    layout.add_input(Submit(name, button))
    return layout
