"""Noting a contact: who, how and with what result are tapped, the rest may wait."""

import re

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty
from buurtwerk.interface.text import CONTROL_CHARACTERS, search_key
from buurtwerk.places.models import Centre
from buurtwerk.themes import Theme
from households import days
from households.models import Contact, FollowUp, Household, Person

NOBODY = "zonder-naam"
CHOOSE_WHO = "Kies met wie je gesproken hebt."
LOOKS_LIKE_A_NUMBER = "Dit lijkt een nummer van iemand. Haal het weg of kies een persoon."
# As people write a telephone number, but not a date with an hour behind it.
PHONE_NUMBER = re.compile(
    r"(?<!\d)(?!\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d)"
    r"(?:0(?:[ ./-]?\d){8,9}|(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){8,13})(?!\d)"
)

MODES_FIRST, THEMES_FIRST, MOST_FOUND = 6, 8, 8
MINUTES = [5, 15, 30, 45, 60, 90]
REST = ["centre", "present", "happened_on", "part_of_day", "minutes_tile", "minutes", "place", "initiative"]
CALL_AGAIN = "Neem opnieuw contact op"

# Short enough for one line on a tile.
SHORT = {Contact.Mode.CENTRE: "Buurtcentrum", Contact.Mode.STREET: "Op straat", Contact.Mode.MESSAGE: "Bericht"}

READERS = [
    (Contact.Visibility.TEAM, "Het team: alle buurtwerkers en de coördinator van dit centrum"),
    (
        Contact.Visibility.FILE,
        "Het dossierteam: jij, de vaste buurtwerker en de back-up van dit gezin, en de coördinator",
    ),
    (Contact.Visibility.PERSONAL, "Enkel ik: niemand anders, ook de coördinator niet"),
]


def day_field(label, **options):
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **options)


def as_initial(form_class, typed):
    """What was typed in an earlier form (a list of values for each name) as a start for a fresh one."""
    initial = {}
    for name, field in form_class.base_fields.items():
        if values := typed.get(name):
            initial[name] = values if isinstance(field, forms.MultipleChoiceField) else values[-1]
    return initial


