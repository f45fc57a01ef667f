"""Which signals the inbox shows, in which order, and what comes before and after one of them."""

import re
from urllib.parse import urlencode

from django import forms
from django.db.models import Q

from buurtwerk.interface.forms import helper
from buurtwerk.places.models import Neighbourhood
from buurtwerk.themes import Theme
from signals.codes import Status, Urgency
from signals.models import LATEST, QUEUE, REFERENCE, Signal

OPEN, MINE = "open", "mine"
SHOW = [
    (OPEN, "Open"),
    (Status.NEW, "Te beoordelen"),
    (MINE, "Van mij"),
    (Status.WAITING, "Wacht op antwoord"),
    (Status.CLOSED, "Afgerond"),
    (Status.SPAM, "Spam"),
]
PAGE = 30
BEFORE, FROM_HERE = 5, 15


class SignalFilter(forms.Form):
    show = forms.ChoiceField(choices=SHOW, required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Zoek in de tekst", max_length=100, required=False)
    theme = forms.ChoiceField(label="Thema", choices=[("", "Alle"), *Theme.choices], required=False)
    neighbourhood = forms.ModelChoiceField(
        label="Buurt",
        queryset=Neighbourhood.objects.filter(kind=Neighbourhood.Kind.NEIGHBOURHOOD),
        to_field_name="slug",
        required=False,
        empty_label="Alle",
    )
    urgency = forms.ChoiceField(label="Hoe dringend", choices=[("", "Alles"), *Urgency.choices], required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        self.is_valid()
        self.fields["q"].widget.attrs["data-key"] = "/"
        self.helper = helper("Zoek", method="get")

    @property
    def shown(self):
        return self.cleaned_data.get("show") or OPEN

    @property
    def order(self):
        return LATEST if self.shown in (Status.CLOSED, Status.SPAM) else QUEUE

    def signals(self):
        """What is shown, in order. A value that makes no sense is left out and said at its field."""
        found = Signal.objects.visible_to(self.user)
        found = found.open() if self.shown in (OPEN, MINE) else found.filter(status=self.shown)
        if self.shown == MINE:
            found = found.filter(assigned_to=self.user)
        for name in ("theme", "neighbourhood", "urgency"):
            if value := self.cleaned_data.get(name):
                found = found.filter(**{name: value})
        if words := self.cleaned_data.get("q"):
            found = found.with_words(words)
        return found.order_by(*self.order)

    def anchor(self):
        """The signal after which this page begins, if any."""
        reference = self.data.get("after", "")
        if not re.fullmatch(REFERENCE, reference):
            return None
        return Signal.objects.visible_to(self.user).filter(reference=reference).first()

    def page(self, after=None):
        """A page of the list and whether there is more; by key, because nobody counts."""
        found = self.signals().filter(beyond(after, self.order)) if after else self.signals()
        rows = list(found.for_list()[: PAGE + 1])
        return rows[:PAGE], len(rows) > PAGE

    def around(self, signal):
        """What stands before and after a signal, itself included when it is in the list."""
        back = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in self.order]
        before = self.signals().filter(beyond(signal, back)).order_by(*back).for_list()[:BEFORE]
        rest = self.signals().filter(beyond(signal, self.order) | Q(pk=signal.pk)).for_list()[:FROM_HERE]
        return [*reversed(before), *rest]

    def following(self, signal):
        """The next one in the list, or else the first."""
        others = self.signals().exclude(pk=signal.pk)
        return others.filter(beyond(signal, self.order)).first() or others.first()

    def query(self, **changes):
        """The part of an address after ?, with only what was chosen."""
        chosen = {name: self.data.get(name, "") for name in self.fields if name not in self.errors}
        chosen = {name: value for name, value in {**chosen, **changes}.items() if value and value != OPEN}
        return f"?{urlencode(chosen)}" if chosen else ""

    def tabs(self):
        return [(self.query(show=code), label, code == self.shown) for code, label in SHOW]

    def chosen(self):
        """What is filtered by, in words, each with the address that takes it away."""
        labels = {"theme": dict(Theme.choices), "urgency": dict(Urgency.choices)}
        values = [(name, self.cleaned_data.get(name)) for name in ("q", "theme", "neighbourhood", "urgency")]
        return [(labels.get(name, {}).get(value, value), self.query(**{name: ""})) for name, value in values if value]


def beyond(signal, order):
    """The condition for everything that comes after this signal in this order."""
    condition, same = Q(), Q()
    for name in order:
        field, direction = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        value = getattr(signal, field)
        condition |= same & Q(**{f"{field}__{direction}": value})
        same &= Q(**{field: value})
    return condition
