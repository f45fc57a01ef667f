import re
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
from tests.households.factories import make_contact, make_follow_up, make_household
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
        late = make_household(
            worker=noor, intensity=2, next_review_on=timezone.localdate(), last_reached_on="2026-01-01"
        )
        make_contact(late, outcome="no_answer")
        make_signal(by=noor, centre=centre)
        make_session(series, day=timezone.localdate(), start=timezone.datetime(2026, 1, 1, 9 + number).time())

    # The tests' own context is told to the database once per page.
    assert len([sql for sql in queries_for(client, noor) if "set_config" not in sql]) <= 14


def test_a_long_list_shows_where_to_begin_and_says_that_there_is_more(client, noor):
    household = make_household(worker=noor)
    for number in range(15):
        make_follow_up(household, what=f"Taak {number}", due_on=timezone.localdate() - timedelta(days=20 - number))

    page = today_of(client, noor)

    assert "Taak 0" in page
    assert "Taak 14" not in page
    assert "Er is nog meer." in page


# The sections of who works with families


def test_a_rhythm_that_ends_and_one_that_ended_stand_there_worst_first(client, noor):
    today = timezone.localdate()
    for nickname, days in [("Loopt af", 25), ("Voorbij", 40), ("In orde", 3)]:
        make_household(worker=noor, nickname=nickname, intensity=2, last_reached_on=today - timedelta(days=days))

    page = today_of(client, noor)

    assert page.index("Ritme loopt af") < page.index("Voorbij") < page.index("Loopt af</strong>")
    assert "10 dagen voorbij" in page and "loopt af over 5 dagen" in page
    assert "In orde" not in page


def test_r5_three_closed_doors_propose_another_way_on_vandaag(client, noor):
    household = make_household(worker=noor, intensity=2, last_reached_on=timezone.localdate())
    for days in range(3):
        make_contact(household, outcome="no_answer", happened_on=timezone.localdate() - timedelta(days=days))

    assert "Drie keer niemand bereikt: probeer een ander uur" in today_of(client, noor)


def test_a_level_to_review_this_week_leads_to_the_page_of_the_level(client, noor):
    soon, later = timezone.localdate() + timedelta(days=7), timezone.localdate() + timedelta(days=8)
    household = make_household(worker=noor, nickname="Deze week", next_review_on=soon)
    make_household(worker=noor, nickname="Later", next_review_on=later)

    page = today_of(client, noor)

    assert page.index("Herbekijken") < page.index("Deze week</strong>")
    assert reverse("households:level", args=[household.code]) in page
    assert "Later" not in page


def test_the_families_of_a_colleague_are_not_on_my_plate_but_those_i_back_up_are(client, noor):
    colleague = make_user(Role.WORKER, centre=noor.membership_set.get().centre)
    past = timezone.localdate() - timedelta(days=90)
    fields = {"worker": colleague, "intensity": 2, "last_reached_on": past}
    make_household(nickname="Van een collega", **fields)
    make_household(nickname="Als backup", backup_worker=noor, **fields)

    page = today_of(client, noor)

    assert "Als backup" in page and "Van een collega" not in page


def test_a_family_that_rests_or_was_rounded_off_asks_nothing(client, noor):
    past = timezone.localdate() - timedelta(days=90)
    fields = {"worker": noor, "intensity": 2, "last_reached_on": past, "next_review_on": past}
    make_household(nickname="Rust", status="paused", **fields)
    make_household(nickname="Klaar", status="closed", closed_on=past, closure_reason="goal", **fields)

    page = today_of(client, noor)

    assert "Rust" not in page and "Klaar" not in page


def test_each_section_shows_six_and_where_the_rest_is(client, noor):
    past = timezone.localdate() - timedelta(days=90)
    for number in range(7):
        make_household(
            worker=noor, nickname=f"Gezin {number}", intensity=2, last_reached_on=past + timedelta(days=number)
        )

    page = today_of(client, noor)

    assert "Gezin 5" in page and "Gezin 6" not in page
    assert "Er is nog meer." in page and reverse("households:rhythm-map") in page


def test_the_sections_stand_in_the_order_of_the_day(client, noor):
    make_follow_up(make_household(worker=noor))
    Draft.objects.create(user=noor, form="contact", title="Contact met Samira", address="/team/noteer/")

    page = today_of(client, noor)

    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    wanted = ["Op te volgen", "Ritme loopt af", "Wacht op partner", "Concepten", "Herbekijken"]
    assert [title for title in titles if title in wanted] == wanted
