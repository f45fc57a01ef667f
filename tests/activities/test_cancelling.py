"""Scenario 6 of the spec, and the list of whom we call."""

import time as clock
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from activities.actions import cancel
from activities.models import Posting, Registration, Session, SessionChange
from activities.models.registration import block_of
from buurtwerk.accounts.policy import Role
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.drafts.models import Undo
from buurtwerk.notices.models import Notice
from buurtwerk.outbox.delivery import deliver_due
from buurtwerk.outbox.models import Message
from buurtwerk.trail.models import Access
from tests.activities.factories import make_group, make_posting, make_registration, make_session
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SICK = {"reason": "other", "text": "Ziekte in het team.", "confirmed": "1"}


@pytest.fixture
def session():
    caches["pages"].clear()
    return make_session(series_title="Spelen", series_registration="required")


@pytest.fixture
def worker(client, session):
    user = make_user(Role.WORKER, centre=session.centre)
    client.force_login(user)
    return user


def cancel_address(session):
    return reverse("activities:session-cancel", args=[session.code])


def reopen_address(session):
    return reverse("activities:session-reopen", args=[session.code])


def call_address(session):
    return reverse("activities:call-list", args=[session.code])


def eleven_families(session):
    """Eight with mail (of them one for the week and one for the whole series), three with a phone only; two helpers."""
    for number in range(8):
        group = make_group(session.series, email=f"ouder{number}@example.org", contact_name=f"Ouder {number}")
        if number == 0:
            make_registration(series=session.series, group=group)
        elif number == 1:
            make_registration(series=session.series, block=block_of(session), group=group)
        else:
            make_registration(session, group=group, status="waitlisted" if number == 2 else "confirmed")
    make_registration(session, group=group)
    for number in range(3):
        phone = f"0470 11 22 3{number}"
        make_registration(session, group=make_group(session.series, phone=phone, contact_name=f"Bel {number}"))
    make_registration(session, status="withdrawn", group=make_group(session.series, email="weg@example.org"))
    helpers = [
        make_user(Role.VOLUNTEER, centre=session.centre, email=f"helper{number}@example.org") for number in range(2)
    ]
    for helper in helpers:
        make_posting(session, helper)
    return helpers


def later():
    """Two minutes later."""
    Message.objects.update(send_after=timezone.now())
    Notice.objects.update(at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_scenario_6_a_cancelled_session(session):
    helpers = eleven_families(session)
    worker = make_user(Role.WORKER, centre=session.centre)

    def tap(_):
        try:
            tapping = Client()
            tapping.force_login(worker)
            return tapping.post(cancel_address(session), SICK).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(tap, range(2))) == [302, 302]

    # Nothing leaves in the first two minutes; then once, whoever delivers.
    assert deliver_due() == (0, 0)
    later()

    def deliver(_):
        try:
            with asking_everything():
                return deliver_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(deliver, range(2)))
    assert deliver_due() == (0, 0)
    families = [f"ouder{number}@example.org" for number in range(8)]
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([*families, *(helper.email for helper in helpers)])
    assert {notice.to for notice in Notice.objects.unseen()} == set(helpers)

    client = Client()
    client.force_login(worker)
    html = client.get(call_address(session)).content.decode()
    assert html.count("Niet bereikt") == 3
    assert "0470 11 22 30" in html and "Bel 0" in html

    # The helpers are free; the families keep their registration.
    assert not Posting.objects.filter(session=session).exists()
    assert Registration.objects.for_moment(session).live().count() == 12

    page = Client().get(session.public_url).content.decode()
    assert "Gaat niet door" in page and "Ziekte in het team." in page
    (event,) = Calendar.from_ical(Client().get("/kalender.ics").content).walk("VEVENT")
    assert event["SUMMARY"] == "AFGELAST – Spelen"

    # Within the hour it goes on after all: asked first, then told again, with a new list.
    mail.outbox.clear()
    asked = client.get(reopen_address(session)).content.decode()
    assert "8 mails naar" in asked and "3 zonder mail" in asked and "2 begeleiders" in asked
    assert client.post(reopen_address(session)).status_code == 302
    later()
    assert deliver_due() == (10, 0)
    assert {sent.subject for sent in mail.outbox} == {"Gaat toch door: Spelen"}
    html = client.get(call_address(session)).content.decode()
    assert html.count("Niet bereikt") == 3
    assert "Gaat toch door: Spelen" in html and "Gaat niet door: Spelen" not in html
    assert Posting.objects.filter(session=session).count() == 2


def test_the_preview_says_what_the_message_says_and_to_how_many(client, session, worker):
    eleven_families(session)

    html = client.post(cancel_address(session), {"reason": "sick"}).content.decode()

    for words in ("8 mails naar", "3 zonder mail", "2 begeleiders", "Gaat niet door: Spelen", "De begeleider is ziek."):
        assert words in html
    assert not Message.objects.exists()


def test_undone_within_two_minutes_nobody_hears_anything(client, session, worker):
    helpers = eleven_families(session)
    client.post(cancel_address(session), SICK)

    html = client.post(take_back(), {"next": session.get_absolute_url()}, follow=True).content.decode()

    assert "Niemand kreeg een bericht." in html
    later()
    assert deliver_due() == (0, 0)
    assert not Notice.objects.exists()
    assert set(Message.objects.values_list("fate", flat=True)) == {"not_needed"}
    assert {posting.user for posting in session.postings.all()} == set(helpers)
    assert "Er is niemand meer te bellen." in client.get(call_address(session)).content.decode()


