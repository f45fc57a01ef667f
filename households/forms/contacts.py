"""What noting and correcting a contact share, and correcting it in the first week."""

from crispy_forms.layout import HTML, Div, Fieldset, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.functional import cached_property

from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty
from buurtwerk.themes import Theme
from households import agreements
from households.forms.fields import LONGEST, LOOKS_LIKE_A_NUMBER, PHONE_NUMBER, Count, colleagues_field, day_field
from households.models import Contact, Person
from households.readers import AUTHOR, Reader, may_read_files, readers_of

# What makes that a contact is or is not as agreed with the family.
AGREED_ON = {"mode", "happened_on", "part_of_day", "at_time", "initiative"}

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
