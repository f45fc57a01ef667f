"""Text that people type: keys to search by, and numbers that may not be kept."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

NATIONAL_NUMBER = re.compile(r"(?<!\d)(\d{2})[ .]?(\d{2})[ .]?(\d{2})[ -]?(\d{3})[ .]?(\d{2})(?!\d)")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def search_key(*texts):
    """One lower-case key without accents, spaces and dashes: "El-Amrani Fatíma" becomes "elamranifatima"."""
    folded = unicodedata.normalize("NFKD", " ".join(filter(None, texts))).casefold()
    return "".join(character for character in folded if character.isalnum())


def has_national_number(text):
    """Whether eleven digits in the text pass the check of a rijksregisternummer.

    The last two digits are 97 minus the remainder of the first nine by 97; from the year 2000 on
    a 2 stands before those nine.
    """
    for groups in NATIONAL_NUMBER.findall(text or ""):
        base, check = int("".join(groups[:4])), int(groups[4])
        if check in (97 - base % 97, 97 - (2_000_000_000 + base) % 97):
            return True
    return False


def refuse_national_number(text):
    if has_national_number(text):
        raise ValidationError(
            "Dit lijkt een rijksregisternummer. Haal het weg: we bewaren dat nummer nergens.",
            code="national_number",
        )


def refuse_control_characters(text):
    if CONTROL_CHARACTERS.search(text or ""):
        raise ValidationError("Er staat een onzichtbaar teken in. Typ de tekst opnieuw.", code="control_character")


class FreeText(models.TextField):
    """Text in people's own words: of limited length, and never with a rijksregisternummer in it."""

    default_validators = [refuse_control_characters, refuse_national_number]

    def __init__(self, *args, **options):
        options.setdefault("max_length", 5000)
        super().__init__(*args, **options)
        self.validators.append(MaxLengthValidator(self.max_length))


class FreeLine(models.CharField):
    """One line in people's own words."""

    default_validators = [refuse_control_characters, refuse_national_number]
