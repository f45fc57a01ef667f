"""How many came, for the page of a moment, reports and the story of a family."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.figures import reach
from activities.models import HeadCount, Session
from buurtwerk.accounts.models import Role
from households import timeline
from tests.activities.factories import (
    make_attendance,
    make_participant,
    make_registration,
    make_series,
    make_session,
    make_session_now,
)
from tests.factories import make_user
from tests.households.factories import make_household, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def series():
    return make_series(title="Speelnamiddag", audience="children")


@pytest.fixture
def worker(client, series):
    user = make_user(Role.WORKER, centre=series.centre)
    client.force_login(user)
    return user


def in_days(series, days):
    return make_session(series, day=timezone.localdate() + timedelta(days=days))


def test_reach_counts_visits_people_and_who_came_for_the_first_time(series, worker):
    first, second = in_days(series, -14), in_days(series, -7)
    amina, bilal = (make_participant(centre=series.centre) for _ in range(2))
    make_attendance(first, by=worker, participant=amina)
    make_attendance(second, by=worker, participant=amina, state="left")
    make_attendance(second, by=worker, participant=bilal)
    make_attendance(second, by=worker, state="absent")
    HeadCount.objects.create(session=second, centre=series.centre, by=worker, children=2, adults=3, first_time=1)

    (row,) = reach(Session.objects.filter(series=series))

    assert (row.moments, row.visits, row.people, row.first_timers, row.counted) == (2, 3, 2, 3, 5)


def test_a_correction_counts_and_not_what_it_corrected(series, worker):
    session = in_days(series, -7)
    child = make_participant(centre=series.centre)
    make_attendance(session, by=worker, participant=child)
    make_attendance(session, by=worker, participant=child, state="cleared")

    assert [row.visits for row in reach(Session.objects.filter(series=series))] == [0]


def test_the_page_of_a_moment_shows_expected_and_present(client, series, worker):
    session = make_session_now(series)
    make_registration(series=series, participant=make_participant(centre=series.centre))
    make_attendance(session, by=worker)

    html = client.get(session.get_absolute_url()).content.decode()

    assert "<dt>Verwacht</dt><dd>1</dd>" in html and "<dt>Kwamen</dt><dd>1</dd>" in html


@pytest.mark.parametrize(("came", "shown"), [(4, "te klein om te tonen"), (6, "6")])
def test_a_reader_sees_no_number_that_is_too_small(client, series, worker, came, shown):
    session = make_session_now(series)
    for _ in range(came):
        make_attendance(session, by=worker)
    client.force_login(make_user(Role.READER, centre=series.centre))

    html = client.get(session.get_absolute_url()).content.decode()

    assert f"<dt>Kwamen</dt><dd>{shown}</dd>" in html
    assert "Verwacht" not in html and "Wie is er?" not in html


@pytest.fixture
def family(series, worker):
    household = make_household(worker=worker, centre=series.centre)
    child = make_member(household, first_name="Amina", role="child").person
    return household, make_participant(centre=series.centre, person=child, first_name="Amina")


def told(household, user):
    return [entry.title for entry in timeline.of(household, user=user) if entry.kind == "presence"]


def test_the_story_of_a_family_tells_where_its_people_were(series, worker, family):
    household, amina = family
    make_attendance(in_days(series, -7), by=worker, participant=amina)
    make_attendance(in_days(series, -14), by=worker, participant=amina, state="absent")
    make_attendance(in_days(series, -21), by=worker)

    assert told(household, worker) == ["Amina was bij Speelnamiddag"]
    newest = timezone.localdate() - timedelta(days=7)
    assert not [each for each in timeline.of(household, user=worker, before=newest) if each.kind == "presence"]


def test_the_story_tells_a_grief_group_to_the_file_team_alone(worker, family):
    household, amina = family
    grief = make_series(centre=household.centre, is_sensitive=True)
    make_attendance(in_days(grief, -7), by=worker, participant=amina)

    assert told(household, worker)
    assert not told(household, make_user(Role.WORKER, centre=household.centre))


def test_a_child_with_a_luik_is_not_told_of_at_gedeeld(series, worker, family):
    household, amina = family
    make_attendance(in_days(series, -7), by=worker, participant=amina)
    type(household).objects.filter(pk=household.pk).update(has_compartments=True)
    household.members.filter(person=amina.person).update(has_compartment=True)
    household = type(household).objects.get(pk=household.pk)

    assert not told(household, worker)


def test_the_story_tells_nothing_of_another_centre(series, worker, family):
    household, amina = family
    make_attendance(in_days(series, -7), by=worker, participant=amina)

    assert not told(household, make_user(Role.WORKER))


def test_the_page_of_a_participant_tells_where_it_was(client, series, worker, family):
    _, amina = family
    make_attendance(in_days(series, -7), by=worker, participant=amina)
    absent = make_series(title="Zwemmen", centre=series.centre)
    make_attendance(in_days(absent, -7), by=worker, participant=amina, state="absent")

    html = client.get(reverse("activities:participant", args=[amina.code])).content.decode()

    assert "Speelnamiddag</a>" in html and "Zwemmen" not in html
