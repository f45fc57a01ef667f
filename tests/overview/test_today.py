from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.drafts.models import Draft
from tests.activities.factories import make_series, make_session
from tests.factories import make_centre, make_user
from tests.households.factories import make_follow_up, make_household
from tests.signals.factories import make_signal

pytestmark = pytest.mark.django_db


def today_of(client, user):
    client.force_login(user)
    return client.get("/team/").content.decode()


@pytest.fixture
def noor():
    return make_user(Role.WORKER, centre=make_centre(), first_name="Noor")


def test_the_page_begins_with_what_is_late(client, noor):
    household = make_household(worker=noor)
    for days, what in [(-3, "Bel de school"), (0, "Breng de brief")]:
        make_follow_up(household, what=what, due_on=timezone.localdate() + timedelta(days=days))

    page = today_of(client, noor)

    assert page.index("Te laat") < page.index("Bel de school") < page.index("Breng de brief")
    assert "3 dagen te laat" in page


def test_what_a_colleague_has_to_do_is_not_on_my_plate(client, noor):
    household = make_household(worker=noor)
    colleague = make_user(Role.WORKER, centre=household.centre)
    make_follow_up(household, what="Bel de school", assigned_to=colleague)

    assert "Bel de school" not in today_of(client, noor)


def test_today_s_moments_and_new_signals_stand_under_it(client, noor):
    centre = noor.membership_set.get().centre
    make_session(make_series(centre=centre, title="Speelnamiddag"), day=timezone.localdate())
    make_signal(by=noor, centre=centre, body="Het licht op het pad is al weken stuk.")
    elsewhere = make_user()
    make_signal(by=elsewhere, body="Iets van een ander centrum.")

    page = today_of(client, noor)

    assert "Speelnamiddag" in page
    assert "Het licht op het pad" in page
    assert "Iets van een ander centrum." not in page


def test_a_draft_waits_on_top(client, noor):
    Draft.objects.create(user=noor, form="contact", title="Contact met Samira", address="/team/noteer/")

    assert "Contact met Samira" in today_of(client, noor)


def test_an_empty_day_says_so(client, noor):
    page = today_of(client, noor)

    assert "Niets meer voor vandaag." in page
    assert "Vandaag staat er niets gepland." in page
    assert "Alles is bekeken." in page


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MONITOR, Role.VOLUNTEER, Role.READER, Role.ADMINISTRATOR])
def test_who_does_not_work_with_families_sees_none(client, noor, role):
    centre = noor.membership_set.get().centre
    household = make_household(worker=noor, nickname="Gezin van Samira")
    make_follow_up(household, what="Bel de school")
    make_signal(by=noor, centre=centre, body="Het licht op het pad is al weken stuk.")

    page = today_of(client, make_user(role, centre=centre))

    assert "Samira" not in page
    assert "Bel de school" not in page
    assert "Het licht op het pad" not in page


def queries_for(client, user):
    client.force_login(user)
    client.get(reverse("overview:today"))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(reverse("overview:today"))
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("size", [1, 5])
def test_vandaag_costs_at_most_fourteen_queries_however_much_there_is(client, noor, size):
    centre = noor.membership_set.get().centre
    household = make_household(worker=noor)
    series = make_series(centre=centre)
    for number in range(size):
        make_follow_up(household)
        make_signal(by=noor, centre=centre)
        make_session(series, day=timezone.localdate(), start=timezone.datetime(2026, 1, 1, 9 + number).time())

    # The tests' own context is told to the database once per page.
    assert len([sql for sql in queries_for(client, noor) if "set_config" not in sql]) <= 12


def test_a_long_list_shows_where_to_begin_and_says_that_there_is_more(client, noor):
    household = make_household(worker=noor)
    for number in range(15):
        make_follow_up(household, what=f"Taak {number}", due_on=timezone.localdate() - timedelta(days=20 - number))

    page = today_of(client, noor)

    assert "Taak 0" in page
    assert "Taak 14" not in page
    assert "Er is nog meer." in page
