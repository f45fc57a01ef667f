import re
from datetime import date, timedelta

from django import forms
from django.utils import timezone

MOST = 120
FAR = timedelta(days=2 * 366)
DUTCH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class DatesField(forms.CharField):
    """Dates typed one per line; a comma or a semicolon also parts them."""

    widget = forms.Textarea(attrs={"rows": 5})

    def __init__(self, **options):
        super().__init__(max_length=4000, **options)

    def prepare_value(self, value):
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(f"{day:%d/%m/%Y}" for day in sorted(value))

    def clean(self, value):
        lines = [line.strip() for line in re.split(r"[\n,;]", super().clean(value)) if line.strip()]
        if len(lines) > MOST:
            raise forms.ValidationError(f"Dat zijn er te veel: kies er hoogstens {MOST}.")
        return {_day(line) for line in lines}


def _day(line):
    try:
        if match := DUTCH.fullmatch(line):
            day, month, year = map(int, match.groups())
        elif match := ISO.fullmatch(line):
            year, month, day = map(int, match.groups())
        else:
            raise ValueError
        found = date(year, month, day)
    except ValueError:
        raise forms.ValidationError(f"“{line[:20]}” is geen datum. Schrijf bijvoorbeeld 04/02/2027.") from None
    if abs(found - timezone.localdate()) > FAR:
        raise forms.ValidationError(f"“{line[:20]}” ligt te ver weg. Kies een dag binnen twee jaar.")
    return found
