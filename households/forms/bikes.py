"""Bikes and their repairs, and the fields that everything about bikes shares."""

import re

from django import forms
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import helper, say_when_empty
from buurtwerk.interface.sensitive import GuardedText
from buurtwerk.interface.templatetags.look import euro
from households.forms.fields import day_field
from households.models import Bike, BikeRepair
from households.models.bike import LARGEST_WHEEL, SMALLEST_WHEEL

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
