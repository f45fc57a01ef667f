from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone

from activities.actions.registration import Contact, Person
from activities.forms.registration import CLEAN, OLDEST_BIRTH, PHONE
from activities.forms.series import Section
from activities.models import Channel, Participant, Registration
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty

MOST_FOUND = 8
LETTERS = [("normal", "A"), ("social", "B"), ("child", "C"), ("free", "D")]


def birth_year(**options):
    return forms.IntegerField(
        label="Geboortejaar",
        required=False,
        min_value=timezone.localdate().year - OLDEST_BIRTH,
        max_value=timezone.localdate().year,
        error_messages=dict.fromkeys(("min_value", "max_value"), "Dat geboortejaar kan niet."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **options,
    )


class ParticipantSearch(forms.Form):
    """Who may be here already. A form that posts: a name stands in no address."""

    name = forms.CharField(label="Naam", max_length=120, validators=CLEAN)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["birth_year"] = birth_year()
        say_when_empty(self, name="Typ een naam of een deel ervan.")
        self.helper = helper("Zoek", name="search", ctrl_enter=False)

    def found_among(self, participants):
        found = participants.matching(self.cleaned_data["name"])
        if year := self.cleaned_data["birth_year"]:
            found = found.filter(birth_year=year) | found.filter(birth_year=None)
        return found.order_by("first_name", "last_name", "pk")[:MOST_FOUND]


class DeskForm(SaveOnceForm):
    """Register someone who stands at the desk, is on the phone, or filled in a sheet of paper."""

    who = forms.ModelChoiceField(
        label="Is het een van deze mensen?",
        queryset=Participant.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Kies iemand uit de lijst, of vul een nieuwe naam in."},
    )
    first_name = forms.CharField(label="Voornaam", max_length=80, required=False, validators=CLEAN)
    last_name = forms.CharField(label="Familienaam", max_length=80, required=False, validators=CLEAN)
    contact_name = forms.CharField(label="Wie schrijft in?", max_length=120, validators=CLEAN)
    phone = forms.CharField(label="Telefoon", max_length=30, validators=[*CLEAN, PHONE])
    email = forms.EmailField(
        label="E-mail",
        max_length=120,
        required=False,
        validators=CLEAN,
        error_messages={"invalid": "Dit is geen volledig mailadres."},
    )
    channel = forms.ChoiceField(
        label="Langs waar?",
        choices=[choice for choice in Channel.choices if choice[0] != Channel.WEB],
        initial=Channel.DESK,
        widget=TileSelect,
    )
    price_tier = forms.ChoiceField(label="Tarief", choices=LETTERS, initial="normal", widget=TileSelect)

    def __init__(self, *args, target, participants, **kwargs):
        super().__init__(*args, **kwargs)
        self.target = target
        self.fields["birth_year"] = birth_year()
        self.fields["who"].queryset = participants
        self.fields["who"].choices = [("", "Iemand nieuw"), *self._candidates(participants)]
        say_when_empty(
            self,
            contact_name="Vul in wie inschrijft.",
            phone="Vul een telefoonnummer in.",
            channel="Kies langs waar.",
            price_tier="Kies een tarief.",
        )
        self.helper = helper("Schrijf in", ctrl_enter=True)
        self.helper.form_class = "stack"
        self.helper.layout = Layout(
            "token",
            Section("Wie?", "who", "first_name", "last_name", "birth_year"),
            Section("Hoe bereiken we je?", "contact_name", "phone", "email"),
            Section("Hoe?", "channel", "price_tier"),
        )

    def _candidates(self, participants):
        typed = self.data if self.is_bound else self.initial
        words = f"{typed.get('first_name', '')} {typed.get('last_name', '')}"
        found = participants.matching(words.replace("\x00", ""))[:MOST_FOUND]
        return [(one.code, f"{one} ({one.birth_year or 'geboortejaar onbekend'})") for one in found]

    def clean(self):
        cleaned = super().clean()
        is_nobody = not cleaned.get("who") and not cleaned.get("first_name")
        if is_nobody and not {"who", "first_name"} & set(self.errors):
            self.add_error("first_name", "Vul de voornaam in, of kies iemand uit de lijst.")
        return cleaned

    @property
    def person(self):
        cleaned = self.cleaned_data
        if known := cleaned["who"]:
            return Person(known.first_name, known.last_name, known.birth_year, participant=known)
        return Person(cleaned["first_name"], cleaned["last_name"], cleaned["birth_year"])

    @property
    def contact(self):
        cleaned = self.cleaned_data
        return Contact(cleaned["contact_name"], cleaned["phone"], cleaned["email"])


STATUS_ORDER = [
    Registration.Status.OFFERED,
    Registration.Status.WAITLISTED,
    Registration.Status.REQUESTED,
    Registration.Status.CONFIRMED,
    Registration.Status.EXPIRED,
    Registration.Status.DECLINED,
    Registration.Status.WITHDRAWN,
    Registration.Status.CENTRE_CANCELLED,
]
