"""Every address as every role and as nobody, against the table of tests/addresses.py.

An address that is not in it fails the test.
"""

import re

import pytest
from django.urls import get_resolver

from buurtwerk.accounts.models import Membership, Role
from tests.addresses import ADDRESSES, make_world, path_of
from tests.factories import make_user


def all_names(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from all_names(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}"


def test_every_address_is_in_the_table():
    # The admin has one door of its own: tests/accounts/test_admin.py.
    names = {name for name in all_names(get_resolver()) if not name.startswith("admin:")}

    assert names == set(ADDRESSES)


@pytest.fixture
def world():
    return make_world()


def ask(client, name, world, method):
    return getattr(client, method)(path_of(name, world)).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADDRESSES)
def test_every_role_gets_what_the_table_says(client, world, name):
    address = ADDRESSES[name]
    got = {"nobody": ask(client, name, world, address.method)}
    for role in Role:
        client.force_login(world.worker if role == Role.WORKER else make_user(role, centre=world.centre))
        got[role.value] = ask(client, name, world, address.method)
    elsewhere = make_user(Role.WORKER)
    Membership.objects.create(user=elsewhere, centre=elsewhere.membership_set.get().centre, role=Role.COORDINATOR)
    client.force_login(elsewhere)
    got["elsewhere"] = ask(client, name, world, address.method)

    expected = {role.value: address.ok if role.value in address.who else address.refused for role in Role}
    expected |= address.others
    assert got == {"nobody": address.nobody, **expected, "elsewhere": address.elsewhere}


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, address in ADDRESSES.items() if address.method == "post"])
def test_an_action_cannot_be_done_by_following_a_link(client, world, name):
    client.force_login(world.worker)

    assert ask(client, name, world, "get") == ADDRESSES[name].link


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, address in ADDRESSES.items() if address.method == "get"])
def test_a_wrong_method_is_refused_in_the_look_of_the_site(client, world, name):
    client.force_login(world.worker)

    # Signing in and out answer as the library does.
    assert name.startswith("account_") or ask(client, name, world, "delete") == 405


@pytest.mark.django_db
def test_each_label_leads_to_a_field_that_is_there(client, world):
    Membership.objects.create(user=world.worker, centre=world.centre, role=Role.COORDINATOR)
    client.force_login(world.worker)
    astray = {}
    for name in (name for name, address in ADDRESSES.items() if address.method == "get"):
        page = b"".join(client.get(path_of(name, world))).decode(errors="replace")
        wrong = set(re.findall(r'<label[^>]* for="([^"]*)"', page)) - set(re.findall(r' id="([^"]*)"', page))
        if wrong:
            astray[name] = wrong

    assert not astray


def at_home_elsewhere(role, world):
    """Someone with every right of a worker and a coordinator in another centre, and only this role here."""
    colleague = make_user(Role.WORKER)
    home = colleague.membership_set.get().centre
    Membership.objects.create(user=colleague, centre=home, role=Role.COORDINATOR)
    Membership.objects.create(user=colleague, centre=world.centre, role=role)
    return colleague


ELSEWHERE_MORE = [Role.RECEPTION, Role.MONITOR, Role.VOLUNTEER, Role.READER, Role.ADMINISTRATOR]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, address in ADDRESSES.items() if address.elsewhere == 404])
def test_rights_in_one_centre_open_nothing_in_another(client, world, name):
    """The database lets them through, as they work in both: only the querysets and rights of Python stand here."""
    address, got, expected = ADDRESSES[name], {}, {}
    for role in ELSEWHERE_MORE:
        client.force_login(at_home_elsewhere(role, world))
        status = ask(client, name, world, address.method)
        got[role.value] = "refused" if status in (403, 404) else status
        allowed = role.value in address.who and address.others.get(role.value) is None
        expected[role.value] = address.ok if allowed else "refused"

    assert got == expected


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, address in ADDRESSES.items() if not address.args])
def test_no_page_tells_of_a_family_or_a_signal_to_who_only_volunteers_here(client, world, name):
    client.force_login(at_home_elsewhere(Role.VOLUNTEER, world))
    words = {"q": "Samira", "search": "Samira", "who": world.household.code, "gezin": world.household.code}
    method = ADDRESSES[name].method

    page = getattr(client, method)(path_of(name, world), words, follow=True).content.decode()

    of_this_centre = [world.household.nickname, world.follow_up.what, world.signal.reference, world.signal.body]
    assert not [each for each in of_this_centre if each in page]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["households:detail", "households:edit", "households:referral-create"])
def test_who_only_volunteers_here_does_not_even_learn_that_a_family_exists(client, world, name):
    client.force_login(at_home_elsewhere(Role.VOLUNTEER, world))

    assert ask(client, name, world, "get") == 404
