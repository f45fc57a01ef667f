from datetime import timedelta

from crispy_forms.layout import HTML, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from activities.actions.care import may_keep_medical
from activities.codes import Allergen
from activities.models import CareConsent, Carer, CareSheet, PickupPerson
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty
from buurtwerk.interface.text import refuse_control_characters
from households.forms.families import date_input, phone_input, possible_phone

SWIMS = [("unknown", "Niet gevraagd"), ("true", "Ja"), ("false", "Nee")]
NO_CONSENT = (
    "Medische gegevens bewaren mag pas na een ja op “Medische gegevens bewaren”. "
    "Noteer eerst die toestemming, of maak dit leeg."
)
FURTHEST = timedelta(days=5 * 366)


def time_input():
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class CarerFields(forms.ModelForm):
    class Meta:
        model = Carer
        fields = ["name", "relation", "phone", "email", "is_guardian", "is_emergency"]
        widgets = {"phone": phone_input()}
        help_texts = {
            "relation": "Zoals: moeder, plusvader, tante.",
            "is_emergency": "We bellen in de volgorde van de fiche.",
        }
        error_messages = {"email": {"invalid": "Vul een e-mailadres in, zoals naam@voorbeeld.be."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, name="Vul een naam in.", phone="Vul een telefoonnummer in.")

    def clean_phone(self):
        return possible_phone(self.cleaned_data["phone"])

    def clean(self):
        cleaned = super().clean()
        alike = Carer.objects.filter(participant=self.instance.participant_id, name=cleaned.get("name"))
        if alike.filter(phone=cleaned.get("phone")).exclude(pk=self.instance.pk).exists():
            self.add_error("name", "Deze zorgfiguur staat er al.")
        return cleaned


class PickupFields(forms.ModelForm):
    class Meta:
        model = PickupPerson
        fields = ["name", "relation", "phone", "valid_until", "is_forbidden"]
        widgets = {"phone": phone_input(), "valid_until": date_input()}
        help_texts = {
            "relation": "Zoals: buurvrouw, grote broer.",
            "valid_until": "Mag leeg blijven: dan blijft het gelden.",
            "is_forbidden": "We geven het kind nooit mee, ook niet als deze persoon het vraagt.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, name="Vul een naam in.")

    def clean_phone(self):
        return possible_phone(self.cleaned_data["phone"])

    def clean_valid_until(self):
        return possible_last_day(self.cleaned_data["valid_until"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_forbidden") and cleaned.get("valid_until"):
            self.add_error("valid_until", "Een verbod heeft geen einddatum. Haal het weg wanneer het niet meer geldt.")
        alike = PickupPerson.objects.filter(participant=self.instance.participant_id, name=cleaned.get("name"))
        if alike.filter(relation=cleaned.get("relation") or "").exclude(pk=self.instance.pk).exists():
            self.add_error("name", "Deze afhaler staat er al.")
        return cleaned

    def validate_constraints(self):
        """The form says the same as the table, at the field where the answer lies."""


def possible_last_day(day):
    today = timezone.localdate()
    if day and not today - FURTHEST <= day <= today + FURTHEST:
        raise ValidationError("Kies een dag binnen de vijf jaar.")
    return day


class NewCarerForm(SaveOnceForm, CarerFields):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Voeg toe", guard=True)
        self.helper.layout = Layout("token", *CarerFields.Meta.fields)


class CarerForm(VersionedForm, CarerFields):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Bewaar", guard=True)
        self.helper.layout = Layout("loaded_version", *CarerFields.Meta.fields)


class NewPickupForm(SaveOnceForm, PickupFields):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Voeg toe", guard=True)
        self.helper.layout = Layout("token", *PickupFields.Meta.fields)


class PickupForm(VersionedForm, PickupFields):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Bewaar", guard=True)
        self.helper.layout = Layout("loaded_version", *PickupFields.Meta.fields)


class CareSheetForm(VersionedForm):
    """The medical part is there only while it may be kept; what is sent for it all the same is refused."""

    allergens = forms.MultipleChoiceField(
        label="Allergieën", choices=Allergen.choices, widget=TileSelectMultiple, required=False
    )
    swims = forms.TypedChoiceField(
        label="Kan zwemmen",
        choices=SWIMS,
        widget=TileSelect,
        required=False,
        empty_value=None,
        coerce=lambda value: {"true": True, "false": False}.get(value),
    )

    class Meta:
        model = CareSheet
        fields = ["allergens", "other_allergies", "medication", "attention", "swims", "may_go_alone_from"]
        widgets = {
            "medication": forms.Textarea(attrs={"rows": 3}),
            "attention": forms.Textarea(attrs={"rows": 3}),
            "may_go_alone_from": time_input(),
        }
        help_texts = {
            "medication": "Wat, hoeveel, wanneer en waar het ligt.",
            "attention": "Wat een begeleider moet weten om dit kind veilig te houden, en niets meer.",
            "may_go_alone_from": "Mag leeg blijven: dan wordt het kind altijd opgehaald.",
        }
        error_messages = {"may_go_alone_from": {"invalid": "Vul een uur in, zoals 16:30."}}

    def __init__(self, *args, may_keep_medical=True, **kwargs):
        super().__init__(*args, **kwargs)
        stored = {None: "unknown", True: "true", False: "false"}[self.instance.swims]
        self.initial["swims"] = self.initial.get("swims") if self.initial.get("swims") in dict(SWIMS) else stored
        self.helper = helper("Bewaar", guard=True)
        shown = CareSheet.MEDICAL if may_keep_medical or self._brings_medical() else []
        heading = HTML("<h2>Wat het kind nodig heeft</h2>") if shown else HTML("")
        self.helper.layout = Layout(
            "loaded_version", heading, *shown, HTML("<h2>Zwemmen en naar huis</h2>"), "swims", "may_go_alone_from"
        )

    def _brings_medical(self):
        """Sent from a page of before the consent was taken back: what was typed stays on the screen."""
        return self.is_bound and any(
            filter(None, self.data.getlist(self.add_prefix(name))) for name in CareSheet.MEDICAL
        )

    def _may_keep(self, cleaned):
        return may_keep_medical(self.instance.participant)

    def clean(self):
        cleaned = super().clean()
        # Asked again under the lock of the child: a consent may be taken back while someone is typing.
        if not self._may_keep(cleaned):
            for name in CareSheet.MEDICAL:
                if cleaned.get(name):
                    self.add_error(name, NO_CONSENT)
        return cleaned


class ConsentsForm(SaveOnceForm):
    """What someone says yes or no to, all purposes at once; what stays as it is, adds nothing."""

    given_by = forms.CharField(
        label="Wie antwoordt",
        max_length=120,
        validators=[refuse_control_characters],
        help_text="De ouder of de jongere zelf.",
    )
    given_on = forms.DateField(label="Op", widget=date_input(), initial=timezone.localdate)
    how = forms.ChoiceField(
        label="Hoe", choices=[("spoken", "Mondeling"), ("paper", "Op papier")], widget=TileSelect, initial="spoken"
    )
    erase = forms.BooleanField(label="Wis de medische gegevens van dit kind meteen", required=False)

    def __init__(self, *args, standing, has_medical, **kwargs):
        super().__init__(*args, **kwargs)
        self.standing, self.has_medical = standing, has_medical
        answers = []
        for purpose, label in CareConsent.Purpose.choices:
            stands = standing.get(purpose)
            initial = "" if stands is None else ("yes" if stands.is_given else "no")
            choices = [("yes", "Ja"), ("no", "Nee")]
            if stands is None:
                choices.insert(0, ("", "Niet gevraagd"))
            widget = TileSelect
            self.fields[f"for_{purpose}"] = forms.ChoiceField(
                label=label, choices=choices, widget=widget, required=False, initial=initial
            )
            answers.append(f"for_{purpose}")
        say_when_empty(self, given_by="Schrijf wie antwoordt.", given_on="Kies op welke dag.", how="Kies hoe.")
        self.helper = helper("Bewaar", guard=True)
        erase = ["erase"] if has_medical else []
        self.helper.layout = Layout("token", *answers, *erase, "given_by", Row("given_on", "how"))

    def clean_given_on(self):
        day, today = self.cleaned_data["given_on"], timezone.localdate()
        if not today - timedelta(days=366) <= day <= today:
            raise ValidationError("Kies vandaag of een dag van het voorbije jaar.")
        return day

    def clean(self):
        cleaned = super().clean()
        if self.has_medical and cleaned.get("for_medical") == "no" and not cleaned.get("erase"):
            self.add_error("erase", "Na een nee wissen we de medische gegevens meteen. Vink aan dat je dat weet.")
        return cleaned

    @property
    def answers(self):
        """True or False for each purpose that was answered."""
        given = {purpose: self.cleaned_data.get(f"for_{purpose}") for purpose in CareConsent.Purpose.values}
        return {purpose: answer == "yes" for purpose, answer in given.items() if answer}
