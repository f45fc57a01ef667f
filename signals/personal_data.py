"""What may not stand in a summary or a reason: it is shown in lists and may become public later."""

import re

from django.core.exceptions import ValidationError

PHONE = re.compile(r"(?<!\d)(?:\+|0)(?:[ ./()-]{0,2}\d){8,13}(?!\d)")
# Bounded around the @: without it a long line without any took half a minute.
MAIL = re.compile(r"[^\s@]@[^\s@]{1,255}\.\w{2,}")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}[ .-]?(?:[A-Z]{4}[ .-]?)?\d{4}(?:[ .-]?\d{4})+", re.IGNORECASE)
ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{2}[ .]?\d{2}[ .]?\d{2}[ -]?\d{3}[ .]?\d{2}(?!\d)")

KINDS = [
    (IBAN, "een rekeningnummer"),
    (MAIL, "een mailadres"),
    (ELEVEN_DIGITS, "een rijksregisternummer"),
    (PHONE, "een telefoonnummer"),
]


def found_in(text):
    """What kind of personal data the text seems to hold, in words; empty when there is none."""
    return next((kind for pattern, kind in KINDS if pattern.search(text or "")), "")


def refuse_personal_data(text):
    if kind := found_in(text):
        raise ValidationError(f"Hier staat {kind}. Haal het weg: deze zin mag niemand aanwijzen.", code="personal_data")
