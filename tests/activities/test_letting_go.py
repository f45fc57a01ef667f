"""A child goes home: who may fetch it, and who may let it go all the same (scenario 8)."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from activities.actions.pickup import AlreadyGone, Blocked, let_go, whom_to_call
from activities.models import Attendance
from buurtwerk.accounts.models import Role
from tests.activities.factories import (
    at,
    make_care_sheet,
    make_carer,
    make_participant,
    make_pickup_person,
    make_registration,
    make_session,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return make_session(day=timezone.localdate())


@pytest.fixture
def tom(session):
    return make_user(Role.MONITOR, centre=session.centre)


@pytest.fixture
def noor(session):
    return make_user(centre=session.centre)


@pytest.fixture
def amina(session):
    amina = make_participant(centre=session.centre, first_name="Amina", last_name="Bakri")
    make_registration(session, participant=amina)
    make_carer(amina, name="Mama Bakri")
    return amina


def go(session, amina, tom, **how):
    return let_go(session, amina, by=tom, tick=how.pop("tick", uuid.uuid4()), **how)


def test_a_child_goes_with_who_may_fetch_it(session, amina, tom):
    oma = make_pickup_person(amina)

    left = go(session, amina, tom, person=oma)

    assert (left.state, left.fetched_by, left.by, left.allowed_by) == ("left", oma, tom, None)


def test_a_child_goes_with_a_zorgfiguur(session, amina, tom):
    assert go(session, amina, tom, carer=amina.carers.get()).fetched_by_carer == amina.carers.get()


def test_collecting_a_child_with_an_expired_person_blocks_and_needs_a_responsible(session, amina, tom, noor):
    """Scenario 8."""
    make_pickup_person(amina)
    expired = make_pickup_person(amina, name="Buurvrouw An", valid_until=date(2026, 1, 31))
    make_pickup_person(amina, name="Karim", is_forbidden=True)

    with pytest.raises(Blocked) as blocked:
        go(session, amina, tom, person=expired)

    assert str(blocked.value) == "Buurvrouw An mocht Amina ophalen tot en met 31/01/2026."
    assert [carer.name for carer in blocked.value.call] == ["Mama Bakri"]
    assert not Attendance.objects.exists()
    left = go(session, amina, tom, person=expired, allowed_by=noor, because="Mama belde zelf.")
    assert (left.allowed_by, left.allowed_because, left.by) == (noor, "Mama belde zelf.", tom)


def test_today_is_still_in_time(session, amina, tom):
    oma = make_pickup_person(amina, valid_until=timezone.localdate())

    assert go(session, amina, tom, person=oma).fetched_by == oma


def test_who_may_not_fetch_never_gets_the_child_without_a_responsible(session, amina, tom):
    karim = make_pickup_person(amina, name="Karim", is_forbidden=True)

    with pytest.raises(Blocked, match="Amina mag niet mee met Karim"):
        go(session, amina, tom, person=karim)


@pytest.mark.parametrize("written", ["KARIM  Bakri", "karim"])
def test_a_zorgfiguur_with_the_name_of_who_may_not_fetch_is_stopped_and_not_phoned(session, amina, tom, written):
    make_pickup_person(amina, name=written, is_forbidden=True)
    karim = make_carer(amina, name="Karim Bakri", phone="0470 00 00 09")

    with pytest.raises(Blocked, match="mag niet mee met Karim Bakri"):
        go(session, amina, tom, carer=karim)

    assert karim not in whom_to_call(amina)


def test_someone_who_is_not_on_the_list_needs_a_responsible(session, amina, tom, noor):
    with pytest.raises(Blocked, match="staat niet op de lijst van Amina"):
        go(session, amina, tom)

    assert go(session, amina, tom, allowed_by=noor, because="Tante Lies, mama belde.").allowed_by == noor


@pytest.mark.parametrize("because", ["", "  "])
def test_a_responsible_says_why(session, amina, tom, noor, because):
    with pytest.raises(Blocked):
        go(session, amina, tom, allowed_by=noor, because=because)


@pytest.mark.parametrize("role", [Role.MONITOR, Role.VOLUNTEER, Role.RECEPTION, Role.READER])
def test_only_a_responsible_of_this_centre_lets_a_child_go(session, amina, tom, role):
    for colleague in (make_user(role, centre=session.centre), make_user()):
        with pytest.raises(Blocked):
            go(session, amina, tom, allowed_by=colleague, because="Het mag.")


@pytest.mark.parametrize(("hour", "goes"), [(time(16, 59), False), (time(17), True)])
def test_a_child_goes_alone_only_from_its_hour(session, amina, tom, hour, goes):
    make_care_sheet(amina, may_go_alone_from=time(17))
    then = at(timezone.localdate(), hour)

    if goes:
        assert go(session, amina, tom, alone=True, at=then).went_alone
    else:
        with pytest.raises(Blocked, match="pas alleen naar huis vanaf 17.00 uur"):
            go(session, amina, tom, alone=True, at=then)


@pytest.mark.parametrize("has_sheet", [True, False])
def test_a_child_without_an_hour_never_goes_alone(session, amina, tom, has_sheet):
    if has_sheet:
        make_care_sheet(amina)

    with pytest.raises(Blocked, match="Amina mag niet alleen naar huis"):
        go(session, amina, tom, alone=True)


def test_a_grown_up_goes_alone(session, tom):
    samira = make_participant(centre=session.centre, birth_year=1988)

    assert go(session, samira, tom, alone=True).went_alone


def test_the_word_of_a_responsible_is_not_kept_where_nobody_needed_it(session, amina, tom, noor):
    left = go(session, amina, tom, person=make_pickup_person(amina), allowed_by=noor, because="Voor de zekerheid.")

    assert (left.allowed_by, left.allowed_because) == (None, "")


def test_the_same_press_counts_once(session, amina, tom):
    oma, tick = make_pickup_person(amina), uuid.uuid4()

    first = go(session, amina, tom, person=oma, tick=tick)

    assert go(session, amina, tom, person=oma, tick=tick) == first
    assert Attendance.objects.count() == 1


def test_a_child_that_left_does_not_leave_again(session, amina, tom):
    first = go(session, amina, tom, person=make_pickup_person(amina))

    with pytest.raises(AlreadyGone) as gone:
        go(session, amina, tom, carer=amina.carers.get())

    assert gone.value.attendance == first


def test_a_child_that_came_back_can_leave_again(session, amina, tom):
    go(session, amina, tom, person=make_pickup_person(amina), at=timezone.now() - timedelta(hours=1))
    Attendance.objects.create(
        centre=session.centre, session=session, participant=amina, state="present", by=tom, at=timezone.now()
    )

    assert go(session, amina, tom, carer=amina.carers.get(), at=timezone.now() + timedelta(minutes=1))
