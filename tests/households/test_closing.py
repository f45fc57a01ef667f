"""Leaving a family in peace at its own request, rounding off when nothing is left lying, and coming back."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.drafts.models import Draft, Undo
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households.models import FollowUp, Household, Review
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_follow_up, make_household

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
CLOSED = {"status": "closed", "closed_on": date(2026, 1, 5), "closure_reason": "goal"}
PAGES = ["pause", "close"]


@pytest.fixture
def household():
    return make_household()


@pytest.fixture
def signed_in(client, household):
    client.force_login(household.primary_worker)
    return client


def address(name, household):
    return reverse(f"households:{name}", args=[household.code])


def pause(client, household, **fields):
    household.refresh_from_db()
    typed = {"loaded_version": household.version, "pause_reason": "Laat ons even", "paused_until": ""}
    return client.post(address("pause", household), {**typed, **fields})


def close(client, household, **fields):
    household.refresh_from_db()
    typed = {"loaded_version": household.version, "closure_reason": "goal", "text": "Ze vonden een woning."}
    return client.post(address("close", household), {**typed, **fields})


def undo(client):
    return client.post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]), follow=True)


# Rest


def test_a_family_rests_at_its_own_request_in_its_own_words(signed_in, household):
    until = TODAY + timedelta(days=14)

    page = pause(signed_in, household, pause_reason="Even geen bezoek", paused_until=until)
    page = signed_in.get(page.url).content.decode()

    household.refresh_from_db()
    assert (household.status, household.paused_until) == ("paused", until)
    assert "Op rust tot en met" in page and "Even geen bezoek" in page and "Weer actief" in page


def test_a_rest_ends_by_a_button_and_both_can_be_taken_back(signed_in, household):
    pause(signed_in, household)
    undo(signed_in)
    household.refresh_from_db()
    assert (household.status, household.pause_reason) == ("active", "")

    pause(signed_in, household)
    signed_in.post(address("resume", household))
    household.refresh_from_db()
    assert (household.status, household.pause_reason) == ("active", "")

    undo(signed_in)
    household.refresh_from_db()
    assert (household.status, household.pause_reason) == ("paused", "Laat ons even")


def test_a_rest_that_is_over_stays_until_someone_asks_the_family(signed_in, household):
    Household.objects.filter(pk=household.pk).update(
        status="paused", paused_until=TODAY - timedelta(days=1), pause_reason="Vakantie"
    )

    page = signed_in.get(household.get_absolute_url()).content.decode()

    assert "De rust is voorbij. Vraag of je weer mag langskomen." in page
    assert "De rust is voorbij" in signed_in.get("/team/").content.decode()
    household.refresh_from_db()
    assert household.status == "paused"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pause_reason": ""}, "Schrijf wat het gezin vroeg."),
        ({"pause_reason": "x" * 301}, "300"),
        ({"pause_reason": "nul\x00"}, "teken"),
        ({"pause_reason": "Nummer 85073003328"}, "rijksregisternummer"),
        ({"paused_until": "2062-01-01"}, "tussen vandaag en over een jaar"),
        ({"paused_until": "2020-01-01"}, "tussen vandaag en over een jaar"),
        ({"paused_until": "straks"}, "datum"),
        ({"loaded_version": ""}, "Laad de pagina opnieuw."),
    ],
)
def test_bad_input_for_a_rest_is_said_and_nothing_is_kept(signed_in, household, fields, message):
    page = pause(signed_in, household, **fields).content.decode()

    assert message in page and "<title>Fout:" in page
    household.refresh_from_db()
    assert (household.status, household.version) == ("active", 1)


def test_the_database_keeps_the_words_of_a_rest_to_a_family_that_rests(household):
    with breaks("household_rests_only_while_paused"):
        Household.objects.filter(pk=household.pk).update(pause_reason="Vergeten")


# Rounding off


def test_rounding_off_keeps_what_was_reached_and_leaves_the_lists(signed_in, household):
    response = close(signed_in, household)

    household.refresh_from_db()
    assert (household.status, household.closed_on, household.closure_reason) == ("closed", TODAY, "goal")
    review = Review.objects.get()
    assert (review.kind, review.text, review.by) == ("closing", "Ze vonden een woning.", household.primary_worker)
    page = signed_in.get(response.url).content.decode()
    assert "doel bereikt" in page and "Ze vonden een woning." in page and "Heropen" in page
    everyone = reverse("households:list")
    assert household.code not in signed_in.get(everyone).content.decode()
    assert household.code in signed_in.get(everyone, {"status": "closed"}).content.decode()


def test_r12_nothing_is_left_lying_when_a_family_is_rounded_off(signed_in, household):
    follow_up = make_follow_up(household, what="Bel de school")

    page = close(signed_in, household).content.decode()

    assert "Dit wacht nog" in page and "Bel de school" in page and follow_up.get_absolute_url() in page
    household.refresh_from_db()
    assert household.status == "active" and not Review.objects.exists()


def test_what_a_colleague_promised_holds_it_back_as_well(signed_in, household):
    make_follow_up(household, what="Van Youssef", assigned_to=make_user(centre=household.centre))

    assert "Van Youssef" in signed_in.get(address("close", household)).content.decode()


def test_rounding_off_can_be_taken_back(signed_in, household):
    pause(signed_in, household)
    close(signed_in, household)

    undo(signed_in)

    household.refresh_from_db()
    assert (household.status, household.pause_reason, household.closed_on) == ("paused", "Laat ons even", None)
    assert household.closure_reason == "" and not Review.objects.exists()


def test_a_family_that_comes_back_is_reopened(signed_in, household):
    close(signed_in, household)

    signed_in.post(address("reopen", household))

    household.refresh_from_db()
    assert (household.status, household.closed_on, household.closure_reason) == ("active", None, "")
    assert Review.objects.filter(kind="closing").exists()


def test_sending_it_twice_rounds_off_once(signed_in, household):
    close(signed_in, household)
    again = close(signed_in, household)

    assert again.url == household.get_absolute_url() and Review.objects.count() == 1


def test_the_other_colleague_of_the_file_is_told_by_code(signed_in, household):
    household.backup_worker = make_user(centre=household.centre)
    household.save()

    close(signed_in, household)

    notice = Notice.objects.get()
    assert (notice.to, notice.text) == (household.backup_worker, f"{household.code} is afgerond.")


def test_what_was_being_typed_comes_back(signed_in, household):
    draft = {"draft_form": "afronden", "draft_subject": household.code, "draft_title": "Afronden"}
    draft["draft_address"] = address("close", household)
    signed_in.post(reverse("drafts:keep"), {**draft, "text": "Half af", "closure_reason": "moved"})

    page = signed_in.get(address("close", household)).content.decode()

    assert "Half af" in page
    close(signed_in, household)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": ""}, "Schrijf in een zin wat er bereikt is."),
        ({"text": "x" * 3001}, "3000"),
        ({"text": "nul\x00"}, "teken"),
        ({"text": "Nummer 85073003328"}, "rijksregisternummer"),
        ({"closure_reason": ""}, "Kies waarom je afrondt."),
        ({"closure_reason": "iets"}, "keuze"),
        ({"loaded_version": "x"}, "Er is nog iets nodig"),
    ],
)
def test_bad_input_for_rounding_off_is_said_and_kept(signed_in, household, fields, message):
    page = close(signed_in, household, **fields).content.decode()

    assert message in page and "<title>Fout:" in page
    assert "text" in fields or "Ze vonden een woning." in page
    household.refresh_from_db()
    assert household.status == "active" and not Review.objects.exists()


def test_the_database_refuses_an_end_without_day_reason_or_words(household):
    with breaks("household_closed_with_day_and_reason"):
        Household.objects.filter(pk=household.pk).update(status="closed")
    made = {"centre": household.centre, "household": household, "by": household.primary_worker}
    with breaks("review_closing_says_what_was_reached"):
        Review.objects.create(**made, kind="closing", before=0, after=0)


def test_a_closed_family_is_not_put_on_rest(signed_in):
    household = make_household(**CLOSED)
    signed_in.force_login(household.primary_worker)

    assert pause(signed_in, household).status_code == 302
    household.refresh_from_db()
    assert household.status == "closed"


# Who


@pytest.mark.parametrize("name", PAGES)
def test_a_colleague_outside_the_file_may_not_and_a_stranger_finds_nothing(client, household, name):
    client.force_login(make_user(centre=household.centre))
    assert client.get(address(name, household)).status_code == 403
    client.force_login(make_user())
    assert client.get(address(name, household)).status_code == 404
    client.force_login(make_user(Role.RECEPTION, centre=household.centre))
    assert client.get(address(name, household)).status_code == 403
    assert not Access.objects.exists()


def test_why_a_family_was_rounded_off_is_for_who_reads_its_file(client, household):
    Household.objects.filter(pk=household.pk).update(**{**CLOSED, "closure_reason": "deceased"})
    client.force_login(make_user(centre=household.centre))

    page = client.get(household.get_absolute_url()).content.decode()

    assert "Afgerond op" in page and "verleden" not in page and "Heropen" not in page


def test_who_lost_the_family_meanwhile_takes_nothing_back(signed_in, household):
    close(signed_in, household)
    Household.objects.filter(pk=household.pk).update(primary_worker=make_user(centre=household.centre))

    undo(signed_in)

    household.refresh_from_db()
    assert household.status == "closed"


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_round_off_at_once_leave_one_review(transactional_db):
    household = make_household(backup_worker=None)
    els = make_user(Role.COORDINATOR, centre=household.centre)
    clients = [Client(), Client()]
    for client, user in zip(clients, [household.primary_worker, els], strict=True):
        client.force_login(user)
    typed = {"loaded_version": 1, "closure_reason": "goal", "text": "Klaar."}
    answers = []

    def send(client):
        try:
            answers.append(client.post(address("close", household), typed).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [302, 302]
    assert Review.objects.count() == 1 and not FollowUp.objects.exists()
