"""Bikes and their loans, what they cost, for which age, and whether the centre does it itself."""

import re

from django import forms
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.interface.sensitive import GuardedText
from buurtwerk.interface.templatetags.look import euro
from buurtwerk.interface.text import refuse_national_number
from households.bikes import age_on, fits
from households.forms.fields import day_field
from households.models import Bike, BikeLoan, BikeRepair, BikeService, BikeSize, BikeTariff, Member, Person
from households.models.bike import LARGEST_WHEEL, SMALLEST_WHEEL
from partners.models import Organisation

CHILDREN = [Member.Role.CHILD, Member.Role.FOSTER_CHILD, Member.Role.GRANDCHILD]
RIDES_UNTIL = 18
AMOUNT = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2}))?")
WRONG_AMOUNT = "Vul een bedrag in, zoals 25 of 12,50."
WHEEL_HINT = f"Van {SMALLEST_WHEEL} tot {LARGEST_WHEEL} inch. Staat op de band."


class EuroField(forms.CharField):
    """An amount as people write it, kept in cents."""

    def __init__(self, **options):
        super().__init__(widget=forms.TextInput({"inputmode": "decimal"}), **options)

    def prepare_value(self, value):
        return euro(value).removeprefix("€ ").removesuffix(",00") if isinstance(value, int) else value

    def clean(self, value):
        text = super().clean(value).replace("€", "").strip()
        if not text:
            return None
        match = AMOUNT.fullmatch(text)
        if match is None:
            raise forms.ValidationError(WRONG_AMOUNT)
        return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


def whole_number(label, lowest, highest, **options):
    sentence = f"Vul een getal in van {lowest} tot {highest}."
    return forms.IntegerField(
        label=label,
        min_value=lowest,
        max_value=highest,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value", "required"], sentence),
        **options,
    )


def past_day(label):
    return day_field(
        label,
        initial=timezone.localdate,
        error_messages={"required": "Kies een dag.", "invalid": "Kies een dag, zoals 24/12/2026."},
    )


def refuse_far_day(day):
    """Amounts and ages may begin later, but not in another age."""
    if abs((day - timezone.localdate()).days) > 366 * 5:
        raise forms.ValidationError("Kijk het jaar na.")


