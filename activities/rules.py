"""The rule of a series (RFC 5545): checked before it is kept, and read aloud in Dutch.

Only rules that surely end in a date are taken: dateutil would look for 30 February for centuries.
"""

import re
from datetime import datetime

from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

WEEKDAYS = {
    "MO": "maandag",
    "TU": "dinsdag",
    "WE": "woensdag",
    "TH": "donderdag",
    "FR": "vrijdag",
    "SA": "zaterdag",
    "SU": "zondag",
}
ORDINALS = {
    1: "eerste",
    2: "tweede",
    3: "derde",
    4: "vierde",
    5: "vijfde",
    -1: "laatste",
    -2: "voorlaatste",
    -3: "derdelaatste",
    -4: "vierdelaatste",
    -5: "vijfdelaatste",
}
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
KNOWN_PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "WKST"}
BY_DAY = re.compile(r"(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")

AN_EXAMPLE = "Een voorbeeld: FREQ=MONTHLY;BYDAY=2TU (elke tweede dinsdag)."
UNKNOWN = f"Deze regel kennen we niet. {AN_EXAMPLE}"


def parts_of(rule):
    """FREQ=WEEKLY;BYDAY=WE as a dict."""
    return dict(part.partition("=")[::2] for part in rule.split(";") if part)


def check_rule(rule):
    """Refuse a rule that dateutil cannot read, that never ends or that repeats within a day."""
    parts = parts_of(rule)
    days = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else []
    matches = [BY_DAY.fullmatch(day) for day in days]
    is_sound = (
        parts.get("FREQ") in FREQUENCIES
        and parts.keys() <= KNOWN_PARTS
        and rule.count("=") == len(parts)
        and all(matches)
        and _is_number(parts.get("INTERVAL", "1"), 52)
        and all(_is_number(month, 12) for month in parts.get("BYMONTH", "1").split(","))
        and ("BYDAY" in parts or parts.get("FREQ") in ("DAILY", "WEEKLY"))
        and (parts["FREQ"] in ("MONTHLY", "YEARLY") or not any(match[1] for match in matches))
    )
    if not is_sound:
        raise ValidationError(UNKNOWN, code="unknown_rule")
    try:
        rrulestr(rule, dtstart=datetime(2026, 1, 1))
    except (ValueError, TypeError, KeyError) as error:
        raise ValidationError(UNKNOWN, code="unknown_rule") from error


def _is_number(text, highest):
    return text.isascii() and text.isdigit() and 1 <= int(text) <= highest


def weekly(weekdays, *, every=1):
    rule = "FREQ=WEEKLY;BYDAY=" + ",".join(day for day in WEEKDAYS if day in weekdays)
    return rule if every == 1 else rule.replace(";", f";INTERVAL={every};", 1)


def monthly_like(day):
    """Every month on the same weekday: the third Saturday, or the last one where a month may have no fifth."""
    ordinal = (day.day - 1) // 7 + 1
    return f"FREQ=MONTHLY;BYDAY={-1 if ordinal == 5 else ordinal}{list(WEEKDAYS)[day.weekday()]}"


def in_words(rule):
    """elke woensdag · om de 2 weken op maandag · elke tweede dinsdag van de maand"""
    if not rule:
        return _("één keer")
    parts = parts_of(rule)
    every = int(parts.get("INTERVAL", 1))
    days = [BY_DAY.fullmatch(day) for day in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    names = _joined([_day_in_words(match) for match in days])
    months = _joined([str(MONTHS[int(month)]) for month in parts["BYMONTH"].split(",")]) if "BYMONTH" in parts else ""
    match parts["FREQ"]:
        case "WEEKLY" if every == 1:
            words = _("elke %(days)s") if names else _("elke week")
        case "WEEKLY":
            words = _("om de %(every)s weken op %(days)s") if names else _("om de %(every)s weken")
        case "DAILY":
            words = _("elke dag") if every == 1 else _("om de %(every)s dagen")
        case "MONTHLY":
            words = _("elke %(days)s van de maand") if every == 1 else _("om de %(every)s maanden, de %(days)s")
        case "YEARLY":
            sentence = _("elk jaar, de %(days)s van %(months)s") if months else _("elk jaar, de %(days)s")
            return sentence % {"days": names, "months": months}
    words %= {"every": every, "days": names}
    return _("%(rule)s, in %(months)s") % {"rule": words, "months": months} if months else words


def _day_in_words(match):
    ordinal, weekday = match.groups()
    name = _(WEEKDAYS[weekday])
    return _("%(ordinal)s %(weekday)s") % {"ordinal": _(ORDINALS[int(ordinal)]), "weekday": name} if ordinal else name


def _joined(words):
    return _(" en ").join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
