"""Two people, or one impatient thumb, at the very same moment: real connections, real transactions."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.models import Contact, FollowUp
from tests.factories import make_user
from tests.households.factories import make_follow_up, make_household

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*sends):
    """Send all of these at the same moment, each over its own connection."""
    start = Barrier(len(sends))

    def send(act):
        try:
            start.wait(timeout=20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(sends)) as pool:
        return [future.result() for future in [pool.submit(send, act) for act in sends]]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def household():
    return make_household()


def test_a_double_tap_on_a_slow_network_is_one_contact(household):
    form = {
        "token": uuid.uuid4(),
        "who": household.code,
        "mode": "home",
        "outcome": "talked",
        "happened_on": timezone.localdate().isoformat(),
        "visibility": "file",
        "next_step": "tomorrow",
    }
    clients = [signed_in(household.primary_worker) for _ in range(4)]

    responses = at_once(*[partial(client.post, reverse("households:note"), form) for client in clients])

    assert {response.status_code for response in responses} == {302}
    assert {response.url for response in responses} == {household.get_absolute_url()}
    assert (Contact.objects.count(), FollowUp.objects.count()) == (1, 1)


def test_two_colleagues_ticking_at_once_close_once(household):
    follow_up = make_follow_up(household)
    address = reverse("households:follow-up-close", args=[follow_up.pk])
    colleagues = [household.primary_worker, make_user(centre=household.centre)]
    household.colleagues.add(colleagues[1])

    responses = at_once(*[partial(signed_in(each).post, address) for each in colleagues])

    assert {response.status_code for response in responses} == {302}
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.version) == ("done", 2)
    assert FollowUp.pgh_event_model.objects.filter(status="done").count() == 1


def test_two_colleagues_postponing_at_once_move_it_once(household):
    follow_up = make_follow_up(household)
    address = reverse("households:follow-up-postpone", args=[follow_up.pk])
    colleagues = [household.primary_worker, make_user(centre=household.centre)]

    at_once(*[partial(signed_in(each).post, address, {"to": "next_week", "version": "1"}) for each in colleagues])

    follow_up.refresh_from_db()
    assert (follow_up.times_postponed, follow_up.version) == (1, 2)
