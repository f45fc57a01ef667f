from datetime import date

import pytest
from django.core.management import call_command

from buurtwerk.daily.models import Run
from buurtwerk.demo.facts import rows
from buurtwerk.places.computed import COMPUTED, differences, keep_holidays
from buurtwerk.places.models import PublicHoliday, SchoolHoliday
from buurtwerk.places.school_holidays import label, public_holidays, school_holidays
from tests.activities.factories import load_holidays
from tests.breaking import breaks
from tests.factories import make_centre


@pytest.mark.parametrize("first_year", [2025, 2026, 2027, 2028])
def test_the_rule_gives_the_published_school_holidays_row_by_row(first_year):
    published = [row for row in rows("school_holidays") if row["school_year"] == label(first_year)]

    computed = [(one.kind, one.name, str(one.first_day), str(one.last_day)) for one in school_holidays(first_year)]

    assert computed == [(row["kind"], row["label_nl"], row["from"], row["to"]) for row in published]


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_the_rule_gives_the_published_public_holidays_row_by_row(year):
    published = [row for row in rows("public_holidays") if row["date"].startswith(str(year))]

    computed = [(str(day), name, "yes" if is_legal else "no") for day, name, is_legal in public_holidays(year)]

    assert computed == [(row["date"], row["label_nl"], row["legal"]) for row in published]


@pytest.mark.parametrize(
    ("first_year", "kind", "first_day", "last_day"),
    [
        # Easter in March; after 15 April, with its Monday; 1 November on a Sunday; Christmas in a weekend.
        (2034, "easter", date(2035, 3, 26), date(2035, 4, 8)),
        (2029, "easter", date(2030, 4, 8), date(2030, 4, 22)),
        (2026, "autumn", date(2026, 11, 2), date(2026, 11, 8)),
        (2032, "christmas", date(2032, 12, 27), date(2033, 1, 9)),
    ],
)
def test_the_corners_of_the_rule(first_year, kind, first_day, last_day):
    holiday = next(one for one in school_holidays(first_year) if one.kind == kind)

    assert (holiday.first_day, holiday.last_day) == (first_day, last_day)


@pytest.mark.django_db
def test_the_daily_work_keeps_ten_school_years_and_the_facts_win():
    load_holidays()
    given = set(SchoolHoliday.objects.values_list("pk", flat=True))

    call_command("daily", verbosity=0)
    call_command("daily", verbosity=0)

    assert SchoolHoliday.objects.filter(pk__in=given).exclude(source=COMPUTED).count() == len(given)
    computed = SchoolHoliday.objects.filter(source=COMPUTED)
    assert set(computed.values_list("school_year", flat=True)) == {label(year) for year in range(2029, 2036)}
    assert computed.count() == 7 * 6
    assert set(PublicHoliday.objects.filter(source=COMPUTED).values_list("day__year", flat=True)) == set(
        range(2029, 2037)
    )
    assert PublicHoliday.objects.filter(day__year=2030, is_legal=True).count() == 10


@pytest.mark.django_db
def test_a_published_date_that_differs_from_the_rule_stays_and_warns():
    load_holidays()
    SchoolHoliday.objects.filter(school_year="2027-28", kind="autumn").update(last_day="2027-11-08")

    said = keep_holidays()

    assert said == (
        "Herfstvakantie 2027-28: de regel zegt 01/11/2027 tot 07/11/2027, "
        "wij volgen 01/11/2027 tot 08/11/2027. Kijk het na."
    )
    assert differences() == [said]
    assert SchoolHoliday.objects.get(school_year="2027-28", kind="autumn").last_day == date(2027, 11, 8)
    call_command("daily", verbosity=0)
    assert said in [part["result"] for part in Run.objects.first().done]


@pytest.mark.django_db
def test_eleven_july_is_the_choice_of_a_centre():
    load_holidays()
    day = date(2027, 7, 11)

    assert make_centre().why_closed_on(day) == ""
    assert make_centre(is_closed_on_flemish_day=True).why_closed_on(day) == "Feest van de Vlaamse Gemeenschap"


@pytest.mark.django_db
def test_a_free_day_of_a_school_is_kept_once():
    fields = {"school_year": "2026-27", "kind": "free", "name": "Studiedag", "school": "De Klimop"}
    days = {"first_day": "2026-10-01", "last_day": "2026-10-01"}
    SchoolHoliday.objects.create(**fields, **days)
    SchoolHoliday.objects.create(**fields | {"school": "De Linde"}, **days)

    with breaks("school_holiday_once_for_a_school"):
        SchoolHoliday.objects.create(**fields, **days)
