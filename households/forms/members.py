from datetime import timedelta

from crispy_forms.layout import HTML, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.languages import Language
from households.forms.families import date_input, phone_input, possible_birth_year, possible_phone
from households.likeness import Typed
from households.models import Member, Person

ANNOUNCED_WITHIN = timedelta(days=366)


class PersonSearchForm(forms.Form):
    """What someone knows of a person, to see whether we know them already."""

    first_name = forms.CharField(label="Voornaam", max_length=80)
    last_name = forms.CharField(label="Familienaam", max_length=80, required=False)
    phone = forms.CharField(label="Telefoon", max_length=40, required=False, widget=phone_input())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, first_name="Vul een voornaam in.")

    def typed(self):
        known = getattr(self, "cleaned_data", {})
        names = f"{known.get('first_name', '')} {known.get('last_name', '')}"
        return Typed(names=names, phone=known.get("phone", ""))


class MembershipFields(forms.Form):
    """How someone belongs to a family. The form fills and checks `membership`, the view saves it."""

    role = forms.ChoiceField(label="Rol in het gezin", choices=[("", "Kies een rol"), *Member.Role.choices])
    stays = forms.ChoiceField(label="Woont hier", choices=Member.Stays, widget=TileSelect, initial=Member.Stays.ALWAYS)
    is_contact_person = forms.BooleanField(label="Met deze persoon nemen we contact op", required=False)
    since = forms.DateField(label="Sinds", widget=date_input(), initial=timezone.localdate)
    until = forms.DateField(
        label="Tot", widget=date_input(), required=False, help_text="Vanaf die dag hoort deze persoon er niet meer bij."
    )

    NAMES = ["role", "stays", "is_contact_person", "since", "until"]

    def __init__(self, *args, membership=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.membership = membership or self.instance.membership
        say_when_empty(self, role="Kies een rol in het gezin.", since="Kies sinds wanneer.")
        if self.membership.pk:
            self.initial.update({name: getattr(self.membership, name) for name in self.NAMES})

    def clean_since(self):
        day = self.cleaned_data["since"]
        if day.year < 1900 or day > timezone.localdate():
            raise ValidationError("Kies vandaag of een dag ervoor.")
        return day

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day and day > timezone.localdate() + ANNOUNCED_WITHIN:
            raise ValidationError("Kies een dag binnen het jaar.")
        return day

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until <= since:
            self.add_error("until", "De laatste dag komt na de eerste.")
        self._check_membership(cleaned)
        return cleaned

    def _check_membership(self, cleaned):
        """The constraints of the model, said at the field where the answer lies."""
        for name in self.NAMES:
            setattr(self.membership, name, cleaned.get(name, getattr(self.membership, name)))
        nobody_yet = [] if self.membership.person_id else ["person"]
        try:
            self.membership.full_clean(exclude=[*self.errors, *nobody_yet])
        except ValidationError as wrong:
            for message in wrong.messages:
                self.add_error("since", message)


class PersonFields(forms.ModelForm):
    class Meta:
        model = Person
        fields = [
            "first_name",
            "last_name",
            "birth_year",
            "gender",
            "phone",
            "email",
            "preferred_language",
            "interpreter",
            "reads_dutch",
        ]
        widgets = {
            "birth_year": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "phone": phone_input(),
            "interpreter": TileSelect,
            "reads_dutch": TileSelect,
        }
        error_messages = {
            "birth_year": {
                "invalid": "Vul een jaartal in, zoals 2014.",
                "min_value": "Vul een geboortejaar in vanaf 1900.",
            },
            "email": {"invalid": "Vul een e-mailadres in, zoals naam@voorbeeld.be."},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, first_name="Vul een voornaam in.")
        self.fields["preferred_language"].choices = [("", "Niet gevraagd"), *Language.choices]

    def clean_birth_year(self):
        return possible_birth_year(self.cleaned_data["birth_year"])

    def clean_phone(self):
        return possible_phone(self.cleaned_data["phone"])


def _layout(hidden):
    return Layout(
        hidden,
        Row("first_name", "last_name"),
        "role",
        "birth_year",
        "phone",
        HTML("<h2>Hoe hoort deze persoon bij het gezin</h2>"),
        "stays",
        "is_contact_person",
        Row("since", "until"),
        HTML("<h2>Taal en contact</h2>"),
        Row("preferred_language", "gender"),
        "interpreter",
        "reads_dutch",
        "email",
    )


class NewMemberForm(SaveOnceForm, MembershipFields, PersonFields):
    """Somebody we did not know yet."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Voeg toe", guard=True)
        self.helper.layout = _layout("token")


class KnownMemberForm(SaveOnceForm, MembershipFields):
    """Somebody we know already, in this family as well."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Voeg toe", guard=True)
        self.helper.layout = Layout("token", "role", "stays", "is_contact_person", Row("since", "until"))


class MemberForm(MembershipFields, VersionedForm, PersonFields):
    """A person and how they belong to one family; the version of the person counts for both."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Bewaar", guard=True)
        self.helper.layout = _layout("loaded_version")

    def _show_theirs(self, current):
        current.membership = Member.objects.get(pk=self.membership.pk)
        super()._show_theirs(current)
