"""What a page asks: its forms with their fields, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Field:
    """One name in a form. `kind` is the type of its input, "select", "textarea" or "button"."""

    kind: str
    values: list = field(default_factory=list)
    choices: list = field(default_factory=list)

    @property
    def is_choice(self):
        return self.kind in ("select", "radio") or self.kind == "checkbox" and len(self.choices) > 1


@dataclass
class Form:
    method: str
    action: str
    fields: dict = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.form, self.select, self.textarea = [], None, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "form":
            self.form = Form(attrs.get("method", "get").lower(), attrs.get("action") or "")
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "option" and self.select:
            self._choose(self.select, attrs.get("value", ""), "selected" in attrs)
        elif name and tag in ("input", "button"):
            self._read_input(tag, name, attrs)
        elif name and tag == "select":
            self.select = self.form.fields.setdefault(name, Field("select"))
        elif name and tag == "textarea":
            self.textarea = self.form.fields.setdefault(name, Field("textarea", [""]))

    def handle_data(self, data):
        if self.textarea:
            self.textarea.values[0] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None

    def _read_input(self, tag, name, attrs):
        kind, value = "button" if tag == "button" else attrs.get("type", "text"), attrs.get("value", "")
        if kind in ("radio", "checkbox"):
            self._choose(self.form.fields.setdefault(name, Field(kind)), value or "on", "checked" in attrs)
        elif kind != "submit":
            self.form.fields.setdefault(name, Field(kind, [value]))

    def _choose(self, field, value, is_chosen):
        field.choices.append(value)
        if is_chosen:
            field.values.append(value)


def forms_of(page):
    reader = _Reader()
    reader.feed(page)
    return reader.forms
