from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import TileSelect, say_when_empty
from buurtwerk.interface.text import refuse_control_characters, refuse_national_number
from buurtwerk.languages import Language
from buurtwerk.themes import Theme
from households.actions.referrals import shareable, text_that_leaves
from households.models import Consent, Person, Referral
from partners.forms.search import NeedForm
from partners.models import Organisation, Service

MOST_SERVICES = 40
MOST_ORGANISATIONS = 8
CONSENT_VALID_FOR = timedelta(days=365)

free_words = [refuse_control_characters, refuse_national_number]


@dataclass
class Candidate:
    """An organisation to choose, with the services that made us find it."""

    organisation: Organisation
    services: list

    @property
    def is_current(self):
        return any(service.is_current for service in self.services)


class CandidateRadios(forms.RadioSelect):
    """Radio buttons that carry the card of each organisation along."""

    cards = ()

    def create_option(self, name, value, label, selected, index, **options):
        option = super().create_option(name, value, label, selected, index, **options)
        return {**option, "card": self.cards[index]}


class ReferralForm(SaveOnceForm, forms.ModelForm):
    """One page in three steps: who helps, what leaves, and who agreed to it.

    `step` says which button was pressed: "preview" does not ask for consent yet, "send" does.
    """

    CONSENT = ["how", "given_by", "given_on", "language"]
    NO_CONSENT, EMERGENCY = "no", "emergency"
    is_continued = False

    person = forms.ModelChoiceField(Person.objects.none(), label="Voor wie", widget=TileSelect, empty_label=None)
    q = forms.CharField(label="Een woord of een naam", max_length=100, required=False, validators=free_words)
    here = forms.BooleanField(label="Enkel wie in de buurt van het gezin werkt", required=False, initial=True)
    spoken = forms.ChoiceField(
        label="Taal van de hulp", required=False, choices=[("", "Alle talen"), *Language.choices]
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.active(),
        label="Wie kan helpen",
        widget=CandidateRadios,
        empty_label=None,
        error_messages={"invalid_choice": "Deze organisatie kan je niet kiezen. Zoek opnieuw en kies er een."},
    )
    checked_myself = forms.BooleanField(
        label="Ik keek het zelf na",
        required=False,
        help_text="Alleen nodig bij een kaart die nog na te kijken is. Bel even of kijk op de website.",
    )
    shared = forms.MultipleChoiceField(
        label="Wat mag mee",
        choices=Referral.Shared,
        widget=forms.CheckboxSelectMultiple,
        help_text="Alles staat uit. Vink alleen aan wat nodig is. Voornaam en telefoon volstaan meestal.",
    )
    how = forms.ChoiceField(
        label="Is er toestemming?",
        choices=[*Consent.How.choices, (NO_CONSENT, "Nee")],
        widget=TileSelect,
        help_text="Toestemming telt voor deze tekst en deze organisatie. Lees de tekst samen.",
    )
    given_by = forms.CharField(
        label="Wie gaf toestemming",
        max_length=120,
        validators=free_words,
        help_text="Voor een kind: welke ouder?",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    given_on = forms.DateField(
        label="Op welke dag",
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Vul een dag in die bestaat."},
    )
    language = forms.ChoiceField(label="In welke taal legde je het uit", choices=[("", "Kies"), *Language.choices])
    emergency_ground = forms.CharField(
        label="Op welke grond, en wat is er aan de hand",
        required=False,
        min_length=15,
        max_length=500,
        validators=free_words,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Enkel als er gevaar is en niemand toestemming kan geven. Dit blijft in het dossier staan.",
        error_messages={"min_length": "Schrijf minstens 15 letters: op welke grond, en wat er aan de hand is."},
    )
    previewed = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Referral
        fields = ["person", "theme", "need", "organisation", "warmth", "shared"]
        widgets = {"need": forms.Textarea(attrs={"rows": 3}), "warmth": TileSelect}
        help_texts = {"need": "Een of twee zinnen. Geen medische details."}

    def __init__(self, *args, household, by, step="", **kwargs):
        super().__init__(*args, **kwargs)
        self.household, self.by, self.step = household, by, step
        self.instance.household = household
        self.text = ""
        self.unknown = []
        self.fields["warmth"].label = "Hoe geef je het door"
        self.fields["theme"].choices = [("", "Kies een thema"), *Theme.choices]
        self._offer_people()
        self._offer_organisations()
        self._offer_emergency()
        say_when_empty(
            self,
            person="Kies voor wie de hulp is.",
            theme="Kies een thema.",
            need="Zeg in een of twee zinnen wat de vraag is.",
            organisation="Zoek wie kan helpen, en kies een organisatie.",
            shared="Vink aan wat je mag delen.",
            how="Kies of er toestemming is. Zonder toestemming kan je niets doorgeven.",
            given_by="Zeg wie toestemming gaf.",
            given_on="Zeg op welke dag.",
            language="Kies in welke taal je het uitlegde.",
        )

    @property
    def fingerprint(self):
        """Stands for the exact text on the screen: consent counts for that text and no other."""
        stamp = salted_hmac("households.referral", self.text, algorithm="sha256")
        return stamp.hexdigest() if self.text else ""

    @property
    def has_people(self):
        return bool(self.fields["person"].choices)

    @property
    def has_searched(self):
        return bool(self._typed("theme") or self._typed("q"))

    def full_clean(self):
        super().full_clean()
        for name in self._not_asked_yet():
            self._errors.pop(name, None)

    def clean_shared(self):
        return [item for item in Referral.Shared.values if item in self.cleaned_data["shared"]]

    def clean_how(self):
        if self.cleaned_data["how"] == self.NO_CONSENT:
            raise forms.ValidationError(
                "Zonder toestemming kan je niets doorgeven. Je kan wel een tipblad voor de bewoner afdrukken.",
                code="no_consent",
            )
        return self.cleaned_data["how"]

    def clean_emergency_ground(self):
        ground = self.cleaned_data["emergency_ground"]
        if self.is_emergency and not ground:
            raise forms.ValidationError("Zeg op welke grond je dit zonder toestemming doorgeeft.")
        return ground if self.is_emergency else ""

    def clean_given_on(self):
        given_on, today = self.cleaned_data["given_on"], timezone.localdate()
        if given_on > today:
            raise forms.ValidationError("Deze dag komt nog. Kies vandaag of een dag ervoor.")
        if given_on < today - CONSENT_VALID_FOR:
            raise forms.ValidationError("Dit is meer dan een jaar geleden. Vraag opnieuw toestemming.")
        return given_on

    def clean(self):
        cleaned = super().clean()
        if {"organisation", "theme"} <= cleaned.keys():
            self._ask_own_check(cleaned)
        if {"person", "organisation", "theme", "need", "shared"} <= cleaned.keys():
            self._write_text(cleaned)
        if self.step == "send" and self.text and not self._was_previewed(cleaned):
            self.add_error(None, "De tekst is nieuw of veranderde. Lees ze samen na en geef dan door.")
        return cleaned

    @property
    def is_emergency(self):
        return "emergency_ground" in self.fields and self.data.get("how") == self.EMERGENCY

    def consent(self):
        """The consent as it was noted, not saved yet; None in an emergency."""
        if self.is_emergency:
            self.instance.emergency_ground = self.cleaned_data["emergency_ground"]
            return None
        return Consent(**{name: self.cleaned_data[name] for name in self.CONSENT})

    def _not_asked_yet(self):
        if self.step != "send":
            return self.CONSENT
        return self.CONSENT[1:] if self.is_emergency or self.data.get("how") == self.NO_CONSENT else []

    def _offer_emergency(self):
        """Only a coordinator answers for passing someone on without their consent."""
        if self.by.may("families.oversee", self.household.centre_id):
            self.fields["how"].choices = [*self.fields["how"].choices, (self.EMERGENCY, "Nee, maar er is gevaar")]
        else:
            del self.fields["emergency_ground"]

    def _offer_people(self):
        members = list(self.household.members.current().select_related("person"))
        person = self.fields["person"]
        person.queryset = Person.objects.filter(pk__in=[member.person_id for member in members])
        person.choices = [(member.person_id, str(member)) for member in members]
        if len(members) == 1:
            person.initial = members[0].person_id

    def _offer_organisations(self):
        cards = self._candidates()
        organisation = self.fields["organisation"]
        # Only what was found is shown; any active organisation is accepted.
        organisation.choices = [(card.organisation.pk, card.organisation.name) for card in cards]
        organisation.widget.cards = cards

    def _candidates(self):
        """The organisations that fit, and the chosen one on top when another search would hide it."""
        found = {}
        for service in self._services():
            card = found.setdefault(service.organisation_id, Candidate(service.organisation, []))
            card.services.append(service)
        cards = list(found.values())[:MOST_ORGANISATIONS]
        chosen = str(self._typed("organisation") or "")
        if chosen.isdecimal() and len(chosen) < 19 and int(chosen) not in {card.organisation.pk for card in cards}:
            services = Service.objects.active().with_card().filter(organisation=int(chosen))
            organisation = Organisation.objects.active().filter(pk=int(chosen)).first()
            cards[:0] = [Candidate(organisation, list(services))] if organisation else []
        return cards

    def _services(self):
        theme, words = self._typed("theme"), self._typed("q") or ""
        if not self.has_searched:
            return []
        buurt = self.household.neighbourhood.slug if self._typed("here") and self.household.neighbourhood else ""
        need = NeedForm({"q": words, "thema": theme, "buurt": buurt, "taal": self._typed("spoken")})
        return need.apply(Service.objects.active()).with_card()[:MOST_SERVICES]

    def _typed(self, name):
        """What stands in a field, before anything is checked."""
        return self[name].value()

    def _ask_own_check(self, cleaned):
        services = [
            service
            for service in Service.objects.active().filter(organisation=cleaned["organisation"])
            if cleaned["theme"] in service.themes
        ]
        if not any(service.is_current for service in services) and not cleaned.get("checked_myself"):
            self.add_error(
                "checked_myself",
                "Deze kaart is niet pas nagekeken. Kijk na of het aanbod nog loopt, en vink dit aan.",
            )

    def _write_text(self, cleaned):
        known = shareable(
            household=self.household, person=cleaned["person"], theme=cleaned["theme"], need=cleaned["need"]
        )
        shares = {item: known[item] for item in cleaned["shared"] if known[item]}
        self.unknown = [Referral.Shared(item).label for item in cleaned["shared"] if item not in shares]
        if not shares:
            self.add_error("shared", "Wat je aanvinkte, weten we niet van deze persoon. Vink iets anders aan.")
            return
        cleaned["shared"] = list(shares)
        self.text = self.instance.shared_text = text_that_leaves(
            shares, organisation=cleaned["organisation"], centre=self.household.centre, by=self.by
        )

    def _was_previewed(self, cleaned):
        return constant_time_compare(cleaned.get("previewed", ""), self.fingerprint)
