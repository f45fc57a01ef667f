"""The card of a child: who belongs around it, what it needs, what was said yes to, and who sees what."""

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from activities.models import CareChange, CareConsent, Carer, CareSheet, PickupPerson
from buurtwerk.accounts.models import Role
from buurtwerk.drafts.models import Draft, Undo
from buurtwerk.trail.models import Access
from tests.activities.factories import (
    make_care_sheet,
    make_carer,
    make_consent,
    make_participant,
    make_pickup_person,
)
from tests.factories import make_user
from tests.households.factories import make_household, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def amina():
    return make_participant(first_name="Amina", last_name="Bakri")


@pytest.fixture
def noor(client, amina):
    noor = make_user(centre=amina.centre)
    client.force_login(noor)
    return noor


def at(name, participant, *args):
    return reverse(f"activities:{name}", args=[participant.code, *args])


def shown(client, name, participant, *args):
    return client.get(at(name, participant, *args)).content.decode()


def typed(client, address, **fields):
    """The form as it stands on the page, with some fields typed over."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values |= fields
    return {name: value for name, value in values.items() if value is not None and value is not False and value != ""}


def send(client, address, **fields):
    return client.post(address, typed(client, address, **fields))


# Who sees what


def test_the_card_shows_whom_to_call_in_order_who_fetches_and_what_the_child_needs(client, amina, noor):
    make_carer(amina, name="Tante Lies", phone="0470 00 00 07", is_emergency=False)
    make_carer(amina, name="Mama Bakri", is_guardian=True)
    make_pickup_person(amina, name="Buurvrouw An", valid_until="2026-01-31")
    make_pickup_person(amina, name="Karim", is_forbidden=True)
    make_care_sheet(amina, allergens=["tree_nuts", "milk"], other_allergies="Aardbei", swims=False)

    page = shown(client, "care", amina)

    assert page.index("Mama Bakri") < page.index("Tante Lies")
    for words in ("tel:0470000000", "Mag niet meer", "Niet meegeven aan", "Noten, Melk, Aardbei", "Niet", "Medische"):
        assert words in page


def test_reception_sees_phones_and_no_care(client, amina):
    make_carer(amina, name="Mama Bakri")
    make_pickup_person(amina, name="Karim", is_forbidden=True)
    make_care_sheet(amina, allergens=["milk"], medication="Puffer")
    client.force_login(make_user(Role.RECEPTION, centre=amina.centre))

    page = shown(client, "care", amina)

    assert "Mama Bakri" in page
    assert not [words for words in ("Puffer", "Melk", "Karim", "Toestemming") if words in page]


def test_each_opening_of_a_card_is_a_line_in_the_trail(client, amina, noor):
    for name, action in (("care", "view"), ("care-sheet", "view"), ("consents", "view"), ("care-print", "print")):
        before = Access.objects.count()
        client.get(at(name, amina))
        line = Access.objects.first()
        assert (Access.objects.count(), line.action) == (before + 1, action)
        assert (line.record_type, line.record_ids, line.user) == ("care_sheet", [amina.pk], noor)


def test_a_restricted_family_never_shows_through_the_card(client, amina, noor):
    hidden = make_household(centre=amina.centre, nickname="Gezin Verborgen", address="Geheimstraat 9", restricted=True)
    person = make_member(hidden, first_name="Amina", phone="0499 99 99 99").person
    amina.person = person
    amina.save()
    make_carer(amina)

    page = shown(client, "care", amina) + shown(client, "care-print", amina)

    assert not [words for words in (hidden.code, "Verborgen", "Geheimstraat", "0499") if words in page]


@pytest.mark.parametrize("size", [1, 5])
def test_the_card_costs_the_same_for_one_person_as_for_five(client, amina, noor, django_assert_max_num_queries, size):
    for number in range(size):
        make_carer(amina, name=f"Zorg {number}")
        make_pickup_person(amina, name=f"Oma {number}")
        make_consent(amina, "outing", withdrawn_on=timezone.localdate(), noted_by=noor)
    make_care_sheet(amina)

    with django_assert_max_num_queries(14):
        client.get(at("care", amina))


# Zorgfiguren and afhalers


def test_reception_adds_a_zorgfiguur_once(client, amina):
    client.force_login(make_user(Role.RECEPTION, centre=amina.centre))
    answers = typed(client, at("carer-create", amina), name="Mama Bakri", phone="0470 12 34 56", is_guardian="on")

    client.post(at("carer-create", amina), answers)
    client.post(at("carer-create", amina), answers)

    carer = Carer.objects.get()
    assert (carer.name, carer.is_guardian, carer.centre) == ("Mama Bakri", True, amina.centre)
    assert CareChange.objects.get().what == ["Zorgfiguur erbij"]


@pytest.mark.parametrize("phone", ["", "mama", "12"])
def test_a_zorgfiguur_without_a_real_number_is_refused_and_what_was_typed_stays(client, amina, noor, phone):
    response = send(client, at("carer-create", amina), name="Mama Bakri", phone=phone)

    assert "Vul een telefoonnummer in" in response.content.decode()
    assert 'value="Mama Bakri"' in response.content.decode()
    assert not Carer.objects.exists()


def test_an_account_number_in_a_card_is_asked_about(client, amina, noor):
    response = send(client, at("carer-create", amina), name="Mama BE68 5390 0754 7034", phone="0470 12 34 56")

    assert "rekeningnummer" in response.content.decode()
    assert not Carer.objects.exists()


def test_the_same_zorgfiguur_is_not_added_twice(client, amina, noor):
    make_carer(amina, name="Mama", phone="0470 00 00 00")

    response = send(client, at("carer-create", amina), name="Mama", phone="0470 00 00 00")

    assert "Deze zorgfiguur staat er al." in response.content.decode()


def test_who_saves_after_a_colleague_sees_both(client, amina, noor):
    carer = make_carer(amina)
    answers = typed(client, at("carer-edit", amina, carer.pk), phone="0470 11 11 11")
    Carer.objects.update(phone="0470 22 22 22", version=2)

    page = client.post(at("carer-edit", amina, carer.pk), answers).content.decode()

    assert "0470 22 22 22" in page
    assert "0470 11 11 11" in page
    assert Carer.objects.get().phone == "0470 22 22 22"


def test_a_noodcontact_is_put_on_top(client, amina, noor):
    first, second = make_carer(amina, name="Mama"), make_carer(amina, name="Papa", is_emergency=False)

    client.post(at("carer-first", amina, second.pk))

    assert list(Carer.objects.filter(participant=amina)) == [second, first]


@pytest.mark.parametrize(("kind", "make"), [("carer", make_carer), ("pickup", make_pickup_person)])
def test_someone_who_is_taken_off_the_card_is_put_back_with_undo(client, amina, noor, kind, make):
    person = make(amina)

    client.post(at(f"{kind}-remove", amina, person.pk))

    assert not type(person).objects.exists()
    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))
    assert type(person).objects.get() == person


def test_an_afhaler_has_a_last_day_or_is_forbidden_and_not_both(client, amina, noor):
    address = at("pickup-create", amina)

    page = send(client, address, name="Karim", is_forbidden="on", valid_until="2027-01-01").content.decode()

    assert "Een verbod heeft geen einddatum" in page
    send(client, address, name="Karim", is_forbidden="on")
    assert PickupPerson.objects.get().is_forbidden


@pytest.mark.parametrize("day", ["9999-12-31", "1900-01-01", "morgen"])
def test_a_last_day_that_cannot_be_is_refused(client, amina, noor, day):
    send(client, at("pickup-create", amina), name="Oma", valid_until=day)

    assert not PickupPerson.objects.exists()


def test_nobody_reaches_someone_of_another_child_by_its_number(client, amina, noor):
    other = make_carer(make_participant(centre=amina.centre))

    assert client.get(at("carer-edit", amina, other.pk)).status_code == 404
    assert client.post(at("carer-remove", amina, other.pk)).status_code == 404


# The sheet and the consents


def test_the_sheet_keeps_what_a_child_needs(client, amina, noor):
    make_consent(amina)

    send(
        client,
        at("care-sheet", amina),
        allergens=["milk", "tree_nuts"],
        medication="Puffer",
        swims="false",
        may_go_alone_from="16:30",
    )

    sheet = CareSheet.objects.get()
    assert (sheet.allergens, sheet.medication, sheet.swims) == (["milk", "tree_nuts"], "Puffer", False)
    assert (f"{sheet.may_go_alone_from:%H:%M}", sheet.version) == ("16:30", 1)
    assert "Zorgfiche: kan zwemmen" in CareChange.objects.get().what


def test_not_asked_is_not_the_same_as_no(client, amina, noor):
    send(client, at("care-sheet", amina))

    assert CareSheet.objects.get().swims is None


def test_without_consent_the_medical_part_is_not_there_and_is_refused_when_sent(client, amina, noor):
    address = at("care-sheet", amina)
    page = client.get(address)
    assert 'name="medication"' not in page.content.decode()

    response = client.post(address, {"loaded_version": 0, "swims": "true", "medication": "Puffer"})

    assert "Noteer eerst die toestemming" in response.content.decode()
    assert "Puffer" in response.content.decode()
    assert not CareSheet.objects.exists()


@pytest.mark.parametrize("wrong", [{"allergens": ["stof"]}, {"medication": "a" * 601}, {"may_go_alone_from": "25:00"}])
def test_a_sheet_that_cannot_be_is_refused_whole(client, amina, noor, wrong):
    make_consent(amina)

    response = send(client, at("care-sheet", amina), attention="Bang van honden", **wrong)

    assert "Bang van honden" in response.content.decode()
    assert not CareSheet.objects.exists()


def test_two_colleagues_that_both_make_the_sheet_lose_nothing(client, amina, noor):
    answers = typed(client, at("care-sheet", amina), swims="false")
    CareSheet.objects.create(participant=amina, centre=amina.centre, swims=True)

    response = client.post(at("care-sheet", amina), answers)

    assert "Iemand anders bewaarde dit intussen" in response.content.decode()
    assert CareSheet.objects.get().swims is True


def test_each_answer_is_a_row_with_who_when_and_how(client, amina, noor):
    send(client, at("consents", amina), for_photo_inside="yes", given_by="Mama Bakri", how="paper")
    send(client, at("consents", amina), for_photo_inside="no", given_by="Papa", how="spoken")

    old, new = CareConsent.objects.order_by("pk")
    assert (old.is_given, old.given_by, old.how, old.noted_by) == (True, "Mama Bakri", "paper", noor)
    assert (old.withdrawn_on, new.is_given, new.given_by) == (timezone.localdate(), False, "Papa")


def test_the_same_answer_again_adds_nothing(client, amina, noor):
    make_consent(amina, "outing")

    send(client, at("consents", amina), given_by="Mama")

    assert CareConsent.objects.count() == 1


def test_a_consent_other_than_medical_is_withdrawn_at_once_and_comes_back_with_undo(client, amina, noor):
    make_consent(amina, "photo_site")

    client.post(at("consent-withdraw", amina, "photo_site"))

    assert not CareConsent.objects.given().exists()
    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))
    assert CareConsent.objects.given().exists()


def medical_history():
    with connection.cursor() as cursor:
        cursor.execute("SELECT medication FROM activities_caresheetevent WHERE medication <> ''")
        return cursor.fetchall()


def test_withdrawing_medical_asks_once_more_and_then_erases_everything_of_it(client, amina, noor):
    make_care_sheet(amina, allergens=["milk"], medication="Puffer", attention="Astma", swims=True)
    Draft.objects.create(
        user=noor, form="zorgfiche", subject=amina.code, title="x", address="/", typed={"medication": ["P"]}
    )

    page = client.post(at("consent-withdraw", amina, "medical")).content.decode()

    assert "Trek in en wis" in page
    assert CareSheet.objects.get().has_medical
    assert medical_history()
    client.post(at("consent-withdraw", amina, "medical"), {"confirmed": "1"})
    sheet = CareSheet.objects.get()
    assert (sheet.has_medical, sheet.swims, medical_history()) == (False, True, [])
    assert not Draft.objects.exists()


def test_a_no_to_medical_asks_for_the_same_confirmation(client, amina, noor):
    make_care_sheet(amina, medication="Puffer")
    address = at("consents", amina)

    page = send(client, address, for_medical="no", given_by="Mama").content.decode()

    assert "Vink aan dat je dat weet" in page
    assert CareSheet.objects.get().has_medical
    send(client, address, for_medical="no", given_by="Mama", erase="on")
    assert (CareSheet.objects.get().has_medical, medical_history()) == (False, [])


def test_the_history_of_medical_data_is_not_erased_while_the_consent_stands(amina):
    make_care_sheet(amina, medication="Puffer")

    with pytest.raises(DatabaseError, match="still stands"), connection.cursor() as cursor:
        cursor.execute("SELECT forget_medical(%s)", [amina.pk])
