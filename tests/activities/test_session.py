from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from activities.actions import cancel
from activities.models import Session
from buurtwerk.accounts.policy import Role
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.drafts.models import Undo
from tests.activities.factories import TRANSACTION, make_series, make_session
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    caches["pages"].clear()
    return make_session(series_title="Spelen")


@pytest.fixture
def worker(client, session):
    user = make_user(Role.WORKER, centre=session.centre)
    client.force_login(user)
    return user


def cancel_address(session):
    return reverse("activities:session-cancel", args=[session.code])


def reopen_address(session):
    return reverse("activities:session-reopen", args=[session.code])


def test_a_reason_shows_what_residents_will_see_and_changes_nothing_yet(client, session, worker):
    html = client.post(cancel_address(session), {"reason": "sick"}).content.decode()

    assert "De begeleider is ziek." in html
    assert "AFGELAST – Spelen" in html
    session.refresh_from_db()
    assert session.status == "planned"


def test_the_preview_says_what_the_page_and_the_feed_then_say(client, session, worker):
    preview = client.post(cancel_address(session), {"reason": "other", "text": "Er is een lek."}).content.decode()
    client.post(cancel_address(session), {"reason": "other", "text": "Er is een lek.", "confirmed": "1"})

    page = client.get(session.public_url).content.decode()
    feed = client.get("/kalender.ics").content.decode()
    for words in ("Er is een lek.", "Gaat niet door"):
        assert words in preview and words in page
    assert "AFGELAST – Spelen" in preview and "AFGELAST – Spelen" in feed


def test_cancelling_raises_the_sequence_and_stands_in_the_history(client, session, worker):
    client.post(cancel_address(session), {"reason": "weather", "confirmed": "1"})

    session.refresh_from_db()
    assert (session.status, session.reason_public, session.sequence) == ("cancelled", "Het weer is te slecht.", 1)
    last = session.events.order_by("pgh_id").last()
    assert (last.status, last.pgh_context.metadata["user"]) == ("cancelled", worker.pk)


def test_a_second_tap_changes_nothing(client, session, worker):
    data = {"reason": "sick", "confirmed": "1"}
    client.post(cancel_address(session), data)

    html = client.post(cancel_address(session), {**data, "reason": "weather"}, follow=True).content.decode()

    assert "Dit moment was al afgelast." in html
    session.refresh_from_db()
    assert (session.reason_public, session.sequence) == ("De begeleider is ziek.", 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_cancel_at_once_only_one_is_news():
    session = make_session()

    first_has_said_it = Event()

    def first():
        with transaction.atomic():
            news = cancel(session, reason="Ziek")
            first_has_said_it.set()
            sleep(0.3)
        return news

    def second():
        first_has_said_it.wait(5)
        return cancel(session, reason="Slecht weer")

    def run(what):
        try:
            with asking_everything():
                return what()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        news = list(threads.map(run, [first, second]))

    assert [change is not None for change in news] == [True, False]
    assert (Session.objects.get().sequence, Session.objects.get().reason_public) == (1, "Ziek")


def test_the_green_message_takes_it_back(client, session, worker):
    page = client.post(cancel_address(session), {"reason": "sick", "confirmed": "1"}, follow=True)
    assert "Maak ongedaan" in page.content.decode()

    address = reverse("drafts:take-back", args=[Undo.objects.get().token])
    html = client.post(address, {"next": session.get_absolute_url()}, follow=True).content.decode()

    assert "Teruggedraaid: Spelen gaat door" in html
    session.refresh_from_db()
    assert (session.status, session.reason_public, session.sequence) == ("planned", "", 2)


def test_someone_who_may_no_longer_change_it_cannot_take_it_back(client, session, worker):
    client.post(cancel_address(session), {"reason": "sick", "confirmed": "1"})
    worker.membership_set.update(role=Role.READER)

    assert client.post(reverse("drafts:take-back", args=[Undo.objects.get().token])).status_code == 404
    session.refresh_from_db()
    assert session.is_cancelled


def test_after_the_green_message_it_can_still_go_on(client, session, worker):
    Session.objects.update(status="cancelled", reason_public="Ziek")
    assert "Gaat toch door" in client.get(session.get_absolute_url()).content.decode()

    html = client.post(reopen_address(session), follow=True).content.decode()

    assert "Spelen gaat toch door" in html
    session.refresh_from_db()
    assert session.status == "planned"


def test_a_moment_that_is_on_cannot_be_reopened(client, session, worker):
    html = client.post(reopen_address(session), follow=True).content.decode()

    assert "Dit moment staat niet als afgelast" in html


def test_what_is_over_is_neither_cancelled_nor_reopened(client, worker, session):
    past = make_session(session.series, day=timezone.localdate() - timedelta(days=7))

    html = client.post(cancel_address(past), {"reason": "sick", "confirmed": "1"}, follow=True).content.decode()

    assert "is voorbij" in html
    assert "Gaat niet door" not in client.get(past.get_absolute_url()).content.decode()
    past.refresh_from_db()
    assert past.status == "planned"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Kies waarom het niet doorgaat."),
        ({"reason": "zomaar"}, ""),
        ({"reason": "other"}, "Schrijf kort waarom het niet doorgaat."),
        ({"reason": "sick", "text": "x" * 201}, ""),
        ({"reason": "sick", "text": "a\x00b"}, "Er staat een onzichtbaar teken in."),
        ({"reason": "sick", "text": "85.07.30-033.28"}, "Dit lijkt een rijksregisternummer."),
    ],
)
def test_bad_input_is_refused_in_words(client, session, worker, data, sentence):
    response = client.post(cancel_address(session), {**data, "confirmed": "1"})

    html = response.content.decode()
    assert response.status_code == 200
    assert "Er is nog iets nodig" in html
    assert sentence in html
    session.refresh_from_db()
    assert session.status == "planned"


