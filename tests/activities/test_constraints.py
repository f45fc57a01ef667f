from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from activities.models import ActivitySeries, Session
from buurtwerk.places.public import current_version
from tests.activities.factories import make_series, make_session
from tests.breaking import breaks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("series_ends_after_it_starts", {"local_end": "14:00"}),
        ("series_last_day_not_before_first", {"until": "2020-01-01"}),
        ("series_ages_in_order", {"age_min": 13, "age_max": 12}),
        ("series_ages_in_order", {"age_min": 130}),
        ("series_ages_in_order", {"age_min": 1, "age_max": 130}),
        ("series_room_for_someone", {"capacity": 0}),
        ("series_no_price_below_zero", {"price_eur": Decimal("-1")}),
        ("series_no_price_below_zero", {"price_social_eur": Decimal("-1")}),
        ("series_no_price_below_zero", {"price_child_eur": Decimal("-1")}),
        ("series_known_codes", {"kind": "feestje"}),
        ("series_known_codes", {"type": "onbekend"}),
        ("series_known_codes", {"audience": "onbekend"}),
        ("series_known_codes", {"holiday_policy": "soms"}),
        ("series_known_codes", {"public_holiday_policy": "soms"}),
        ("series_known_codes", {"registration": "soms"}),
        ("series_known_codes", {"public_level": "geheim"}),
        ("series_known_codes", {"zone": "Europe/Paris"}),
        ("series_known_codes", {"enrol_scope": "ooit"}),
        ("series_offers_end_in_time", {"offer_hours": 0}),
        ("series_offers_end_in_time", {"offer_hours": 169}),
        ("series_priority_within_capacity", {"priority_seats": 1}),
        ("series_priority_within_capacity", {"priority_seats": 6, "capacity": 5}),
        ("series_minimum_within_capacity", {"min_participants": 0}),
        ("series_minimum_within_capacity", {"min_participants": 6, "capacity": 5}),
    ],
)
def test_the_database_refuses_a_series_that_cannot_be(constraint, wrong):
    series = make_series()

    with breaks(constraint):
        ActivitySeries.objects.filter(pk=series.pk).update(**wrong)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("session_not_on_for_a_reason", {"status": "cancelled"}),
        ("session_not_on_for_a_reason", {"status": "skipped"}),
        ("session_known_status", {"status": "misschien"}),
        ("session_room_for_someone", {"capacity": 0}),
        ("session_ends_within_a_day", {"ends_at": "2020-01-01T10:00Z"}),
        ("session_ends_within_a_day", {"ends_at": "2062-01-01T10:00Z"}),
    ],
)
def test_the_database_refuses_a_moment_that_cannot_be(constraint, wrong):
    session = make_session()

    with breaks(constraint):
        Session.objects.filter(pk=session.pk).update(**wrong)


def test_a_series_has_one_moment_for_each_original_start():
    session = make_session()

    with breaks("session_planned_once"):
        make_session(session.series)


@pytest.mark.parametrize("field", ["original_start", "code", "uid", "series_id", "centre_id"])
def test_the_identity_of_a_moment_never_changes(field):
    session, other = make_session(), make_session()
    value = session.original_start + timedelta(hours=1) if field == "original_start" else getattr(other, field)

    with breaks("activities_session.identity_never_changes"):
        Session.objects.filter(pk=session.pk).update(**{field: value})


@pytest.mark.parametrize(
    "change",
    [
        lambda session: Session.objects.update(status="cancelled", reason_public="Ziek"),
        lambda session: ActivitySeries.objects.update(title="Iets anders"),
        lambda session: session.delete(),
        lambda session: make_session(session.series, day=session.starts_at.date() + timedelta(days=7)),
    ],
)
def test_every_change_of_a_moment_or_series_is_a_new_public_version(change):
    session = make_session()
    before = current_version()

    change(session)

    assert current_version() > before


def test_the_history_keeps_what_was_changed_and_cannot_be_rewritten():
    session = make_session()

    session.change_status(Session.Status.CANCELLED, reason="Ziek")

    assert list(session.events.order_by("pgh_id").values_list("status", "reason_public")) == [
        ("planned", ""),
        ("cancelled", "Ziek"),
    ]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM activities_sessionevent")
