"""What who stands with a group may know of its children, and nobody else."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from activities.needs import what_the_group_needs
from buurtwerk.accounts.models import Role
from tests.activities.factories import (
    make_attendance,
    make_care_sheet,
    make_carer,
    make_consent,
    make_participant,
    make_pickup_person,
    make_posting,
    make_registration,
    make_session,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return make_session(day=timezone.localdate())


@pytest.fixture
def amina(session):
    amina = make_participant(centre=session.centre, first_name="Amina", last_name="Bakri")
    make_registration(session, participant=amina)
    make_carer(amina)
    make_care_sheet(amina, allergens=["tree_nuts"], medication="Puffer bij inspanning", may_go_alone_from=time(17))
    make_pickup_person(amina)
    make_pickup_person(amina, name="Karim", is_forbidden=True)
    return amina


def words(needs):
    return [mark.word for mark in needs.marks]


def test_a_worker_knows_what_each_child_needs(session, amina):
    needs = what_the_group_needs(session, make_user(centre=session.centre))[amina.pk]

    assert words(needs) == ["Allergie", "Medicatie", "Niet met iedereen mee", "Mag alleen vanaf 17.00 uur"]
    assert needs.allergies == ["Noten"]
    assert [person.name for person in needs.fetchers] == ["Oma Fatima"]
    assert [carer.phone for carer in needs.carers] == ["0470 00 00 00"]


def test_reception_knows_whom_to_call_and_reads_no_care(session, amina):
    needs = what_the_group_needs(session, make_user(Role.RECEPTION, centre=session.centre))[amina.pk]

    assert needs.carers and needs.pickup_people
    assert (needs.allergies, needs.medication, needs.sheet, needs.no_photos) == ([], "", None, False)


@pytest.mark.parametrize("role", [Role.MONITOR, Role.VOLUNTEER])
def test_a_monitor_knows_it_only_where_posted(session, amina, role):
    tom = make_user(role, centre=session.centre)

    assert what_the_group_needs(session, tom) == {}
    make_posting(session, tom)
    assert what_the_group_needs(session, tom)[amina.pk].medication == "Puffer bij inspanning"


@pytest.mark.parametrize("role", [Role.READER, Role.ADMINISTRATOR])
def test_a_reader_knows_nothing_not_even_when_posted(session, amina, role):
    lena = make_user(role, centre=session.centre)
    make_posting(session, lena)

    assert what_the_group_needs(session, lena) == {}


def test_a_worker_of_another_centre_knows_nothing(session, amina):
    assert what_the_group_needs(session, make_user()) == {}


@pytest.mark.parametrize(("hours", "knows"), [(-13, False), (-11, True), (11, True), (13, False)])
def test_it_is_open_from_twelve_hours_before_until_twelve_after(session, amina, hours, knows):
    tom = make_user(Role.MONITOR, centre=session.centre)
    make_posting(session, tom)
    edge = timedelta(hours=hours)
    # As if the moment began (or ended) so long from now.
    session.starts_at = timezone.now() - edge if hours < 0 else timezone.now() - edge - timedelta(hours=2)
    session.ends_at = session.starts_at + timedelta(hours=2)

    assert bool(what_the_group_needs(session, tom)) is knows


def test_only_the_children_of_the_group_stand_there(session, amina):
    stranger = make_participant(centre=session.centre)
    make_care_sheet(stranger, medication="Insuline")
    dropped_in = make_participant(centre=session.centre)
    worker = make_user(centre=session.centre)
    make_attendance(session, by=worker, participant=dropped_in)

    assert set(what_the_group_needs(session, worker)) == {amina.pk, dropped_in.pk}


def test_who_was_not_asked_for_a_photo_gets_none(session, amina):
    worker = make_user(centre=session.centre)

    assert what_the_group_needs(session, worker)[amina.pk].no_photos
    make_consent(amina, "photo_inside")
    assert not what_the_group_needs(session, worker)[amina.pk].no_photos


@pytest.mark.parametrize("size", [1, 5])
def test_it_costs_the_same_for_one_child_as_for_five(session, django_assert_num_queries, size):
    for _ in range(size):
        child = make_registration(session).participant
        make_carer(child)
        make_care_sheet(child, allergens=["milk"])
    worker = make_user(centre=session.centre)
    worker.may("care.read")

    with django_assert_num_queries(5):
        needs = what_the_group_needs(session, worker)
        assert [each.marks for each in needs.values()]
