import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import Service
from tests.factories import make_neighbourhood, make_user
from tests.partners.factories import make_organisation, make_service

pytestmark = pytest.mark.django_db


def typed(**fields):
    return {
        "token": str(uuid.uuid4()),
        "loaded_version": "1",
        "name": "Samen koken",
        "themes": ["food", "living_together"],
        "description": "Elke week een maaltijd.",
        "for_whom": "",
        "age_min": "2,5",
        "age_max": "14",
        "languages": ["nl", "tr"],
        "cost": "€ 2",
        "access_mode": "phone",
        "how_to_enter": "Bel een dag vooraf.",
        "check_every_months": "6",
        "status": "active",
        **fields,
    }


@pytest.fixture
def page():
    return reverse("partners:service-create", args=[make_organisation(slug="vzw-samen").slug])


def test_a_worker_adds_what_an_organisation_offers(client, page):
    buurten = [make_neighbourhood(), make_neighbourhood()]
    client.force_login(make_user())

    response = client.post(page, typed(neighbourhoods=[buurt.pk for buurt in buurten]))

    service = Service.objects.get()
    assert response.url == "/team/partners/vzw-samen/#samen-koken"
    assert (service.themes, service.languages) == (["food", "living_together"], ["nl", "tr"])
    assert (service.age_min, service.age_max) == (Decimal("2.5"), 14)
    assert set(service.neighbourhoods.all()) == set(buurten)
    assert service.verified_on is None


def test_a_highest_age_alone_means_from_birth_on(client, page):
    client.force_login(make_user())

    client.post(page, typed(age_min="", age_max="12"))

    assert Service.objects.get().ages == "tot 12 jaar"


def test_the_whole_city_needs_no_buurten(client, page):
    client.force_login(make_user())

    client.post(page, typed(city_wide="on", neighbourhoods=[make_neighbourhood().pk]))

    service = Service.objects.get()
    assert service.city_wide
    assert not service.neighbourhoods.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("name", "a\x00b"),
        ("themes", []),
        ("themes", ["unknown"]),
        ("description", "x" * 2001),
        ("description", "nummer 85073003328"),
        ("age_min", "jong"),
        ("age_min", "-1"),
        ("age_min", "NaN"),
        ("age_max", "121"),
        ("age_max", "1"),
        ("age_max", "9" * 500),
        ("neighbourhoods", ["999999"]),
        ("neighbourhoods", ["x"]),
        ("neighbourhoods", ["a\x00b"]),
        ("languages", ["klingon"]),
        ("cost", "x" * 121),
        ("access_mode", "teleport"),
        ("how_to_enter", "x" * 501),
        ("check_every_months", "2"),
        ("check_every_months", "99999999999"),
        ("status", "weg"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_stored(client, page, name, value):
    client.force_login(make_user())

    response = client.post(page, typed(**{name: value}))

    form = response.context["form"]
    assert response.status_code == 200
    assert list(form.errors) == [name]
    assert form["how_to_enter"].value() == (value if name == "how_to_enter" else "Bel een dag vooraf.")
    assert not Service.objects.exists()


def test_a_second_tap_saves_nothing_more(client, page):
    client.force_login(make_user())
    form = typed()

    assert client.post(page, form).url == client.post(page, form).url
    assert Service.objects.count() == 1


def test_an_edit_changes_the_card_but_never_the_day_of_its_check(client):
    service = make_service(checked_days_ago=210)
    checked_on = service.verified_on
    client.force_login(make_user())

    client.post(
        reverse("partners:service-edit", args=[service.organisation.slug, service.slug]),
        typed(cost="Gratis", verified_on=timezone.localdate(), check_on="2062-01-01"),
    )
    service.refresh_from_db()

    assert (service.cost, service.verified_on, service.freshness) == ("Gratis", checked_on, "due")


def test_who_saves_second_sees_both_texts_and_loses_nothing(client):
    hoogland = make_neighbourhood(name="Hoogland")
    service = make_service()
    page = reverse("partners:service-edit", args=[service.organisation.slug, service.slug])
    client.force_login(make_user())
    client.post(page, typed(cost="Van els", neighbourhoods=[hoogland.pk]))

    overtaken = client.post(page, typed(cost="Van noor"))
    service.refresh_from_db()

    theirs = dict(overtaken.context["form"].theirs)
    assert service.cost == "Van els"
    assert theirs == {"Kostprijs": "Van els", "Buurten": "Hoogland"}
    assert "Van noor" in overtaken.text

    client.post(page, typed(cost="Van noor", loaded_version=overtaken.context["form"]["loaded_version"].value()))
    service.refresh_from_db()

    assert service.cost == "Van noor"


def test_ages_stand_in_the_form_as_people_write_them(client):
    service = make_service(age_min="2.5", age_max=10)
    client.force_login(make_user())

    form = client.get(reverse("partners:service-edit", args=[service.organisation.slug, service.slug])).context["form"]

    assert (form["age_min"].value(), form["age_max"].value()) == (Decimal("2.5"), 10)
    assert 'value="2,5"' in str(form["age_min"])


def test_an_edit_that_changes_nothing_shows_no_change(client):
    service = make_service(age_min="2.5", age_max=10, themes=["food"], neighbourhoods=[make_neighbourhood()])
    client.force_login(make_user())
    page = reverse("partners:service-edit", args=[service.organisation.slug, service.slug])
    shown = client.get(page).context["form"]

    posted = {name: shown[name].value() for name in shown.fields if shown[name].value() not in (None, False)}
    posted["neighbourhoods"] = [buurt.pk for buurt in service.neighbourhoods.all()]
    client.post(page, posted)

    before, after = service.events.order_by("pk").values("age_min", "age_max", "themes", "status", "name")
    assert before == after
