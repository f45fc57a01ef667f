from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.models import Undo
from buurtwerk.drafts.undo import undoable
from tests.factories import make_user

pytestmark = pytest.mark.django_db
taken_back = []


@undoable("tests.something")
def take_back(subject_id, *, by):
    taken_back.append(subject_id)
    return "Het is teruggedraaid."


@pytest.fixture
def undo():
    taken_back.clear()
    return Undo.objects.create(token="een-token", user=make_user(), name="tests.something", subject_id=7)


def press(client, undo, **fields):
    return client.post(reverse("drafts:take-back", args=[undo.token]), fields)


def test_who_did_it_takes_it_back_and_returns_to_the_page(client, undo):
    client.force_login(undo.user)

    response = press(client, undo, next="/team/gezinnen/")

    assert taken_back == [7]
    assert response.url == "/team/gezinnen/"


def test_a_second_press_does_nothing_more(client, undo):
    client.force_login(undo.user)

    press(client, undo)

    assert press(client, undo).status_code == 404
    assert taken_back == [7]


def test_a_colleague_cannot_take_it_back(client, undo):
    client.force_login(make_user())

    assert press(client, undo).status_code == 404
    assert taken_back == []


def test_after_ten_minutes_it_stays(client, undo):
    Undo.objects.update(at=timezone.now() - timedelta(minutes=10, seconds=1))
    client.force_login(undo.user)

    assert press(client, undo).status_code == 404
    assert taken_back == []


def test_undoing_never_leads_to_another_site(client, undo):
    client.force_login(undo.user)

    assert press(client, undo, next="https://elders.example/").url == "/team/"


def test_looking_at_the_address_undoes_nothing(client, undo):
    client.force_login(undo.user)

    assert client.get(reverse("drafts:take-back", args=[undo.token])).status_code == 405
    assert taken_back == []


@pytest.mark.parametrize("address", ["gezinnen", "households:list", "\x00", "//elders.example"])
def test_what_is_no_address_of_ours_leads_to_the_start(client, undo, address):
    client.force_login(undo.user)

    assert press(client, undo, next=address).url == "/team/"


@undoable("tests.out-of-reach")
def take_back_out_of_reach(subject_id, *, by):
    return str(Undo.objects.get(pk=0))


def test_what_is_out_of_reach_by_now_does_not_exist(client, undo):
    Undo.objects.update(name="tests.out-of-reach")
    client.force_login(undo.user)

    assert press(client, undo).status_code == 404
