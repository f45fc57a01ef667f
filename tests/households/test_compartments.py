"""Luiken: what one adult tells stays out of the page, the print and the export of the other."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.notices.models import Notice
from households import compartments, timeline
from households.models import Contact, FollowUp, Household, Member
from tests.factories import make_user
from tests.households.factories import make_bike, make_contact, make_follow_up, make_household, make_loan, make_member

pytestmark = pytest.mark.django_db


def url(name, household, *more):
    return reverse(f"households:{name}", args=[household.code, *more])


class Family:
    """Samira and Karim live apart under one file; Ilyas is of both. Each adult has a luik."""

    def __init__(self):
        self.household = make_household(has_compartments=True)
        self.worker = self.household.primary_worker
        self.samira = self.adult("Samira", "0470 00 00 31")
        self.karim = self.adult("Karim", "0470 00 00 32")
        self.ilyas = make_member(self.household, first_name="Ilyas", role="child")
        for name, people in {
            "met samira": [self.samira],
            "met samira en ilyas": [self.samira, self.ilyas],
            "met karim": [self.karim],
            "met beiden": [self.samira, self.karim],
            "met ilyas": [self.ilyas],
            "met niemand": [],
        }.items():
            make_contact(self.household, note=name).present.set([member.person for member in people])

    def adult(self, first_name, phone):
        member = make_member(self.household, first_name=first_name, phone=phone)
        member.has_compartment = True
        member.save()
        return member


@pytest.fixture
def family():
    return Family()


@pytest.mark.parametrize(
    ("whose", "told"),
    [
        (None, {"met beiden", "met ilyas", "met niemand"}),
        ("samira", {"met samira", "met samira en ilyas", "met beiden", "met ilyas"}),
        ("karim", {"met karim", "met beiden", "met ilyas"}),
    ],
)
def test_a_luik_tells_what_is_shared_and_what_is_its_own(family, whose, told):
    luik = whose and getattr(family, whose)

    in_sql = Contact.objects.told_in(family.household, luik)
    in_python = [each for each in Contact.objects.all() if compartments.belongs(each, family.household, luik)]

    assert {contact.note for contact in in_sql} == told
    assert {contact.note for contact in in_python} == told


def test_a_bike_of_the_child_stands_in_no_luik_as_we_do_not_know_with_whom_it_was_arranged(client, family):
    make_loan(make_bike(family.household.centre, number="VK-7"), family.ilyas, by=family.worker)
    client.force_login(family.worker)
    page = family.household.get_absolute_url()

    assert "VK-7" in client.get(page).text
    for luik in (family.samira, family.karim):
        assert "VK-7" not in client.get(page, {"luik": luik.pk}).text
        assert "VK-7" not in client.get(url("print", family.household), {"luik": luik.pk}).text


def test_a_family_without_luiken_tells_everything(family):
    family.household.has_compartments = False

    assert compartments.compartments_of(family.household) == []
    assert Contact.objects.told_in(family.household).count() == 6
    assert all(compartments.belongs(each, family.household, None) for each in Contact.objects.all())


def test_who_left_the_family_keeps_the_luik(family):
    family.karim.until = family.karim.since.replace(year=family.karim.since.year + 1)
    family.karim.save()

    assert compartments.compartments_of(family.household) == [family.samira, family.karim]


def test_what_is_to_be_done_goes_with_the_contact_it_was_born_from(family):
    for contact in Contact.objects.all():
        make_follow_up(family.household, what=contact.note, born_from=contact)
    make_follow_up(family.household, what="los")

    def told(luik):
        return {each.what for each in FollowUp.objects.told_in(family.household, luik)}

    assert told(family.karim) == {"met karim", "met beiden", "met ilyas"}
    assert told(None) == {"met beiden", "met ilyas", "met niemand", "los"}


def test_a_source_of_the_story_that_knows_no_luiken_is_silent(family, monkeypatch):
    monkeypatch.setattr(timeline, "_providers", list(timeline._providers))
    timeline.register(lambda household, *, user, limit, before: pytest.fail("asked"))

    assert len(timeline.of(family.household, user=family.worker)) == 3


# One talk, two homes


@pytest.fixture
def homes():
    """A boy in two families, and a talk in the first with him."""
    first = make_household(nickname="Bij mama")
    second = make_household(nickname="Bij papa", centre=first.centre, worker=first.primary_worker)
    boy = make_member(first, first_name="Bilal", role="child", stays="part_time")
    second.members.create(person=boy.person, centre=first.centre, role="child", stays="part_time")
    make_contact(first, note="over de fiets").present.add(boy.person)
    make_contact(first, note="met mama alleen").present.add(make_member(first, first_name="Amal").person)
    return first, second


def test_one_talk_is_told_in_both_homes_and_typed_once(client, homes):
    first, second = homes
    client.force_login(first.primary_worker)

    page = client.get(second.get_absolute_url()).content.decode()

    assert page.count("over de fiets") == 1 and "bij Bij mama" in page
    assert "met mama alleen" not in page
    assert Contact.objects.told_in(first).count() == 2
    assert Contact.objects.told_in(second).count() == 1


@pytest.mark.parametrize("where", [0, 1])
def test_with_luiken_in_either_home_nothing_is_told_in_the_other(homes, where):
    homes[where].has_compartments = True
    homes[where].save()
    for home in homes:
        home.refresh_from_db()

    assert Contact.objects.told_in(homes[0]).count() == 2
    assert Contact.objects.told_in(homes[1]).count() == 0


def test_scenario_4_one_talk_two_homes(client):
    """A boy lives week-about with his mother in Kessel-Lo and his father in Heverlee, and luiken are on."""
    mother_home = make_household(nickname="Amal", address="Diestsestraat 1, Kessel-Lo", has_compartments=True)
    father_home = make_household(
        nickname="Papa van Bilal",
        address="Naamsesteenweg 1, Heverlee",
        centre=mother_home.centre,
        worker=mother_home.primary_worker,
    )
    mother = make_member(mother_home, first_name="Amal", phone="0470 00 00 33")
    father = make_member(father_home, first_name="Karim")
    son = make_member(mother_home, first_name="Bilal", role="child", stays="part_time")
    there = father_home.members.create(person=son.person, centre=son.centre, role="child", stays="part_time")
    client.force_login(mother_home.primary_worker)
    text = "Bilal wil een fiets van VELOKadee."
    note = {"token": uuid.uuid4(), "who": mother_home.code, "mode": "home", "outcome": "talked", "note": text}
    note |= {"present": [mother.person_id, son.person_id], "happened_on": timezone.localdate(), "visibility": "file"}

    client.post(reverse("households:note"), note)

    # It exists once, and is found via mother and son.
    contact = Contact.objects.get()
    assert set(contact.present.all()) == {mother.person, son.person}
    for found_via in (mother, son):
        assert text in client.get(url("person", mother_home, found_via.pk)).content.decode()
    assert text in client.get(mother_home.get_absolute_url()).content.decode()
    # The father's page, print and export show neither the text nor the mother's address.
    pages = [father_home.get_absolute_url(), url("print", father_home), url("network", father_home)]
    pages += [url("network-print", father_home), url("person", father_home, there.pk)]
    pages += [url("person", father_home, father.pk), url("papers", father_home)]
    for page in pages:
        shown = client.get(page).content.decode()
        for secret in (text, "Kessel-Lo", "Amal", mother_home.code, mother.person.phone):
            assert secret not in shown, page
    assert not Contact.objects.told_in(father_home).exists()


def test_a_page_of_one_luik_shows_neither_the_texts_nor_the_number_of_the_other(client, family):
    client.force_login(family.worker)

    def shown(luik, name="detail"):
        page = client.get(url(name, family.household), {"luik": luik.pk} if luik else {}).content.decode()
        return {text for text in ("met samira", "met karim", "met ilyas", "00 00 31", "00 00 32") if text in page}

    assert shown(None) == {"met ilyas"}
    assert shown(family.samira) == shown(family.samira, "print") == {"met samira", "met ilyas", "00 00 31"}
    assert shown(family.karim) == shown(family.karim, "print") == {"met karim", "met ilyas", "00 00 32"}


def test_the_page_of_who_has_a_luik_is_of_that_luik(client, family):
    client.force_login(family.worker)

    page = client.get(url("person", family.household, family.karim.pk), {"luik": family.samira.pk}).content.decode()

    assert "met karim" in page and "met samira" not in page


def test_paper_waits_until_someone_chose_a_luik(client, family):
    client.force_login(family.worker)

    page = client.get(url("print", family.household)).content.decode()

    assert "Voor wie druk je af?" in page
    assert f"?luik={family.samira.pk}" in page and "met ilyas" not in page


@pytest.mark.parametrize("luik", ["", "x", "\x00", "999999999999999999999999", "-1"])
def test_a_luik_that_is_not_of_this_family_is_the_shared_page(client, family, luik):
    client.force_login(family.worker)

    page = client.get(family.household.get_absolute_url(), {"luik": luik}).content.decode()

    assert "met ilyas" in page and "met samira" not in page


def test_the_address_stays_out_of_the_luik_of_who_does_not_live_there(client, family):
    family.household.address = "Ridderstraat 3"
    family.household.save()
    family.karim.stays = "visits"
    family.karim.save()
    client.force_login(family.worker)

    def shows(luik, name):
        return "Ridderstraat" in client.get(url(name, family.household), {"luik": luik.pk}).content.decode()

    for name in ("detail", "print"):
        assert shows(family.samira, name) and not shows(family.karim, name)
    assert "Ridderstraat" not in client.get(family.household.get_absolute_url()).content.decode()


# Turning them on


def switch(household, **fields):
    return {"loaded_version": household.version, "save": "1", **fields}


def test_luiken_are_turned_on_per_adult_and_the_file_team_hears_it(client):
    household = make_household()
    adults = [make_member(household, first_name=name) for name in ("Samira", "Karim")]
    child = make_member(household, first_name="Ilyas", role="child")
    household.backup_worker = make_user(centre=household.centre)
    household.save()
    client.force_login(household.primary_worker)
    form = switch(household, has_compartments="on", adults=[adults[0].person_id])

    client.post(url("compartments", household), form)

    household = Household.objects.get()
    assert household.compartments == [adults[0]]
    assert not Member.objects.get(pk=child.pk).has_compartment
    assert Notice.objects.get().to == household.backup_worker
    client.post(url("compartments", household), switch(household, adults=[adults[0].person_id]))
    assert Household.objects.get().compartments == []


def test_a_preview_says_who_sees_what_before_anything_is_kept(client):
    household = make_household()
    adults = [make_member(household, first_name=name) for name in ("Samira", "Karim")]
    client.force_login(household.primary_worker)
    form = switch(household, has_compartments="on", adults=[each.person_id for each in adults], preview="1")

    page = client.post(url("compartments", household), form).content.decode()

    assert "Een gesprek met Samira, met of zonder de kinderen" in page and "Luik van Karim" in page
    assert "Zo wordt het als je bewaart" in page
    assert not Household.objects.get().has_compartments


@pytest.mark.parametrize("adults", [["x"], ["0"], ["child"], ["\x00"]])
def test_only_an_adult_of_the_family_gets_a_luik(client, adults):
    household = make_household()
    child = make_member(household, role="child")
    client.force_login(household.primary_worker)
    adults = [str(child.person_id) if each == "child" else each for each in adults]

    response = client.post(url("compartments", household), switch(household, has_compartments="on", adults=adults))

    assert response.status_code == 200
    assert not Household.objects.get().has_compartments


def test_who_overtakes_the_switch_is_asked_again(client):
    household = make_household()
    client.force_login(household.primary_worker)
    form = switch(household, has_compartments="on")
    Household.objects.update(version=2)

    page = client.post(url("compartments", household), form).content.decode()

    assert "Iemand anders bewaarde dit intussen" in page
    assert not Household.objects.get().has_compartments


def test_a_contact_for_which_nobody_was_ticked_says_where_it_stands(client, family):
    client.force_login(family.worker)
    note = {"token": uuid.uuid4(), "who": family.household.code, "mode": "home", "outcome": "talked"}
    note |= {"happened_on": timezone.localdate(), "visibility": "file"}

    page = client.post(reverse("households:note"), note, follow=True).content.decode()

    assert "niemand aangevinkt" in page


@pytest.mark.parametrize("size", [1, 5])
def test_a_family_with_luiken_costs_no_more_queries(client, family, size):
    for _ in range(size):
        make_contact(family.household).present.add(family.samira.person)
    client.force_login(family.worker)

    with CaptureQueriesContext(connection) as asked:
        client.get(family.household.get_absolute_url(), {"luik": family.samira.pk})

    assert len([each for each in asked if not re.search("SAVEPOINT|set_config", each["sql"])]) <= 12
