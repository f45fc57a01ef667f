import re
import uuid

import pytest
from django.urls import reverse

from buurtwerk.accounts.models import Role
from partners.models import Organisation
from tests.factories import make_user
from tests.partners.factories import check, count_queries, make_organisation, make_service

pytestmark = pytest.mark.django_db

READERS = [Role.WORKER, Role.COORDINATOR, Role.RECEPTION, Role.MONITOR, Role.VOLUNTEER, Role.READER]
EDITORS = [Role.WORKER, Role.COORDINATOR]


def typed(**fields):
    return {
        "token": str(uuid.uuid4()),
        "loaded_version": "1",
        "name": "vzw Samen",
        "kind": "ngo",
        "description": "Ze koken samen.",
        "for_whom": "Iedereen",
        "functions": ["meeting_cohesion"],
        "phone": "016 00 00 12",
        "email": "samen@voorbeeld.be",
        "website": "https://voorbeeld.be",
        "source": "voorbeeld.be",
        "source_read": "yes",
        "to_check": "",
        "is_active": "on",
        **fields,
    }


def pages_to_read(service):
    return [reverse("partners:list"), service.organisation.get_absolute_url()]


def pages_to_change(service):
    where = [service.organisation.slug, service.slug]
    return [
        reverse("partners:create"),
        reverse("partners:edit", args=where[:1]),
        reverse("partners:service-create", args=where[:1]),
        reverse("partners:service-edit", args=where),
        reverse("partners:service-check", args=where),
    ]


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_and_changes_what_it_may(client, role):
    service = make_service()
    client.force_login(make_user(role))

    for page in pages_to_read(service):
        assert client.get(page).status_code == (200 if role in READERS else 403)
    for page in pages_to_change(service):
        assert client.get(page).status_code == (200 if role in EDITORS else 403)
        assert client.post(page, {}).status_code == (200 if role in EDITORS else 403)


def test_a_stranger_is_asked_to_sign_in(client):
    service = make_service()

    for page in pages_to_read(service) + pages_to_change(service):
        assert client.get(page).status_code == 302


@pytest.mark.parametrize("role", [Role.WORKER, Role.READER])
def test_only_who_may_change_a_card_sees_the_buttons(client, role):
    service = make_service()
    client.force_login(make_user(role))

    shown = [
        page
        for page in pages_to_change(service)
        if f'href="{page}"' in "".join(client.get(page).text for page in pages_to_read(service))
    ]

    assert shown == (pages_to_change(service) if role == Role.WORKER else [])


def test_a_card_that_is_not_there_does_not_exist(client):
    service, other = make_service(), make_service()
    client.force_login(make_user())

    for name, where in [
        ("detail", ["nergens"]),
        ("edit", ["nergens"]),
        ("service-create", ["nergens"]),
        ("service-edit", [other.organisation.slug, service.slug]),
        ("service-check", [service.organisation.slug, "nergens"]),
    ]:
        assert client.get(reverse(f"partners:{name}", args=where)).status_code == 404


def test_reading_pages_refuse_a_wrong_method(client):
    service = make_service()
    client.force_login(make_user())

    for page in pages_to_read(service):
        assert client.post(page).status_code == 405
    for page in pages_to_change(service):
        assert client.put(page).status_code == 405


def test_a_new_organisation_leads_to_adding_what_it_offers(client):
    client.force_login(make_user())

    response = client.post(reverse("partners:create"), typed())

    organisation = Organisation.objects.get()
    assert (organisation.slug, organisation.search_key, organisation.functions) == (
        "vzw-samen",
        "vzwsamen",
        ["meeting_cohesion"],
    )
    assert response.url == reverse("partners:service-create", args=["vzw-samen"])
    assert "vzw Samen" in client.get(reverse("partners:list")).text


def test_an_address_that_is_taken_gets_a_number(client):
    make_organisation(slug="vzw-samen", name="Iets anders")
    make_organisation(slug="vzw-samen-2", name="Nog iets anders")
    client.force_login(make_user())

    client.post(reverse("partners:create"), typed())
    client.post(reverse("partners:create"), typed(name="Nieuw"))
    client.post(reverse("partners:create"), typed(name="!!!"))

    assert set(Organisation.objects.values_list("slug", flat=True)) == {
        "vzw-samen",
        "vzw-samen-2",
        "vzw-samen-3",
        "nieuw-2",
        "kaart",
    }


