"""What a parent fills in or checks by the link: in plain words, and in the language of the page."""

from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.codes import Allergen
from activities.forms.care import SWIMS, CareSheetForm
from activities.models import CareConsent, CareSheet, PickupPerson
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty
from buurtwerk.interface.text import refuse_control_characters
from households.forms.families import phone_input, possible_phone

QUESTIONS = {
    "medical": gettext_lazy("Mogen we allergieën, medicatie en andere zorgen van je kind bijhouden?"),
    "outing": gettext_lazy("Mag je kind mee op uitstap?"),
    "photo_inside": gettext_lazy("Mogen we foto's van je kind ophangen in het centrum?"),
    "photo_site": gettext_lazy("Mogen we foto's van je kind op onze site zetten?"),
    "photo_social": gettext_lazy("Mogen we foto's van je kind op sociale media zetten?"),
}
LABELS = {
    "other_allergies": gettext_lazy("Een andere allergie"),
    "medication": gettext_lazy("Medicatie: wat, hoeveel en wanneer?"),
    "attention": gettext_lazy("Waar letten we op?"),
    "swims": gettext_lazy("Kan je kind zwemmen?"),
    "may_go_alone_from": gettext_lazy("Mag je kind alleen naar huis? Vanaf hoe laat?"),
    "allergens": gettext_lazy("Waarvoor is je kind allergisch?"),
}
NEW_PEOPLE = (1, 2)


class CareByLinkForm(CareSheetForm):
    """The sheet, the answers and who may fetch the child, on one page. Who may not, is never shown here."""

    given_by = forms.CharField(
        label=gettext_lazy("Wie ben jij?"),
        help_text=gettext_lazy("Je naam, zodat we weten wie dit invulde."),
        max_length=120,
        validators=[refuse_control_characters],
    )
    erase = forms.BooleanField(
        label=gettext_lazy("Wis wat jullie nu bijhouden over de zorg van mijn kind"), required=False
    )
    keep = forms.MultipleChoiceField(
        label=gettext_lazy("Wie mag je kind ophalen?"),
        help_text=gettext_lazy("Vink uit wie niet meer mag."),
        widget=TileSelectMultiple,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.participant = self.instance.participant
        for name, label in LABELS.items():
            self.fields[name].label = label
        self.fields["medication"].help_text = self.fields["attention"].help_text = ""
        self.fields["may_go_alone_from"].help_text = _("Leeg: we wachten tot iemand je kind ophaalt.")
        self.fields["allergens"].choices = [(code, _(label)) for code, label in Allergen.choices]
        self.fields["swims"].choices = [(code, _(label)) for code, label in SWIMS]
        self._ask_consents()
        self._ask_people()
        say_when_empty(self, given_by=_("Schrijf je naam."))
        self.helper = helper(_("Bewaar"))
        self.helper.attrs = {}
        self.helper.layout = self._layout()

    def _ask_consents(self):
        rows = CareConsent.objects.standing().filter(participant=self.participant)
        standing = {row.purpose: row.is_given for row in rows}
        for purpose, question in QUESTIONS.items():
            initial = {True: "yes", False: "no"}.get(standing.get(purpose))
            choices = [("yes", _("Ja")), ("no", _("Nee"))]
            self.fields[f"for_{purpose}"] = forms.ChoiceField(
                label=question, choices=choices, widget=TileSelect, initial=initial
            )
            say_when_empty(self, **{f"for_{purpose}": _("Kies ja of nee.")})

    def _ask_people(self):
        people = PickupPerson.objects.filter(participant=self.participant, is_forbidden=False)
        self.people = {str(person.pk): person for person in people}
        self.fields["keep"].choices = [(pk, str(person)) for pk, person in self.people.items()]
        self.initial["keep"] = list(self.people)
        text = {"required": False, "validators": [refuse_control_characters]}
        for number in NEW_PEOPLE:
            self.fields[f"name_{number}"] = forms.CharField(label=_("Naam van nog iemand"), max_length=120, **text)
            self.fields[f"relation_{number}"] = forms.CharField(
                label=_("Wie is dat? Zoals: oma"), max_length=60, **text
            )
            self.fields[f"phone_{number}"] = forms.CharField(
                label=_("Telefoon"), max_length=40, widget=phone_input(), **text
            )

    def _layout(self):
        erase = ["erase"] if self.instance.has_medical else []
        consents = [f"for_{purpose}" for purpose in QUESTIONS if purpose != "medical"]
        new = [f"{field}_{number}" for number in NEW_PEOPLE for field in ("name", "relation", "phone")]
        keep = ["keep"] if self.people else []
        return Layout(
            "loaded_version",
            "given_by",
            _heading(_("Zorg voor je kind")),
            "for_medical",
            *erase,
            *CareSheet.MEDICAL,
            "swims",
            _heading(_("Naar huis")),
            "may_go_alone_from",
            *keep,
            *new,
            _heading(_("Uitstap en foto's")),
            *consents,
        )

    def _may_keep(self, cleaned):
        return cleaned.get("for_medical") == "yes"

    def clean(self):
        wants_gone = self.data.get("for_medical") == "no" and self.data.get("erase")
        if wants_gone:
            for name in CareSheet.MEDICAL:
                self.cleaned_data[name] = [] if name == "allergens" else ""
        cleaned = super().clean()
        if self.instance.has_medical and cleaned.get("for_medical") == "no" and not wants_gone:
            self.add_error("erase", _("Je koos nee. Vink aan dat we wissen wat er staat."))
        for number in NEW_PEOPLE:
            self._clean_person(cleaned, number)
        return cleaned

    def _clean_person(self, cleaned, number):
        name, rest = cleaned.get(f"name_{number}"), cleaned.get(f"relation_{number}") or cleaned.get(f"phone_{number}")
        if rest and not name and f"name_{number}" not in self.errors:
            self.add_error(f"name_{number}", _("Schrijf de naam van deze persoon."))
        try:
            possible_phone(cleaned.get(f"phone_{number}") or "")
        except forms.ValidationError as wrong:
            self.add_error(f"phone_{number}", wrong)

    @property
    def answers(self):
        return {purpose: self.cleaned_data[f"for_{purpose}"] == "yes" for purpose in QUESTIONS}

    @property
    def sheet_changes(self):
        return [
            name for name in self.changed_data if name in CareSheet.MEDICAL or name in ("swims", "may_go_alone_from")
        ]

    @property
    def no_longer(self):
        return [person for pk, person in self.people.items() if pk not in self.cleaned_data["keep"]]

    @property
    def new_people(self):
        """Name, relation and phone of each that was added."""
        rows = [
            [self.cleaned_data.get(f"{field}_{n}", "") for field in ("name", "relation", "phone")] for n in NEW_PEOPLE
        ]
        return [row for row in rows if row[0]]


def _heading(text):
    return HTML(format_html("<h2>{}</h2>", text))
