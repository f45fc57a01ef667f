"""The grid that takes all doors of a round in one save."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import LeanSelect
from buurtwerk.interface.sensitive import GuardedText
from buurtwerk.interface.text import search_key
from buurtwerk.themes import Theme
from households import days
from households.agreements import breaches
from households.forms.family_search import families_to_note_with
from households.forms.fields import LOOKS_LIKE_A_NUMBER, PHONE_NUMBER, day_field
from households.forms.note import CALL_AGAIN
from households.models import Contact
from households.models.household import code_as_kept

NO_FAMILY = "Geen gezin met deze code."
WITHOUT_NAME = "zonder naam"
ROWS, BLANK_ROWS, MOST_ROWS = 20, 4, 40
MODES = [
    (Contact.Mode.DOOR, "Aan de deur"),
    (Contact.Mode.HOME, "Huisbezoek"),
    (Contact.Mode.STREET, "Op straat"),
    (Contact.Mode.CARD, "Kaartje"),
    (Contact.Mode.CENTRE, "Buurtcentrum"),
]
OUTCOMES = [
    (Contact.Outcome.TALKED, "Gesproken"),
    (Contact.Outcome.BRIEF, "Kort gezien"),
    (Contact.Outcome.NO_ANSWER, "Niet bereikt"),
    (Contact.Outcome.CARD_LEFT, "Kaartje gelaten"),
    (Contact.Outcome.DECLINED, "Wou nu niet"),
    (Contact.Outcome.HEARD, "Via iemand"),
    (Contact.Outcome.CANCELLED, "Afgezegd"),
]
AGE_GROUPS = [
    (Contact.AgeGroup.CHILD, "Kind"),
    (Contact.AgeGroup.TEEN, "Jongere"),
    (Contact.AgeGroup.ADULT, "Volwassene"),
    (Contact.AgeGroup.SENIOR, "65+"),
]


def lean_choice(label, choices):
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", ""), *choices],
        widget=LeanSelect,
        error_messages={"invalid_choice": "Kies iets uit de lijst."},
    )


class RowForm(GuardedText, forms.Form):
    """One door, or one talk with someone without a name."""

    code = forms.CharField(label="Code", required=False)
    age_group = lean_choice("Leeftijd", AGE_GROUPS)
    mode = lean_choice("Vorm", MODES)
    outcome = lean_choice("Resultaat", OUTCOMES)
    minutes = forms.IntegerField(
        label="Min.",
        required=False,
        min_value=1,
        max_value=720,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], "Van 1 tot 720."),
    )
    theme = forms.CharField(label="Thema", required=False, widget=forms.TextInput({"list": "themas"}))
    next_on = day_field(
        "Opvolgen op",
        required=False,
        validators=[days.refuse_impossible_plan],
        error_messages={"invalid": "Kies een dag, zoals 24/12/2026."},
    )
    note = forms.CharField(label="Nota", required=False)
    override_reason = forms.CharField(label="Waarom toch", required=False)

    def __init__(self, *args, outreach, number, key, door=None, **kwargs):
        super().__init__(*args, prefix=str(number), auto_id=False, use_required_attribute=False, **kwargs)
        self.outreach, self.number, self.key, self.door = outreach, number, key, door
        self.saved = self.household = self.contact = None
        self.breaches, self.families, self.doors = [], {}, {}
        if door:
            self.initial["code"] = door.household.code

    @property
    def typed(self):
        """The values as they were typed, by name."""
        if not self.is_bound:
            return {name: self.initial.get(name, "") for name in self.fields}
        return {name: (self.data.get(self.add_prefix(name)) or "").strip() for name in self.fields}

    @property
    def family_code(self):
        return code_as_kept(self.typed["code"])

    @property
    def is_without_name(self):
        code = search_key(self.typed["code"])
        return code == search_key(WITHOUT_NAME) or (not code and bool(self.typed["age_group"]))

    def is_left_empty(self, codes_of_doors):
        """Nothing filled in, or only the code of a door that was printed there for us."""
        filled = {name for name, value in self.typed.items() if value}
        return not filled or (filled == {"code"} and self.family_code in codes_of_doors)

    def put_back(self):
        """Show what was typed again, without judging it."""
        self.initial, self.is_bound = self.typed, False

    def judge(self, *, families, doors):
        """Whether this row can be kept. `families` and `doors` by code."""
        self.families, self.doors = families, doors
        is_good = self.is_valid()
        for name in self.errors:
            field_id = f"{self.prefix}-{name}"
            self.fields[name].widget.attrs |= {
                "id": field_id,
                "aria-invalid": "true",
                "aria-describedby": f"{field_id}-fout",
            }
        return is_good

    def clean_theme(self):
        typed = search_key(self.cleaned_data["theme"])
        if not typed:
            return ""
        found = [theme for theme in Theme if search_key(theme.label) == typed]
        found = found or [theme for theme in Theme if search_key(theme.label).startswith(typed)]
        if len(found) != 1:
            raise forms.ValidationError("Kies een thema uit de lijst.")
        return found[0].value

    def clean(self):
        cleaned = super().clean()
        self._find_household()
        for name, sentence in (("mode", "Kies een vorm."), ("outcome", "Kies een resultaat.")):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        if self.household:
            self._hold_to_agreement(cleaned)
        elif self.is_without_name:
            self._keep_without_name(cleaned)
        self._make_contact(cleaned)
        return cleaned

    def _find_household(self):
        if "code" in self.errors or self.is_without_name:
            return
        if not self.typed["code"]:
            self.add_error("code", f"Vul een code in, of typ “{WITHOUT_NAME}”.")
            return
        self.household = self.families.get(self.family_code)
        if self.household is None:
            self.add_error("code", NO_FAMILY)
            return
        door = self.doors.get(self.family_code)
        if door and door.contact_id:
            self.add_error("code", "Een collega noteerde deze deur al.")
        if self.typed["age_group"]:
            self.add_error("age_group", "Een leeftijd hoort bij iemand zonder naam.")

    def _hold_to_agreement(self, cleaned):
        """What the family asked for counts on a round too: an exception needs a reason."""
        if not cleaned.get("mode"):
            return
        self.breaches = breaches(
            self.household, mode=cleaned["mode"], on=self.outreach.on, at_time=self.outreach.starts
        )
        if self.breaches and not cleaned.get("override_reason") and "override_reason" not in self.errors:
            self.add_error("override_reason", f"{' '.join(self.breaches)} Zeg waarom het toch zo ging.")

    def _keep_without_name(self, cleaned):
        if PHONE_NUMBER.search(cleaned.get("note") or ""):
            self.add_error("note", LOOKS_LIKE_A_NUMBER)
        if cleaned.get("next_on"):
            self.add_error("next_on", "Opvolgen kan enkel voor een gezin.")

    def _make_contact(self, cleaned):
        """The contact to keep; what its own fields refuse, is said beside ours."""
        contact = Contact(
            centre_id=self.outreach.centre_id,
            round=self.outreach,
            household=self.household,
            happened_on=self.outreach.on,
            mode=cleaned.get("mode") or "",
            outcome=cleaned.get("outcome") or "",
            minutes=cleaned.get("minutes"),
            themes=[cleaned["theme"]] if cleaned.get("theme") else [],
            note=cleaned.get("note") or "",
            place=self.outreach.place,
            age_group="" if self.household else cleaned.get("age_group") or "",
            override_reason=cleaned.get("override_reason", "") if self.breaches else "",
            client_uuid=self.key,
        )
        ours = {"note", "minutes", "override_reason"}
        try:
            contact.clean_fields(exclude={field.name for field in Contact._meta.fields} - ours)
        except ValidationError as refused:
            for name, errors in refused.error_dict.items():
                if name not in self.errors:
                    self.add_error(name, errors)
        self.contact = contact

    @property
    def reason(self):
        return self["override_reason"]

    @property
    def asks_reason(self):
        """Only who broke an agreement is asked why."""
        return bool(self.typed["override_reason"]) or "override_reason" in self.errors

    @property
    def next_what(self):
        return CALL_AGAIN


class GridForm(SaveOnceForm):
    """All rows of a round together. Good rows are kept; the others stay as they were typed.

    Each row has a key that follows from the token of the page, so that sending it twice adds nothing.
    """

    rows_shown = forms.IntegerField(
        min_value=1,
        max_value=MOST_ROWS,
        widget=forms.HiddenInput,
        error_messages={"required": "Laad de pagina opnieuw."},
    )

    def __init__(self, data=None, *, outreach, user, doors, typed=None):
        self.outreach, self.user, self.all_doors = outreach, user, list(doors)
        self.good, self.bad = [], []
        waiting = [door for door in self.all_doors if door.contact_id is None]
        count = max(ROWS, len(waiting) + BLANK_ROWS)
        super().__init__(data, auto_id=False, initial={"token": uuid.uuid4(), "rows_shown": count})
        if data is not None and not self.is_valid():
            # A page that was tampered with: what was typed is shown, nothing is kept.
            self.rows = self._rows(uuid.uuid4(), ROWS, data)
            for row in self.rows:
                row.put_back()
        elif data is not None:
            self.rows = self._rows(self.cleaned_data["token"], self.cleaned_data["rows_shown"], data)
        else:
            self.rows = self._rows(self.initial["token"], count, None)
            self._fill_in(waiting, typed or {})

    def _rows(self, token, count, data):
        return [
            RowForm(data, outreach=self.outreach, number=number, key=self._key(token, number))
            for number in range(1, count + 1)
        ]

    def _key(self, token, number):
        # Of this person and this round: nobody can take a key that belongs to someone else's row.
        return uuid.uuid5(token, f"{self.outreach.pk}:{self.user.pk}:{number}")

    def _fill_in(self, waiting, typed):
        """What was typed before and not saved, else the doors that wait."""
        if typed:
            for row in self.rows:
                row.initial = {
                    name: typed[f"{row.prefix}-{name}"][-1] for name in row.fields if typed.get(f"{row.prefix}-{name}")
                }
            return
        for row, door in zip(self.rows, waiting, strict=False):
            row.door, row.initial["code"] = door, door.household.code

    @property
    def families(self):
        """Those that the typed codes name and this person may note with, by code, in one query."""
        codes = {row.family_code for row in self.rows} - {""}
        found = families_to_note_with(self.user).filter(centre=self.outreach.centre_id, code__in=codes)
        return {family.code: family for family in found.select_related("agreement")}

    def judge(self):
        """Sort the rows: `good` to keep now, `bad` to look at again; kept before and left empty are neither."""
        doors = {door.household.code: door for door in self.all_doors}
        printed = set(doors)
        keys = {row.key: row for row in self.rows}
        for contact in Contact.objects.filter(client_uuid__in=keys).select_related("household"):
            keys[contact.client_uuid].saved = contact
        families = self.families
        for row in self.rows:
            if row.saved:
                continue
            if row.is_left_empty(printed):
                row.door = doors.get(row.family_code)
                row.put_back()
                continue
            is_good = row.judge(families=families, doors=doors)
            (self.good if is_good else self.bad).append(row)
            if is_good and row.family_code in doors:
                row.door = doors[row.family_code]
                # A second row about the same door is a contact, but not the contact of the door.
                doors = {code: door for code, door in doors.items() if code != row.family_code}

    @property
    def problems(self):
        """For the summary: number of the row, id of the field, sentence."""
        return [
            (row.number, f"{row.prefix}-{name}", sentence)
            for row in self.bad
            for name, sentences in row.errors.items()
            for sentence in sentences
        ]
