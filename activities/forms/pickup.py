from allauth.account.adapter import get_adapter
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from buurtwerk.accounts.models import User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.interface.text import refuse_control_characters

ALONE, OTHER = "alone", "other"


def responsibles_of(centre_id):
    """The colleagues whose word lets a child go."""
    roles = RIGHTS["care.let_go"].roles
    working = User.objects.filter(membership__centre=centre_id, membership__role__in=roles, is_active=True)
    return User.objects.filter(pk__in=working.values("pk")).order_by("first_name", "username")


class FetchForm(SaveOnceForm):
    """Who stands at the door for this child."""

    who = forms.ChoiceField(label="Wie komt ophalen?", widget=TileSelect)

    def __init__(self, *args, needs, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {f"person-{person.pk}": {"person": person} for person in needs.pickup_people}
        self.people |= {f"carer-{carer.pk}": {"carer": carer} for carer in needs.carers}
        choices = [(f"carer-{carer.pk}", str(carer)) for carer in needs.carers]
        choices += [(f"person-{person.pk}", _words(person)) for person in needs.pickup_people]
        choices += [(ALONE, "Gaat alleen naar huis"), (OTHER, "Iemand anders")]
        self.fields["who"].choices = choices
        say_when_empty(self, who="Kies wie er ophaalt.")
        self.helper = helper("Opgehaald", ctrl_enter=False)
        self.helper.layout = Layout("token", "who")

    @property
    def how(self):
        """As `let_go` takes it."""
        return self.people.get(self.cleaned_data["who"], {"alone": self.cleaned_data["who"] == ALONE})


def _words(person):
    if person.is_forbidden:
        return f"{person}: niet meegeven"
    return f"{person}: mag niet meer" if person.is_expired else str(person)


class AllowForm(FetchForm):
    """A responsible lets the child go all the same: who, with the password, and why."""

    allowed_by = forms.ModelChoiceField(
        label="Wie laat dit toe?", queryset=User.objects.none(), empty_label="Kies een collega"
    )
    password = forms.CharField(
        label="Wachtwoord van die collega",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        max_length=500,
        strip=False,
    )
    because = forms.CharField(
        label="Waarom, en met wie gaat het kind mee?", max_length=200, validators=[refuse_control_characters]
    )

    def __init__(self, *args, needs, request, centre_id, **kwargs):
        super().__init__(*args, needs=needs, **kwargs)
        self.request = request
        responsibles = self.fields["allowed_by"].queryset = responsibles_of(centre_id)
        if request.user.may("care.let_go", centre_id):
            self.fields["allowed_by"].initial = request.user.pk
        self.fields["allowed_by"].queryset = responsibles
        say_when_empty(
            self,
            allowed_by="Kies wie dit toelaat.",
            password="Laat die collega het wachtwoord typen.",
            because="Schrijf waarom het mag, en met wie het kind meegaat.",
        )
        self.helper = helper("Laat gaan", name="allow", ctrl_enter=False)
        self.helper.layout = Layout("token", "who", "allowed_by", "password", "because")

    def clean(self):
        cleaned = super().clean()
        # The password last: a wrong one counts towards too many tries, a missing reason does not.
        if not self.errors and not self._is_confirmed(cleaned["allowed_by"], cleaned["password"]):
            self.add_error("password", "Dit is niet het wachtwoord van die collega.")
        return cleaned

    def _is_confirmed(self, colleague, password):
        try:
            return get_adapter(self.request).reauthenticate(colleague, password)
        except ValidationError as refused:
            self.add_error("password", refused.messages[0])
            return True
