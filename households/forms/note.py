"""The quick log: who, how and with what result are tapped, the rest may wait."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from buurtwerk.drafts.forms import as_initial
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import TileSelect
from buurtwerk.places.models import Centre
from buurtwerk.themes import Theme
from households import days
from households.forms.attachments import PaperField
from households.forms.contacts import ContactForm
from households.forms.family_search import find_family
from households.forms.fields import MinutesTile, day_field
from households.models import Contact, FollowUp, Household

NOBODY = "zonder-naam"
CHOOSE_WHO = "Kies met wie je gesproken hebt."
REST = ["centre", "present", "co_workers", "also_present", "happened_on", "part_of_day", "at_time"]
REST += ["minutes_tile", "minutes", "place", "initiative"]
CLOSED_FAMILY = "Dit gezin is afgerond. Kies Geen en bewaar, of heropen het gezin eerst. Dan kan je opvolgen."
CHOOSE_AGAIN = "Kies het bestand opnieuw. Deze pagina kan het niet onthouden."
MODES_FIRST, THEMES_FIRST = 6, 8
CALL_AGAIN = "Neem opnieuw contact op"
# Short enough for one line on a tile.
SHORT = {Contact.Mode.CENTRE: "Buurtcentrum", Contact.Mode.STREET: "Op straat", Contact.Mode.MESSAGE: "Bericht"}


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
