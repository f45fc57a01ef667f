"""What parents fill in or check by a link, without an account."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.actions.care import give_link, link_when_needed, needs_asking
from activities.models import CareChange, CareConsent, CareSheet, PickupPerson
from buurtwerk.accounts.models import SecureLink
from buurtwerk.notices.models import Notice
from tests.activities.factories import make_care_sheet, make_participant, make_pickup_person
from tests.factories import make_user

pytestmark = pytest.mark.django_db

YES = dict.fromkeys(["for_medical", "for_outing", "for_photo_inside", "for_photo_site", "for_photo_social"], "yes")


@pytest.fixture
def amina():
    return make_participant(first_name="Amina", last_name="Bakri")


@pytest.fixture
def noor(amina):
    return make_user(centre=amina.centre)


@pytest.fixture
def address(amina, noor):
    return reverse("activities:care-by-link", args=[give_link(amina, by=noor)])


def typed(client, address, **fields):
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields} | {"given_by": "Mama Bakri", **fields}
    return {name: value for name, value in values.items() if value is not None and value is not False and value != ""}


def send(client, address, **fields):
    return client.post(address, typed(client, address, **fields))


def test_a_parent_fills_in_the_card(client, amina, noor, address):
    response = send(
        client,
        address,
        **YES,
        allergens=["milk"],
        medication="Puffer",
        swims="true",
        name_1="Oma Fatima",
        phone_1="0470 00 00 01",
    )

    assert response.url == f"{address}?bewaard=1"
    sheet = CareSheet.objects.get()
    assert (sheet.allergens, sheet.medication, sheet.swims) == (["milk"], "Puffer", True)
    assert PickupPerson.objects.get().name == "Oma Fatima"
    consent = CareConsent.objects.given().get(purpose="photo_site")
    assert (consent.given_by, consent.how, consent.noted_by) == ("Mama Bakri", "link", None)


def test_a_colleague_sees_what_a_parent_changed_and_is_told(client, amina, noor, address):
    send(client, address, **YES, medication="Puffer", name_1="Oma Fatima")

    changes = CareChange.objects.filter(kind="parent")
    said = [words for change in changes for words in change.what]
    assert {change.who for change in changes} == {"Mama Bakri"}
    assert "Afhaler erbij" in said
    assert "Zorgfiche: medicatie: wat, hoeveel en wanneer" in said
    notice = Notice.objects.get(to=noor)
    assert "Amina" not in notice.text
    client.force_login(noor)
    assert "Mama Bakri" in client.get(notice.url).content.decode()


def test_opening_the_link_changes_nothing(client, amina, address):
    before = CareChange.objects.count()

    client.get(address)

    assert (CareChange.objects.count(), CareSheet.objects.count(), CareConsent.objects.count()) == (before, 0, 0)


@pytest.mark.parametrize("dead", ["unknown", "expired", "revoked", "newer", "another purpose"])
def test_a_dead_link_says_nothing(client, amina, noor, address, dead):
    if dead == "unknown":
        address = reverse("activities:care-by-link", args=["bestaat-niet"])
    elif dead == "expired":
        SecureLink.objects.update(expires_at=timezone.now())
    elif dead == "revoked":
        SecureLink.objects.revoke(purpose="care", subject_id=amina.pk)
    elif dead == "newer":
        give_link(amina, by=noor)
    else:
        SecureLink.objects.update(purpose="referral")

    for response in (client.get(address), client.post(address, {"given_by": "x", **YES})):
        assert response.status_code == 404
        assert "Amina" not in response.content.decode()
    assert not CareSheet.objects.exists()


def test_a_link_works_fourteen_days():
    give_link(make_participant())

    assert timedelta(days=13) < SecureLink.objects.get().expires_at - timezone.now() <= timedelta(days=14)


def test_the_link_never_tells_who_may_not_fetch_the_child_and_does_not_let_them_in(client, amina, address):
    make_pickup_person(amina, name="Karim", is_forbidden=True)

    assert "Karim" not in client.get(address).content.decode()
    send(client, address, **YES, name_1="karim", relation_1="papa")

    assert PickupPerson.objects.get().is_forbidden
    assert [c for c in CareChange.objects.filter(kind="parent") if "verbod" in c.what[0]]


def test_a_parent_takes_someone_off_the_list(client, amina, address):
    make_pickup_person(amina, name="Buurvrouw An")

    send(client, address, **YES, keep=[])

    assert not PickupPerson.objects.exists()


def test_medical_data_without_a_yes_are_refused_and_what_was_typed_stays(client, amina, address):
    response = send(client, address, **{**YES, "for_medical": "no"}, medication="Puffer")

    assert "Puffer" in response.content.decode()
    assert not CareSheet.objects.exists()
    assert not CareConsent.objects.exists()


def test_a_parent_takes_back_the_yes_and_everything_medical_goes(client, amina, address):
    make_care_sheet(amina, medication="Puffer", swims=True)

    page = send(client, address, **{**YES, "for_medical": "no"})
    assert page.status_code == 200
    assert CareSheet.objects.get().has_medical
    send(client, address, **{**YES, "for_medical": "no"}, erase="on")

    sheet = CareSheet.objects.get()
    assert (sheet.has_medical, sheet.swims) == (False, True)
    assert not CareConsent.objects.given().filter(purpose="medical").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"given_by": ""},
        {"given_by": "a" * 121},
        {"given_by": "Mama\x07"},
        {"for_outing": "misschien"},
        {"phone_1": "oma", "name_1": "Oma"},
        {"phone_1": "0470 00 00 01"},
        {"keep": ["999999"]},
        {"swims": "soms"},
    ],
)
def test_bad_input_is_refused_whole(client, amina, address, wrong):
    response = send(client, address, **{**YES, **wrong})

    assert response.status_code == 200
    assert (CareSheet.objects.count(), CareConsent.objects.count(), PickupPerson.objects.count()) == (0, 0, 0)


def test_the_page_loads_no_script_and_its_token_goes_nowhere(client, address):
    response = client.get(address)

    assert "<script" not in response.content.decode()
    assert response["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response["Cache-Control"]
    assert len(response.content) < 40_000


def test_a_colleague_gives_out_the_link_and_sees_it_once(client, amina, noor):
    client.force_login(noor)
    page = reverse("activities:care-link", args=[amina.code])

    assert "/kind/" in client.post(page).content.decode()
    assert "/kind/" not in client.get(page).content.decode()
    client.post(page, {"revoke": "1"})
    assert not [link for link in SecureLink.objects.all() if link.is_living]


def test_the_card_is_asked_again_after_a_school_year(amina):
    assert needs_asking(amina)
    sheet = make_care_sheet(amina)
    assert not needs_asking(amina)
    CareSheet.objects.filter(pk=sheet.pk).update(checked_on=date(2020, 5, 1))

    assert link_when_needed(amina)
    assert not link_when_needed(make_participant(birth_year=1980))
