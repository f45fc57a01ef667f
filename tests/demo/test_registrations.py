import pytest

from activities.models import Registration, RegistrationMove
from buurtwerk.demo.activities import load_activities
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from buurtwerk.demo.registrations import load_registrations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _registrations():
    load_places()
    load_people()
    load_activities()
    load_registrations()


def test_a_full_holiday_week_with_a_waiting_list_and_an_offer():
    week = Registration.objects.filter(series__slug="vakantiewerking")

    assert week.holding_a_seat().count() == 12
    assert week.filter(status="offered").exists()
    assert week.filter(status="waitlisted").exists()
    assert RegistrationMove.objects.filter(what="skipped").exists()


def test_homework_is_for_the_whole_series_and_the_open_house_needs_nothing():
    homework = Registration.objects.filter(series__type="homework")

    assert homework.filter(session=None, block=None, status="confirmed").count() == homework.count() > 5
    assert not Registration.objects.filter(series__slug="open-huis-maandag").exists()


def test_a_second_time_adds_nothing():
    before = Registration.objects.count()

    load_registrations()

    assert Registration.objects.count() == before
