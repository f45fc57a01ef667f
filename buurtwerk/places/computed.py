"""Ten school years of holidays, kept as dated rows. What was published or typed wins over what we compute."""

from django.utils import timezone

from buurtwerk.daily.work import every_day
from buurtwerk.places.models import PublicHoliday, SchoolHoliday
from buurtwerk.places.school_holidays import AHEAD, first_year_of, label, public_holidays, school_holidays

COMPUTED = "berekend uit de regel"


@every_day("Schoolvakanties en feestdagen van de volgende tien schooljaren")
def keep_holidays():
    """Add the holidays that are missing. Returns how many, or which rows say something else than the rule."""
    made = _keep_school_holidays() + _keep_public_holidays()
    return " ".join(differences()) or made


def differences():
    """In words: each school holiday of these ten years of which the row says something else than the rule."""
    known = _known()
    return [
        f"{name} {year}: de regel zegt {computed.first_day:%d/%m/%Y} tot {computed.last_day:%d/%m/%Y}, "
        f"wij volgen {row.first_day:%d/%m/%Y} tot {row.last_day:%d/%m/%Y}. Kijk het na."
        for year, computed, name in _computed()
        if (row := known.get((year, computed.kind)))
        and (row.first_day, row.last_day) != (computed.first_day, computed.last_day)
    ]


def _computed():
    first = first_year_of(timezone.localdate())
    for year in range(first, first + AHEAD):
        for holiday in school_holidays(year):
            yield label(year), holiday, holiday.name


def _known():
    rows = SchoolHoliday.objects.filter(community="nl", school="")
    return {(row.school_year, row.kind): row for row in rows}


def _keep_school_holidays():
    known = _known()
    new = [
        SchoolHoliday(
            school_year=year,
            kind=holiday.kind,
            name=name,
            first_day=holiday.first_day,
            last_day=holiday.last_day,
            source=COMPUTED,
        )
        for year, holiday, name in _computed()
        if (year, holiday.kind) not in known
    ]
    return len(SchoolHoliday.objects.bulk_create(new))


def _keep_public_holidays():
    """A year of which someone gave the days, is left as it was given."""
    first = timezone.localdate().year
    given = set(PublicHoliday.objects.legal().values_list("day__year", flat=True).distinct())
    new = [
        PublicHoliday(day=day, name=name, is_legal=is_legal, source=COMPUTED)
        for year in range(first, first + AHEAD + 1)
        if year not in given
        for day, name, is_legal in public_holidays(year)
    ]
    return len(PublicHoliday.objects.bulk_create(new, ignore_conflicts=True))