class BikeForm(SaveOnceForm, forms.ModelForm):
    """A new bike in the stock of a centre."""

    wheel = whole_number("Wielmaat in inch", SMALLEST_WHEEL, LARGEST_WHEEL, help_text=WHEEL_HINT)

    class Meta:
        model = Bike
        fields = ["number", "wheel", "description"]
        help_texts = {"number": "Het nummer dat op de fiets staat.", "description": "Kleur, merk, versnellingen."}

    def __init__(self, *args, centre, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.centre = centre
        say_when_empty(self, number="Vul het nummer in.")
        self.helper = helper("Bewaar")

    def clean_number(self):
        return free_number(self, self.cleaned_data["number"])

    def validate_constraints(self):
        """The form says the same as the table, in its own words."""


class BikeEditForm(VersionedForm):
    wheel = whole_number("Wielmaat in inch", SMALLEST_WHEEL, LARGEST_WHEEL, help_text=WHEEL_HINT)

    class Meta:
        model = Bike
        fields = ["number", "wheel", "description"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, number="Vul het nummer in.")
        self.helper = helper("Bewaar", guard=True)

    def clean_number(self):
        return free_number(self, self.cleaned_data["number"])

    def validate_constraints(self):
        """The form says the same as the table, in its own words."""


def free_number(form, number):
    """A number is painted on one bike of the centre."""
    others = Bike.objects.filter(centre=form.instance.centre_id, number__iexact=number).exclude(pk=form.instance.pk)
    if others.exists():
        raise forms.ValidationError("Er is al een fiets met dit nummer.")
    return number


class LendForm(SaveOnceForm):
    """Which child gets which bike."""

    child = forms.ModelChoiceField(
        Person.objects.none(), label="Voor wie", widget=TileSelect, empty_label=None, required=True
    )
    bike = forms.ModelChoiceField(
        Bike.objects.none(),
        label="Welke fiets",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"invalid_choice": "Deze fiets is niet meer vrij. Kies een andere."},
    )
    since = past_day("Vanaf")
    deposit = EuroField(label="Waarborg gekregen (in euro)", required=False)

    def __init__(self, *args, centre, children, bikes, sizes, tariff, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["child"].queryset = Person.objects.filter(pk__in=[child.pk for child in children])
        self.fields["child"].choices = [(child.pk, child.first_name) for child in children]
        self.fields["child"].error_messages["invalid_choice"] = "Kies een kind van dit gezin."
        if len(children) == 1:
            self.fields["child"].initial = children[0].pk
        # Any bike of the centre is accepted here; whether it is still free is known once it is locked.
        self.fields["bike"].queryset = Bike.objects.filter(centre=centre)
        self.fields["bike"].choices = choices_of(bikes, sizes, children)
        self.tariff = tariff
        if tariff:
            self.fields["deposit"].initial = tariff.deposit_cents
        say_when_empty(self, child="Kies een kind.", bike="Kies een fiets.")
        self.helper = helper("Leen uit")

    def clean_since(self):
        day = self.cleaned_data["since"]
        if day > timezone.localdate():
            raise forms.ValidationError("Deze dag komt nog. Kies vandaag of een dag ervoor.")
        if (timezone.localdate() - day).days > 366:
            raise forms.ValidationError("Dit is meer dan een jaar geleden.")
        return day

    @property
    def deposit_cents(self):
        return self.cleaned_data["deposit"] or 0


def choices_of(bikes, sizes, children):
    """Bikes in words; those that fit one of the children on top."""
    ages = [age_on(child, timezone.localdate()) for child in children]

    def suits(bike):
        return any(age is not None and fits(sizes.get(bike.wheel), age) for age in ages)

    ordered = sorted(bikes, key=lambda bike: (not suits(bike), bike.wheel, bike.number))
    return [(bike.pk, words_of(bike, sizes)) for bike in ordered]


def words_of(bike, sizes):
    size = sizes.get(bike.wheel)
    ages = f", van {size.from_age} tot {size.to_age} jaar" if size else ""
    return f"{bike}: {bike.wheel} inch{ages}" + (f". {bike.description}" if bike.description else "")


class ReturnForm(GuardedText, forms.ModelForm):
    """How a bike comes back."""

    deposit = EuroField(label="Waarborg teruggegeven (in euro)", required=False)

    class Meta:
        model = BikeLoan
        fields = ["returned_state", "return_note"]
        widgets = {"returned_state": TileSelect}

    def __init__(self, *args, loan, **kwargs):
        super().__init__(*args, **kwargs)
        self.loan = loan
        self.fields["returned_state"].required = True
        self.fields["returned_state"].choices = BikeLoan.State.choices
        self.fields["deposit"].initial = loan.deposit_paid_cents
        self.fields["deposit"].help_text = f"Betaald: {euro(loan.deposit_paid_cents)}."
        say_when_empty(self, returned_state="Kies hoe de fiets terugkomt.")
        self.helper = helper("Neem terug")

    def validate_constraints(self):
        """What is typed here becomes a loan in the action; the form asks the same."""

    def clean_deposit(self):
        cents = self.cleaned_data["deposit"] or 0
        if cents > self.loan.deposit_paid_cents:
            raise forms.ValidationError(f"Er was {euro(self.loan.deposit_paid_cents)} waarborg. Geef niet meer terug.")
        return cents


class SwapForm(ReturnForm):
    """Another bike in one step."""

    bike = forms.ModelChoiceField(
        Bike.objects.none(),
        label="Naar welke fiets",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"invalid_choice": "Deze fiets is niet meer vrij. Kies een andere."},
    )

    field_order = ["bike", "returned_state", "return_note"]

    def __init__(self, *args, loan, bikes, sizes, **kwargs):
        super().__init__(*args, loan=loan, **kwargs)
        # What was paid goes along with the child.
        del self.fields["deposit"]
        self.fields["returned_state"].label = f"Hoe komt {loan.bike} terug"
        self.fields["bike"].queryset = Bike.objects.filter(pk__in=[bike.pk for bike in bikes])
        self.fields["bike"].choices = choices_of(bikes, sizes, [loan.child])
        say_when_empty(self, bike="Kies een fiets.")
        self.helper = helper("Ruil")


class RepairForm(GuardedText, forms.ModelForm):
    class Meta:
        model = BikeRepair
        fields = ["what"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, what="Zeg wat er aan de fiets is.")
        self.helper = helper("Zet in herstel")


