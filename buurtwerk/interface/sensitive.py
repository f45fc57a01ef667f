"""Numbers that do not belong in a note: national numbers, bank accounts and cards.

Forms that keep what people type catch them on save: nothing typed is lost, and one tick replaces them by ***.
"""

import re
from dataclasses import dataclass

from django import forms

from buurtwerk.interface.text import NATIONAL_NUMBER, has_national_number

NATIONAL, ACCOUNT, CARD = "national", "account", "card"
IN_WORDS = {
    NATIONAL: "een rijksregisternummer",
    ACCOUNT: "een rekeningnummer",
    CARD: "een kaartnummer",
}
MASK = "***"

# How many characters an account number of each country has (ISO 13616).
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20,
    "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15,
    "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19,
    "SK": 24, "SM": 27, "SV": 28, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
IBAN_BEGINS = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2})[ .-]?\d{2}")
SEPARATORS = " .-\u00a0"
CARD_NUMBER = re.compile(r"(?<!\w)[1-9](?:[ .-]?\d){12,18}(?!\w)")


@dataclass(frozen=True)
class Found:
    kind: str
    start: int
    end: int


def find(text):
    """The numbers in a text that pass their own check, in order, none over another."""
    found = []
    for each in [*_national(text), *_accounts(text), *_cards(text)]:
        if all(each.end <= other.start or each.start >= other.end for other in found):
            found.append(each)
    return sorted(found, key=lambda each: each.start)


def mask(text, kinds=(NATIONAL, ACCOUNT, CARD)):
    """The text with each number of these kinds replaced by ***."""
    for each in reversed(find(text)):
        if each.kind in kinds:
            text = text[: each.start] + MASK + text[each.end :]
    return text


def _national(text):
    for match in NATIONAL_NUMBER.finditer(text):
        if has_national_number(match.group()):
            yield Found(NATIONAL, *match.span())


def _accounts(text):
    for match in IBAN_BEGINS.finditer(text):
        length = IBAN_LENGTHS.get(match.group(1).upper())
        end, number = _read_on(text, match.start(), length) if length else (0, "")
        if number and _passes_mod_97(number):
            yield Found(ACCOUNT, match.start(), end)


def _read_on(text, start, length):
    """So many letters and digits from here, with what people put between them; nothing when it goes on after that."""
    number = ""
    for place in range(start, min(len(text), start + 2 * length)):
        character = text[place]
        if character.isascii() and character.isalnum():
            number += character.upper()
        elif character not in SEPARATORS:
            break
        if len(number) == length:
            after = text[place + 1 : place + 2]
            return (place + 1, "" if after.isalnum() else number)
    return (0, "")


def _passes_mod_97(number):
    turned = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _cards(text):
    for match in CARD_NUMBER.finditer(text):
        if _passes_luhn([int(digit) for digit in match.group() if digit.isdigit()]):
            yield Found(CARD, *match.span())


def _passes_luhn(digits):
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


class NumbersForm(forms.Form):
    """What to do with the numbers that were found. Stands beside the field, inside the form it belongs to."""

    mask_numbers = forms.BooleanField(label=f"Vervang door {MASK}", required=False)
    keep_numbers = forms.BooleanField(label="Laat staan", required=False)

    def __init__(self, *args, kinds=(), **kwargs):
        super().__init__(*args, **kwargs)
        kept = [IN_WORDS[kind] for kind in (ACCOUNT, CARD) if kind in kinds]
        if kept:
            self.fields["keep_numbers"].label = f"Laat {' en '.join(kept)} staan"
        else:
            # A national number is kept nowhere.
            del self.fields["keep_numbers"]


class GuardedText:
    """Mixin for forms that keep what people type. Asks what to do with a number it finds, and never decides alone.

    A national number can only be masked; an account or a card may stay after a tick.
    """

    def full_clean(self):
        if not self.is_bound:
            return super().full_clean()
        decision = NumbersForm(self.data, kinds=(ACCOUNT, CARD))
        decision.full_clean()
        self._kept_kinds = {ACCOUNT, CARD} if decision.cleaned_data.get("keep_numbers") else set()
        if decision.cleaned_data.get("mask_numbers"):
            self._mask_what_was_typed({NATIONAL, ACCOUNT, CARD} - self._kept_kinds)
        super().full_clean()
        self._refuse_numbers()

    def _guarded(self):
        """The text fields, with what was typed in them."""
        for name, field in self.fields.items():
            kinds = (forms.EmailField, forms.URLField, forms.SlugField, forms.UUIDField)
            is_text = isinstance(field, forms.CharField) and not isinstance(field, kinds)
            if is_text and type(field.widget) in (forms.TextInput, forms.Textarea):
                typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
                if isinstance(typed, str):
                    yield name, typed

    def _mask_what_was_typed(self, kinds):
        masked = {self.add_prefix(name): mask(typed, kinds) for name, typed in self._guarded()}
        self.data = self.data.copy()
        for name, text in masked.items():
            self.data[name] = text

    def _refuse_numbers(self):
        offered = False
        for name, typed in self._guarded():
            kinds = {each.kind for each in find(typed)} - self._kept_kinds - self._stood_there(name)
            if not kinds:
                continue
            self._errors.pop(name, None)
            numbers = " en ".join(IN_WORDS[kind] for kind in IN_WORDS if kind in kinds)
            choice = (
                "vervang het, of laat het staan" if NATIONAL not in kinds else "vervang het: we bewaren het nergens"
            )
            self.add_error(name, forms.ValidationError(f"Hier staat {numbers}. Haal het weg, of {choice}.", "number"))
            if not offered:
                self.fields[name].offers = NumbersForm(self.data, kinds=kinds)
                offered = True

    def _stood_there(self, name):
        """An account or a card that someone chose to keep earlier is not asked about again."""
        before = self.get_initial_for_field(self.fields[name], name)
        return {each.kind for each in find(before)} - {NATIONAL} if isinstance(before, str) else set()
