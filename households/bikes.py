"""Which bike fits which child, and who will soon need a larger one.

We keep the year of birth alone, so an age is taken as if everyone was born on the first of July: never more than
half a year beside the truth.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from households.models import Bike, BikeLoan, BikeSize, BikeTariff

# Time enough to set a larger bike aside.
SOON_YEARS = 0.5
ENDS_SOON = timedelta(days=30)

# A general guide to begin with; each centre changes it as it learns.
GUIDE = {12: (2, 4), 14: (3, 5), 16: (4, 6), 20: (6, 9), 24: (9, 12)}
GUIDE_SOURCE = "Eigen gids, nog na te kijken"


@dataclass(frozen=True)
class Outgrowing:
    """A child that rides a bike that is or will soon be too small."""

    loan: BikeLoan
    is_too_small: bool
    next_bike: Bike | None


def age_on(child, day):
    """The age in years as far as the year of birth tells; None when it is unknown."""
    return None if child.birth_year is None else (day - date(child.birth_year, 7, 1)).days / 365.25


def sizes_on(centre_id, day):
    """What counts on this day, by wheel: the newest row of each size."""
    rows = BikeSize.objects.on(day).filter(centre=centre_id).order_by("wheel", "since")
    return {row.wheel: row for row in rows}


def tariff_on(centre_id, day):
    """What a bike costs on this day; None when nobody wrote it down. We never guess an amount."""
    return BikeTariff.objects.on(day).filter(centre=centre_id).order_by("-since").first()


def fits(size, age):
    """Whether a size suits this age, and will for the coming months."""
    return size is not None and size.from_age <= age + SOON_YEARS and age + SOON_YEARS < size.to_age


def outgrowing(loans, *, sizes, free):
    """Who is about to outgrow the bike, each with the smallest free bike that fits next. Too small first."""
    today, found = timezone.localdate(), []
    for loan in loans:
        size, age = sizes.get(loan.bike.wheel), age_on(loan.child, today)
        if size is None or age is None or age + SOON_YEARS < size.to_age:
            continue
        found.append(Outgrowing(loan, age >= size.to_age, next_for(loan, age, sizes=sizes, free=free)))
    return sorted(found, key=lambda each: not each.is_too_small)


def next_for(loan, age, *, sizes, free):
    larger = [bike for bike in free if bike.wheel > loan.bike.wheel and fits(sizes.get(bike.wheel), age)]
    return min(larger, key=lambda bike: (bike.wheel, bike.number), default=None)


def a_year_after(day):
    """The same day of next year; the last of February after a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
