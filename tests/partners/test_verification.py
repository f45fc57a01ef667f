import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import Service, Verification
from tests.factories import make_user
from tests.partners.factories import make_service

pytestmark = pytest.mark.django_db


def typed(**fields):
    return {"token": str(uuid.uuid4()), "method": "phone", "result": "correct", "note": "", **fields}


def page_of(service):
    return reverse("partners:service-check", args=[service.organisation.slug, service.slug])


def test_a_phone_check_makes_a_stale_card_current(client):
    service = make_service(checked_days_ago=210)
    noor = make_user()
    client.force_login(noor)

    response = client.post(page_of(service), typed(note="Uren kloppen nog."))
    service.refresh_from_db()

    assert response.url == service.get_absolute_url()
    assert (service.verified_on, service.freshness) == (timezone.localdate(), "current")
    assert service.verifications.first().by == noor
    assert "Uren kloppen nog." in client.get(service.organisation.get_absolute_url()).text


def test_an_offer_that_turns_out_to_be_gone_ends(client):
    service = make_service()
    client.force_login(make_user())

    client.post(page_of(service), typed(result="gone"))
    service.refresh_from_db()

    assert (service.status, service.version, service.verified_on) == (Service.Status.ENDED, 2, None)


def test_a_second_tap_logs_one_check(client):
    service = make_service()
    client.force_login(make_user())
    form = typed()

    assert client.post(page_of(service), form).url == client.post(page_of(service), form).url
    assert Verification.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("method", ""),
        ("method", "telepathy"),
        ("result", ""),
        ("result", "perhaps"),
        ("note", "x" * 501),
        ("note", "nummer 85073003328"),
        ("note", "a\x00b"),
        ("token", "x"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_stored(client, name, value):
    service = make_service()
    client.force_login(make_user())

    response = client.post(page_of(service), typed(**{"note": "Kort", name: value}))

    form = response.context["form"]
    assert response.status_code == 200
    assert list(form.errors) == [name]
    assert form["note"].value() == (value if name == "note" else "Kort")
    assert not Verification.objects.exists()