class RepairDoneForm(GuardedText, forms.ModelForm):
    cost = EuroField(label="Wat kostte het (in euro)", required=False)

    class Meta:
        model = BikeRepair
        fields = ["done_what"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Klaar")

    def validate_constraints(self):
        """What is typed here cannot break one."""


class FindFamilyForm(forms.Form):
    """Words that may be a name: in the body of a POST and nowhere else."""

    search = forms.CharField(
        label="Zoek het gezin op naam of code",
        min_length=2,
        max_length=80,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
        error_messages={"required": "Typ een naam of een code.", "min_length": "Typ minstens 2 letters."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Zoek")


class ServiceForm(VersionedForm):
    """We do it ourselves, or we know who does."""

    class Meta:
        model = BikeService
        fields = ["mode", "partner"]
        widgets = {"mode": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Organisation.objects.active().order_by("name", "pk")
        self.fields["partner"].empty_label = "Kies een organisatie"
        self.fields["mode"].choices = BikeService.Mode.choices
        self.helper = helper("Bewaar", name="service")

    def validate_constraints(self):
        """The form says the same as the table, beside its field."""

    def clean(self):
        cleaned = super().clean()
        if (
            cleaned.get("mode") == BikeService.Mode.REFER
            and not cleaned.get("partner")
            and "partner" not in self.errors
        ):
            self.add_error("partner", "Kies naar wie je doorverwijst.")
        return cleaned


class TariffForm(SaveOnceForm, forms.ModelForm):
    """A new amount from a day on; what was agreed before stays as it was."""

    since = day_field("Geldt vanaf", initial=timezone.localdate, validators=[refuse_far_day])
    fee = EuroField(label="Huur per jaar (in euro)")
    deposit = EuroField(label="Waarborg (in euro)")

    class Meta:
        model = BikeTariff
        fields = ["since", "source"]

    field_order = ["token", "since", "fee", "deposit", "source"]

    def __init__(self, *args, centre, **kwargs):
        super().__init__(*args, auto_id="tarief_%s", **kwargs)
        self.instance.centre = centre
        say_when_empty(self, since="Kies een dag.", fee="Vul een bedrag in. Is het gratis? Vul 0 in.")
        say_when_empty(self, deposit="Vul een bedrag in. Is er geen waarborg? Vul 0 in.")
        self.helper = helper("Voeg toe", ctrl_enter=False)

    def validate_constraints(self):
        """The form says the same as the table, beside its field."""

    def clean(self):
        cleaned = super().clean()
        since = cleaned.get("since")
        if since and BikeTariff.objects.filter(centre=self.instance.centre, since=since).exists():
            self.add_error("since", "Er staat al een tarief dat op die dag begint.")
        self.instance.fee_cents, self.instance.deposit_cents = cleaned.get("fee"), cleaned.get("deposit")
        return cleaned


class SizeForm(SaveOnceForm, forms.ModelForm):
    """For which ages a wheel is meant, from a day on."""

    wheel = whole_number("Wielmaat in inch", SMALLEST_WHEEL, LARGEST_WHEEL)
    from_age = whole_number("Van (jaar)", 0, RIDES_UNTIL - 1)
    to_age = whole_number("Tot (jaar)", 1, RIDES_UNTIL)
    since = day_field("Geldt vanaf", initial=timezone.localdate, validators=[refuse_far_day])
    source = forms.CharField(
        label="Bron", max_length=200, validators=[refuse_national_number], help_text="Waar heb je dit van?"
    )

    class Meta:
        model = BikeSize
        fields = ["wheel", "from_age", "to_age", "since", "source"]

    def __init__(self, *args, centre, **kwargs):
        super().__init__(*args, auto_id="maat_%s", **kwargs)
        self.instance.centre = centre
        say_when_empty(self, since="Kies een dag.", source="Zeg waar je dit van hebt.")
        self.helper = helper("Voeg toe", ctrl_enter=False)

    def validate_constraints(self):
        """The form says the same as the table, beside its field."""

    def clean(self):
        cleaned = super().clean()
        if "from_age" in cleaned and "to_age" in cleaned and cleaned["to_age"] <= cleaned["from_age"]:
            self.add_error("to_age", "De hoogste leeftijd is hoger dan de laagste.")
        wheel, since = cleaned.get("wheel"), cleaned.get("since")
        same_day = BikeSize.objects.filter(centre=self.instance.centre, wheel=wheel, since=since)
        if wheel and since and same_day.exists():
            self.add_error("since", "Voor deze maat staat er al een rij die dan begint.")
        return cleaned


def children_of(household):
    """Who can ride: children of the family of today, by their role or by their year of birth."""
    members = household.members.current().select_related("person")
    youngest = timezone.localdate().year - RIDES_UNTIL
    return [
        member.person
        for member in members
        if member.role in CHILDREN and (member.person.birth_year is None or member.person.birth_year >= youngest)
    ]