def take_back():
    return reverse("drafts:take-back", args=[Undo.objects.order_by("-pk").first().token])


def test_after_the_first_message_left_the_undo_points_to_gaat_toch_door(client, session, worker):
    eleven_families(session)
    client.post(cancel_address(session), SICK)
    later()
    deliver_due()

    html = client.post(take_back(), {"next": session.get_absolute_url()}, follow=True).content.decode()

    assert "Kies “Gaat toch door”" in html
    session.refresh_from_db()
    assert session.is_cancelled
    assert not session.postings.exists()


def test_going_on_after_all_can_be_undone_as_well(client, session, worker):
    eleven_families(session)
    client.post(cancel_address(session), SICK)
    client.post(reopen_address(session))

    html = client.post(take_back(), {"next": session.get_absolute_url()}, follow=True).content.decode()

    assert "gaat niet door" in html
    session.refresh_from_db()
    assert (session.status, session.reason_public) == ("cancelled", "Ziekte in het team.")
    assert not session.postings.exists()


def test_who_cancels_it_and_stands_there_hears_nothing(client, session, worker):
    worker.email = "noor@example.org"
    worker.save()
    make_posting(session, worker)

    client.post(cancel_address(session), SICK)

    assert not Message.objects.exists()
    assert not Notice.objects.exists()


def test_no_message_names_anyone(client, session, worker):
    make_registration(session, group=make_group(session.series, email="a@example.org", contact_name="Samira Geheim"))

    client.post(cancel_address(session), SICK)

    message = Message.objects.get()
    for secret in ("Samira", "Geheim", "Kind", "Voorbeeld"):
        assert secret not in message.subject + message.body
    assert session.public_url in message.body


# The list


def called(client, session, call, answered):
    return client.post(
        reverse("activities:call-noted", args=[session.code, call.pk]), {"answered": answered}, follow=True
    ).content.decode()


def test_a_tick_counts_as_told_with_who_and_when_and_can_be_undone(client, session, worker):
    eleven_families(session)
    client.post(cancel_address(session), SICK)
    call = Message.objects.calls().first()

    assert "Niet bereikt. Het blijft op de lijst" in called(client, session, call, "0")
    assert "1 keer geprobeerd" in client.get(call_address(session)).content.decode()
    assert "Gebeld: verwittigd." in called(client, session, call, "1")
    call.refresh_from_db()
    assert (call.fate, call.called_by, call.tries) == ("called", worker, 2)
    assert "Een collega belde al" in called(client, session, call, "1")
    assert f"Door {worker}" in client.get(call_address(session)).content.decode()
    assert "nog 2" in client.get(session.get_absolute_url()).content.decode()

    client.post(take_back(), {"next": call_address(session)})
    call.refresh_from_db()
    assert call.fate == "queued"


def test_looking_at_the_list_and_printing_it_leave_a_trail(client, session, worker):
    eleven_families(session)
    client.post(cancel_address(session), SICK)

    client.get(call_address(session))
    printed = client.get(reverse("activities:call-list-print", args=[session.code])).content.decode()

    assert "0470 11 22 31" in printed and "Bel 1" in printed
    trail = Access.objects.filter(record_type="call_list").order_by("pk")
    assert [(row.action, len(row.record_ids)) for row in trail] == [("list", 3), ("print", 3)]


def test_a_mail_that_never_arrived_is_shown_with_the_phone(client, session, worker):
    make_registration(session, group=make_group(session.series, email="a@example.org", phone="0470 99 99 99"))
    client.post(cancel_address(session), SICK)
    Message.objects.update(fate="failed", fate_at=timezone.now())

    html = client.get(call_address(session)).content.decode()

    assert "De mail kwam niet aan" in html and "0470 99 99 99" in html


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.RECEPTION, 200), (Role.MONITOR, 403), (Role.VOLUNTEER, 403), (Role.READER, 403)],
)
def test_phone_numbers_are_for_who_may_read_participants(client, session, worker, role, status):
    eleven_families(session)
    client.post(cancel_address(session), SICK)
    client.force_login(make_user(role, centre=session.centre))

    assert client.get(call_address(session)).status_code == status
    assert ("Bel-lijst" in client.get(session.get_absolute_url()).content.decode()) == (status == 200)


def test_a_call_of_another_moment_does_not_exist(client, session, worker):
    other = make_session(session.series, day=timezone.localdate() + timedelta(days=8))
    eleven_families(session)
    client.post(cancel_address(session), SICK)
    call = Message.objects.calls().first()

    address = reverse("activities:call-noted", args=[other.code, call.pk])
    assert client.post(address, {"answered": "1"}).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_many(client, session, worker, django_assert_max_num_queries):
    change = cancel(session, reason="Ziek")
    for number in range(6):
        group = make_group(session.series, contact_name=f"Bel {number}")
        Message.objects.create(
            centre=session.centre,
            channel="call",
            to="0470 00 00 00",
            subject="x",
            body="x",
            key=f"{change.key}{number}",
            about=change.about,
            whom=group.code,
        )
        with django_assert_max_num_queries(12):
            client.get(call_address(session))


def test_a_hundred_families_are_told_in_reasonable_time(session):
    for _ in range(30):
        make_registration(session, group=make_group(session.series, email="a@example.org"))
    started = clock.monotonic()

    cancel(session, reason="Ziek")

    assert clock.monotonic() - started < 10
    assert Message.objects.count() == 30
    assert SessionChange.objects.count() == Session.objects.count() == 1
