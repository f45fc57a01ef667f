"""School holidays and public holidays of Belgium, computed for the years of which nobody published the dates yet.

The rule is the decision of the Flemish Government of 17 April 1991 (Dutch-language schools).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter

AHEAD = 10
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holiday:
    kind: str
    name: str
    first_day: date
    last_day: date


def first_year_of(day):
    """The calendar year in which the school year of this day began."""
    return day.year if day.month >= 9 else day.year - 1


def label(first_year):
    """2026-27"""
    return f"{first_year}-{(first_year + 1) % 100:02}"


def school_holidays(first_year):
    """The six holidays of the school year that begins in `first_year`, in order."""
    paschal = easter(first_year + 1)
    autumn, christmas = _autumn(first_year), _christmas(first_year)
    carnival, spring = paschal + DAY - 7 * WEEK, _easter_holiday(paschal)
    ascension = _ascension(first_year + 1)
    return [
        Holiday("autumn", "Herfstvakantie", autumn, _sunday(autumn)),
        Holiday("christmas", "Kerstvakantie", christmas, _sunday(christmas) + WEEK),
        Holiday("carnival", "Krokusvakantie", carnival, _sunday(carnival)),
        # Whoever has Easter at the end of the holiday, has its Monday too.
        Holiday("easter", "Paasvakantie", spring, max(_sunday(spring) + WEEK, _easter_monday_after(spring, paschal))),
        Holiday("ascension", "Hemelvaartsweekend", ascension, ascension + DAY),
        Holiday("summer", "Zomervakantie", date(first_year + 1, 7, 1), date(first_year + 1, 8, 31)),
    ]


def public_holidays(year):
    """The ten legal holidays of a year and the one of the Flemish Community: rows of day, name, whether legal."""
    paschal = easter(year)
    return sorted(
        [
            (date(year, 1, 1), "Nieuwjaar", True),
            (paschal + DAY, "Paasmaandag", True),
            (date(year, 5, 1), "Dag van de Arbeid", True),
            (_ascension(year), "O.L.H. Hemelvaart", True),
            (paschal + 7 * WEEK + DAY, "Pinkstermaandag", True),
            (date(year, 7, 11), "Feest van de Vlaamse Gemeenschap", False),
            (date(year, 7, 21), "Nationale feestdag", True),
            (date(year, 8, 15), "O.L.V. Hemelvaart", True),
            (date(year, 11, 1), "Allerheiligen", True),
            (date(year, 11, 11), "Wapenstilstand", True),
            (date(year, 12, 25), "Kerstmis", True),
        ]
    )


def _autumn(year):
    """The week of 1 November; the one after it when that is a Sunday."""
    all_saints = date(year, 11, 1)
    return all_saints + DAY if all_saints.weekday() == 6 else _monday(all_saints)


def _christmas(year):
    """Two weeks from the Monday of the week of 25 December; the next one when Christmas is in a weekend."""
    christmas = date(year, 12, 25)
    return _monday(christmas) + (WEEK if christmas.weekday() >= 5 else timedelta())


def _easter_holiday(paschal):
    """Two weeks from the first Monday of April, unless Easter is in March or after 15 April."""
    if paschal.month == 3:
        return paschal + DAY
    if paschal > date(paschal.year, 4, 15):
        return paschal + DAY - 2 * WEEK
    first = date(paschal.year, 4, 1)
    return first + timedelta(days=-first.weekday() % 7)


def _easter_monday_after(spring, paschal):
    return paschal + DAY if spring + 2 * WEEK == paschal + DAY else spring


def _ascension(year):
    return easter(year) + timedelta(days=39)


def _monday(day):
    return day - timedelta(days=day.weekday())


def _sunday(day):
    return _monday(day) + timedelta(days=6)
