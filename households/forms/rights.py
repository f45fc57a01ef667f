"""The list of rights for a coordinator, and going through it with a family in taps."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.text import slugify

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import LeanSelect, TileSelect, helper, say_when_empty
from buurtwerk.interface.sensitive import GuardedText
from buurtwerk.places.models import Neighbourhood
from buurtwerk.themes import Theme
from households.actions.rights import WITHOUT_BUURT
from households.models import Right, RightCheck
from households.models.right import months_later

State = RightCheck.State
NEVER, MONTHS_AHEAD = "never", 12
TAPPED = ["state", "reason", "again"]


class RightFields(forms.ModelForm):
    class Meta:
        model = Right
        fields = ["label", "theme", "hint", "hint_checked", "source", "order", "is_active"]
        widgets = {
            "hint": forms.Textarea(attrs={"rows": 3}),
            "order": forms.TextInput(attrs={"inputmode": "numeric"}),
        }
        help_texts = {
            "hint": "Zo leg je het uit aan de bewoner, in gewone woorden.",
            "hint_checked": "Pas aanvinken als je het bij de bron hebt nagekeken.",
            "is_active": "Zet uit wat niet meer bestaat. Wat gezinnen al antwoordden, blijft bewaard.",
        }
        error_messages = {
            "label": {"unique": "Dit recht staat al in de lijst."},
            "order": {"invalid": "Vul een getal in, zoals 12.", "min_value": "Vul een getal in vanaf 0."},
        }

    theme = forms.ChoiceField(label="Waarover", choices=[("", "Kies"), *Theme.choices])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(
            self, label="Geef het recht een naam.", theme="Kies waarover het gaat.", order="Vul een getal in, zoals 12."
        )
        self.helper = helper("Bewaar recht", guard=True)

    def clean_order(self):
        order = self.cleaned_data["order"]
        if order is not None and order > 9999:
            raise ValidationError("Vul een getal in van 0 tot 9999.")
        return order


class RightForm(SaveOnceForm, RightFields):
    def save(self, commit=True):
        start = slugify(self.cleaned_data["label"])[:50] or "recht"
        taken = set(Right.objects.filter(code__startswith=start).values_list("code", flat=True))
        numbers = (f"{start}-{number}" for number in range(2, len(taken) + 3))
        self.instance.code = next(code for code in (start, *numbers) if code not in taken)
        return super().save(commit)


class RightEditForm(VersionedForm, RightFields):
    pass


class RowForm(GuardedText, forms.Form):
    """One right in the list: how it stands, and when someone says no, why and when to ask again."""

    state = forms.ChoiceField(choices=State, widget=TileSelect, required=False)
    reason = forms.ChoiceField(
        label="Waarom niet",
        required=False,
        choices=[("", "Niet gezegd"), *RightCheck.Reason.choices],
        widget=LeanSelect,
    )
    again = forms.ChoiceField(label="Opnieuw vragen", required=False, widget=LeanSelect)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, data=None, *, right, newest, months, typed=None):
        self.right, self.newest = right, newest
        super().__init__(data, prefix=f"r{right.pk}", initial=typed or self._as_it_stands())
        self.fields["state"].label = right.label
        # Every row is known: nothing may be left without a tile.
        self.fields["state"].widget.is_required = True
        self.fields["again"].choices = self._with_own_month(months)

    def _as_it_stands(self):
        if self.newest is None:
            stands = {"state": State.NOT_DISCUSSED.value, "reason": "", "again": ""}
        elif self.newest.is_to_ask:
            # To be asked again: any tap is a new answer, also the same one as then.
            stands = {"state": "", "reason": "", "again": ""}
        else:
            stands = {"state": self.newest.state, "reason": self.newest.reason, "again": self._own_month()}
        return {**stands, "seen": self._stamp(stands)}

    def _stamp(self, stands):
        """What the page showed, and from which answer: it comes back with the form."""
        return "|".join([str(self.newest.pk if self.newest else ""), *(stands[name] for name in TAPPED)])

    def _own_month(self):
        if self.newest and self.newest.next_ask_on:
            return f"{self.newest.next_ask_on:%Y-%m}"
        return NEVER if self.newest and self.newest.state in RightCheck.ASK_AGAIN_AFTER else ""

    def _with_own_month(self, months):
        own = self._own_month()
        if own and own != NEVER and own not in dict(months) and not self.newest.is_to_ask:
            return [*months, (own, month_in_words(self.newest.next_ask_on))]
        return months

    @property
    def is_open(self):
        """Whether the questions about a no stand open."""
        return bool(self.errors) or self["state"].value() in (State.DECLINED, State.REFUSED)

    def was_touched(self):
        """Whether anything is different from what the page showed, whatever a colleague noted meanwhile."""
        return self.cleaned_data["seen"].split("|")[1:] != [self.cleaned_data[name] for name in TAPPED]

    def clean(self):
        cleaned = super().clean()
        if self.errors or not self.was_touched():
            return cleaned
        state, reason = cleaned["state"], cleaned["reason"]
        if not state:
            self.add_error("state", f"Kies hoe het staat met {self.right.label}.")
        elif reason and state != State.DECLINED and [reason] != cleaned["seen"].split("|")[2:3]:
            self.add_error("reason", "Een reden hoort bij “Wil niet”. Kies dat, of maak de reden leeg.")
        elif cleaned["seen"].partition("|")[0] != str(self.newest.pk if self.newest else ""):
            who = self.newest.by if self.newest else "Een collega"
            self.add_error("state", f"{who} noteerde intussen iets anders bij {self.right.label}. Kijk na.")
            # Saved over it only after a second, deliberate save.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self._as_it_stands()["seen"]
        return cleaned

    def answer(self):
        """What is kept of this row, or None when nothing changed."""
        if not self.was_touched():
            return None
        state, reason = self.cleaned_data["state"], self.cleaned_data["reason"]
        return {
            "right": self.right,
            "state": state,
            "reason": reason if state == State.DECLINED else "",
            "next_ask_on": self._next_ask_on(state),
        }

    def _next_ask_on(self, state):
        again, stands = self.cleaned_data["again"], self._as_it_stands()
        left_alone = again == stands["again"] and state != stands["state"]
        if again == NEVER and not left_alone:
            return None
        if not again or left_alone:
            months = RightCheck.ASK_AGAIN_AFTER.get(state)
            return months and months_later(timezone.localdate(), months)
        if again == stands["again"]:
            # The same month: the very day may be another one than the first.
            return self.newest.next_ask_on
        return date(*map(int, again.split("-")), 1)


class RightsForm(SaveOnceForm):
    """The whole list on one page. Either every row is right and what changed is kept, or nothing is."""

    def __init__(self, data=None, *, rights, newest, typed=None):
        super().__init__(data)
        months = [("", "Wat we voorstellen"), *_months(), (NEVER, "Niet meer vragen")]
        self.rows = [
            RowForm(
                data,
                right=right,
                newest=newest.get(right.pk),
                months=months,
                typed=_typed_in(typed, right) if typed else None,
            )
            for right in rights
        ]

    def is_valid(self):
        rows = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows)

    @property
    def wrong(self):
        """The fields with a problem, for the summary above the list."""
        return [row[name] for row in self.rows if row.is_bound for name in row.errors if name in row.fields]

    def answers(self):
        return [answer for row in self.rows if (answer := row.answer())]


def _typed_in(typed, right):
    prefix = f"r{right.pk}-"
    return {name.removeprefix(prefix): values[-1] for name, values in typed.items() if name.startswith(prefix)}


def _months():
    for ahead in range(1, MONTHS_AHEAD + 1):
        month = months_later(timezone.localdate(), ahead)
        yield f"{month:%Y-%m}", month_in_words(month)


def month_in_words(day):
    return format_date(day, "F Y")


class FiguresFilter(forms.Form):
    """Of which neighbourhood: the first one unless chosen otherwise."""

    buurt = forms.ChoiceField(label="Buurt", required=False)

    def __init__(self, data, *, families):
        super().__init__(data)
        here = Neighbourhood.objects.filter(household__in=families).distinct().order_by("name")
        self.choices = {each.slug: each.name for each in here}
        if families.filter(neighbourhood=None).exists():
            self.choices[WITHOUT_BUURT] = "Zonder buurt"
        self.fields["buurt"].choices = list(self.choices.items())
        self.helper = helper("Toon", method="get")

    @property
    def chosen(self):
        return (self.is_valid() and self.cleaned_data["buurt"]) or next(iter(self.choices), "")

    @property
    def chosen_label(self):
        return self.choices.get(self.chosen, "")

    def apply(self, families):
        if self.chosen == WITHOUT_BUURT:
            return families.filter(neighbourhood=None)
        return families.filter(neighbourhood__slug=self.chosen)
