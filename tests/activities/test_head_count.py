"""Counting without names."""

import uuid

import pytest
from django.urls import reverse

from activities.models import HeadCount, Session
from buurtwerk.accounts.models import Role
from tests.activities.factories import make_session_now
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return make_session_now()


@pytest.fixture
def worker(client, session):
    user = make_user(Role.WORKER, centre=session.centre)
    client.force_login(user)
    return user


def count(client, session, **fields):
    data = {"token": str(uuid.uuid4()), "seen": "", "children": 12, "teens": 0, "adults": 3, "first_time": 2}
    return client.post(reverse("activities:head-count", args=[session.code]), {**data, **fields})


def test_a_count_is_kept_and_shown(client, session, worker):
    assert count(client, session).status_code == 302

    html = client.get(reverse("activities:head-count", args=[session.code])).content.decode()
    assert "15 mensen" in html and f"door {worker}" in html
    assert 'value="12"' in html
    page = client.get(session.get_absolute_url()).content.decode()
    assert "<dt>Kinderen geteld</dt><dd>12</dd>" in page


def test_the_same_form_twice_is_one_count(client, session, worker):
    token = str(uuid.uuid4())
    for _ in range(2):
        assert count(client, session, token=token).status_code == 302

    assert HeadCount.objects.count() == 1


def test_a_correction_adds_a_row_and_the_first_stays_readable(client, session, worker):
    count(client, session)
    count(client, session, children=14, seen=HeadCount.objects.get().pk)

    html = client.get(reverse("activities:head-count", args=[session.code])).content.decode()
    assert html.index("17 mensen") < html.index("15 mensen")


def test_two_who_count_at_once_both_know(client, session, worker):
    count(client, session)
    answer = count(client, session, children=9)

    assert "Een collega telde intussen ook" in answer.content.decode()
    assert 'value="9"' in answer.content.decode()
    assert HeadCount.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"children": "-1"}, "Vul 0 of meer in."),
        ({"children": "9999"}, "Vul hoogstens 500 in."),
        ({"children": "veel"}, "Vul een getal in, bijvoorbeeld 12."),
        ({"adults": ""}, "Was er niemand? Vul 0 in."),
        ({"first_time": "16"}, "Er waren minder mensen dan er voor het eerst kwamen."),
    ],
)
def test_what_cannot_be_is_said_at_the_number(client, session, worker, fields, sentence):
    answer = count(client, session, **fields)

    assert sentence in answer.content.decode()
    assert not HeadCount.objects.exists()


def test_a_closed_moment_is_counted_no_more(client, session, worker):
    Session.objects.filter(pk=session.pk).update(status="closed")
    count(client, session)

    assert not HeadCount.objects.exists()
