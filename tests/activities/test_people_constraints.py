"""What the database refuses of people in a moment, whatever the code does."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from activities.models import (
    Attendance,
    CareChange,
    CareConsent,
    Carer,
    CareSheet,
    Draw,
    HeadCount,
    Participant,
    PickupPerson,
    Posting,
    Registration,
    RegistrationGroup,
    RegistrationMove,
    SeriesException,
)
from tests.activities.factories import (
    make_attendance,
    make_carer,
    make_group,
    make_participant,
    make_posting,
    make_registration,
    make_series,
    make_session,
)
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_household, make_member

pytestmark = pytest.mark.django_db


def test_a_participant_is_born_in_a_year_that_can_be():
    participant = make_participant()

    with breaks("participant_birth_year_possible"):
        Participant.objects.filter(pk=participant.pk).update(birth_year=1899)


def test_a_person_is_one_participant_of_a_centre():
    person = make_member(make_household()).person
    make_participant(centre=person.centre, person=person)

    with breaks("participant_once_per_person"):
        make_participant(centre=person.centre, person=person)


def test_a_carer_has_a_phone():
    with breaks("carer_can_be_called"):
        make_carer(make_participant(), phone="")


def test_a_carer_stands_once_with_a_child():
    carer = make_carer(make_participant())

    with breaks("carer_once"):
        Carer.objects.create(
            centre=carer.centre, participant=carer.participant, name=carer.name, phone=carer.phone, relation="tante"
        )


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("registration_group_known_channel", {"channel": "duif"}),
        ("registration_group_noted_by_someone", {"channel": "phone"}),
    ],
)
def test_a_group_came_along_a_way_that_we_know(constraint, wrong):
    group = make_group(make_series())

    with breaks(constraint):
        RegistrationGroup.objects.filter(pk=group.pk).update(**wrong)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("registration_for_a_moment_or_a_block", {"block": date(2026, 11, 2)}),
        ("registration_offer_has_an_end", {"status": "offered"}),
        ("registration_offer_has_an_end", {"offered_until": timezone.now()}),
        ("registration_known_codes", {"status": "misschien"}),
        ("registration_known_codes", {"price_tier": "arm"}),
        ("registration_amount_not_below_zero", {"amount": -1}),
    ],
)
def test_the_database_refuses_a_registration_that_cannot_be(constraint, wrong):
    registration = make_registration(make_session())

    with breaks(constraint):
        Registration.objects.filter(pk=registration.pk).update(**wrong)


@pytest.mark.parametrize("scope", ["session", "block", "series"])
@pytest.mark.parametrize("status", ["requested", "confirmed", "waitlisted"])
def test_someone_has_one_living_place(scope, status):
    session = make_session()
    where = {"session": session} if scope == "session" else {"series": session.series}
    where |= {"block": date(2026, 11, 2)} if scope == "block" else {}
    first = make_registration(**where)

    with breaks("registration_once"):
        make_registration(participant=first.participant, status=status, **where)
    make_registration(participant=first.participant, status="withdrawn", **where)


def test_names_that_are_gone_do_not_stand_in_each_others_way():
    session = make_session()
    for registration in (make_registration(session), make_registration(session)):
        Registration.objects.filter(pk=registration.pk).update(participant=None)

    assert session.registrations.filter(participant=None).count() == 2


def make_pickup(participant, **fields):
    defaults = {"name": "Opa Jef", "relation": "grootvader"}
    return PickupPerson.objects.create(participant=participant, centre=participant.centre, **{**defaults, **fields})


def test_who_may_never_fetch_a_child_has_no_last_day():
    with breaks("pickup_forbidden_has_no_end"):
        make_pickup(make_participant(), is_forbidden=True, valid_until=timezone.localdate())


def test_an_afhaler_stands_once_with_a_child():
    pickup = make_pickup(make_participant())

    with breaks("pickup_person_once"):
        make_pickup(pickup.participant)


def make_consent(participant, **fields):
    defaults = {"purpose": "outing", "is_given": True, "given_by": "mama"}
    return CareConsent.objects.create(participant=participant, centre=participant.centre, **{**defaults, **fields})


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("consent_withdrawn_after_given", {"withdrawn_on": date(2020, 1, 1)}),
        ("consent_given_by_someone", {"given_by": ""}),
        ("consent_known_purpose", {"purpose": "alles"}),
        ("consent_known_how", {"how": "gehoord"}),
    ],
)
def test_the_database_refuses_a_consent_that_cannot_be(constraint, wrong):
    with breaks(constraint):
        make_consent(make_participant(), **wrong)


@pytest.mark.parametrize(
    "wrong", [{"allergens": ["milk"]}, {"other_allergies": "Aardbei"}, {"medication": "Puffer"}, {"attention": "Astma"}]
)
@pytest.mark.parametrize("answer", [None, "no", "withdrawn"])
def test_medical_data_are_not_kept_without_consent(wrong, answer):
    child = make_participant()
    if answer == "no":
        make_consent(child, purpose="medical", is_given=False)
    elif answer == "withdrawn":
        make_consent(child, purpose="medical", withdrawn_on=timezone.localdate())

    with breaks("activities_caresheet.medical_only_with_consent"):
        CareSheet.objects.create(participant=child, centre=child.centre, **wrong)
    CareSheet.objects.create(participant=child, centre=child.centre, swims=True)


def test_medical_data_are_kept_with_consent():
    child = make_participant()
    make_consent(child, purpose="medical")

    CareSheet.objects.create(participant=child, centre=child.centre, allergens=["milk"])


@pytest.mark.parametrize(
    "wrong", [{"kind": "team"}, {"kind": "link"}, {"kind": "parent"}, {"kind": "anders", "by_name": "Mama"}]
)
def test_every_change_of_a_card_is_by_someone(wrong):
    child = make_participant()

    with breaks("care_change_by_someone"):
        CareChange.objects.create(participant=child, centre=child.centre, **wrong)


def test_a_purpose_has_one_answer_at_a_time():
    first = make_consent(make_participant())

    with breaks("consent_one_answer_at_a_time"):
        make_consent(first.participant, is_given=False)
    CareConsent.objects.update(withdrawn_on=timezone.localdate())
    make_consent(first.participant, is_given=False)


def test_someone_stands_once_at_a_moment():
    session, user = make_session(), make_user()
    make_posting(session, user)

    with breaks("posting_once"):
        Posting.objects.create(centre=session.centre, session=session, user=user)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("attendance_fetched_only_when_left", {"state": "present", "went_alone": True}),
        ("attendance_known_state", {"state": "misschien"}),
    ],
)
def test_the_database_refuses_a_presence_that_cannot_be(constraint, wrong):
    with breaks(constraint):
        make_attendance(make_session(), by=make_user(), **wrong)


def test_letting_a_child_go_otherwise_has_a_reason():
    user = make_user()

    with breaks("attendance_allowed_with_a_reason"):
        make_attendance(make_session(), by=user, state="left", allowed_by=user)


def test_what_holds_is_what_happened_last_and_not_what_came_in_last():
    session, user, participant = make_session(), make_user(), make_participant()
    now = timezone.now()
    make_attendance(session, by=user, participant=participant, state="left", at=now)
    make_attendance(session, by=user, participant=participant, state="present", at=now - timedelta(hours=2))

    assert [each.state for each in Attendance.objects.latest()] == ["left"]


def test_who_came_first_time_is_one_of_those_who_came():
    session = make_session()

    with breaks("head_count_first_timers_among_them"):
        HeadCount.objects.create(session=session, centre=session.centre, by=make_user(), children=2, first_time=3)


def make_exception(series, **fields):
    defaults = {"original_start": datetime(2026, 11, 4, 14), "action": "skip", "reason": "Studiedag"}
    return SeriesException.objects.create(series=series, by=make_user(), **{**defaults, **fields})


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("series_exception_skips_for_a_reason", {"reason": ""}),
        ("series_exception_known_action", {"action": "misschien"}),
    ],
)
def test_the_database_refuses_an_exception_that_cannot_be(constraint, wrong):
    with breaks(constraint):
        make_exception(make_series(), **wrong)


def test_a_date_is_decided_about_once():
    series = make_series()
    make_exception(series)

    with breaks("series_exception_once"):
        make_exception(series, action="restore")


def test_lots_are_drawn_once():
    session = make_session()
    drawn = {"centre": session.centre, "series": session.series, "session": session, "seed": "abc"}
    Draw.objects.create(**drawn)

    with breaks("draw_once"):
        Draw.objects.create(**drawn)


def test_a_step_of_a_registration_is_one_we_know():
    group = make_group(make_series())

    with breaks("registration_move_known_what"):
        RegistrationMove.objects.create(centre=group.centre, group=group, series=group.series, what="iets")