class ContactForm(forms.ModelForm):
    """What noting and correcting a contact share."""

    happened_on = day_field(
        "Wanneer",
        initial=timezone.localdate,
        error_messages={"required": "Kies de dag van het contact.", "invalid": "Kies een dag, zoals 24/12/2026."},
    )
    minutes = forms.IntegerField(
        label="Hoeveel minuten",
        required=False,
        min_value=1,
        max_value=720,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={
            "invalid": "Vul minuten in als een getal, zoals 20.",
            "min_value": "Vul minuten in van 1 tot 720.",
            "max_value": "Vul minuten in van 1 tot 720.",
        },
    )
    themes = forms.MultipleChoiceField(
        label="Waarover ging het",
        required=False,
        choices=Theme.choices,
        widget=TileSelectMultiple(icons={theme.value: theme.icon for theme in Theme}),
    )

    class Meta:
        model = Contact
        fields = [
            "mode",
            "outcome",
            "themes",
            "note",
            "happened_on",
            "part_of_day",
            "minutes",
            "place",
            "initiative",
            "visibility",
        ]
        widgets = {
            "mode": TileSelect,
            "outcome": TileSelect,
            "part_of_day": TileSelect,
            "initiative": TileSelect,
            # Whole sentences: one below the other.
            "visibility": forms.RadioSelect,
            "note": forms.Textarea({"rows": 4}),
        }
        help_texts = {"note": "Kort en feitelijk. Schrijf niets over gezondheid."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mode"].label = "Hoe"
        self.fields["visibility"].choices = READERS
        self.fields["place"].label = "Waar"
        # A browser would cut a longer text without a word; the form says so and keeps it.
        self.fields["note"].widget.attrs.pop("maxlength", None)
        say_when_empty(self, mode="Kies hoe je contact had.", outcome="Kies wat het resultaat was.")
        say_when_empty(self, visibility="Kies wie dit mag lezen.")

    def validate_constraints(self):
        """The form says the same as the table, in its own words, without a query for each."""

    def clean_happened_on(self):
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Dit contact ligt in de toekomst. Kies vandaag of een dag ervoor.")
        if day.year < 2000:
            raise forms.ValidationError("Kijk het jaar na.")
        return day

    def refuse_what_names_someone(self):
        """A talk without a name keeps no number either by which someone can be found."""
        for name in ("note", "place"):
            if PHONE_NUMBER.search(self.cleaned_data.get(name, "")):
                self.add_error(name, LOOKS_LIKE_A_NUMBER)


class NoteForm(SaveOnceForm, ContactForm):
    """The quick log. Saved with four taps and nothing typed; everything else may be added."""

    who = forms.CharField(label="Wie", widget=TileSelect, error_messages={"required": CHOOSE_WHO})
    search = forms.CharField(label="Zoek op naam, adres of code", required=False)
    age_group = forms.ChoiceField(label="Leeftijd", required=False, choices=Contact.AgeGroup.choices, widget=TileSelect)
    present = forms.MultipleChoiceField(label="Wie was erbij", required=False, widget=TileSelectMultiple)
    minutes_tile = forms.TypedChoiceField(
        label="Hoe lang",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", ""), *[(minutes, f"{minutes} min.") for minutes in MINUTES]],
        widget=TileSelect,
    )
    centre = forms.ModelChoiceField(
        Centre.objects.none(), label="Voor welk centrum", required=False, empty_label=None, widget=TileSelect
    )
    next_step = forms.ChoiceField(label="Wanneer opvolgen", required=False, widget=TileSelect)
    next_on = day_field("Andere dag", required=False, validators=[days.refuse_impossible_plan])
    next_what = FollowUp._meta.get_field("what").formfield(label="Wat volg je op", required=False)

    field_order = ["token", "who", "search", "mode", "outcome", "age_group", "themes", "note", "present"]

    def __init__(self, *args, user, household=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.household = user, household
        self.fields["mode"].choices = [(mode, SHORT.get(mode, mode.label)) for mode in Contact.Mode]
        self.fields["minutes"].label = "Ander aantal minuten"
        self.fields["age_group"].error_messages["invalid_choice"] = "Kies een leeftijd uit de lijst."
        self.fields["next_what"].help_text = f"Laat je dit leeg, dan staat er: {CALL_AGAIN}."
        self.fields["present"].choices = lambda: self.people
        if household:
            self.fields["who"].initial = household.code
        self._offer_next_steps()
        self._offer_centres()

    @classmethod
    def refilled(cls, typed, **options):
        """A fresh form with what was typed earlier: `typed` gives each name a list of values."""
        return cls(initial=as_initial(cls, typed), **options)

    def offer(self, habits):
        """Put the likely tiles first. Only a page that is shown needs this; saving does not wait for it."""
        if "centre" in self.fields and habits.centre_id:
            self.fields["centre"].initial = habits.centre_id
        families = list(habits.families)
        if self.household and self.household not in families:
            families.insert(0, self.household)
        names = [each.nickname for each in families]
        tiles = [
            (each.code, each.nickname if names.count(each.nickname) == 1 else f"{each.nickname} ({each.code})")
            for each in families
        ]
        self.fields["who"].widget.choices = [*tiles, (NOBODY, "Zonder naam")]
        self.fields["themes"].choices = [(code, Theme(code).label) for code in habits.themes_first if code in Theme]

    def _offer_next_steps(self):
        today = timezone.localdate()
        self.next_days = {
            "tomorrow": ("Morgen", days.tomorrow(today)),
            "week": ("Deze week", days.this_week(today)),
            "two_weeks": ("Over 2 weken", days.in_two_weeks(today)),
        }
        named = [(code, f"{label} ({date_format(day, 'D j b')})") for code, (label, day) in self.next_days.items()]
        self.fields["next_step"].choices = [("none", "Geen"), *named, ("date", "Een andere dag")]
        self.fields["next_step"].initial = "none"

    def _offer_centres(self):
        """Only who works in several centres is asked for which one a talk without a name counts."""
        centres = self.user.centres_where("contacts.log")
        if len(centres) == 1:
            del self.fields["centre"]
        else:
            self.fields["centre"].queryset = Centre.objects.filter(pk__in=centres)
            # Tapped for us already: three taps must be enough for a talk on the street.
            self.fields["centre"].initial = centres[0] if centres else None

    @cached_property
    def people(self):
        """Who can be ticked as present."""
        if self.household is None or not self.household.is_read_by(self.user):
            return []
        people = Person.objects.filter(memberships__in=self.household.members.current())
        return [(person.pk, person.first_name) for person in people]

    @property
    def has_no_name(self):
        return self["who"].value() == NOBODY

    @property
    def chose_folded_mode(self):
        return self["mode"].value() in Contact.Mode.values[MODES_FIRST:]

    @property
    def chose_folded_theme(self):
        folded = [code for code, _ in self.fields["themes"].choices[THEMES_FIRST:]]
        return not set(folded).isdisjoint(self["themes"].value() or [])

    @property
    def planning_open(self):
        """A fold stands open when something in it was filled in or needs attention."""
        return self._is_touched("next_step", "next_on", "next_what")

    @property
    def readers_open(self):
        return self._is_touched("visibility")

    @property
    def rest_open(self):
        return self._is_touched(*REST)

    def _is_touched(self, *names):
        return any(name in self.errors or self._differs(name) for name in names if name in self.fields)

    def _differs(self, name):
        usual = {"visibility": Contact.Visibility.FILE, "next_step": "none", "happened_on": timezone.localdate()}
        if name == "centre":
            usual["centre"] = self.fields["centre"].prepare_value(self.fields["centre"].initial)
        return str(self[name].value() or "") not in ("", "[]", str(usual.get(name, "")))

    def clean_who(self):
        code = self.cleaned_data["who"]
        if code == NOBODY:
            return None
        household = find_family(self.user, code)
        if household is None:
            raise forms.ValidationError(CHOOSE_WHO)
        self.household = household
        return household

    def clean_age_group(self):
        return self.cleaned_data["age_group"] if self.has_no_name else ""

    def clean(self):
        cleaned = super().clean()
        if self.has_no_name:
            self.refuse_what_names_someone()
        self._plan_next_step()
        if cleaned.get("minutes_tile") and not cleaned.get("minutes"):
            cleaned["minutes"] = cleaned["minutes_tile"]
        if self.has_no_name and "centre" in self.fields and not cleaned.get("centre"):
            self.add_error("centre", "Kies het centrum.")
        return cleaned

    def _plan_next_step(self):
        cleaned = self.cleaned_data
        step, day, what = cleaned.get("next_step"), cleaned.get("next_on"), cleaned.get("next_what")
        if step in self.next_days:
            day = self.next_days[step][1]
        elif step == "date" and not day and "next_on" not in self.errors:
            self.add_error("next_on", "Kies een dag.")
        elif what and not day and "next_on" not in self.errors:
            self.add_error("next_step", "Kies wanneer je dit opvolgt.")
        if day and self.has_no_name:
            self.add_error("next_step", "Opvolgen kan enkel voor een gezin. Kies een gezin, of kies Geen.")
        cleaned["next_on"], cleaned["next_what"] = day, what or CALL_AGAIN

    def contact(self):
        """The contact to keep, still without an author."""
        contact = self.save(commit=False)
        contact.household = self.cleaned_data["who"]
        contact.age_group = self.cleaned_data["age_group"]
        contact.client_uuid = self.cleaned_data["token"]
        contact.centre_id = self._centre_id()
        return contact

    def _centre_id(self):
        if self.household:
            return self.household.centre_id
        if centre := self.cleaned_data.get("centre"):
            return centre.pk
        return self.user.centres_where("contacts.log")[0]


class ContactEditForm(VersionedForm, ContactForm):
    """What the author changes in the first week."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Bewaar", guard=True)

    def clean(self):
        cleaned = super().clean()
        if self.instance.household_id is None:
            self.refuse_what_names_someone()
        return cleaned


class FamilySearchForm(forms.Form):
    """The words of a search travel in the body of a POST, so that no name ends up in an address or a log."""

    search = forms.CharField(max_length=80, min_length=2)

    def families(self, user):
        if not self.is_valid():
            return []
        words = self.cleaned_data["search"]
        # Words of dashes alone have no key, and would match every family.
        if not search_key(words):
            return []
        found = list(families_to_note_with(user).matching(words)[:MOST_FOUND])
        for family in found:
            family.where = family.address if family.is_read_by(user) else family.street
        return found


def families_to_note_with(user):
    return Household.objects.openable_by(user).exclude(status=Household.Status.ERASED).with_readers(user)


def find_family(user, code):
    """The family with this code, as someone's page or address says it; None for anything else."""
    if CONTROL_CHARACTERS.search(code):
        return None
    return families_to_note_with(user).filter(code=code).first()
