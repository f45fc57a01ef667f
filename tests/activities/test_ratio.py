"""Whether there are hands enough in the coming two weeks."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import HeadCount, Ratio, Session
from activities.models.ratio import Band, band_of
from activities.ratio import staffing
from buurtwerk.accounts.models import Role
from tests.activities.factories import (
    make_attendance,
    make_participant,
    make_posting,
    make_registration,
    make_series,
    make_session,
)
from tests.breaking import breaks
from tests.factories import make_user

pytestmark = pytest.mark.django_db
OVERVIEW, NORM = "/team/activiteiten/bezetting/", "/team/activiteiten/bezetting/norm/"


@pytest.fixture
def series():
    return make_series(title="Speelnamiddag", audience="children", age_min=6, age_max=12)


@pytest.fixture
def worker(client, series):
    user = make_user(Role.WORKER, centre=series.centre)
    client.force_login(user)
    return user


def in_days(series, days):
    return make_session(series, day=timezone.localdate() + timedelta(days=days))


def coming(series):
    today = timezone.localdate()
    return staffing(Session.objects.filter(series=series), first=today, last=today + timedelta(days=13))


@pytest.mark.parametrize(
    ("fields", "band"),
    [
        ({"audience": "children", "age_min": 6, "age_max": 12}, Band.PRIMARY),
        ({"audience": "children", "age_min": 3, "age_max": 12}, Band.TODDLERS),
        ({"audience": "teens", "age_min": 12, "age_max": 16}, Band.TEENS),
        ({"audience": "everyone", "age_min": 12, "age_max": 17}, Band.TEENS),
        ({"audience": "children", "age_min": 6, "age_max": 12, "type": "outing"}, Band.OUTING),
        ({"audience": "families", "type": "outing"}, None),
        ({"audience": "parents_young_children", "age_min": 0, "age_max": 3}, None),
        ({"audience": "everyone"}, None),
    ],
)
def test_the_youngest_decide_how_many_children_there_may_be(fields, band):
    assert band_of(make_series(**fields)) == band


def test_who_comes_without_registering_is_foreseen_per_weekday(series, worker):
    regular = make_participant(centre=series.centre)
    make_registration(series=series, participant=regular)
    for weeks, drop_ins in ((1, 4), (2, 2)):
        past = in_days(series, 3 - 7 * weeks)
        make_attendance(past, by=worker, participant=regular)
        for _ in range(drop_ins):
            make_attendance(past, by=worker)
    # Another weekday says nothing of this one.
    make_attendance(in_days(series, -1), by=worker)
    in_days(series, 3)

    (row,) = coming(series)

    assert (row.registered, row.drop_in, row.expected) == (1, 3, 4)


def test_heads_counted_without_names_are_foreseen_as_well(series, worker):
    past = in_days(series, -4)
    HeadCount.objects.create(session=past, centre=series.centre, by=worker, children=3, at=timezone.now())
    HeadCount.objects.create(session=past, centre=series.centre, by=worker, children=20, teens=1, adults=5)
    in_days(series, 3)

    assert [row.drop_in for row in coming(series)] == [21]


def test_a_moment_of_which_nobody_noted_anything_says_nothing(series):
    in_days(series, -4)
    in_days(series, 3)

    assert [row.drop_in for row in coming(series)] == [None]


def test_red_days_are_named_in_words_and_lead_to_who_stands_there(client, series, worker):
    session = in_days(series, 3)
    for _ in range(13):
        make_registration(session)
    make_posting(session, worker)

    html = client.get(OVERVIEW).content.decode()

    assert "1 begeleider te weinig" in html and reverse("activities:postings", args=[session.code]) in html
    make_posting(session, make_user(Role.MONITOR, centre=series.centre))
    assert "Overal zijn er genoeg begeleiders." in client.get(OVERVIEW).content.decode()


def test_an_own_number_holds_from_its_day_on(client, series, worker):
    for days in (1, 8):
        session = in_days(series, days)
        for _ in range(12):
            make_registration(session)
    Ratio.objects.create(
        centre=series.centre,
        band="primary",
        children=6,
        valid_from=timezone.localdate() + timedelta(days=5),
        by=worker,
    )

    assert [(row.per_worker, row.needed) for row in coming(series)] == [(12, 1), (6, 2)]


def test_the_overview_costs_the_same_for_one_moment_and_for_five(client, series, worker):
    in_days(series, 3)
    client.get(OVERVIEW)
    with CaptureQueriesContext(connection) as one:
        client.get(OVERVIEW)
    for days in (4, 5, 6, 7):
        session = in_days(make_series(centre=series.centre, audience="children"), days)
        make_registration(session)
    with CaptureQueriesContext(connection) as five:
        assert client.get(OVERVIEW).content.decode().count("<li id=") == 5

    assert len(one) == len(five) <= 14


def settle(client, series, **fields):
    data = {"centre": series.centre_id, "band": "primary", "children": 10, "valid_from": str(timezone.localdate())}
    return client.post(NORM, {**data, **fields})


def test_a_coordinator_settles_how_many_children_and_the_last_number_of_a_day_holds(client, series):
    client.force_login(make_user(Role.COORDINATOR, centre=series.centre))
    settle(client, series)
    settle(client, series, children=9)

    assert Ratio.objects.get().children == 9
    assert "Lagere school: 1 op 9" in client.get(NORM).content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"children": "0"}, "Vul minstens 1 in."),
        ({"children": "400"}, "Vul hoogstens 40 in."),
        ({"children": "veel"}, "Vul een getal in, bijvoorbeeld 12."),
        ({"band": ""}, "Kies voor wie."),
        ({"valid_from": ""}, "Kies een dag."),
        ({"valid_from": "2062-01-01"}, "Kies een dag dichter bij vandaag."),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_words(client, series, fields, sentence):
    client.force_login(make_user(Role.COORDINATOR, centre=series.centre))

    assert sentence in settle(client, series, **fields).content.decode()
    assert not Ratio.objects.exists()


def test_no_number_is_settled_for_another_centre(client, series):
    client.force_login(make_user(Role.COORDINATOR))
    settle(client, series)

    assert not Ratio.objects.exists()


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("ratio_someone_to_look_after", {"children": 0}),
        ("ratio_known_band", {"band": "baby"}),
        ("ratio_once_a_day", {}),
    ],
)
def test_the_database_refuses_a_ratio_that_cannot_be(series, worker, constraint, wrong):
    fields = {"centre": series.centre, "band": "teens", "children": 9, "valid_from": date(2026, 9, 1), "by": worker}
    Ratio.objects.create(**fields)

    with breaks(constraint):
        Ratio.objects.create(**fields | wrong)
