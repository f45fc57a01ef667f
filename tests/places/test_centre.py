from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from buurtwerk.places.models import Closure, OpeningHours, PublicHoliday, SchoolHoliday
from tests.breaking import breaks
from tests.factories import make_centre

pytestmark = pytest.mark.django_db
BRUSSELS = ZoneInfo("Europe/Brussels")
WEDNESDAY = date(2026, 12, 2)


@pytest.fixture
def centre():
    centre = make_centre(slug="hoogland", name="Buurtcentrum Hoogland")
    OpeningHours.objects.create(centre=centre, weekday=2, opens=time(13, 30), closes=time(17))
    return centre


@pytest.mark.parametrize(
    ("clock", "open_"), [(time(13, 29), False), (time(13, 30), True), (time(16, 59), True), (time(17), False)]
)
def test_a_centre_is_open_from_the_first_minute_until_the_last(centre, clock, open_):
    assert centre.is_open_at(datetime.combine(WEDNESDAY, clock, BRUSSELS)) is open_


def test_a_centre_keeps_its_hours_by_the_clock_on_the_wall(centre):
    summer = datetime(2026, 7, 1, 13, 45, tzinfo=BRUSSELS)

    assert centre.is_open_at(summer)
    assert summer.utcoffset() != datetime.combine(WEDNESDAY, time(13, 45), BRUSSELS).utcoffset()


def test_a_public_holiday_and_a_closure_close_the_centre_with_their_reason(centre):
    PublicHoliday.objects.create(day=WEDNESDAY, name="Wapenstilstand")
    Closure.objects.create(centre=centre, first_day=date(2026, 12, 9), last_day=date(2026, 12, 9), reason="Verhuis")

    assert centre.hours_on(WEDNESDAY) == []
    assert centre.why_closed_on(WEDNESDAY) == "Wapenstilstand"
    assert centre.why_closed_on(date(2026, 12, 9)) == "Verhuis"
    assert centre.why_closed_on(date(2026, 12, 16)) == ""


def test_a_holiday_that_is_not_legal_closes_nothing(centre):
    PublicHoliday.objects.create(day=WEDNESDAY, name="Feest van de Vlaamse Gemeenschap", is_legal=False)

    assert centre.why_closed_on(WEDNESDAY) == ""


def test_opening_hours_stand_once_and_run_forward(centre):
    for constraint, day, closes in [("opening_hours_forward", 3, time(9)), ("opening_hours_once", 2, time(18))]:
        with breaks(constraint):
            OpeningHours.objects.create(centre=centre, weekday=day, opens=time(13, 30), closes=closes)


def test_what_closes_ends_after_it_begins_and_a_school_holiday_stands_once(centre):
    backwards = {"first_day": WEDNESDAY, "last_day": WEDNESDAY - timedelta(days=1)}
    autumn = {"community": "nl", "school_year": "2026-27", "kind": "autumn", "name": "Herfstvakantie"}
    SchoolHoliday.objects.create(**autumn, first_day=WEDNESDAY, last_day=WEDNESDAY)

    with breaks("closure_forward"):
        Closure.objects.create(centre=centre, **backwards)
    with breaks("school_holiday_forward"):
        SchoolHoliday.objects.create(**autumn | backwards | {"kind": "winter"})
    with breaks("school_holiday_once"):
        SchoolHoliday.objects.create(**autumn, first_day=WEDNESDAY, last_day=WEDNESDAY)


def test_the_page_says_whether_the_centre_is_open_now(client, centre, monkeypatch):
    def at(clock):
        monkeypatch.setattr(timezone, "now", lambda: datetime.combine(WEDNESDAY, clock, BRUSSELS))
        return client.get("/centrum/hoogland/").content.decode()

    assert "Nu open" in at(time(14))
    assert "Nu gesloten" in at(time(18))


def test_a_centre_that_does_not_run_has_no_page(client, centre):
    make_centre(slug="blauwput", status="planned")

    assert client.get("/centrum/blauwput/").status_code == 404
    assert client.get("/centrum/nergens/").status_code == 404
