"""A talk without a name gets its family later, and counts once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from households.actions import linking as actions
from households.figures import month
from households.models import Attachment, Contact, ContactAddition, Person
from tests.factories import make_centre, make_user
from tests.households.factories import make_attachment, make_contact, make_household, make_member

pytestmark = pytest.mark.django_db

LIST = reverse("households:contact-without-name")


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def noor(centre):
    return make_user(Role.WORKER, centre=centre, first_name="Noor")


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


@pytest.fixture
def signed_in(client, noor):
    client.force_login(noor)
    return client


def at(contact):
    return reverse("households:contact-link", args=[contact.pk])


def nameless(noor, **fields):
    return make_contact(
        author=noor, **{"age_group": "senior", "mode": "street", "themes": ["mental_wellbeing"], **fields}
    )


def test_scenario_2_bench_talk_is_linked_two_weeks_later_and_no_figure_counts_it_twice(signed_in, noor, centre):
    people, today = Person.objects.count(), timezone.localdate()
    signed_in.post(
        reverse("households:note"),
        {
            "token": "7c1b1f7e-0000-4000-8000-000000000001",
            "who": "zonder-naam",
            "mode": "street",
            "outcome": "talked",
            "age_group": "senior",
            "themes": ["mental_wellbeing"],
            "happened_on": today.isoformat(),
            "visibility": "file",
            "next_step": "none",
        },
    )
    contact = Contact.objects.get()
    before = month(centre, today.year, today.month)
    assert (before.contacts, before.people, before.without_name, before.by_theme) == (1, 1, 1, {"mental_wellbeing": 1})
    assert Person.objects.count() == people

    # She gave her name: a family was made for her.
    household = make_household(worker=noor, nickname="Mevrouw Peeters")
    member = make_member(household, first_name="Godelieve")
    assert str(contact) in signed_in.get(LIST).content.decode()
    found = signed_in.post(at(contact), {"search": "peeters"})
    choice = f"?gezin={household.code}"
    assert choice in found.content.decode()
    assert "Godelieve" in signed_in.get(at(contact) + choice).content.decode()
    signed_in.post(at(contact), {"household": household.code, "present": [member.person_id]})

    contact.refresh_from_db()
    household.refresh_from_db()
    after = month(centre, today.year, today.month)
    assert (contact.household, contact.age_group, contact.linked_by) == (household, "", noor)
    assert contact.linked_at and list(contact.present.all()) == [member.person]
    assert (after.contacts, after.people, after.without_name) == (1, 1, 0)
    assert after.by_theme == before.by_theme
    assert household.last_reached_on == today
    assert "Op straat of plein, gesproken" in signed_in.get(household.get_absolute_url()).content.decode()
    assert "later gekoppeld" in signed_in.get(contact.get_absolute_url()).content.decode()
    assert str(contact) not in signed_in.get(LIST).content.decode()


def link(client, contact, household, **fields):
    return client.post(at(contact), {"household": household.code, **fields})


def test_linking_can_be_undone_whole(signed_in, noor, household):
    contact = nameless(noor)
    paper = make_attachment(contact=contact)
    page = signed_in.get(link(signed_in, contact, household).url)
    paper.refresh_from_db()
    assert paper.household == household
    token = next(iter(page.context["messages"])).tags.split("undo:")[1].split()[0]

    signed_in.post(reverse("drafts:take-back", args=[token]))

    for each in (contact, household, paper):
        each.refresh_from_db()
    assert (contact.household, contact.age_group, contact.linked_by, contact.linked_at) == (None, "senior", None, None)
    assert household.last_reached_on is None
    assert paper.household is None
    assert not contact.present.exists()


def test_an_earlier_talk_moves_the_rhythm_only_forward(signed_in, noor, household):
    last_month = timezone.localdate() - timedelta(days=30)
    make_contact(household)
    contact = nameless(noor, happened_on=last_month, created_at=timezone.now() - timedelta(days=30))

    link(signed_in, contact, household)

    household.refresh_from_db()
    assert household.last_reached_on == timezone.localdate()


def test_what_hangs_on_the_talk_goes_along(signed_in, noor, household):
    contact = nameless(noor)
    make_attachment(contact=contact)
    ContactAddition.objects.create(centre=contact.centre, contact=contact, text="Nog iets", by=noor)

    link(signed_in, contact, household)

    assert Attachment.objects.get().household == ContactAddition.objects.get().household == household


def test_who_was_there_may_stay_open(signed_in, noor, household):
    contact = nameless(noor)

    assert link(signed_in, contact, household).url == contact.get_absolute_url()
    assert not contact.present.exists()


def test_a_second_link_of_the_same_talk_is_refused(signed_in, noor, household):
    contact = nameless(noor)
    link(signed_in, contact, household)

    assert link(signed_in, contact, make_household(worker=noor)).status_code == 403
    contact.refresh_from_db()
    assert contact.household == household


@pytest.mark.parametrize("code", ["", "HH-2026-9999", "x\x00y", "zonder-naam"])
def test_a_family_that_is_not_there_is_refused(signed_in, noor, code):
    contact = nameless(noor)

    response = signed_in.post(at(contact), {"household": code})

    assert set(response.context["form"].errors) == {"household"}
    contact.refresh_from_db()
    assert contact.household is None


def test_neither_a_restricted_family_nor_one_of_another_centre_is_found_or_taken(signed_in, noor, centre):
    contact = nameless(noor)
    other = make_user(Role.WORKER, centre=centre)
    hidden = make_household(worker=other, restricted=True, nickname="Gezin Verborgen")
    elsewhere = make_household(nickname="Gezin Verweg")

    for household in (hidden, elsewhere):
        found = signed_in.post(at(contact), {"search": household.nickname}).content.decode()
        assert household.code not in found
        assert household.code not in signed_in.get(at(contact), {"gezin": household.code}).content.decode()
        assert link(signed_in, contact, household).status_code == 200
    contact.refresh_from_db()
    assert contact.household is None


def test_someone_of_another_family_cannot_be_ticked(signed_in, noor, household):
    contact, stranger = nameless(noor), make_member(make_household(worker=noor))

    response = link(signed_in, contact, household, present=[stranger.person_id])

    assert "present" in response.context["form"].errors


def test_a_colleague_links_nothing_of_mine_but_the_coordinator_may(client, noor, centre, household):
    contact = nameless(noor)
    client.force_login(make_user(Role.WORKER, centre=centre))
    assert link(client, contact, household).status_code == 403
    client.force_login(make_user(Role.WORKER))
    assert link(client, contact, household).status_code == 404

    client.force_login(make_user(Role.COORDINATOR, centre=centre))
    assert link(client, contact, household).status_code == 302


def test_the_list_holds_only_my_own_of_the_last_sixty_days(signed_in, noor, centre, household):
    old = timezone.now() - timedelta(days=61)
    nameless(noor, place="Sint-Maartensdal")
    nameless(noor, place="Lang geleden", happened_on=old.date(), created_at=old)
    nameless(make_user(Role.WORKER, centre=centre), place="Van een collega")
    make_contact(household, place="Van een gezin")

    page = signed_in.get(LIST).content.decode()

    assert "Sint-Maartensdal" in page
    assert not any(other in page for other in ("Lang geleden", "Van een collega", "Van een gezin"))


def test_the_list_says_so_when_it_is_empty(signed_in):
    assert "Geen gesprekken zonder naam." in signed_in.get(LIST).content.decode()


@pytest.mark.parametrize("address", ["overview:today", "households:note"])
def test_the_list_is_found_from_where_one_notes(signed_in, address):
    assert LIST in signed_in.get(reverse(address)).content.decode()


@pytest.mark.parametrize("size", [1, 5])
def test_the_list_costs_the_same_for_any_number(signed_in, noor, size, django_assert_max_num_queries):
    for _ in range(size):
        nameless(noor, visibility="personal", note="Voor mij")

    with django_assert_max_num_queries(12):
        signed_in.get(LIST)


def test_an_undo_after_someone_linked_it_again_does_nothing(noor, household):
    contact = nameless(noor)

    with pytest.raises(Contact.DoesNotExist):
        actions.take_back(contact.pk, by=noor)


# Figures


def test_a_month_counts_each_contact_once_and_people_who_were_reached(noor, centre, household):
    day = date(2026, 3, 10)
    then = timezone.now() - timedelta(days=200)
    fields = {"happened_on": day, "created_at": max(then, timezone.make_aware(timezone.datetime(2026, 3, 20)))}
    both = make_contact(household, themes=["housing", "work"], **fields)
    both.present.add(make_member(household).person, make_member(household, first_name="Ali").person)
    make_contact(household, outcome="no_answer", **fields)
    make_contact(author=noor, mode="group", children=6, adults=2, themes=["housing"], **fields)
    make_contact(author=noor, **{**fields, "happened_on": date(2026, 2, 28)})
    make_contact(make_household(), **fields)

    found = month(centre, 2026, 3)

    assert (found.contacts, found.people, found.without_name) == (3, 10, 1)
    assert found.by_theme == {"housing": 2, "work": 1}


def test_small_numbers_of_a_month_are_hidden_from_others(noor, centre, household):
    for number, theme in ((6, "housing"), (7, "work"), (2, "mental_wellbeing")):
        for _ in range(number):
            make_contact(household, themes=[theme])
    today = timezone.localdate()

    found = month(centre, today.year, today.month)

    assert found.by_theme["mental_wellbeing"] == 2
    assert found.by_theme_for_others["mental_wellbeing"] is None
    assert list(found.by_theme_for_others.values()).count(None) == 2


def test_who_belongs_to_a_family_is_not_told_to_who_does_not_read_its_file(signed_in, noor, centre):
    family = make_household(centre=centre, nickname="Van een ander")
    make_member(family, first_name="Zebedeus")
    talk = make_contact(author=noor, centre=centre)

    page = signed_in.get(reverse("households:contact-link", args=[talk.pk]), {"gezin": family.code}).content.decode()

    assert "Van een ander" in page and "Zebedeus" not in page
