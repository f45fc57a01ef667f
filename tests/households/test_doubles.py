"""Families of one centre that may be one: a list for the coordinator, who says it or waves it away."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buurtwerk.accounts.models import Role
from buurtwerk.trail.models import Access
from households.models import Household, MergeRecord, NotDouble
from tests.breaking import breaks
from tests.factories import make_centre, make_user
from tests.households.factories import make_household, make_member

pytestmark = pytest.mark.django_db

DOUBLES = reverse("households:doubles")


@pytest.fixture
def coordinator(client):
    coordinator = make_user(Role.COORDINATOR)
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def centre(coordinator):
    return coordinator.membership_set.get().centre


def pairs(client):
    return [({one.nickname, other.nickname}, why) for one, other, why in client.get(DOUBLES).context["pairs"]]


def test_the_same_phone_or_the_same_address_with_a_name_alike_is_suspect(client, centre):
    for nickname, phone in (("Haddad", "0470 11 22 33"), ("Rania", "+32 470 11 22 33")):
        make_member(make_household(centre=centre, nickname=nickname), phone=phone)
    for nickname in ("El Amrani", "Elamrani", "Iemand anders"):
        make_household(centre=centre, nickname=nickname, address="Ridderstraat 12")

    assert sorted(pairs(client), key=str) == sorted(
        [({"Haddad", "Rania"}, "zelfde telefoon"), ({"El Amrani", "Elamrani"}, "zelfde adres en gelijkende naam")],
        key=str,
    )
    assert len(Access.objects.get(action="list").record_ids) == 4


def test_a_child_who_lives_in_two_families_makes_no_double(client, centre):
    mother, father = (make_household(centre=centre, nickname=name) for name in ("Anna", "Bert"))
    child = make_member(mother, first_name="Ilyas", role="child", phone="0470 11 22 33").person
    father.members.create(person=child, centre=centre, role="child")

    assert pairs(client) == []


def test_a_phone_that_half_the_building_shares_says_nothing(client, centre):
    for number in range(14):
        make_member(make_household(centre=centre, nickname=f"Gezin {number}"), phone="016 11 22 33 44")

    assert pairs(client) == []


def test_another_centre_has_doubles_of_its_own(client, centre):
    elsewhere = make_centre()
    for each in (centre, elsewhere, elsewhere):
        make_member(make_household(centre=each, nickname="Haddad"), phone="0470 11 22 33")

    assert pairs(client) == []


def test_a_pair_that_is_two_families_is_not_asked_again(client, centre):
    one, other = (make_household(centre=centre, nickname="Haddad", address="Ketteland 4") for _ in range(2))
    address = reverse("households:not-double", args=[other.code, one.code])

    assert [client.post(address).status_code for _ in range(2)] == [302, 302]

    assert pairs(client) == []
    assert NotDouble.objects.count() == 1


def test_a_family_is_not_told_apart_from_itself_or_from_another_centre(client, centre):
    here, there = make_household(centre=centre), make_household()

    for other in (here, there):
        address = reverse("households:not-double", args=[here.code, other.code])
        assert client.post(address).status_code == 404
    assert not NotDouble.objects.exists()


def test_the_list_asks_the_same_for_one_pair_and_for_five(client, centre):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            client.get(DOUBLES)
        return len(asked)

    counted = []
    for number in (1, 4):
        for place in range(number):
            for _ in range(2):
                make_household(centre=centre, nickname="Haddad", address=f"Ketteland {number}{place}")
        counted.append(questions())

    assert counted[0] == counted[1] <= 12


def test_the_database_keeps_pairs_in_one_order_and_once(centre):
    user = make_user(centre=centre)
    one, other = (make_household(centre=centre) for _ in range(2))
    kept = {"centre": centre, "by": user}
    NotDouble.objects.create(one=one, other=other, **kept)
    with breaks("not_double_in_order"):
        NotDouble.objects.create(one=other, other=one, **kept)
    with breaks("not_double_once"):
        NotDouble.objects.create(one=one, other=other, **kept)


def test_the_database_keeps_merges_sound(centre):
    user = make_user(centre=centre)
    one, other, third = (make_household(centre=centre) for _ in range(3))
    MergeRecord.objects.create(centre=centre, kept=one, gone=other, by=user)
    refused = {
        "merge_once_at_a_time": {"kept": third, "gone": other},
        "merge_of_two": {"kept": third, "gone": third},
        "merge_undone_by_someone": {"undone_by": user},
    }
    with breaks("household_not_merged_into_itself"):
        Household.objects.filter(pk=one.pk).update(merged_into=one)
    for constraint, wrong in refused.items():
        with breaks(constraint):
            MergeRecord.objects.create(**{"centre": centre, "kept": other, "gone": third, "by": user, **wrong})
