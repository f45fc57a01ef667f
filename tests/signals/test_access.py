"""Which role may do what on which page."""

import pytest
from django.urls import reverse

from buurtwerk.accounts.models import Role
from signals.codes import Status
from signals.models import Signal
from tests.factories import make_centre, make_user
from tests.signals.factories import address, make_signal

pytestmark = pytest.mark.django_db

READS = ["detail", "contact"]
DECIDES = ["triage", "pick-up", "assign", "wait", "close", "reopen", "spam", "not-spam", "note"]
WORKS_ON_SIGNALS = [Role.WORKER, Role.COORDINATOR]
LOGS = [*WORKS_ON_SIGNALS, Role.RECEPTION, Role.MONITOR, Role.VOLUNTEER]


def ask(client, name, signal):
    return (client.post if name in DECIDES else client.get)(address(name, signal))


@pytest.mark.parametrize("role", Role)
def test_the_list_is_for_who_works_on_signals(client, role):
    client.force_login(make_user(role))

    assert client.get(reverse("signals:list")).status_code == (200 if role in WORKS_ON_SIGNALS else 403)


@pytest.mark.parametrize("role", Role)
def test_logging_is_for_everyone_who_meets_people(client, role):
    client.force_login(make_user(role))

    assert client.get(reverse("signals:new")).status_code == (200 if role in LOGS else 403)
    assert client.post(reverse("signals:new")).status_code == (200 if role in LOGS else 403)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", READS + DECIDES)
def test_one_signal_is_for_who_works_on_signals_in_its_centre(client, name, role):
    centre = make_centre()
    signal = make_signal(centre=centre, contact={"name": "Samira"})
    client.force_login(make_user(role, centre=centre))

    assert ask(client, name, signal).status_code == (200 if role in WORKS_ON_SIGNALS else 403)


@pytest.mark.parametrize("role", WORKS_ON_SIGNALS)
@pytest.mark.parametrize("name", READS + DECIDES)
def test_a_signal_of_another_centre_does_not_exist(client, name, role):
    signal = make_signal(contact={"name": "Samira"})
    client.force_login(make_user(role))

    assert ask(client, name, signal).status_code == 404
    assert Signal.objects.get().status == Status.NEW


@pytest.mark.parametrize("name", READS + DECIDES)
def test_a_signal_that_is_not_there_is_a_404(client, name):
    client.force_login(make_user())
    path = reverse(f"signals:{name}", args=["S-2026-9999"])

    assert (client.post if name in DECIDES else client.get)(path).status_code == 404


@pytest.mark.parametrize("name", ["list", "new"])
def test_a_stranger_is_asked_to_sign_in(client, name):
    assert client.get(reverse(f"signals:{name}")).url.startswith("/team/aanmelden/")


@pytest.mark.parametrize("name", READS + DECIDES)
def test_the_wrong_method_is_a_405(client, name):
    me = make_user()
    signal = make_signal(by=me, contact={"name": "Samira"})
    client.force_login(me)

    assert (client.get if name in DECIDES else client.post)(address(name, signal)).status_code == 405


@pytest.mark.parametrize("path", ["S-1-1/", "s-2026-0001/", "S-2026-0001;/", "42/", "S-2026-000%00/"])
def test_an_address_that_is_no_number_of_a_signal_is_a_404(client, path):
    client.force_login(make_user())

    assert client.get(f"/team/signalen/{path}").status_code == 404


def test_the_menu_offers_the_inbox_or_only_the_form(client):
    from buurtwerk.interface.navigation import for_user

    labels = {
        role: [entry.label for entry in for_user(make_user(role)) if entry.url_name.startswith("signals:")]
        for role in Role
    }

    assert labels[Role.WORKER] == labels[Role.COORDINATOR] == ["Signalen"]
    assert labels[Role.VOLUNTEER] == labels[Role.RECEPTION] == labels[Role.MONITOR] == ["Signaal"]
    assert labels[Role.READER] == labels[Role.ADMINISTRATOR] == []
