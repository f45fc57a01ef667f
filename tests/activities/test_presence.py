"""The roll-call: what is ticked, by whom, and that nothing counts twice or too late."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Attendance, Participant, Session
from activities.roll import roll_of
from buurtwerk.accounts.models import Role
from buurtwerk.drafts.models import Undo
from buurtwerk.trail.models import Access
from tests.activities.factories import (
    make_attendance,
    make_participant,
    make_posting,
    make_registration,
    make_series,
    make_session,
    make_session_now,
)
from tests.factories import make_user
from tests.html import forms_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def session():
    return make_session_now(series_title="Speelnamiddag", series_audience="children")


@pytest.fixture
def worker(client, session):
    user = make_user(Role.WORKER, centre=session.centre)
    client.force_login(user)
    return user


@pytest.fixture
def children(session):
    names = ["Amina", "Bilal", "Chloé"]
    people = [make_participant(centre=session.centre, first_name=name, last_name="Berg") for name in names]
    for person in people:
        make_registration(session, participant=person)
    return people


def address(session, name="presence"):
    return reverse(f"activities:{name}", args=[session.code])


def tick(client, session, participant, state="present", **fields):
    data = {"participant": participant.code, "state": state, **fields}
    return client.post(address(session, "presence-tick"), data, headers=HTMX)


def states(session):
    return {row.participant.first_name: row.state for row in roll_of(session).rows}


def test_nothing_is_ticked_at_the_start_and_the_list_is_in_order_of_first_name(client, session, worker, children):
    html = client.get(address(session)).content.decode()

    assert "0 van 3 aanwezig" in html and "checked" not in html
    assert html.index("Amina B.") < html.index("Bilal B.") < html.index("Chloé B.")


def test_who_is_registered_is_not_therefore_present(session, children):
    assert states(session) == {"Amina": None, "Bilal": None, "Chloé": None}


def test_a_tick_saves_by_itself_and_says_how_it_stands_without_names(client, session, worker, children):
    answer = tick(client, session, children[0]).content.decode()

    assert "1 van 3 aanwezig" in answer and "Amina" not in answer
    assert states(session)["Amina"] == "present"
    assert Attendance.objects.get().by == worker


def test_the_same_tick_sent_twice_counts_once(client, session, worker, children):
    number = str(uuid.uuid4())
    for _ in range(2):
        assert tick(client, session, children[0], tick=number).status_code == 200

    assert Attendance.objects.count() == 1


def test_a_tick_that_comes_in_late_does_not_undo_a_newer_one(client, session, worker, children):
    tick(client, session, children[0], "cleared", ago=1_000)
    tick(client, session, children[0], "present", ago=60_000)

    assert states(session)["Amina"] == "cleared"
    assert Attendance.objects.count() == 2
    html = client.get(address(session, "presence-history")).content.decode()
    assert "Amina B.: nog niet gezien" in html and "Amina B.: aanwezig" in html


def test_a_late_tick_shows_when_it_happened_and_when_it_came_in(client, session, worker, children):
    tick(client, session, children[0], ago=30 * 60_000)

    row = Attendance.objects.get()
    assert timedelta(minutes=29) < timezone.now() - row.at < timedelta(minutes=31)
    assert "kwam pas binnen" in client.get(address(session, "presence-history")).content.decode()


def test_two_monitors_see_each_others_ticks(client, session, worker, children):
    other = make_user(Role.RECEPTION, centre=session.centre)
    tick(client, session, children[0])
    client.force_login(other)
    answer = tick(client, session, children[1]).content.decode()

    assert f'data-here="{children[0].code} {children[1].code}"' in answer
    stand = client.get(address(session, "presence-stand")).content.decode()
    assert "2 van 3 aanwezig" in stand and "Amina" not in stand


def test_unticking_adds_a_row_and_both_stay_readable(client, session, worker, children):
    tick(client, session, children[0])
    tick(client, session, children[0], "cleared")

    assert [row.state for row in Attendance.objects.order_by("pk")] == ["present", "cleared"]
    assert f"door {worker}" in client.get(address(session, "presence-history")).content.decode()


def save(client, session, here, **fields):
    form = next(form for form in forms_of(client.get(address(session)).content.decode()) if "listed" in form.fields)
    data = {name: form.fields[name].values[0] for name in ("token", "listed", "ticked")}
    return client.post(address(session), {**data, "here": [one.code for one in here], **fields}), data


def test_without_scripts_the_list_is_one_form(client, session, worker, children):
    answer, _ = save(client, session, children[:2])

    assert answer.status_code == 302
    assert states(session) == {"Amina": "present", "Bilal": "present", "Chloé": None}
    save(client, session, children[:1])
    assert states(session) == {"Amina": "present", "Bilal": "cleared", "Chloé": None}


def test_the_form_sent_twice_adds_nothing(client, session, worker, children):
    _, data = save(client, session, children[:2])
    client.post(address(session), {**data, "here": [one.code for one in children[:2]]})

    assert Attendance.objects.count() == 2


def test_a_page_that_stood_open_does_not_untick_what_a_colleague_ticked(client, session, worker, children):
    form = next(form for form in forms_of(client.get(address(session)).content.decode()) if "listed" in form.fields)
    old = {name: form.fields[name].values[0] for name in ("token", "listed", "ticked")}
    make_attendance(session, by=worker, participant=children[0])

    client.post(address(session), {**old, "here": [children[1].code]})

    assert states(session) == {"Amina": "present", "Bilal": "present", "Chloé": None}


def test_everyone_expected_is_ticked_but_not_of_whom_something_is_known(client, session, worker, children):
    tick(client, session, children[2], "excused")

    answer = client.post(address(session, "presence-everyone"), follow=True).content.decode()

    assert "2 van 3 aanwezig, 1 verwittigd" in answer
    client.post(address(session, "presence-everyone"))
    assert Attendance.objects.filter(state="present").count() == 2


def test_the_shortcut_is_taken_back_without_touching_what_was_noted_after_it(client, session, worker, children):
    client.post(address(session, "presence-everyone"))
    undo = Undo.objects.get()
    tick(client, session, children[0], "cleared")
    tick(client, session, children[0], "present")

    client.post(reverse("drafts:take-back", args=[undo.token]))

    assert states(session) == {"Amina": "present", "Bilal": "cleared", "Chloé": "cleared"}


def test_someone_known_drops_in(client, session, worker, children):
    zita = make_participant(centre=session.centre, first_name="Zita", last_name="Zon")
    html = client.post(address(session, "presence-find"), {"q": "zit"}).content.decode()
    assert "Zita Zon" in html
    client.post(address(session, "presence-known"), {"participant": zita.code})

    html = client.get(address(session)).content.decode()
    assert "1 van 4 aanwezig" in html and "Zita Z." in html
    assert Access.objects.filter(action="search", record_ids=[zita.pk]).exists()


def new(client, session, **fields):
    token = str(uuid.uuid4())
    data = {"token": token, "first_name": "Nour", "birth_year": timezone.localdate().year - 8, "phone": "0470 12 34 56"}
    return client.post(address(session, "presence-new"), {**data, **fields})


def test_someone_new_drops_in_with_a_phone(client, session, worker):
    token = str(uuid.uuid4())
    for _ in range(2):
        assert new(client, session, token=token).status_code == 302

    nour = Participant.objects.get(first_name="Nour")
    assert nour.carers.get().phone == "0470 12 34 56"
    assert states(session) == {"Nour": "present"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"phone": ""}, "Vul een telefoonnummer in"),
        ({"phone": "12"}, "Dit nummer is te kort"),
        ({"birth_year": ""}, "Vul het geboortejaar in"),
        ({"birth_year": "1850"}, "Dat geboortejaar kan niet"),
        ({"birth_year": "2100"}, "Dat geboortejaar kan niet"),
        ({"first_name": " "}, "Vul een voornaam in"),
    ],
)
def test_a_child_does_not_come_in_without_what_keeps_it_safe(client, session, worker, fields, sentence):
    answer = new(client, session, **fields)

    assert sentence in answer.content.decode()
    assert not Participant.objects.exists() and not Attendance.objects.exists()


def test_a_child_is_excused_before_the_day_but_not_ticked(client, worker, session):
    later = make_session(session.series, day=timezone.localdate() + timedelta(days=5))
    child = make_participant(centre=session.centre)
    make_registration(later, participant=child)

    assert tick(client, later, child).status_code == 409
    assert tick(client, later, child, "excused").status_code == 200
    assert [row.state for row in roll_of(later).rows] == ["excused"]


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_a_moment_that_is_closed_or_off_takes_no_ticks(client, session, worker, children, status):
    Session.objects.filter(pk=session.pk).update(status=status, reason_public="Ziek.")

    assert tick(client, session, children[0]).status_code == 409
    client.post(address(session, "presence-everyone"))
    save(client, session, children)
    new(client, session)
    assert not Attendance.objects.exists()


def test_a_child_of_no_list_is_not_ticked(client, session, worker):
    stranger = make_participant()

    assert tick(client, session, stranger).status_code == 409
    client.post(address(session, "presence-known"), {"participant": stranger.code})
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("role", [Role.MONITOR, Role.VOLUNTEER])
def test_who_stands_there_opens_the_list_from_twelve_hours_before_to_twelve_after(client, session, role):
    user = make_user(role, centre=session.centre)
    client.force_login(user)
    assert client.get(address(session)).status_code == 403
    make_posting(session, user)
    assert client.get(address(session)).status_code == 200
    for shift in (timedelta(hours=14), -timedelta(hours=16)):
        away = session
        type(away).objects.filter(pk=away.pk).update(
            starts_at=timezone.now() + shift, ends_at=timezone.now() + shift + timedelta(hours=2)
        )
        assert client.get(address(session)).status_code == 403


def test_a_monitor_finds_only_who_was_ever_in_this_activity(client, session, children):
    monitor = make_user(Role.MONITOR, centre=session.centre)
    make_posting(session, monitor)
    make_participant(centre=session.centre, first_name="Aminata")
    client.force_login(monitor)

    html = client.post(address(session, "presence-find"), {"q": "amin"}).content.decode()

    assert "Amina Berg" in html and "Aminata" not in html


def test_opening_the_list_leaves_a_trail(client, session, worker, children):
    client.get(address(session))
    client.get(address(session, "presence-sheet"))

    assert [row.action for row in Access.objects.order_by("pk")] == ["list", "print"]
    assert set(Access.objects.first().record_ids) == {child.pk for child in children}


@pytest.mark.parametrize(
    "name", ["presence", "presence-home", "presence-missing", "presence-sheet", "presence-history"]
)
def test_the_list_costs_the_same_for_one_child_and_for_five(client, session, worker, name):
    make_attendance(session, by=worker)
    client.get(address(session, name))
    with CaptureQueriesContext(connection) as one:
        client.get(address(session, name))
    for _ in range(4):
        make_attendance(session, by=worker)
        make_registration(session)
    with CaptureQueriesContext(connection) as five:
        client.get(address(session, name))

    asked = [query["sql"] for query in five if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(one) == len(five)
    assert len([sql for sql in asked if "set_config" not in sql]) <= 12


def test_a_series_of_grown_ups_has_no_list_of_children_to_fetch(client, worker, session):
    talk = make_session_now(make_series(centre=session.centre, audience="adults", age_min=18))
    guest = make_participant(centre=session.centre, birth_year=None)
    make_attendance(talk, by=worker, participant=guest)

    client.post(address(talk, "presence-home"), {"participant": guest.code})

    assert [row.state for row in roll_of(talk).rows] == ["left"]


def test_a_child_does_not_leave_alone_and_a_grown_up_does(client, session, worker):
    child = make_participant(centre=session.centre)
    grown_up = make_participant(centre=session.centre, birth_year=1980)
    for one in (child, grown_up):
        make_attendance(session, by=worker, participant=one)
        client.post(address(session, "presence-home"), {"participant": one.code})

    assert {row.participant: row.state for row in roll_of(session).rows} == {child: "present", grown_up: "left"}
    html = client.get(address(session, "presence-home")).content.decode()
    assert "Nu hier: 1" in html and "Opgehaald" in html
