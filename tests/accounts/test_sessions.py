"""Idle for half an hour, or signed in for twelve: the sign-in ends, and no typed text with it."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts import sessions
from buurtwerk.drafts.models import Draft
from tests.factories import make_user

pytestmark = pytest.mark.django_db
TODAY, KEEP = reverse("overview:today"), reverse("drafts:keep")
HTMX = {"HX-Request": "true"}
TYPED = {
    "draft_form": "contact",
    "draft_title": "Contact noteren",
    "draft_address": "/team/noteer/",
    "note": "De verwarming is stuk.",
}


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(time=timezone.now())
    clock.now = lambda: clock.time
    monkeypatch.setattr(sessions, "timezone", clock)
    return clock


@pytest.fixture
def noor(client, clock):
    noor = make_user(username="noor")
    client.post(reverse("account_login"), {"username": "noor", "password": "wachtwoord"})
    return noor


def after(clock, **time):
    clock.time += timedelta(**time)


def test_who_leaves_the_screen_alone_for_half_an_hour_signs_in_again(client, noor, clock):
    after(clock, minutes=29)
    assert client.get(TODAY).status_code == 200
    after(clock, minutes=29)
    assert client.get(TODAY).status_code == 200

    after(clock, minutes=30)
    response = client.get(TODAY)

    assert response.url == f"{reverse('account_login')}?next={TODAY}"
    assert "_auth_user_id" not in client.session
    assert sessions.SIGN_IN_AGAIN in client.get(response.url).content.decode()


def test_after_twelve_hours_the_busiest_colleague_signs_in_again(client, noor, clock):
    for _ in range(35):
        after(clock, minutes=20)
        assert client.get(TODAY).status_code == 200

    after(clock, minutes=20)

    assert client.get(TODAY).status_code == 302


def test_nothing_is_kept_after_the_sign_in_ended(client, noor, clock):
    after(clock, minutes=31)

    assert client.post(KEEP, TYPED).status_code == 302
    assert not Draft.objects.exists()


def test_a_piece_of_a_page_gets_401_and_no_sign_in_page(client, noor, clock):
    assert client.post(KEEP, TYPED, headers=HTMX).status_code == 200
    after(clock, minutes=31)

    # Two times: the session ended with the first, the second has none any more.
    for _ in range(2):
        response = client.post(KEEP, {**TYPED, "note": "Te laat"}, headers=HTMX)
        assert (response.status_code, response.content) == (401, b"")


def test_what_was_typed_before_is_there_again_after_signing_in(client, noor, clock):
    client.post(KEEP, TYPED, headers=HTMX)
    after(clock, hours=2)
    client.get(TODAY)

    client.post(reverse("account_login"), {"username": "noor", "password": "wachtwoord"})

    assert "De verwarming is stuk." in client.get("/team/noteer/", {"concept": "1"}).content.decode()


def test_when_someone_was_last_seen_is_written_at_most_once_a_minute(client, noor, clock):
    def writes():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("drafts:list"))
        return [each["sql"] for each in captured if each["sql"].startswith('UPDATE "django_session"')]

    after(clock, seconds=59)
    assert writes() == []
    after(clock, seconds=1)
    assert len(writes()) == 1
    assert writes() == []


def test_a_sign_in_from_before_the_limits_starts_counting_now(client, clock):
    client.force_login(make_user())
    session = client.session
    del session[sessions.BEGAN], session[sessions.SEEN]
    session.save()

    assert client.get(TODAY).status_code == 200
    after(clock, minutes=31)
    assert client.get(TODAY).status_code == 302


STAY = reverse("account_stay")


def left_on(response):
    """How many seconds the page says that are left: when nothing happens, and in any case."""
    found = re.search(r'data-session-idle="(-?\d+)" data-session-end="(-?\d+)"', response.text)
    return tuple(map(int, found.groups()))


def test_a_page_knows_when_the_sign_in_ends_so_that_it_can_warn(client, noor, clock):
    assert left_on(client.get(TODAY)) == (1800, 12 * 3600)

    after(clock, minutes=20)
    assert left_on(client.get(TODAY)) == (1800, 12 * 3600 - 1200)
    # Not written down within a minute: then the half hour still runs from before.
    after(clock, seconds=30)
    assert left_on(client.get(TODAY)) == (1770, 12 * 3600 - 1230)


def test_who_stays_gets_another_half_hour_but_no_more_than_twelve(client, noor, clock):
    for _ in range(24):
        after(clock, minutes=29)
        assert client.post(STAY, headers=HTMX).status_code == 200
    after(clock, minutes=20)

    response = client.post(STAY, headers=HTMX)

    assert left_on(response) == (1800, 4 * 60)
    after(clock, minutes=4)
    assert client.post(STAY, headers=HTMX).status_code == 401


def test_who_comes_too_late_does_not_stay(client, noor, clock):
    after(clock, minutes=30)

    assert client.post(STAY, headers=HTMX).status_code == 401
    assert "_auth_user_id" not in client.session


def test_staying_works_without_scripts_and_never_by_a_link(client, noor, clock):
    after(clock, minutes=10)

    assert client.get(STAY).status_code == 405
    assert client.post(STAY).url == TODAY


def test_staying_asks_for_the_token_of_the_form(noor, clock):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(noor)

    assert strict.post(STAY).status_code == 403
