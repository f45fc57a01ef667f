"""Someone we know: a page of their own, in the families they belong to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from tests.factories import make_user
from tests.households.factories import make_contact, make_follow_up, make_household, make_member

pytestmark = pytest.mark.django_db


def page_of(client, member):
    return client.get(reverse("households:person", args=[member.household.code, member.pk]))


@pytest.fixture
def homes(client):
    """Bilal lives week-about with his mother and his father."""
    first = make_household(nickname="Bij mama", address="Kessel-Lo")
    second = make_household(nickname="Bij papa", centre=first.centre, worker=first.primary_worker)
    boy = make_member(first, first_name="Bilal", role="child", stays="part_time", birth_year=2015)
    there = second.members.create(person=boy.person, centre=first.centre, role="child", stays="part_time")
    client.force_login(first.primary_worker)
    return boy, there


def test_the_page_of_someone_says_who_where_and_when(client, homes):
    boy, _ = homes
    boy.person.preferred_language, boy.person.reads_dutch = "ar", "simple"
    boy.person.save()
    make_contact(boy.household, note="over de fiets").present.add(boy.person)
    make_contact(boy.household, note="zonder hem")

    page = page_of(client, boy).content.decode()

    for words in ("Bilal", "Bij mama", "Bij papa", "over de fiets", "Arabisch", "korte en eenvoudige tekst"):
        assert words in page
    assert "zonder hem" not in page


def test_the_page_tells_where_someone_belonged_before(client, homes):
    boy, there = homes
    there.since, there.until = timezone.localdate() - timedelta(days=90), timezone.localdate() - timedelta(days=1)
    there.save()

    assert " tot " in page_of(client, boy).content.decode().split('id="gezinnen"')[1]


def test_looking_at_someone_is_one_look_in_the_file_of_this_family(client, homes):
    page_of(client, homes[0])

    line = Access.objects.get()
    assert (line.action, line.record_type, line.record_ids) == ("view", "household", [homes[0].household_id])


def test_who_does_not_read_the_file_gets_no_page_of_its_people(client, homes):
    client.force_login(make_user(centre=homes[0].household.centre))

    assert page_of(client, homes[0]).status_code == 403


def test_someone_of_another_family_is_not_found_here(client, homes):
    boy, there = homes

    assert client.get(reverse("households:person", args=[boy.household.code, there.pk])).status_code == 404


@pytest.mark.parametrize("size", [1, 5])
def test_the_page_of_someone_costs_the_same_however_much_they_came(client, homes, size):
    boy, there = homes
    for home in (boy.household, there.household):
        for _ in range(size):
            make_contact(home).present.add(boy.person)

    with CaptureQueriesContext(connection) as asked:
        page = page_of(client, boy).content.decode()

    assert page.count("Huisbezoek, gesproken") == size * 2
    assert len([each for each in asked if "SAVEPOINT" not in each["sql"] and "set_config" not in each["sql"]]) <= 12


def test_both_families_say_where_a_child_lives_too(client, homes):
    boy, there = homes

    assert "woont ook bij" in client.get(boy.household.get_absolute_url()).content.decode()
    assert boy.household.get_absolute_url() in client.get(there.household.get_absolute_url()).content.decode()


@pytest.mark.parametrize("which", [0, 1])
def test_with_luiken_in_either_home_neither_page_names_the_other(client, homes, which):
    home = homes[which].household
    home.has_compartments = True
    home.save()

    for mine, other in (homes, homes[::-1]):
        for page in (client.get(mine.household.get_absolute_url()), page_of(client, mine)):
            assert other.household.nickname not in page.content.decode()
            assert other.household.code not in page.content.decode()


def test_a_restricted_home_is_not_named_at_the_other(client, homes):
    boy, there = homes
    restricted = boy.household
    restricted.restricted, restricted.restricted_reason = True, "Op hun vraag."
    restricted.save()
    father_worker = make_user(centre=restricted.centre)
    there.household.primary_worker = father_worker
    there.household.save()
    make_contact(restricted, note="geheim").present.add(boy.person)
    client.force_login(father_worker)

    page = client.get(there.household.get_absolute_url()).content.decode()

    assert "Bilal" in page and "Bij mama" not in page and "geheim" not in page


def test_an_interpreter_is_called_to_mind_once_a_contact_is_planned(client, homes):
    boy, _ = homes
    make_member(boy.household, first_name="Amal", interpreter="always", preferred_language="ar")
    url = boy.household.get_absolute_url()
    assert "Denk aan een tolk" not in client.get(url).content.decode()

    make_follow_up(boy.household)

    assert "Amal (Arabisch, altijd)" in client.get(url).content.decode()


@pytest.mark.parametrize("size", [1, 5])
def test_a_family_with_shared_children_costs_at_most_twelve_queries_more_people_or_not(client, homes, size):
    boy, there = homes
    for number in range(size):
        child = make_member(boy.household, first_name=f"Kind {number}", role="child")
        there.household.members.create(person=child.person, centre=boy.centre, role="child")
        make_contact(there.household).present.add(child.person)
        make_contact(boy.household).present.add(child.person)

    with CaptureQueriesContext(connection) as asked:
        page = client.get(boy.household.get_absolute_url()).content.decode()

    assert page.count("bij Bij papa") == size
    counted = [each for each in asked if "SAVEPOINT" not in each["sql"] and "set_config" not in each["sql"]]
    assert len(counted) <= 12


# The form of a family


def edited(household, **fields):
    kept = {"nickname": household.nickname, "intensity": 0, "primary_worker": household.primary_worker_id}
    return {"loaded_version": household.version, "status": "active", **kept, **fields}


def test_named_colleagues_and_the_dwelling_are_chosen_on_the_form(client):
    household = make_household()
    colleague, leaver = make_user(centre=household.centre), make_user(centre=household.centre)
    household.colleagues.add(leaver)
    client.force_login(household.primary_worker)

    client.post(
        reverse("households:edit", args=[household.code]),
        edited(household, colleagues=[colleague.pk], dwelling_type="social"),
    )

    household.refresh_from_db()
    assert list(household.colleagues.all()) == [colleague]
    assert household.dwelling_type == "social"
    told = {notice.to_id: notice.text for notice in Notice.objects.all()}
    assert told == {
        colleague.pk: f"{household.code}: je leest nu mee in dit dossier.",
        leaver.pk: f"{household.code}: je leest niet meer mee in dit dossier.",
    }


def test_a_colleague_of_another_centre_cannot_be_named(client):
    household = make_household()
    client.force_login(household.primary_worker)

    response = client.post(
        reverse("households:edit", args=[household.code]), edited(household, colleagues=[make_user().pk])
    )

    assert response.status_code == 200 and not household.colleagues.exists()


def test_how_well_someone_reads_dutch_is_kept(client):
    member = make_member(make_household())
    client.force_login(member.household.primary_worker)
    fields = {"loaded_version": 1, "first_name": "Samira", "interpreter": "no", "role": "parent", "stays": "always"}

    client.post(
        reverse("households:member-edit", args=[member.household.code, member.pk]),
        {**fields, "since": member.since, "reads_dutch": "simple"},
    )

    member.person.refresh_from_db()
    assert member.person.reads_dutch == "simple"
