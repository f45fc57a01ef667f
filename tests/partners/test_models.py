from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from partners.models import Service, Verification
from tests.breaking import breaks
from tests.factories import make_neighbourhood
from tests.partners.factories import check, make_organisation, make_service

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("service_has_a_name", {"name": ""}),
        ("service_known_themes", {"themes": ["unknown"]}),
        ("service_known_languages", {"languages": ["klingon"]}),
        ("service_known_access", {"access_mode": "teleport"}),
        ("service_known_status", {"status": "gone"}),
        ("service_known_interval", {"check_every_months": 2}),
        ("service_ages_in_order", {"age_max": 12}),
        ("service_ages_in_order", {"age_min": 12, "age_max": 6}),
        ("service_ages_in_order", {"age_min": -1}),
        ("service_ages_in_order", {"age_min": 0, "age_max": 121}),
    ],
)
def test_the_database_refuses_a_service_that_cannot_be(constraint, fields):
    with breaks(constraint):
        make_service(**fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("organisation_has_a_name", {"name": ""}),
        ("organisation_known_kind", {"kind": "circus"}),
        ("organisation_known_reading", {"source_read": "maybe"}),
        ("organisation_known_functions", {"functions": ["juggling"]}),
        ("organisation_slug_is_free", {"slug": "nieuw"}),
    ],
)
def test_the_database_refuses_an_organisation_that_cannot_be(constraint, fields):
    with breaks(constraint):
        make_organisation(**fields)


def test_a_service_works_once_in_a_buurt():
    buurt = make_neighbourhood()
    service = make_service(neighbourhoods=[buurt])

    with breaks("service_area_once"):
        service.servicearea_set.create(neighbourhood=buurt)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [("verification_known_method", {"method": "telepathy"}), ("verification_known_result", {"result": "perhaps"})],
)
def test_the_database_refuses_a_check_that_cannot_be(constraint, fields):
    service = check(make_service())
    known = service.verifications.get()
    values = {"method": known.method, "result": known.result, "by": known.by, **fields}

    with breaks(constraint):
        service.verifications.create(**values)


@pytest.mark.parametrize(
    "statement", ["UPDATE partners_verification SET note = 'x'", "DELETE FROM partners_verification"]
)
def test_a_check_is_never_changed_or_removed(statement):
    check(make_service())

    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Verification.objects.count() == 1


def test_a_check_dates_the_card():
    service = make_service()

    assert service.verified_on is None
    assert check(service).verified_on == timezone.localdate()


@pytest.mark.parametrize("result", ["unreached", "gone"])
def test_a_check_that_reached_nobody_dates_nothing(result):
    assert check(make_service(), result=result).verified_on is None


def test_an_older_check_written_later_changes_nothing():
    service = check(make_service(), days_ago=2)

    check(service, days_ago=90)

    assert service.verified_on == timezone.localdate() - timedelta(days=2)


def test_no_edit_can_set_the_day_of_the_check():
    service = make_service(checked_days_ago=400)

    Service.objects.update(verified_on=timezone.localdate(), check_on=timezone.localdate() + timedelta(days=900))
    service.refresh_from_db()

    assert service.verified_on == timezone.localdate() - timedelta(days=400)
    assert service.freshness == "outdated"


@pytest.mark.parametrize(
    ("days", "freshness"),
    [(None, "due"), (0, "current"), (175, "current"), (190, "due"), (360, "due"), (380, "outdated")],
)
def test_a_card_with_interval_six_months_grows_old(days, freshness):
    service = make_service(checked_days_ago=days, check_every_months=6)

    assert service.freshness == freshness
    assert Service.objects.with_staleness().get().staleness == ["current", "due", "outdated"].index(freshness)


def test_only_cards_that_are_due_are_to_check():
    make_service(checked_days_ago=1)
    make_service(status="ended")
    never, late = make_service(), make_service(checked_days_ago=300)

    assert set(Service.objects.to_check()) == {never, late}


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        ((None, None), ""),
        ((0, None), "alle leeftijden"),
        ((0, 12), "tot 12 jaar"),
        ((Decimal("2.5"), 14), "2,5 tot 14 jaar"),
        ((18, None), "vanaf 18 jaar"),
    ],
)
def test_ages_are_said_in_words(ages, words):
    assert Service(age_min=ages[0], age_max=ages[1]).ages == words


def test_a_change_of_a_service_or_its_buurten_is_kept_in_history():
    service = make_service(neighbourhoods=[make_neighbourhood()])

    service.cost = "Gratis"
    service.save()
    service.neighbourhoods.clear()

    assert [event.pgh_label for event in service.events.order_by("pk")] == ["insert", "update"]
    assert service.neighbourhoods.through.pgh_event_model.objects.count() == 2
