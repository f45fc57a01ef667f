"""What a series may ask for: its list of dates, its places and draws, and who stands there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activities.generation import generate
from activities.models import ActivitySeries, SeriesException, Session
from buurtwerk.accounts.policy import Role
from tests.activities.factories import make_registration, make_series, make_session
from tests.activities.test_series import NEW, change_address, typed
from tests.factories import make_centre, make_user
from tests.partners.factories import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def worker(client, centre):
    user = make_user(Role.WORKER, centre=centre)
    client.force_login(user)
    return user


def day(number):
    return timezone.localdate() + timedelta(days=number)


def listed(*numbers):
    return "\n".join(f"{day(number):%d/%m/%Y}" for number in numbers)


def planned(series):
    found = series.sessions.filter(status="planned").order_by("starts_at")
    return [timezone.localdate(session.starts_at) for session in found]


def test_a_list_of_dates_becomes_moments_and_stays_a_list_in_the_form(client, centre, worker):
    client.post(NEW, typed(centre, rhythm="dates", dates=listed(3, 10, 30), first_date=None, until=None))

    series = ActivitySeries.objects.get()
    assert (series.rrule, series.first_date, series.until) == ("", day(3), day(30))
    assert planned(series) == [day(3), day(10), day(30)]
    form = client.get(change_address(series)).context["form"]
    assert form["rhythm"].value() == "dates"
    assert form["dates"].value() == listed(3, 10, 30)


def test_a_date_taken_from_the_list_is_skipped_and_a_new_one_comes(client, centre, worker):
    client.post(NEW, typed(centre, rhythm="dates", dates=listed(3, 10), first_date=None, until=None))
    series = ActivitySeries.objects.get()

    client.post(change_address(series), typed(centre, rhythm="dates", dates=listed(3, 17), first_date=None))

    assert planned(series) == [day(3), day(17)]
    assert series.sessions.count() == 3
    assert SeriesException.objects.count() == 2


def test_a_list_is_previewed_before_it_is_saved(client, centre, worker):
    html = client.post(
        NEW, typed(centre, rhythm="dates", dates=listed(3, 10), first_date=None, preview="1", save=None)
    ).content.decode()

    assert "(toegevoegd)" in html
    assert not ActivitySeries.objects.exists()


def test_every_third_week(client, centre, worker):
    client.post(NEW, typed(centre, rhythm="biweekly", every="3", weekdays=["TH"]))

    series = ActivitySeries.objects.get()
    assert series.rrule == "FREQ=WEEKLY;INTERVAL=3;BYDAY=TH"
    form = client.get(change_address(series)).context["form"]
    assert (form["rhythm"].value(), form["every"].value()) == ("biweekly", "3")


def test_all_choices_are_kept(client, centre, worker):
    partner = make_organisation()
    choices = {
        "registration": "required",
        "capacity": "20",
        "enrol_scope": "series",
        "has_waiting_list": "on",
        "offer_hours": "12",
        "priority_seats": "4",
        "min_participants": "5",
        "draw_at": f"{day(2)}T12:00",
        "is_wheelchair_accessible": "true",
        "is_sensitive": "on",
        "level": "Beginners",
        "co_organiser": partner.pk,
        "staff": [worker.pk],
        "school": "De Klimop",
    }

    client.post(NEW, typed(centre, **choices))

    series = ActivitySeries.objects.get()
    assert (series.enrol_scope, series.offer_hours, series.priority_seats) == ("series", 12, 4)
    assert (series.min_participants, series.level, series.school) == (5, "Beginners", "De Klimop")
    assert series.is_sensitive and series.is_wheelchair_accessible and series.has_waiting_list
    assert series.co_organiser == partner and list(series.staff.all()) == [worker]
    assert timezone.localtime(series.draw_at).hour == 12


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rhythm": "dates", "dates": ""}, "Schrijf minstens één datum op."),
        ({"rhythm": "dates", "dates": "31/02/2027"}, "“31/02/2027” is geen datum."),
        ({"rhythm": "dates", "dates": "morgen"}, "“morgen” is geen datum."),
        ({"rhythm": "dates", "dates": "<script>"}, "is geen datum."),
        ({"rhythm": "dates", "dates": "01/01/9999"}, "ligt te ver weg"),
        ({"rhythm": "dates", "dates": "01/02/2027," * 121}, "Dat zijn er te veel"),
        ({"rhythm": "dates", "dates": "a\x00"}, ""),
        ({"every": "0"}, ""),
        ({"every": "99"}, ""),
        ({"priority_seats": "3"}, "Vul eerst het aantal plaatsen in."),
        ({"capacity": "5", "priority_seats": "6"}, "Er zijn maar 5 plaatsen."),
        ({"capacity": "5", "min_participants": "6"}, "Er zijn maar 5 plaatsen."),
        ({"min_participants": "0"}, "Kies minstens 1"),
        ({"offer_hours": "0"}, ""),
        ({"offer_hours": "169"}, ""),
        ({"enrol_scope": "series"}, "Wie gewoon langskomt, schrijft niet in."),
        ({"draw_at": "2027-02-01T12:00"}, "Loten kan enkel als inschrijven nodig is"),
        ({"draw_at": "x"}, ""),
        (
            {"draw_at": "2020-01-01T12:00", "registration": "required", "capacity": "5"},
            "Kies een dag en een uur die nog moeten komen.",
        ),
        ({"co_organiser": "999999"}, ""),
        ({"staff": ["999999"]}, ""),
        ({"level": "x" * 61}, ""),
        (
            {"rhythm": "once", "first_date": "2027-03-28", "until": "", "local_start": "02:30", "local_end": "04:00"},
            "02.30 uur bestaat die dag niet",
        ),
    ],
)
def test_an_impossible_choice_gets_a_clear_message_and_saves_nothing(client, centre, worker, changes, sentence):
    response = client.post(NEW, typed(centre, **changes))

    html = response.content.decode()
    assert response.status_code == 200
    assert "Er is nog iets nodig" in html and sentence in html
    assert not ActivitySeries.objects.exists() and not Session.objects.exists()


def test_a_colleague_of_another_centre_does_not_stand_there(client, centre, worker):
    client.post(NEW, typed(centre, staff=[make_user(Role.WORKER).pk]))

    assert not ActivitySeries.objects.exists()


def test_a_series_changes_under_people_only_after_a_yes(client, centre, worker):
    series = make_series(centre=centre, rrule="FREQ=DAILY", first_date=day(1), until=day(3))
    generate(series)
    full = series.sessions.order_by("starts_at")[1]
    make_registration(full)
    data = typed(centre, rhythm="own", rrule="FREQ=DAILY", first_date=day(1).isoformat(), until=day(3).isoformat())
    data |= {"local_start": "15:00", "local_end": "17:00"}

    html = client.post(change_address(series), data).content.decode()
    assert "1 moment heeft al mensen (1 ingeschreven)" in html
    assert hours(series) == [14, 14, 14]

    client.post(change_address(series), data | {"people": "no"})
    assert hours(series) == [15, 14, 15]


def hours(series):
    return [timezone.localtime(one.starts_at).hour for one in series.sessions.order_by("starts_at")]


def test_there_stays_room_for_who_is_in(client, centre, worker):
    series = make_series(centre=centre, capacity=5)
    moment = make_session(series, day=day(2))
    for _ in range(3):
        make_registration(moment)

    html = client.post(change_address(series), typed(centre, capacity="2")).content.decode()

    assert "Er zijn al 3 mensen ingeschreven." in html
    series.refresh_from_db()
    assert series.capacity == 5
