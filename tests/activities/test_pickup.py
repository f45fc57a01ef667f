"""The page at the door, and the cards for an outing."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Attendance
from buurtwerk.accounts.models import Role
from buurtwerk.drafts.models import Undo
from buurtwerk.trail.models import Access
from tests.activities.factories import (
    make_care_sheet,
    make_carer,
    make_participant,
    make_pickup_person,
    make_posting,
    make_registration,
    make_session,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    now = timezone.now()
    return make_session(day=timezone.localdate(), starts_at=now - timedelta(hours=2), ends_at=now + timedelta(hours=1))


@pytest.fixture
def amina(session):
    amina = make_participant(centre=session.centre, first_name="Amina", last_name="Bakri")
    make_registration(session, participant=amina)
    make_carer(amina, name="Mama Bakri", phone="0470 11 11 11")
    return amina


@pytest.fixture
def tom(client, session):
    tom = make_user(Role.MONITOR, centre=session.centre)
    make_posting(session, tom)
    client.force_login(tom)
    return tom


@pytest.fixture
def noor(session):
    return make_user(centre=session.centre, first_name="Noor")


def door(session, amina):
    return reverse("activities:pickup", args=[session.code, amina.code])


def fetch(client, session, amina, who, **fields):
    address = door(session, amina)
    return client.post(address, {"token": client.get(address).context["form"]["token"].value(), "who": who, **fields})


def test_a_monitor_lets_a_child_go_with_its_mother(client, session, amina, tom):
    fetch(client, session, amina, f"carer-{amina.carers.get().pk}")

    left = Attendance.objects.get()
    assert (left.state, left.fetched_by_carer, left.by) == ("left", amina.carers.get(), tom)


def test_collecting_a_child(client, session, amina, tom, noor):
    """Scenario 8: it blocks, shows whom to phone, and needs a responsible's code, which is logged."""
    make_pickup_person(amina)
    an = make_pickup_person(amina, name="Buurvrouw An", phone="", valid_until=date(2026, 1, 31))
    make_pickup_person(amina, name="Karim", is_forbidden=True)

    response = fetch(client, session, amina, f"person-{an.pk}")

    page = response.content.decode()
    assert "Buurvrouw An mocht Amina ophalen tot en met 31/01/2026." in page
    assert "tel:0470111111" in page
    assert not Attendance.objects.exists()
    form = response.context["form"]
    answers = {
        "token": form["token"].value(),
        "who": form["who"].value(),
        "allowed_by": noor.pk,
        "because": "Mama belde.",
    }
    refused = client.post(door(session, amina), {**answers, "password": "fout"}).content.decode()
    assert "Dit is niet het wachtwoord van die collega." in refused
    assert not Attendance.objects.exists()
    client.post(door(session, amina), {**answers, "password": "wachtwoord"})
    left = Attendance.objects.get()
    assert (left.allowed_by, left.allowed_because, left.fetched_by, left.by) == (noor, "Mama belde.", an, tom)


@pytest.mark.parametrize("missing", ["because", "password", "allowed_by"])
def test_nobody_goes_without_a_responsible_a_password_and_a_reason(client, session, amina, tom, noor, missing):
    answers = {"allowed_by": noor.pk, "password": "wachtwoord", "because": "Mama belde."} | {missing: ""}

    response = fetch(client, session, amina, "other", **answers)

    assert response.status_code == 200
    assert not Attendance.objects.exists()


def test_a_monitor_is_no_responsible_and_nor_is_a_worker_of_elsewhere(client, session, amina, tom):
    for colleague in (tom, make_user()):
        fetch(client, session, amina, "other", allowed_by=colleague.pk, password="wachtwoord", because="Het mag.")

    assert not Attendance.objects.exists()


def test_too_many_wrong_passwords_stop_the_right_one_too(client, session, amina, tom, noor):
    answers = {"allowed_by": noor.pk, "because": "Mama belde."}
    for _ in range(12):
        fetch(client, session, amina, "other", password="fout", **answers)

    page = fetch(client, session, amina, "other", password="wachtwoord", **answers).content.decode()

    assert "Te veel pogingen" in page
    assert not Attendance.objects.exists()


def test_the_password_never_comes_back_on_the_page(client, session, amina, tom, noor):
    page = fetch(
        client, session, amina, "other", allowed_by=noor.pk, password="geheim-woord", because=""
    ).content.decode()

    assert "geheim-woord" not in page


def test_a_child_goes_alone_only_with_an_hour_on_the_sheet(client, session, amina, tom):
    page = fetch(client, session, amina, "alone").content.decode()

    assert "Amina mag niet alleen naar huis." in page
    make_care_sheet(amina, may_go_alone_from="00:00")
    fetch(client, session, amina, "alone")
    assert Attendance.objects.get().went_alone


def test_a_second_press_shows_that_the_child_is_gone(client, session, amina, tom):
    who = f"carer-{amina.carers.get().pk}"
    answers = {"token": client.get(door(session, amina)).context["form"]["token"].value(), "who": who}

    client.post(door(session, amina), answers)
    page = client.post(door(session, amina), answers).content.decode()

    assert "is al naar huis" in page
    assert Attendance.objects.count() == 1


def test_pressed_too_soon_the_child_is_here_again(client, session, amina, tom):
    fetch(client, session, amina, f"carer-{amina.carers.get().pk}")

    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))

    assert [row.state for row in Attendance.objects.all()] == ["left", "present"]


@pytest.mark.parametrize("who", ["carer-999999", "person-x", "", "<script>"])
def test_nobody_else_than_who_stands_there_is_taken(client, session, amina, tom, who):
    other = make_pickup_person(make_participant(centre=session.centre))

    for value in (who, f"person-{other.pk}"):
        assert fetch(client, session, amina, value).status_code == 200
    assert not Attendance.objects.exists()


def test_a_child_of_another_group_is_not_there(client, session, amina, tom):
    stranger = make_participant(centre=session.centre)

    assert client.get(door(session, stranger)).status_code == 404


@pytest.mark.parametrize("name", ["pickup", "emergency-cards"])
def test_a_monitor_who_is_not_posted_finds_nothing(client, session, amina, name):
    client.force_login(make_user(Role.MONITOR, centre=session.centre))
    args = [session.code, amina.code] if name == "pickup" else [session.code]

    assert client.get(reverse(f"activities:{name}", args=args)).status_code == 404


def test_the_cards_for_an_outing_say_what_is_needed_and_no_full_name(client, session, amina, tom):
    make_care_sheet(amina, allergens=["tree_nuts"], medication="Puffer bij inspanning")

    page = client.get(reverse("activities:emergency-cards", args=[session.code])).content.decode()

    for words in ("Amina B.", "Noten", "Puffer bij inspanning", "0470 11 11 11"):
        assert words in page
    assert '<h2 id="kind-1">Amina Bakri' not in page
    line = Access.objects.get(action="print")
    assert (line.user, line.record_type, line.record_ids) == (tom, "care_sheet", [amina.pk])


@pytest.mark.parametrize("size", [1, 5])
def test_the_cards_cost_the_same_for_one_child_as_for_five(client, session, tom, django_assert_max_num_queries, size):
    for _ in range(size):
        make_care_sheet(make_registration(session).participant, allergens=["milk"])

    with django_assert_max_num_queries(14):
        client.get(reverse("activities:emergency-cards", args=[session.code]))
