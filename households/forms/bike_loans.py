"""Lending a bike to a child, swapping it and taking it back."""

from django import forms
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.interface.sensitive import GuardedText
from buurtwerk.interface.templatetags.look import euro
from households.bikes import age_on, fits
from households.forms.bikes import RIDES_UNTIL, EuroField, past_day
from households.models import Bike, BikeLoan, Member, Person

CHILDREN = [Member.Role.CHILD, Member.Role.FOSTER_CHILD, Member.Role.GRANDCHILD]


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


def children_of(household):
    """Who can ride: children of the family of today, by their role or by their year of birth."""
    members = household.members.current().select_related("person")
    youngest = timezone.localdate().year - RIDES_UNTIL
    return [
        member.person
        for member in members
        if member.role in CHILDREN and (member.person.birth_year is None or member.person.birth_year >= youngest)
    ]
