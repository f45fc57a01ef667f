from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.actions import follow_the_clock
from activities.models import HeadCount, Session
from activities.models.session import NotAllowed
from buurtwerk.accounts.policy import Role
from buurtwerk.daily.work import do_all
from tests.activities.factories import make_attendance, make_participant, make_registration, make_series, make_session
from tests.factories import make_user

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def series():
    return make_series(title="Spelen")


@pytest.fixture
def worker(client, series):
    user = make_user(Role.WORKER, centre=series.centre)
    client.force_login(user)
    return user


def moment(series, *, ago, **fields):
    """A moment of two hours that began so long ago."""
    start = timezone.now() - ago
    return make_session(series, day=timezone.localdate(start), starts_at=start, ends_at=start + 2 * HOUR, **fields)


def test_the_clock_writes_down_what_the_screen_already_said(series):
    over, busy = moment(series, ago=3 * HOUR), moment(series, ago=25 * HOUR)
    Session.objects.filter(pk=busy.pk).update(starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR)
    coming, off = make_session(series), moment(series, ago=74 * HOUR, status="cancelled", reason_public="Ziek")
    busy.refresh_from_db()
    assert [one.by_the_clock for one in (over, busy, coming, off)] == ["held", "running", "planned", "cancelled"]

    assert follow_the_clock() == 2
    assert follow_the_clock() == 0

    found = dict(Session.objects.values_list("pk", "status"))
    assert [found[one.pk] for one in (over, busy, coming, off)] == ["held", "running", "planned", "cancelled"]


def test_it_is_part_of_the_work_of_every_day(series):
    over = moment(series, ago=3 * HOUR)

    do_all()

    over.refresh_from_db()
    assert over.status == "held"


@pytest.mark.parametrize("status", Session.Status)
def test_no_moment_goes_where_its_status_does_not_lead(series, status):
    reason = "Ziek" if status in ("cancelled", "skipped") else ""
    session = make_session(series, status=status, reason_public=reason)

    for other in set(Session.Status) - Session.MOVES[session.by_the_clock]:
        with pytest.raises(NotAllowed):
            session.change_status(other, reason="x")
    session.refresh_from_db()
    assert session.status == status


def close_address(session):
    return reverse("activities:session-close", args=[session.code])


def test_closing_names_what_is_missing_and_then_closes(client, series, worker):
    session = moment(series, ago=3 * HOUR)
    one, two = (make_participant(centre=series.centre) for _ in range(2))
    for child in (one, two):
        make_registration(session, participant=child)

    html = client.post(close_address(session), follow=True).content.decode()
    assert "Van 2 ingeschreven deelnemers weten we nog niet of ze er waren." in html
    make_attendance(session, by=worker, participant=one, state="absent")
    make_attendance(session, by=worker, participant=two, state="present")
    html = client.post(close_address(session), follow=True).content.decode()
    assert "1 kind staat nog als aanwezig: noteer wie ze ophaalde." in html
    make_attendance(session, by=worker, participant=two, state="left")
    html = client.post(close_address(session), follow=True).content.decode()

    assert "Afgesloten: Spelen" in html
    session.refresh_from_db()
    assert session.status == "closed"


def test_an_open_moment_is_closed_on_a_head_count(client, series, worker):
    session = moment(series, ago=3 * HOUR)
    html = client.post(close_address(session), follow=True).content.decode()
    assert "Er is nog geen aanwezigheid en geen telling genoteerd." in html

    HeadCount.objects.create(centre=series.centre, session=session, children=4, by=worker)
    client.post(close_address(session))

    session.refresh_from_db()
    assert session.status == "closed"


def test_what_was_closed_by_mistake_is_opened_again(client, series, worker):
    session = moment(series, ago=3 * HOUR, status="closed")
    assert "Heropen" in client.get(session.get_absolute_url()).content.decode()
    address = reverse("activities:session-open-again", args=[session.code])

    assert "Heropend" in client.post(address, follow=True).content.decode()
    assert "Dit moment is niet afgesloten." in client.post(address, follow=True).content.decode()
    session.refresh_from_db()
    assert session.status == "held"


def test_what_is_coming_is_not_closed(client, series, worker):
    session = make_session(series)

    html = client.post(close_address(session), follow=True).content.decode()

    assert "Dit moment is nog niet voorbij" in html
    session.refresh_from_db()
    assert session.status == "planned"


def test_what_is_busy_can_still_be_cancelled_and_goes_on_again(client, series, worker):
    session = moment(series, ago=HOUR)
    follow_the_clock()
    cancel = reverse("activities:session-cancel", args=[session.code])

    client.post(cancel, {"reason": "weather", "confirmed": "1"})

    session.refresh_from_db()
    assert session.status == "cancelled"
    client.post(reverse("activities:session-reopen", args=[session.code]))
    session.refresh_from_db()
    assert session.by_the_clock == "running"
