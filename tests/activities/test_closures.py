from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from activities.generation import generate
from buurtwerk.accounts.policy import Role
from buurtwerk.places.models import Closure
from tests.activities.factories import load_holidays, make_registration, make_series
from tests.activities.test_dates import on, undo
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/team/activiteiten/sluitingsdagen/"


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def coordinator(client, centre):
    user = make_user(Role.COORDINATOR, centre=centre)
    client.force_login(user)
    return user


def day(number):
    return timezone.localdate() + timedelta(days=number)


def typed(where, **changes):
    fields = {"centre": where.pk, "first_day": day(2), "last_day": day(3), "reason": "Teamdag", "token": str(uuid4())}
    return {**fields, **changes}


def daily_series(centre):
    series = make_series(centre=centre, rrule="FREQ=DAILY", first_date=day(1), until=day(5))
    generate(series)
    return series


def test_closing_days_skip_what_is_empty_and_name_what_has_people(client, centre, coordinator):
    series, elsewhere = daily_series(centre), daily_series(make_centre())
    make_registration(on(series, day(3)).get())

    html = client.post(ADDRESS, typed(centre), follow=True).content.decode()

    assert "“Teamdag” is bewaard. 1 moment overgeslagen." in html
    empty, full = on(series, day(2)).get(), on(series, day(3)).get()
    assert (empty.status, empty.reason_public) == ("skipped", "Gesloten: Teamdag")
    assert full.status == "planned"
    assert "Dit gaat dan nog door:" in html and full.get_absolute_url() in html
    assert on(elsewhere, day(2)).get().status == "planned"


def test_undo_and_taking_away_bring_the_moments_back(client, centre, coordinator):
    series = daily_series(centre)
    page = client.post(ADDRESS, typed(centre), follow=True)
    undo(client, page)
    assert not Closure.objects.exists()
    assert on(series, day(2)).get().status == "planned"

    client.post(ADDRESS, typed(centre))
    html = client.post(f"{ADDRESS}{Closure.objects.get().pk}/weg/", follow=True).content.decode()
    assert "2 momenten weer gepland" in html


def test_the_same_closing_sent_twice_is_kept_once(client, centre, coordinator):
    data = typed(centre)

    client.post(ADDRESS, data)
    client.post(ADDRESS, data)

    assert Closure.objects.count() == 1


def test_one_day_needs_no_last_day(client, centre, coordinator):
    client.post(ADDRESS, typed(centre, last_day=""))

    assert Closure.objects.get().last_day == day(2)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"centre": ""}, "Kies een centrum."),
        ({"centre": "999999"}, ""),
        ({"first_day": ""}, "Kies de dag."),
        ({"first_day": "x"}, ""),
        ({"first_day": "1999-01-01"}, "Kies een dag vanaf vandaag"),
        ({"last_day": "2020-01-01"}, "De laatste dag komt voor de eerste."),
        ({"last_day": "9999-01-01"}, "Langer dan drie maanden"),
        ({"reason": ""}, "Schrijf kort waarom."),
        ({"reason": "a\x07b"}, ""),
        ({"reason": "85.07.30-033.28"}, "een rijksregisternummer"),
        ({"token": "x"}, ""),
    ],
)
def test_a_bad_closing_closes_nothing(client, centre, coordinator, changes, sentence):
    response = client.post(ADDRESS, typed(centre, **changes))

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Closure.objects.exists()


def test_eleven_july_follows_the_choice_of_the_centre(client, centre, coordinator):
    load_holidays()

    client.post(f"{ADDRESS}{centre.slug}/11-juli/", {"closed": "1"})
    centre.refresh_from_db()
    assert centre.is_closed_on_flemish_day
    client.post(f"{ADDRESS}{centre.slug}/11-juli/", {"closed": "0"})
    centre.refresh_from_db()
    assert not centre.is_closed_on_flemish_day


def test_only_a_coordinator_of_the_centre_closes_it(client, centre):
    closure = centre.closures.create(first_day=day(2), last_day=day(2), reason="Teamdag")
    client.force_login(make_user(Role.WORKER, centre=centre))
    assert client.get(ADDRESS).status_code == 403
    client.force_login(make_user(Role.COORDINATOR))
    assert client.post(f"{ADDRESS}{closure.pk}/weg/").status_code == 404
    assert client.post(f"{ADDRESS}{centre.slug}/11-juli/").status_code == 404
    client.post(ADDRESS, typed(centre))
    assert Closure.objects.count() == 1
