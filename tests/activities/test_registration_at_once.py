"""Many parents at the very same moment: real connections, real transactions."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from activities.models import Registration, RegistrationGroup, RegistrationMove
from activities.targets import Target
from buurtwerk.outbox.models import Message
from tests.activities.factories import make_registration, make_session
from tests.activities.registering import register, typed
from tests.households.test_contacts_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session():
    session = make_session(
        day=timezone.localdate() + timedelta(days=20), series_registration="required", series_capacity=15
    )
    for _ in range(14):
        make_registration(session)
    Target.of_session(session).count()
    return session


def sent_by(session, number):
    reached = {"phone": f"0470 00 {number:04d}", "email": f"wie{number}@example.org"}
    return partial(register, Client(), session, f"Kind{number}", comes_from=f"10.0.{number}.1", **reached)


def pages(responses):
    assert {response.status_code for response in responses} == {302}
    return [Client().get(response.url).content.decode() for response in responses]


def test_the_last_seat(session):
    """Scenario 4."""
    html = pages(at_once(sent_by(session, 1), sent_by(session, 2)))

    assert sum("Je bent ingeschreven" in page for page in html) == 1
    assert sum("Net volzet – je staat 1e op de wachtlijst" in page for page in html) == 1
    session.refresh_from_db()
    assert session.taken == Registration.objects.holding_a_seat().count() == 15
    assert sorted(Message.objects.values_list("to", flat=True)) == ["wie1@example.org", "wie2@example.org"]


def test_fifty_parents_at_the_last_seat_and_exactly_one_gets_it(session):
    html = pages(at_once(*[sent_by(session, number) for number in range(50)]))

    assert sum("Je bent ingeschreven" in page for page in html) == 1
    for place in range(1, 50):
        assert sum(f"je staat {place}e op de wachtlijst" in page for page in html) == 1
    session.refresh_from_db()
    assert session.taken == Registration.objects.holding_a_seat().count() == 15
    assert RegistrationMove.objects.filter(what="confirmed").count() == 1


def test_a_double_tap_on_a_slow_network_is_one_registration(session):
    form = typed("Amina")
    address = f"/moment/{session.code}/inschrijven/"

    responses = at_once(*[partial(Client().post, address, form) for _ in range(4)])

    assert {response.status_code for response in responses} == {302}
    assert RegistrationGroup.objects.filter(form_token=form["token"]).count() == 1
