"""Luiken: what one adult tells stays out of the page, the print and the export of the other."""

import pytest

from households import compartments, timeline
from households.models import Contact, FollowUp
from tests.households.factories import make_contact, make_follow_up, make_household, make_member

pytestmark = pytest.mark.django_db


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