def test_a_second_tap_saves_nothing_more(client):
    client.force_login(make_user())
    form = typed()

    first = client.post(reverse("partners:create"), form)
    second = client.post(reverse("partners:create"), form)

    assert first.url == second.url
    assert Organisation.objects.count() == 1


def test_a_second_tap_on_an_edit_is_not_a_conflict(client):
    organisation = make_organisation()
    client.force_login(make_user())
    form = typed()

    first = client.post(reverse("partners:edit", args=[organisation.slug]), form)
    second = client.post(reverse("partners:edit", args=[organisation.slug]), form)

    organisation.refresh_from_db()
    assert first.url == second.url == organisation.get_absolute_url()
    assert organisation.version == 2


def test_a_card_with_the_same_name_is_not_made_twice(client):
    make_organisation(name="VZW Sámen")
    client.force_login(make_user())

    response = client.post(reverse("partners:create"), typed())

    assert "Er is al een kaart met deze naam" in response.context["form"].errors["name"][0]
    assert Organisation.objects.count() == 1


def test_who_saves_second_sees_both_texts_and_loses_nothing(client):
    organisation = make_organisation(description="Van in het begin")
    page = reverse("partners:edit", args=[organisation.slug])
    client.force_login(make_user())
    client.post(page, typed(description="Van els"))

    overtaken = client.post(page, typed(name="vzw Anders", description="Van noor"))
    organisation.refresh_from_db()

    assert organisation.description == "Van els"
    assert overtaken.context["form"].theirs == [("Naam", "vzw Samen"), ("Wat ze doen", "Van els")]
    assert "Van noor" in overtaken.text and "vzw Anders" in overtaken.text

    client.post(page, typed(description="Van noor", loaded_version=overtaken.context["form"]["loaded_version"].value()))
    organisation.refresh_from_db()

    assert (organisation.description, organisation.version) == ("Van noor", 3)


def test_an_edit_keeps_its_history(client):
    organisation = make_organisation(name="Oude naam")
    client.force_login(make_user(username="els"))

    client.post(reverse("partners:edit", args=[organisation.slug]), typed(name="Nieuwe naam"))

    last = organisation.events.order_by("-pk").first()
    assert [event.name for event in organisation.events.order_by("pk")] == ["Oude naam", "Nieuwe naam"]
    assert "user" in last.pgh_context.metadata


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("name", "a\x00b"),
        ("name", "Bel 85.07.30-033.28"),
        ("kind", ""),
        ("kind", "circus"),
        ("functions", ["juggling"]),
        ("description", "x" * 2001),
        ("description", "rijksregister 85073003328"),
        ("description", "a\x07b"),
        ("for_whom", "x" * 201),
        ("phone", "bel maar"),
        ("phone", "016 00 00 00 " * 4),
        ("email", "geen adres"),
        ("website", "javascript:alert(1)"),
        ("website", "ftp://voorbeeld.be"),
        ("website", "geen site"),
        ("source", "x" * 301),
        ("source_read", "maybe"),
        ("to_check", "x" * 301),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_stored(client, name, value):
    client.force_login(make_user())

    response = client.post(reverse("partners:create"), typed(**{name: value}))

    form = response.context["form"]
    assert response.status_code == 200
    assert name in form.errors
    assert "Er is nog iets nodig" in response.text
    assert form[name].value() == value
    assert form["source"].value() == (value if name == "source" else "voorbeeld.be")
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("token", ""), ("token", "x"), ("loaded_version", "x"), ("loaded_version", "")]
)
def test_a_form_that_was_tampered_with_stores_nothing(client, name, value):
    client.force_login(make_user())

    response = client.post(reverse("partners:create"), typed(**{name: value}))

    assert response.status_code == 200
    assert name in response.context["form"].errors
    assert not Organisation.objects.exists()


def test_what_people_wrote_is_shown_as_text(client):
    client.force_login(make_user())
    service = make_service(name="<script>alert(1)</script>")
    check(service)

    for page in pages_to_read(service) + pages_to_change(service):
        assert not re.search(r"<script>alert", client.get(page).text)


def test_a_card_costs_the_same_for_any_number_of_services_and_checks(client):
    organisation = make_organisation()
    client.force_login(make_user())
    counts = []
    for more in (1, 4):
        for _ in range(more):
            check(make_service(organisation=organisation))
        counts.append(count_queries(client, organisation.get_absolute_url()))

    assert counts[0] == counts[1] <= 12
