"""The Python side of the crispy pack: one helper for all forms, and choices as tiles."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join


class Tiles:
    """Choices that a thumb can hit: `TileSelect(icons={"street": "map-pin"})` gives them a picture as well."""

    tiles = True

    def __init__(self, *args, icons=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.icons = icons or {}

    def __deepcopy__(self, memo):
        copy = super().__deepcopy__(memo)
        copy.icons = self.icons
        return copy

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "icon": self.icons.get(str(value), "")}

    def options(self, *args, **kwargs):
        """Each stands in its own label: only the first needs an id, which an error leads to."""
        for number, option in enumerate(super().options(*args, **kwargs)):
            if number:
                option["attrs"].pop("id", None)
            yield option


class TileSelect(Tiles, forms.RadioSelect):
    """One choice from a few."""

    def optgroups(self, name, value, attrs=None):
        """A choice that must be made has no tile for nothing; elsewhere that tile says so in words."""
        groups = super().optgroups(name, value, attrs)
        blank = [group for group in groups if group[1][0]["value"] == ""]
        if self.is_required:
            return [group for group in groups if group not in blank]
        for _, options, _ in blank:
            options[0]["label"] = "Niet ingevuld"
        return groups


class TileSelectMultiple(Tiles, forms.CheckboxSelectMultiple):
    """Any number of choices from a few."""


SELECTED = format_html(" selected{}", "")


class LeanSelect(forms.Select):
    """A select without white space and end tags that a browser adds by itself: for pages with many rows."""

    def use_required_attribute(self, initial):
        return False

    def render(self, name, value, attrs=None, renderer=None):
        options = format_html_join(
            "",
            '<option value="{}"{}>{}',
            ((code, SELECTED if str(code) == str(value or "") else "", label) for code, label in self.choices),
        )
        return format_html('<select name="{}"{}>{}</select>', name, flatatt({**self.attrs, **(attrs or {})}), options)


def helper(button, *, name="save", method="post", ctrl_enter=True, guard=False):
    """The layout of a form: its fields in order and one button.

    Args:
        button: what the button says, as a verb: "Bewaar".
        method: "get" for forms that filter or search: their fields stand beside each other.
        ctrl_enter: save with Ctrl+Enter.
        guard: warn before typed text gets lost by leaving the page.
    """
    layout = FormHelper()
    layout.form_method = method
    if method == "get":
        layout.form_class = "filters"
    else:
        layout.attrs = {"data-ctrl-enter": ctrl_enter, "data-guard": guard}
    layout.add_input(Submit(name, button))
    return layout


def say_when_empty(form, **sentences):
    """Say what to do at an empty field: `say_when_empty(self, who="Kies met wie je gesproken hebt.")`."""
    for name, sentence in sentences.items():
        form.fields[name].error_messages["required"] = sentence
