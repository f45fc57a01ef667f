"""The map of the rhythm: promised beside kept, for families and never about colleagues."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.trail.models import Access
from households.models import Household
from tests.factories import make_neighbourhood, make_user
from tests.households.factories import make_contact, make_follow_up, make_household

pytestmark = pytest.mark.django_db

MAP = reverse("households:rhythm-map")
TODAY = timezone.localdate()


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def els():
    return make_user(Role.COORDINATOR, first_name="Els")


@pytest.fixture
def noor(els):
    return make_user(centre=els.membership_set.get().centre, first_name="Noor")


def family(worker, nickname, *, reached, **fields):
    return make_household(worker=worker, nickname=nickname, last_reached_on=ago(reached), **{"intensity": 2, **fields})


def shown(client, **filters):
    page = client.get(MAP, filters).content.decode()
    return re.findall(r'class="item"[^>]*><strong>([^<]+)<', page)


def test_who_waits_longest_beyond_the_promise_comes_first(client, noor):
    family(noor, "In ritme", reached=3)
    family(noor, "Tien over", reached=40)
    family(noor, "Twintig over", reached=30, intensity=3, intensity_reason="Gevraagd", next_review_on=TODAY)
    family(noor, "Loopt af", reached=28)
    family(noor, "Zonder", reached=300, intensity=0)
    client.force_login(noor)

    assert shown(client) == ["Twintig over", "Tien over", "Loopt af", "In ritme", "Zonder"]
    assert shown(client, ritme="voorbij") == ["Twintig over", "Tien over"]
    assert shown(client, ritme="loopt-af") == ["Loopt af"]
    assert shown(client, niveau="3") == ["Twintig over"]
    assert shown(client, niveau="0") == ["Zonder"]


def test_families_stand_under_their_level_or_their_buurt_when_asked(client, noor):
    plein = make_neighbourhood(name="Aan het plein", slug="plein")
    family(noor, "Dicht", reached=5, intensity=3, intensity_reason="Gevraagd", next_review_on=TODAY)
    family(noor, "Pleinen", reached=40, neighbourhood=plein)
    client.force_login(noor)

    per_level = client.get(MAP, {"per": "niveau"}).content.decode()
    per_buurt = client.get(MAP, {"per": "buurt"}).content.decode()

    assert re.findall(r"<h3>([^<]+)</h3>", per_level) == ["Aanklampend", "Opvolging"]
    assert re.findall(r"<h3>([^<]+)</h3>", per_buurt) == ["Aan het plein", "Zonder buurt"]
    assert shown(client, buurt="plein") == ["Pleinen"]


def test_promised_stands_beside_what_was_kept(client, noor):
    household = family(noor, "Samira", reached=10)
    Household.objects.filter(pk=household.pk).update(created_at=timezone.now() - timedelta(days=400))
    for days in (10, 70, 130):
        make_contact(household, happened_on=ago(days))
    make_contact(household, happened_on=ago(2), outcome="no_answer")
    client.force_login(noor)

    assert "Beloofd om de 30 dagen, gehouden om de 60 dagen" in client.get(MAP).content.decode()


def test_families_that_asked_for_peace_stand_apart(client, noor):
    family(noor, "Rust", reached=300, status="paused", paused_until=TODAY + timedelta(days=9))
    family(noor, "Wakker", reached=3)
    client.force_login(noor)

    page = client.get(MAP).content.decode()

    assert page.index("Wakker") < page.index('id="rust"') < page.index("<strong>Rust<")
    assert "tot en met" in page


def test_the_map_says_nothing_about_colleagues(client, els, noor):
    for number in range(6):
        make_contact(family(noor, f"Gezin {number}", reached=3), author=noor)
    client.force_login(els)

    page = client.get(MAP).content.decode()
    main = page[page.index("<main") : page.index("</main")]

    assert "Noor" not in main and "geen telling per medewerker" in main


def test_a_colleague_sees_the_names_of_own_files_and_of_the_team_no_small_counts(client, els, noor):
    youssef = make_user(centre=els.membership_set.get().centre)
    family(noor, "Van Noor", reached=3)
    family(youssef, "Van Youssef", reached=40)
    client.force_login(noor)

    page = client.get(MAP).content.decode()

    assert "Van Noor" in page and "Van Youssef" not in page
    assert "te klein om te tonen" in page and "1 voorbij" not in page
    client.force_login(els)
    page = client.get(MAP).content.decode()
    assert "Van Youssef" in page and "1 voorbij" in page


def test_r16_a_restricted_family_of_others_is_in_no_count_and_no_list(client, noor):
    els = make_user(centre=noor.membership_set.get().centre)
    for number in range(5):
        family(els, f"Open {number}", reached=40)
    client.force_login(noor)
    before = client.get(MAP).content.decode()
    family(els, "Afgeschermd", reached=40, restricted=True)

    after = client.get(MAP).content.decode()

    told = slice(after.index("<h1"), after.index("</main"))
    assert before[told] == after[told]
    assert "5 voorbij" in after


def test_r21_what_we_did_is_told_per_level_without_small_cells(client, els, noor):
    for number in range(6):
        make_contact(family(noor, f"Gezin {number}", reached=3), minutes=30)
    few = family(noor, "Alleen", reached=3, intensity=3, intensity_reason="Gevraagd", next_review_on=TODAY)
    for _ in range(9):
        make_contact(few, minutes=45)
    client.force_login(els)

    page = client.get(MAP).content.decode()
    rows = {row.split("<")[0]: re.findall(r'num">([^<]*)<', row) for row in page.split('<th scope="row">')[1:]}

    assert "405" not in page
    assert rows["Aanklampend"] == ["–", "–", "–", "–", "–"]


def test_the_map_filters_mine_and_knows_an_empty_one(client, els, noor):
    family(noor, "Van Noor", reached=3)
    client.force_login(els)

    assert shown(client) == ["Van Noor"] and shown(client, van="mij") == []
    assert "Er zijn nog geen gezinnen" in client.get(MAP, {"van": "mij"}).content.decode()
    assert "Geen enkel gezin past hierbij." in client.get(MAP, {"niveau": "1"}).content.decode()


@pytest.mark.parametrize("odd", [{"niveau": "x"}, {"buurt": "\x00"}, {"per": "9"}, {"van": "a"}, {"page": "9" * 30}])
def test_a_strange_filter_shows_the_usual_map(client, noor, odd):
    family(noor, "Van Noor", reached=3)
    client.force_login(noor)

    assert shown(client, **odd) == ["Van Noor"]


def test_closed_families_are_not_on_the_map(client, noor):
    family(noor, "Klaar", reached=3, status="closed", closed_on=TODAY, closure_reason="goal")
    client.force_login(noor)

    assert shown(client) == []


def test_the_families_that_were_shown_are_in_the_trail(client, noor):
    household = family(noor, "Van Noor", reached=3)
    client.force_login(noor)

    client.get(MAP)

    row = Access.objects.get()
    assert (row.action, row.record_ids) == ("list", [household.pk])


@pytest.mark.parametrize("size", [1, 5])
def test_the_map_costs_the_same_for_any_number_of_rows_and_at_most_twelve(client, noor, size):
    for number in range(size):
        make_contact(family(noor, f"Gezin {number}", reached=3 + 20 * number), minutes=30)
        family(noor, f"Rust {number}", reached=3, status="paused")
    client.force_login(noor)
    client.get(MAP)

    with CaptureQueriesContext(connection) as asked:
        client.get(MAP)

    ours = [each for each in asked if "SAVEPOINT" not in each["sql"] and "set_config" not in each["sql"]]
    assert len(ours) <= 12


# The tab Opvolging of a family


def tab(household, **filters):
    return reverse("households:family-follow-ups", args=[household.code], query=filters)


def test_the_tab_shows_what_is_open_and_what_was_settled(client, noor):
    household = make_household(worker=noor)
    make_follow_up(household, what="Bel de school")
    done = {"status": "done", "closed_at": timezone.now(), "closed_by": noor}
    make_follow_up(household, what="Breng de brief", **done)
    client.force_login(noor)

    opened = client.get(tab(household)).content.decode()
    settled = client.get(tab(household, toon="klaar")).content.decode()

    assert "Bel de school" in opened and "Breng de brief" not in opened
    assert "Breng de brief" in settled and "Bel de school" not in settled
    assert "Open (1)" in opened and "Afgerond (1)" in opened


def test_the_tab_comes_in_pages_and_says_when_it_is_empty(client, noor):
    household = make_household(worker=noor)
    client.force_login(noor)
    assert "Er staat niets open voor dit gezin." in client.get(tab(household)).content.decode()
    for number in range(13):
        make_follow_up(household, what=f"Taak {number}", due_on=TODAY + timedelta(days=number))

    assert "Taak 12" not in client.get(tab(household)).content.decode()
    assert "Taak 12" in client.get(tab(household, page=2)).content.decode()


def test_the_tab_is_for_who_reads_the_file(client, noor):
    household = make_household(worker=noor)
    make_follow_up(household, what="Bel de school")
    client.force_login(make_user(centre=household.centre))
    assert client.get(tab(household)).status_code == 403
    client.force_login(make_user())
    assert client.get(tab(household)).status_code == 404
