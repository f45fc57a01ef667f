"""The card of a child goes three months after the school year in which it last took part."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from activities.models import Attendance, CareChange, CareConsent, Carer, CareSheet, Participant, PickupPerson
from activities.retention import erase_cards, first_day_that_counts, past_their_term
from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as, asking_everything
from tests.activities.factories import (
    make_attendance,
    make_care_sheet,
    make_carer,
    make_participant,
    make_pickup_person,
    make_registration,
    make_session,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2020, 10, 7, 12, tzinfo=UTC)


@pytest.fixture
def amina():
    amina = make_participant(created_at=LONG_AGO)
    make_carer(amina)
    make_care_sheet(amina, medication="Puffer")
    return amina


def attended(participant, day):
    session = make_session(day=day)
    worker = make_user(centre=session.centre)
    moment = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
    person = make_pickup_person(participant)
    return make_attendance(
        session,
        by=worker,
        participant=participant,
        state="left",
        at=moment,
        fetched_by=person,
        allowed_by=worker,
        allowed_because="Mama belde.",
    )


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 30), date(2025, 9, 1)),
        (date(2026, 12, 1), date(2026, 9, 1)),
        (date(2027, 6, 1), date(2026, 9, 1)),
    ],
)
def test_a_school_year_is_over_three_months_after_it(today, first):
    assert first_day_that_counts(today) == first


def test_the_card_is_erased_with_its_history_and_the_count_stays(amina):
    attended(amina, date(2020, 10, 7))

    with asking_everything():
        assert erase_cards() == 1
        assert erase_cards() == 0

    left = Attendance.objects.get()
    assert (left.participant, left.state, left.fetched_by, left.allowed_because) == (amina, "left", None, "gewist")
    for model in (CareSheet, CareConsent, CareChange, Carer, PickupPerson):
        assert not model._base_manager.exists()
    with connection.cursor() as cursor:
        for table in ("caresheet", "careconsent", "carer", "pickupperson"):
            cursor.execute(f"SELECT count(*) FROM activities_{table}event")
            assert cursor.fetchone() == (0,)
    assert Participant.objects.get() == amina


def test_who_was_there_this_school_year_keeps_the_card(amina):
    attended(amina, first_day_that_counts())

    assert not past_their_term().exists()


def test_who_is_registered_keeps_the_card(amina):
    make_registration(make_session(), participant=amina)

    assert not past_their_term().exists()


def test_a_card_that_somebody_went_through_lately_stays(amina):
    CareChange.objects.create(participant=amina, centre=amina.centre, kind="parent", by_name="Mama")

    assert not past_their_term().exists()


def test_the_database_does_not_erase_a_card_for_a_colleague(amina):
    colleague = make_user(centre=amina.centre)

    with asking_as(colleague), pytest.raises(DatabaseError, match="term of this card"), transaction.atomic():
        _erase(amina)


def _erase(participant):
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_card(%s)", [participant.pk])


def test_the_term_stands_on_the_page_of_the_terms(client):
    client.force_login(make_user(Role.COORDINATOR))

    assert "Kindfiches: zorg, afhalers" in client.get(reverse("households:retention-terms")).content.decode()
