"""How a centre lends bikes: by itself or not, what it costs, and which bike for which age."""

from django import forms
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import helper, say_when_empty
from buurtwerk.interface.text import refuse_national_number
from households.forms.bikes import RIDES_UNTIL, EuroField, refuse_far_day, whole_number
from households.forms.fields import day_field
from households.models import BikeService, BikeSize, BikeTariff
from households.models.bike import LARGEST_WHEEL, SMALLEST_WHEEL
from partners.models import Organisation


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
