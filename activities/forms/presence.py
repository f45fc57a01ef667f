from datetime import timedelta

from django import forms
from django.utils import timezone

from activities.models import Attendance
from activities.models.participant import ADULT_AT
from activities.models.ratio import band_of
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import helper
from buurtwerk.interface.text import refuse_national_number

# A phone that was without internet sends what waited; older than this it is a mistake.
LATEST_MS = int(timedelta(hours=24).total_seconds() * 1000)
MOST_NAMES = 2000
NO_NUMBER = [refuse_national_number]


class TickForm(forms.Form):
    """One tap: who, what, the number of the tap, and how many milliseconds ago it was."""

    participant = forms.CharField(max_length=12)
    state = forms.ChoiceField(choices=Attendance.State)
    tick = forms.UUIDField(required=False)
    ago = forms.IntegerField(required=False, min_value=0, max_value=LATEST_MS)

    @property
    def since_then(self):
        return timedelta(milliseconds=self.cleaned_data.get("ago") or 0)


class RollForm(SaveOnceForm):
    """The whole list at once. `listed` and `ticked` say what this person saw: only what they changed is noted."""

    listed = forms.CharField(required=False, max_length=MOST_NAMES * 9)
    ticked = forms.CharField(required=False, max_length=MOST_NAMES * 9)

    def changes(self, roll, here):
        """Pairs of row and new state."""
        listed, ticked = (set(self.cleaned_data[name].split()) for name in ("listed", "ticked"))
        states = Attendance.State
        for row in roll.rows:
            is_changed = row.code in listed and (row.code in here) != (row.code in ticked)
            if is_changed and row.code in here:
                yield row, states.PRESENT
            elif is_changed and row.is_here:
                # Unticked is: not here after all. Who went home meanwhile, did come.
                yield row, states.CLEARED


class FindForm(forms.Form):
    q = forms.CharField(
        label="Wie komt erbij?",
        max_length=80,
        required=False,
        validators=NO_NUMBER,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class DropInForm(SaveOnceForm):
    """Someone we do not know yet: just enough to be safe."""

    first_name = forms.CharField(label="Voornaam", max_length=80, validators=NO_NUMBER)
    last_name = forms.CharField(label="Familienaam", max_length=80, required=False, validators=NO_NUMBER)
    birth_year = forms.IntegerField(label="Geboortejaar", required=False)
    phone = forms.CharField(
        label="Telefoon van een ouder",
        help_text="Voor een kind is dit nodig.",
        max_length=40,
        required=False,
        validators=NO_NUMBER,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    carer = forms.CharField(label="Naam van die ouder", max_length=120, required=False, validators=NO_NUMBER)

    def __init__(self, *args, series=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.series = series
        self.fields["first_name"].error_messages["required"] = "Vul een voornaam in."
        self.fields["birth_year"].error_messages["invalid"] = "Vul een jaar in, bijvoorbeeld 2018."
        self.helper = helper("Is er")

    def clean_birth_year(self):
        year = self.cleaned_data["birth_year"]
        if year is not None and not 1900 <= year <= timezone.localdate().year:
            raise forms.ValidationError("Dat geboortejaar kan niet.")
        return year

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if phone and sum(character.isdigit() for character in phone) < 8:
            raise forms.ValidationError("Dit nummer is te kort. Vul het hele nummer in.")
        return phone

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        year, today = cleaned.get("birth_year"), timezone.localdate()
        if year is None and band_of(self.series):
            self.add_error("birth_year", "Vul het geboortejaar in.")
        elif year is not None and today.year - year <= ADULT_AT and not cleaned.get("phone"):
            self.add_error("phone", "Vul een telefoonnummer in: zonder nummer kunnen we niemand bellen.")
        return cleaned


class PaperForm(SaveOnceForm):
    """What was written on paper: a digit for each name, or the numbers of who was not there."""

    CODES = {"1": Attendance.State.PRESENT, "2": Attendance.State.EXCUSED, "3": Attendance.State.ABSENT}

    all_but = forms.CharField(
        label="Allen, behalve deze nummers",
        help_text="Bijvoorbeeld 3, 7, 12. Die zijn afwezig, alle anderen zijn er. Was iedereen er? Vul 0 in.",
        required=False,
        max_length=600,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, roll, **kwargs):
        super().__init__(*args, **kwargs)
        self.roll = roll
        for number, row in enumerate(roll.rows, start=1):
            self.fields[f"row_{row.code}"] = forms.CharField(
                label=f"{number}. {row.participant.short_name}",
                required=False,
                max_length=1,
                error_messages={"max_length": f"Bij {number}: vul 1, 2 of 3 in."},
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 1}),
            )

    @property
    def lines(self):
        return [(number, row, self[f"row_{row.code}"]) for number, row in enumerate(self.roll.rows, start=1)]

    def clean_all_but(self):
        words = self.cleaned_data["all_but"].replace(",", " ").replace(";", " ").split()
        if not all(word.isascii() and word.isdigit() and int(word[:6]) <= len(self.roll.rows) for word in words):
            raise forms.ValidationError(f"Vul nummers in van 1 tot {len(self.roll.rows)}, met een komma ertussen.")
        return [int(word) for word in words]

    def clean(self):
        cleaned = super().clean()
        for number, row in enumerate(self.roll.rows, start=1):
            value = cleaned.get(f"row_{row.code}")
            if value and value not in self.CODES:
                self.add_error(f"row_{row.code}", f"Bij {number}: vul 1, 2 of 3 in.")
        if not self.errors and not self.changes():
            self.add_error(None, "Vul bij minstens één naam iets in.")
        return cleaned

    def changes(self):
        states, pairs = Attendance.State, []
        all_but = self.cleaned_data.get("all_but")
        for number, row in enumerate(self.roll.rows, start=1):
            wanted = self.CODES.get(self.cleaned_data.get(f"row_{row.code}"))
            if wanted is None and all_but:
                wanted = states.ABSENT if number in all_but else states.PRESENT
            # Who went home, was there: paper says no more than that.
            if wanted and not (wanted == states.PRESENT and row.came):
                pairs.append((row, wanted))
        return pairs
