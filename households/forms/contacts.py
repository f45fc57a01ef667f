"""Noting a contact: who, how and with what result are tapped, the rest may wait."""

import re

from crispy_forms.layout import HTML, Div, Fieldset, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

from buurtwerk.drafts.forms import as_initial
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty
from buurtwerk.interface.text import CONTROL_CHARACTERS, search_key
from buurtwerk.places.models import Centre
from buurtwerk.themes import Theme
from households import agreements, days
from households.forms.attachments import PaperField
from households.habits import MINUTES
from households.models import Contact, FollowUp, Household, Person
from households.readers import AUTHOR, Reader, may_read_files, readers_of

NOBODY = "zonder-naam"
CHOOSE_WHO = "Kies met wie je gesproken hebt."
LOOKS_LIKE_A_NUMBER = "Dit lijkt een nummer van iemand. Haal het weg of kies een persoon."
# As people write a telephone number, but not a date with an hour behind it.
PHONE_NUMBER = re.compile(
    r"(?<!\d)(?!\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d)"
    r"(?:0(?:[ ./-]?\d){8,9}|(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){8,13})(?!\d)"
)

MODES_FIRST, THEMES_FIRST, MOST_FOUND = 6, 8, 8
LONGEST = 720
REST = ["centre", "present", "co_workers", "also_present", "happened_on", "part_of_day", "at_time"]
REST += ["minutes_tile", "minutes", "place", "initiative"]
CLOSED_FAMILY = "Dit gezin is afgerond. Kies Geen en bewaar, of heropen het gezin eerst. Dan kan je opvolgen."
CHOOSE_AGAIN = "Kies het bestand opnieuw. Deze pagina kan het niet onthouden."
CALL_AGAIN = "Neem opnieuw contact op"
# What makes that a contact is or is not as agreed with the family.
AGREED_ON = {"mode", "happened_on", "part_of_day", "at_time", "initiative"}

# Short enough for one line on a tile.
SHORT = {Contact.Mode.CENTRE: "Buurtcentrum", Contact.Mode.STREET: "Op straat", Contact.Mode.MESSAGE: "Bericht"}

READERS = [
    (Contact.Visibility.TEAM, "Het team: alle buurtwerkers en de coördinator van dit centrum"),
    (
        Contact.Visibility.FILE,
        "Het dossierteam: jij, de vaste buurtwerker en de back-up van dit gezin, en de coördinator",
    ),
    (Contact.Visibility.NAMED, "Enkel genoemde collega's: jij en wie je hieronder kiest"),
    (
        Contact.Visibility.PERSONAL,
        "Enkel ik: een werknota, ook niet voor de coördinator. Na 90 dagen is ze weg",
    ),
]


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