def test_a_script_in_the_reason_is_only_text(client, session, worker):
    text = {"reason": "other", "text": "<script>alert(1)</script>"}

    assert "<script>alert" not in client.post(cancel_address(session), text).content.decode()
    client.post(cancel_address(session), {**text, "confirmed": "1"})

    for address in (session.public_url, session.get_absolute_url(), "/"):
        assert "<script>alert" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("role", "reads", "changes"),
    [
        (Role.WORKER, 200, 200),
        (Role.COORDINATOR, 200, 200),
        (Role.RECEPTION, 200, 403),
        (Role.MONITOR, 200, 403),
        (Role.VOLUNTEER, 200, 403),
        (Role.READER, 200, 403),
        (Role.ADMINISTRATOR, 403, 403),
    ],
)
def test_each_role_reads_or_changes_what_it_may(client, session, role, reads, changes):
    client.force_login(make_user(role, centre=session.centre))

    assert client.get(session.get_absolute_url()).status_code == reads
    assert client.get(cancel_address(session)).status_code == changes
    assert client.post(reopen_address(session)).status_code == (302 if changes == 200 else 403)


def test_a_moment_of_another_centre_does_not_exist(client, worker):
    elsewhere = make_session()

    assert client.get(elsewhere.get_absolute_url()).status_code == 404
    assert client.get(cancel_address(elsewhere)).status_code == 404
    assert client.post(cancel_address(elsewhere), {"reason": "sick", "confirmed": "1"}).status_code == 404
    assert client.post(reopen_address(elsewhere)).status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.status == "planned"


def test_reading_does_not_reopen(client, session, worker):
    Session.objects.update(status="cancelled", reason_public="Ziek")

    assert "Wie hoort het" in client.get(reopen_address(session)).content.decode()
    session.refresh_from_db()
    assert session.is_cancelled


def test_internal_moments_are_for_the_team_only(client, worker, session):
    internal = make_session(make_series(centre=session.centre, public_level="internal"))

    html = client.get(internal.get_absolute_url()).content.decode()

    assert "Wat bewoners zien" not in html
    preview = client.post(cancel_address(internal), {"reason": "sick"}).content.decode()
    assert "Deze activiteit staat niet op de site." in preview


def test_today_lists_the_own_centres_in_order_with_one_query(client, session, django_assert_num_queries):
    from datetime import time

    centre = make_centre()
    user = make_user(Role.RECEPTION, centre=centre)
    day = timezone.localdate()
    late = make_session(make_series(centre=centre), day=day, start=time(20), end=time(21))
    early = make_session(make_series(centre=centre), day=day, start=time(8), end=time(9))
    make_session(day=day)
    make_session(make_series(centre=centre), day=day + timedelta(days=1))
    make_session(make_series(centre=centre), day=day, status="skipped", reason_public="Kerstvakantie")
    assert user.centre_ids == [centre.pk]

    with django_assert_num_queries(1):
        today = [(one, one.series.title, one.centre.name) for one in Session.objects.visible_to(user).on(day)]

    assert [one for one, _, _ in today] == [early, late]


def test_the_page_costs_few_queries(client, session, worker, django_assert_num_queries):
    with django_assert_num_queries(8 + TRANSACTION):
        client.get(session.get_absolute_url())
