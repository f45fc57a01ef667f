"""The list on paper, and keying it in afterwards."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Attendance, Session
from activities.roll import roll_of
from buurtwerk.accounts.models import Role
from buurtwerk.drafts.models import Undo
from tests.activities.factories import make_attendance, make_participant, make_registration, make_session_now
from tests.factories import make_user

pytestmark = pytest.mark.django_db


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
    people = [make_participant(centre=session.centre, first_name=name) for name in ("Bilal", "Amina", "Chloé")]
    for person in people:
        make_registration(session, participant=person)
    return sorted(people, key=lambda one: one.first_name)


def address(session, name="presence-paper"):
    return reverse(f"activities:{name}", args=[session.code])


def states(session):
    return [row.state for row in roll_of(session).rows]


def key_in(client, session, *digits, **fields):
    data = {"token": str(uuid.uuid4()), "all_but": ""}
    data |= {f"row_{row.code}": digit for row, digit in zip(roll_of(session).rows, digits, strict=False)}
    return client.post(address(session), {**data, **fields})


def test_the_sheet_has_the_order_of_the_screen_and_lines_for_who_drops_in(client, session, worker, children):
    sheet = client.get(address(session, "presence-sheet")).content.decode()
    screen = client.get(address(session, "presence")).content.decode()

    for html in (sheet, screen):
        assert html.index("Amina V.") < html.index("Bilal V.") < html.index("Chloé V.")
    assert 'data-theme="light"' in sheet and '<td class="num">9</td>' in sheet


def test_a_digit_for_each_name(client, session, worker, children):
    assert key_in(client, session, "1", "2", "3").status_code == 302

    assert states(session) == ["present", "excused", "absent"]


def test_all_but_some_numbers(client, session, worker, children):
    key_in(client, session, all_but="2")

    assert states(session) == ["present", "absent", "present"]


def test_zero_is_that_everyone_was_there(client, session, worker, children):
    key_in(client, session, all_but="0")

    assert states(session) == ["present"] * 3


def test_a_digit_wins_from_all_but(client, session, worker, children):
    key_in(client, session, "2", all_but="3")

    assert states(session) == ["excused", "present", "absent"]


def test_the_same_sheet_twice_adds_nothing_and_it_can_be_taken_back(client, session, worker, children):
    token = str(uuid.uuid4())
    for _ in range(2):
        key_in(client, session, all_but="3", token=token)
    assert Attendance.objects.count() == 3

    client.post(reverse("drafts:take-back", args=[Undo.objects.first().token]))

    assert states(session) == ["cleared"] * 3


def test_what_stands_on_paper_happened_then(client, session, worker, children):
    ends_at = timezone.now() - timedelta(days=2)
    Session.objects.filter(pk=session.pk).update(starts_at=ends_at - timedelta(hours=2), ends_at=ends_at)
    make_attendance(session, by=worker, participant=children[0], state="absent", at=ends_at + timedelta(hours=1))

    key_in(client, session, "1", "1")

    assert states(session) == ["present", "present", None]
    assert Attendance.objects.get(participant=children[1]).at == ends_at


def test_who_went_home_was_there(client, session, worker, children):
    make_attendance(session, by=worker, participant=children[0], state="left")

    key_in(client, session, all_but="3")

    assert states(session) == ["left", "present", "absent"]


@pytest.mark.parametrize(
    ("digits", "fields", "sentence"),
    [
        (["7"], {}, "Bij 1: vul 1, 2 of 3 in."),
        (["12"], {}, "Bij 1: vul 1, 2 of 3 in."),
        ([], {"all_but": "4"}, "Vul nummers in van 1 tot 3"),
        ([], {"all_but": "Amina"}, "Vul nummers in van 1 tot 3"),
        ([], {"all_but": "9" * 500}, "Vul nummers in van 1 tot 3"),
        ([], {}, "Vul bij minstens één naam iets in."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_half_kept(client, session, worker, children, digits, fields, sentence):
    answer = key_in(client, session, *digits, **fields)

    assert sentence in answer.content.decode()
    assert not Attendance.objects.exists()


def test_who_is_here_now_is_a_list_to_print(client, session, worker, children):
    for child, state in zip(children, ["present", "left", "present"], strict=True):
        make_attendance(session, by=worker, participant=child, state=state)

    html = client.get(address(session, "presence-here")).content.decode()

    assert "<h1>Nu hier: 2</h1>" in html and "Bilal" not in html