class ContactForm(forms.ModelForm):
    """What noting and correcting a contact share. `household` and `user` are who it is about and who writes."""

    happened_on = day_field(
        "Wanneer",
        initial=timezone.localdate,
        error_messages={"required": "Kies de dag van het contact.", "invalid": "Kies een dag, zoals 24/12/2026."},
    )
    at_time = forms.TimeField(
        label="Hoe laat",
        required=False,
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M", "%Hu%M", "%Hu"],
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"invalid": "Vul een uur in, zoals 14.05."},
        help_text="Enkel als het uur telt. Anders is een deel van de dag genoeg.",
    )
    minutes = forms.IntegerField(
        label="Hoeveel minuten",
        required=False,
        min_value=1,
        max_value=LONGEST,
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
    present = forms.MultipleChoiceField(label="Wie was erbij", required=False, widget=TileSelectMultiple)
    co_workers = colleagues_field("Samen met welke collega", help_text="Het telt ook bij die collega als contact.")
    also_present = forms.MultipleChoiceField(
        label="Wie nog", required=False, choices=Contact.AlsoPresent.choices, widget=TileSelectMultiple
    )
    readers = colleagues_field("Welke collega's", help_text="Enkel bij: Enkel genoemde collega's.")
    children = Count(label="Kinderen")
    teens = Count(label="Tieners en jongeren")
    adults = Count(label="Volwassenen")
    seniors = Count(label="65 of ouder")

    class Meta:
        model = Contact
        fields = [
            "mode",
            "outcome",
            "themes",
            "note",
            "happened_on",
            "part_of_day",
            "at_time",
            "minutes",
            "place",
            "initiative",
            "visibility",
            "also_present",
            *Contact.COUNTS,
            "override_reason",
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
        help_texts = {
            "note": "Kort en feitelijk. Schrijf niets over gezondheid.",
            "override_reason": "De vaste buurtwerker krijgt hier bericht van.",
        }

    def __init__(self, *args, user, household=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.household = user, household
        self.fields["mode"].label = "Hoe"
        self.fields["visibility"].choices = READERS
        self.fields["place"].label = "Waar"
        self.fields["override_reason"].label = "Waarom toch"
        # Which people and colleagues there are is only asked when one of them is chosen or shown.
        self.fields["present"].choices = lambda: self.people
        self.fields["co_workers"].choices = lambda: [(each.pk, str(each)) for each in self.colleagues]
        self.fields["readers"].choices = lambda: [(each.pk, str(each)) for each in self.colleagues]
        # A browser would cut a longer text without a word; the form says so and keeps it.
        self.fields["note"].widget.attrs.pop("maxlength", None)
        say_when_empty(self, mode="Kies hoe je contact had.", outcome="Kies wat het resultaat was.")
        say_when_empty(self, visibility="Kies wie dit mag lezen.")

    @cached_property
    def people(self):
        """Who can be ticked as present."""
        if self.household is None or not self.household.is_read_by(self.user):
            return []
        people = Person.objects.filter(memberships__in=self.household.members.current())
        return [(person.pk, person.first_name) for person in people]

    @cached_property
    def colleagues(self):
        """Who else notes contacts in this centre."""
        centres = [self.household.centre_id] if self.household else self.user.centres_where("contacts.log")
        found = {each.pk: each for centre in centres for each in may_read_files(centre)}
        found.pop(self.user.pk, None)
        return list(found.values())

    @property
    def breaches(self):
        """What of this contact is not as agreed with the family, as far as it is filled in."""
        if self.household is None:
            return []
        return agreements.breaches(
            self.household,
            mode=self._so_far("mode"),
            on=self._so_far("happened_on") or timezone.localdate(),
            part_of_day=self._so_far("part_of_day"),
            at_time=self._so_far("at_time"),
            initiative=self._so_far("initiative"),
        )

    @property
    def agreement(self):
        return self.household and agreements.agreement_of(self.household)

    @property
    def who_can_read(self):
        """Who would read the note now, nearest first; None as long as it is not known whom it is about."""
        visibility = self._so_far("visibility")
        if self.household:
            return readers_of(self.household, visibility, self._so_far("readers") or [], author=self.user)
        return self._readers_without_family(visibility) if self.is_without_family else None

    def _readers_without_family(self, visibility):
        others = []
        if visibility in (Contact.Visibility.TEAM, Contact.Visibility.FILE):
            centre = self.instance.centre_id or self._so_far("centre") or self.user.centres_where("contacts.log")[0]
            everyone = visibility == Contact.Visibility.TEAM
            others = [each for each in may_read_files(centre) if each.oversees or everyone]
        whys = {True: "coördinator", False: "team"}
        return [
            Reader(self.user, AUTHOR),
            *[Reader(each, whys[each.oversees]) for each in others if each != self.user],
        ]

    @property
    def is_without_family(self):
        return self.household is None

    def _so_far(self, name):
        """The value of a field that was perhaps only half filled in."""
        field = self.fields.get(name)
        try:
            return field and field.clean(self[name].value())
        except forms.ValidationError:
            return None

    def validate_constraints(self):
        """The form says the same as the table, in its own words, without a query for each."""

    def clean_happened_on(self):
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Dit contact ligt in de toekomst. Kies vandaag of een dag ervoor.")
        if day.year < 2000:
            raise forms.ValidationError("Kijk het jaar na.")
        return day

    def clean(self):
        cleaned = super().clean()
        self._settle_time()
        self._check_counts()
        self._check_readers()
        self._check_agreement()
        return cleaned

    def _settle_time(self):
        """An exact hour says which part of the day it was."""
        cleaned, now = self.cleaned_data, timezone.localtime()
        at_time = cleaned.get("at_time")
        if not at_time:
            return
        if cleaned.get("happened_on") == now.date() and at_time > now.time():
            self.add_error("at_time", "Dit uur moet nog komen.")
        cleaned["part_of_day"] = agreements.part_of(at_time)

    def _check_counts(self):
        cleaned = self.cleaned_data
        first = next((name for name in Contact.COUNTS if cleaned.get(name)), None)
        if first and cleaned.get("mode") not in (Contact.Mode.GROUP, None):
            self.add_error(first, "Aantallen horen bij een contact in groep. Kies bij Hoe: In groep.")

    def _check_readers(self):
        cleaned = self.cleaned_data
        readers, visibility = cleaned.get("readers"), cleaned.get("visibility")
        if visibility == Contact.Visibility.NAMED:
            if self.is_without_family:
                self.add_error("visibility", "Genoemde collega's kies je enkel bij een gezin.")
            elif not readers and "readers" not in self.errors:
                self.add_error("readers", "Kies minstens één collega.")
            elif readers and self.household:
                self._refuse_who_may_not_know(readers)
        elif readers and "readers" in self.changed_data:
            # To ignore them would show the note to more people than was meant.
            self.add_error("visibility", "Je koos collega's. Kies ook Enkel genoemde collega's, of vink ze uit.")

    def _refuse_who_may_not_know(self, readers):
        if not self.household.restricted:
            return
        known = {reader.user.pk for reader in readers_of(self.household, Contact.Visibility.NAMED, readers)}
        if strangers := [str(each) for each in self.colleagues if each.pk in set(readers) - known]:
            names = " en ".join(strangers)
            self.add_error("readers", f"Dit gezin is afgeschermd: {names} kan er niet bij. Kies iemand anders.")

    def _check_agreement(self):
        """R10: a contact that breaks what was agreed needs a reason. What was saved as it is, is not judged again."""
        cleaned = self.cleaned_data
        if self.instance.pk and AGREED_ON.isdisjoint(self.changed_data):
            return
        if not self.breaches:
            cleaned["override_reason"] = ""
        elif not cleaned.get("override_reason") and "override_reason" not in self.errors:
            self.add_error("override_reason", "Dit is niet zoals afgesproken. Zeg waarom je toch contact had.")

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
    minutes_tile = MinutesTile(label="Hoe lang")
    centre = forms.ModelChoiceField(
        Centre.objects.none(), label="Voor welk centrum", required=False, empty_label=None, widget=TileSelect
    )
    next_step = forms.ChoiceField(label="Wanneer opvolgen", required=False, widget=TileSelect)
    next_on = day_field("Andere dag", required=False, validators=[days.refuse_impossible_plan])
    next_what = FollowUp._meta.get_field("what").formfield(label="Wat volg je op", required=False)
    file = PaperField(label="Foto of papier", required=False)

    field_order = ["token", "who", "search", "mode", "outcome", "age_group", "themes", "note", "present"]

    def __init__(self, *args, user, household=None, **kwargs):
        super().__init__(*args, user=user, household=household, **kwargs)
        self.fields["mode"].choices = [(mode, SHORT.get(mode, mode.label)) for mode in Contact.Mode]
        self.fields["minutes"].label = "Ander aantal minuten"
        self.fields["age_group"].error_messages["invalid_choice"] = "Kies een leeftijd uit de lijst."
        self.fields["next_what"].help_text = f"Laat je dit leeg, dan staat er: {CALL_AGAIN}."
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
        chosen = self._so_far("minutes_tile")
        self.fields["minutes_tile"].offer(sorted({*habits.minutes, *([chosen] if chosen else [])}))

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

    @property
    def has_no_name(self):
        return self["who"].value() == NOBODY or self._is_nameless_group()

    @property
    def is_without_family(self):
        return self.household is None and self.has_no_name

    def _is_nameless_group(self):
        """A group of which people were counted needs nobody to be chosen."""
        in_group = self["mode"].value() == Contact.Mode.GROUP
        return in_group and not self["who"].value() and any(self._so_far(name) for name in Contact.COUNTS)

    @property
    def chose_folded_mode(self):
        return self["mode"].value() in Contact.Mode.values[MODES_FIRST:]

    @property
    def counts_open(self):
        return self["mode"].value() == Contact.Mode.GROUP or self._is_touched(*Contact.COUNTS)

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
        return self._is_touched("visibility", "readers")

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

    def ask_file_again(self):
        """What was chosen is gone when the page comes back, also when nothing was wrong with it."""
        if self.files.get("file") and "file" not in self.errors:
            self.add_error("file", CHOOSE_AGAIN)

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
        return self.cleaned_data["age_group"] if self.has_no_name and not self._counts_people() else ""

    def _counts_people(self):
        return self["mode"].value() == Contact.Mode.GROUP

    def clean(self):
        if self._is_nameless_group() and "who" in self.errors:
            del self.errors["who"]
            self.cleaned_data["who"] = None
        cleaned = super().clean()
        if self.has_no_name:
            self.refuse_what_names_someone()
        self._plan_next_step()
        if cleaned.get("minutes_tile") and not cleaned.get("minutes"):
            cleaned["minutes"] = cleaned["minutes_tile"]
        if self.has_no_name and "centre" in self.fields and not cleaned.get("centre"):
            self.add_error("centre", "Kies het centrum.")
        self._ask_how_many()
        return cleaned

    def _ask_how_many(self):
        counted = any(name in self.errors or self.cleaned_data.get(name) for name in Contact.COUNTS)
        if self._counts_people() and self["who"].value() == NOBODY and not counted:
            self.add_error("children", "Vul in met hoeveel jullie waren, of kies een gezin.")

    def _plan_next_step(self):
        cleaned = self.cleaned_data
        step, day, what = cleaned.get("next_step"), cleaned.get("next_on"), cleaned.get("next_what")
        if step in self.next_days:
            day = self.next_days[step][1]
        elif step == "date" and not day and "next_on" not in self.errors:
            self.add_error("next_on", "Kies een dag.")
        elif what and not day and "next_on" not in self.errors:
            self.add_error("next_step", "Kies wanneer je dit opvolgt.")
        if day and self.household and self.household.status == Household.Status.CLOSED:
            self.add_error("next_step", CLOSED_FAMILY)
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
    """What the author changes in the first week. Closed text is in it again, as the author reads it."""

    def __init__(self, *args, instance, initial=None, **kwargs):
        given = {"readers": [each.pk for each in instance.sealed_readers()]}
        if instance.visibility in Contact.CLOSED:
            given["note"] = instance.note_for(instance.author)
        given["present"] = [person.pk for person in instance.present.all()]
        given["co_workers"] = [colleague.pk for colleague in instance.co_workers.all()]
        super().__init__(
            *args,
            instance=instance,
            initial={**given, **(initial or {})},
            user=instance.author,
            household=instance.household,
            **kwargs,
        )
        self.had_reason = bool(instance.override_reason)
        self.helper = helper("Bewaar", guard=True)
        self.helper.layout = self._layout()

    @cached_property
    def people(self):
        """Also who was there and left the family since."""
        now, then = super().people, [(person.pk, person.first_name) for person in self.instance.present.all()]
        return [*now, *[person for person in then if person not in now]]

    @cached_property
    def colleagues(self):
        """Also who left since, and stays where they are named."""
        then = {*self.instance.co_workers.all(), *self.instance.sealed_readers()}
        return [*super().colleagues, *(then - set(super().colleagues))]

    def _layout(self):
        present = ["present"] if self.people else []
        others = ["co_workers"] if self.colleagues else []
        readers = ["readers"] if self.colleagues else []
        return Layout(
            # What Enter presses.
            HTML('<button hidden name="save" value="1">Bewaar</button>'),
            "loaded_version",
            "mode",
            HTML('{% include "households/_agreed.html" %}'),
            "outcome",
            Fieldset("Hoeveel mensen, in groep", Row(*Contact.COUNTS)),
            "themes",
            "note",
            Div("visibility", *readers, HTML('{% include "households/_readers.html" %}')),
            *present,
            *others,
            "also_present",
            "happened_on",
            "part_of_day",
            "at_time",
            "minutes",
            "place",
            "initiative",
        )

    def clean(self):
        cleaned = super().clean()
        if self.household is None:
            self.refuse_what_names_someone()
            if cleaned.get("mode") == Contact.Mode.GROUP and not any(cleaned.get(name) for name in Contact.COUNTS):
                self.add_error("children", "Vul in met hoeveel jullie waren.")
        return cleaned

    @property
    def overrides_now(self):
        """A reason that was not there before: something to tell the vaste buurtwerker."""
        return bool(self.cleaned_data.get("override_reason")) and not self.had_reason


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
    families = families_to_note_with(user).select_related("agreement")
    found = families.filter(code=code).first()
    if found is None and (kept := Household.objects.kept_for(code, user=user)):
        # Open in another window while two files became one: noted with the one that is left.
        found = families.filter(pk=kept.pk).first()
    return found
