import re
import uuid
from datetime import timedelta

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.actions.registration import Contact, Person, amount_of
from activities.forms.series import Section
from activities.models import Registration
from activities.models.series import _euro as euro
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import TileSelect, helper
from buurtwerk.interface.text import refuse_control_characters, refuse_national_number

MOST_ROWS = 8
QUICKEST = 3
LONGEST = timedelta(hours=12)
OLDEST_BIRTH = 110
LANGUAGES = [("nl", "Nederlands"), ("fr", "Français"), ("en", "English"), ("tr", "Türkçe"), ("ar", "العربية")]
PHONE = RegexValidator(
    re.compile(r"^[\d +./()-]{6,30}\Z"), gettext_lazy("Typ een telefoonnummer met enkel cijfers en spaties.")
)
CLEAN = [refuse_control_characters, refuse_national_number]
signer = TimestampSigner(salt="activities.registration")


def line(label, *, empty="", most=80, autocomplete="off", **options):
    return forms.CharField(
        label=label,
        max_length=most,
        validators=[*CLEAN, *options.pop("validators", [])],
        error_messages={"required": empty} if empty else None,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        **options,
    )


class ContactFields(forms.Form):
    """How we reach who registers."""

    contact_name = line(gettext_lazy("Jouw naam"), empty=gettext_lazy("Vul je naam in."), most=120, autocomplete="name")
    phone = line(
        gettext_lazy("Telefoon"),
        most=30,
        autocomplete="tel",
        required=False,
        validators=[PHONE],
        help_text=gettext_lazy("Zo kunnen we je bellen als er iets is."),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail (mag leeg blijven)"),
        max_length=120,
        required=False,
        validators=CLEAN,
        error_messages={"invalid": gettext_lazy("Dit is geen volledig mailadres.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Dan sturen we je een bericht met een link."),
    )
    language = forms.ChoiceField(label=gettext_lazy("In welke taal schrijven we je?"), choices=LANGUAGES, initial="nl")

    @property
    def contact(self):
        cleaned = self.cleaned_data
        return Contact(cleaned["contact_name"], cleaned["phone"], cleaned["email"], cleaned["language"])


class RegistrationForm(SaveOnceForm, ContactFields):
    """Several people in one go. `rows` says how many lines there are; a button gives one more."""

    rows = forms.IntegerField(widget=forms.HiddenInput, initial=1, required=False)
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    ages_seen = forms.BooleanField(widget=forms.HiddenInput, required=False)
    # Nobody sees this field; programs that fill in everything do.
    website = forms.CharField(
        label=gettext_lazy("Laat dit leeg"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    together = forms.ChoiceField(
        label=gettext_lazy("Samen of niet?"),
        choices=[
            ("samen", gettext_lazy("Allemaal samen, of we wachten")),
            ("apart", gettext_lazy("Elk apart mag ook")),
        ],
        initial="samen",
        widget=TileSelect,
        required=False,
    )
    price_tier = forms.ChoiceField(label=gettext_lazy("Welke prijs kies je?"), widget=TileSelect, required=False)

    def __init__(self, *args, target, **kwargs):
        self.target, self.series = target, target.series
        super().__init__(*args, **kwargs)
        self.row_count = self._row_count()
        for number in range(self.row_count):
            self._add_row(number)
        self._offer_prices()
        if self.row_count == 1:
            del self.fields["together"]
        self.fields["token"].initial = uuid.uuid4()
        self.fields["stamp"].initial = signer.sign(str(self.fields["token"].initial))
        self.fields["token"].error_messages["invalid"] = _("Laad de pagina opnieuw.")
        self.helper = helper(_("Schrijf in"), ctrl_enter=False)
        self.helper.form_class = "stack"
        self.helper.layout = self._layout()

    @property
    def is_for_children(self):
        return self.series.age_max is not None and self.series.age_max < 18

    def _row_count(self):
        asked = self.data.get("rows", "1")
        count = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else 1
        return max(1, min(count + ("more" in self.data), MOST_ROWS))

    def _add_row(self, number):
        is_first = number == 0
        self.fields[f"first_name_{number}"] = line(
            _("Voornaam"), empty=_("Vul de voornaam in."), required=is_first, most=80
        )
        self.fields[f"last_name_{number}"] = line(_("Familienaam"), required=False)
        self.fields[f"birth_year_{number}"] = forms.IntegerField(
            label=_("Geboortejaar"),
            required=is_first and self.is_for_children,
            min_value=timezone.localdate().year - OLDEST_BIRTH,
            max_value=timezone.localdate().year,
            error_messages={
                "required": _("Vul het geboortejaar in, bijvoorbeeld 2018."),
                "invalid": _("Typ een jaar met vier cijfers, bijvoorbeeld 2018."),
                "min_value": _("Dat geboortejaar kan niet."),
                "max_value": _("Dat geboortejaar kan niet."),
            },
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )

    def _offer_prices(self):
        """A plain choice of what to pay: nobody has to say why."""
        offered = [
            (code, amount_of(self.series, code), label)
            for code, label in (
                ("normal", _("gewone prijs")),
                ("social", _("kansentarief")),
                ("child", _("prijs voor een kind")),
            )
        ]
        choices = [(code, f"{euro(amount)}, {label}") for code, amount, label in offered if amount is not None]
        if len(choices) < 2:
            del self.fields["price_tier"]
            return
        self.fields["price_tier"].choices = choices
        self.fields["price_tier"].initial = choices[0][0]

    def _layout(self):
        who = _("Wie schrijf je in?")
        rows = [
            Div(
                f"first_name_{number}",
                f"last_name_{number}",
                f"birth_year_{number}",
                css_class="columns",
            )
            for number in range(self.row_count)
        ]
        if self.row_count < MOST_ROWS:
            more = _("Nog een kind") if self.is_for_children else _("Nog iemand")
            rows.append(HTML(format_html('<p><button class="btn" name="more" value="1">{}</button></p>', more)))
        also = [name for name in ("together", "price_tier") if name in self.fields]
        return Layout(
            "token",
            "stamp",
            "rows",
            "ages_seen",
            Div("website", css_class="trap"),
            Section(who, *rows, *also),
            Section(_("Hoe bereiken we je?"), "contact_name", "phone", "email", "language"),
        )

    def prepare_for_more(self):
        """One more line, with everything that was typed: nothing is judged yet."""
        self.data = self.data.copy()
        self.data["rows"] = self.row_count

    def clean(self):
        cleaned = super().clean()
        self._refuse_programs()
        self._check_rows()
        self._check_reachable()
        if not self.errors:
            self._check_ages()
        return cleaned

    def _refuse_programs(self):
        """No puzzle for people: only what a program does and a person does not. What was typed stays."""
        try:
            signed = signer.unsign(self.cleaned_data.get("stamp", ""), max_age=LONGEST)
            is_forged, is_quick = signed != str(self.cleaned_data.get("token")), self._is_quick()
        except BadSignature:
            is_forged, is_quick = True, False
        if not (is_forged or is_quick or self.cleaned_data.get("website")):
            return
        self._set(website="")
        if is_forged:
            token = self.cleaned_data.get("token") or self.fields["token"].initial
            self._set(token=str(token), stamp=signer.sign(str(token)))
        self.add_error(None, _("Dat lukte niet. Kijk alles nog eens na en probeer opnieuw."))

    def _is_quick(self):
        """Nobody fills in a form in so few seconds."""
        try:
            signer.unsign(self.cleaned_data["stamp"], max_age=QUICKEST)
        except SignatureExpired:
            return False
        return True

    def _set(self, **values):
        self.data = self.data.copy()
        for name, value in values.items():
            self.data[name] = value

    def _check_rows(self):
        seen = set()
        for number in range(self.row_count):
            first, last, year = (self.cleaned_data.get(f"{name}_{number}") for name in ROW)
            if (last or year) and not first and f"first_name_{number}" not in self.errors:
                self.add_error(f"first_name_{number}", _("Vul de voornaam in."))
            if first and self.is_for_children and not year and f"birth_year_{number}" not in self.errors:
                self.add_error(f"birth_year_{number}", _("Vul het geboortejaar in, bijvoorbeeld 2018."))
            key = (first or "").casefold(), (last or "").casefold(), year
            if first and key in seen:
                self.add_error(f"first_name_{number}", _("Deze naam staat er twee keer."))
            seen.add(key)

    def _check_reachable(self):
        has_child = self.is_for_children or any(self._is_child(person) for person in self.people)
        phone, email = self.cleaned_data.get("phone"), self.cleaned_data.get("email")
        if has_child and not phone and "phone" not in self.errors:
            self.add_error("phone", _("Vul een telefoonnummer in: we moeten je kunnen bellen over je kind."))
        elif not phone and not email and not {"phone", "email"} & set(self.errors):
            self.add_error("phone", _("Vul een telefoonnummer of een mailadres in."))

    @staticmethod
    def _is_child(person):
        return person.birth_year is not None and timezone.localdate().year - person.birth_year <= 18

    def _check_ages(self):
        """Someone outside the ages is asked to look twice; only where registering is a must it is a no."""
        is_must = self.series.registration == self.series.Registration.REQUIRED
        outside = [number for number, person in enumerate(self.people) if person and self._is_outside(person)]
        if not outside or (not is_must and self.cleaned_data["ages_seen"]):
            return
        for number in outside:
            year = self.people[number].birth_year
            said = _("Deze activiteit is voor %(ages)s. Wie in %(year)s geboren is, valt daarbuiten.")
            said %= {"ages": self.series.ages, "year": year}
            also = _("Bel ons gerust.") if is_must else _("Wil je toch inschrijven? Druk dan nog eens op de knop.")
            self.add_error(f"birth_year_{self._row_of(number)}", f"{said} {also}")
        self._set(ages_seen="on")

    def _row_of(self, number):
        """The line of the so-manieth person: empty lines between do not count."""
        filled = [row for row in range(self.row_count) if self.cleaned_data.get(f"first_name_{row}")]
        return filled[number]

    def _is_outside(self, person):
        if person.birth_year is None:
            return False
        begins_at = self.target.begins_at or timezone.now()
        turns = timezone.localtime(begins_at).year - person.birth_year
        too_old = self.series.age_max is not None and turns - 1 > self.series.age_max
        return turns < self.series.age_min or too_old

    @property
    def people(self):
        """Who was filled in; lines left empty do not count."""
        rows = [[self.cleaned_data.get(f"{name}_{number}") for name in ROW] for number in range(self.row_count)]
        return [Person(first, last or "", year) for first, last, year in rows if first]

    @property
    def chosen(self):
        """What `enrol` asks beside the people and the contact."""
        cleaned = self.cleaned_data
        if "price_tier" in self.fields:
            tier = cleaned.get("price_tier") or Registration.PriceTier.NORMAL
        else:
            tier = Registration.PriceTier.NORMAL if self.series.price_eur else Registration.PriceTier.FREE
        return {
            "price_tier": tier,
            "keep_together": cleaned.get("together") != "apart",
            "form_token": cleaned["token"],
        }


ROW = ("first_name", "last_name", "birth_year")


class ContactForm(ContactFields):
    """Change how we reach you."""

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial = {
            "contact_name": group.contact_name,
            "phone": group.phone,
            "email": group.email,
            "language": group.locale,
        }
        # A child was registered with a number that we can call: that does not become empty.
        self.fields["phone"].required = bool(group.phone)
        self.fields["phone"].error_messages["required"] = _("Vul een telefoonnummer in.")
        self.helper = helper(_("Bewaar"), name="contact", ctrl_enter=False)
        self.helper.form_class = "stack"
