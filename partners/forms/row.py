"""One row of an imported file, column by column, with the same rules as the pages."""

import re
from decimal import Decimal

from django import forms
from django.forms import ValidationError

from buurtwerk.interface.text import refuse_national_number
from buurtwerk.themes import Theme
from partners.models import NetworkFunction, Organisation
from partners.models.organisation import ADD
from partners.models.service import OLDEST

CITY_WIDE = "all"
EVERY_AGE = "all"
AGES = re.compile(r"(\d{1,3}(?:[.,]\d)?)-(\d{1,3}(?:[.,]\d)?)?")


class CodesField(forms.CharField):
    """Codes with a comma between them."""

    def __init__(self, known, **options):
        self.known = known
        super().__init__(required=False, **options)

    def clean(self, value):
        codes = list(dict.fromkeys(filter(None, (code.strip() for code in super().clean(value).split(",")))))
        if unknown := [code for code in codes if code not in self.known]:
            raise ValidationError(f"Dit kennen we niet: {', '.join(unknown)}.")
        return codes


class AgesField(forms.CharField):
    """0-12, 18- (from 18 on), all, or nothing when it is not known."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None, None
        if text == EVERY_AGE:
            return Decimal(0), None
        if not (found := AGES.fullmatch(text)):
            raise ValidationError("Schrijf leeftijden als 0-12, 18- of all, of laat de cel leeg.")
        lowest, highest = (Decimal(age.replace(",", ".")) if age else None for age in found.groups())
        if max(lowest, highest or 0) > OLDEST or (highest is not None and highest < lowest):
            raise ValidationError(f"Deze leeftijden kunnen niet: {text}.")
        return lowest, highest


def _as_in(name):
    """The form field of a field of Organisation, with the model's own checks."""
    field = Organisation._meta.get_field(name)
    return field.formfield(validators=field.validators)


class RowForm(forms.Form):
    slug = forms.SlugField(max_length=70, validators=[refuse_national_number])
    name = _as_in("name")
    kind = _as_in("kind")
    description_nl = _as_in("description")
    for_whom_nl = _as_in("for_whom")
    themes = CodesField(Theme.values)
    functions = CodesField(NetworkFunction.values)
    ages = AgesField(required=False)
    neighbourhoods = CodesField([])
    website = _as_in("website")
    verified = _as_in("source_read")
    to_check_nl = _as_in("to_check")
    source = _as_in("source")

    def __init__(self, row, *, areas):
        super().__init__(row)
        self.areas = areas
        self.fields["neighbourhoods"].known = [CITY_WIDE, *areas]

    def clean_slug(self):
        if self.cleaned_data["slug"] == ADD:
            raise ValidationError(f"Kies een andere korte naam dan {ADD}.")
        return self.cleaned_data["slug"]

    def clean_neighbourhoods(self):
        slugs = self.cleaned_data["neighbourhoods"]
        if CITY_WIDE in slugs and len(slugs) > 1:
            raise ValidationError(f"Schrijf {CITY_WIDE} of buurten, niet allebei.")
        return slugs

    @property
    def problems(self):
        """Sentences that name the column."""
        return [f"kolom {column}: {errors[0]}" for column, errors in self.errors.items()]

    @property
    def for_organisation(self):
        given = self.cleaned_data
        return {
            "name": given["name"],
            "kind": given["kind"],
            "description": given["description_nl"],
            "for_whom": given["for_whom_nl"],
            "functions": given["functions"],
            "website": given["website"],
            "source": given["source"],
            "source_read": given["verified"],
            "to_check": given["to_check_nl"],
        }

    @property
    def for_service(self):
        given = self.cleaned_data
        lowest, highest = given["ages"]
        return {
            "name": given["name"],
            "themes": given["themes"],
            "age_min": lowest,
            "age_max": highest,
            "city_wide": given["neighbourhoods"] == [CITY_WIDE],
        }

    @property
    def service_areas(self):
        return [self.areas[slug] for slug in self.cleaned_data["neighbourhoods"] if slug != CITY_WIDE]


COLUMNS = list(RowForm.base_fields)
