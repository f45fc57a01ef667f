from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from activities.actions import move
from activities.models import Session, SessionChange
from buurtwerk.accounts.policy import Role
from buurtwerk.drafts.models import Undo
from buurtwerk.notices.models import Notice
from buurtwerk.outbox.delivery import deliver_due
from buurtwerk.outbox.models import Message
from buurtwerk.places.models import Closure, PublicHoliday, SchoolHoliday
from tests.activities.factories import (
    at,
    load_holidays,
    local,
    make_group,
    make_posting,
    make_registration,
    make_series,
    make_session,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db

DAY = timezone.localdate() + timedelta(days=3)


@pytest.fixture
def session():
    caches["pages"].clear()
    return make_session(series_title="Spelen")


@pytest.fixture
def worker(client, session):
    user = make_user(Role.WORKER, centre=session.centre)
    client.force_login(user)
    return user


def address(session):
    return reverse("activities:session-move", args=[session.code])


def to(day=DAY, start="15:00", end="17:00", **fields):
    return {"day": day.isoformat(), "start": start, "end": end, "place": "", "sequence": "0", **fields}


def confirmed(**fields):
    return to(confirmed="1", **fields)


def with_people(session):
    """Two families, three children, and a colleague who stands there."""
    group = make_group(session.series, email="a@example.org")
    make_registration(session, group=group)
    make_registration(session, group=group)
    make_registration(session, group=make_group(session.series))
    colleague = make_user(Role.MONITOR, centre=session.centre, email="tom@example.org")
    make_posting(session, colleague)
    return colleague


def test_the_preview_says_what_goes_along_and_who_will_hear_it_and_changes_nothing(client, session, worker):
    with_people(session)

    html = client.post(address(session), to()).content.decode()

    for words in ("3 inschrijvingen van 2 gezinnen", "1 begeleider", "1 mail naar", "1 zonder mail", "15.00"):
        assert words in html
    session.refresh_from_db()
    assert (session.sequence, session.moved_from) == (0, None)
    assert not Message.objects.exists()


def test_everything_that_hangs_on_it_goes_along_and_everyone_hears_it_once(client, session, worker):
    colleague = with_people(session)
    before = session.starts_at

    client.post(address(session), confirmed(place="Speelplein"))
    client.post(address(session), confirmed(place="Speelplein"))

    session.refresh_from_db()
    assert local(session) == f"{DAY} 15:00"
    assert (session.moved_from, session.place, session.sequence) == (before, "Speelplein", 1)
    assert {"starts_at", "ends_at", "place"} == set(session.overridden_fields)
    assert session.postings.get().user == colleague
    assert session.registrations.count() == 3
    assert sorted(Message.objects.values_list("channel", "to")) == [
        ("call", "0470 00 00 00"),
        ("mail", "a@example.org"),
        ("mail", "tom@example.org"),
    ]
    assert deliver_due() == (0, 0)
    assert not Notice.objects.unseen().exists()
    later()
    assert deliver_due() == (2, 0)
    assert deliver_due() == (0, 0)
    assert Notice.objects.unseen().get().to == colleague
    assert {sent.subject for sent in mail.outbox} == {"Verplaatst: Spelen"}
    assert "15.00 tot 17.00 uur" in mail.outbox[0].body


def later():
    """Two minutes later."""
    Message.objects.update(send_after=timezone.now())
    Notice.objects.update(at=timezone.now())


def test_the_page_and_the_calendar_say_from_when_to_when(client, session, worker):
    client.post(address(session), confirmed(place="Speelplein"))

    page = client.get(session.public_url).content.decode()
    session.refresh_from_db()
    assert f"Verplaatst van {session.moved_words}." in page
    assert "Speelplein" in page
    (event,) = Calendar.from_ical(client.get("/kalender.ics").content).walk("VEVENT")
    assert event["SEQUENCE"] == 1
    assert event["DTSTART"].dt.hour == 15
    assert event["LOCATION"] == "Speelplein"
    assert "Verplaatst van" in event["DESCRIPTION"]
    assert str(session.uid) in event["UID"]


def test_moved_twice_it_keeps_the_first_hour_and_moved_back_it_was_never_moved(client, session, worker):
    first = session.starts_at
    client.post(address(session), confirmed())
    client.post(address(session), confirmed(start="16:00", sequence="1"))
    session.refresh_from_db()
    assert (session.moved_from, session.sequence) == (first, 2)

    client.post(address(session), confirmed(day=timezone.localdate(first), start="14:00", end="16:30", sequence="2"))

    session.refresh_from_db()
    assert (session.starts_at, session.moved_from) == (first, None)


def test_undone_within_two_minutes_nobody_hears_anything(client, session, worker):
    with_people(session)
    before = session.starts_at
    client.post(address(session), confirmed(place="Speelplein"))

    html = client.post(take_back(), {"next": session.get_absolute_url()}, follow=True).content.decode()

    assert "Teruggedraaid" in html
    session.refresh_from_db()
    assert (session.starts_at, session.place, session.moved_from, session.overridden_fields) == (before, "", None, [])
    assert session.sequence == 2
    later()
    assert deliver_due() == (0, 0)
    assert not Notice.objects.exists()
    assert SessionChange.objects.get().taken_back_at is not None


def take_back():
    return reverse("drafts:take-back", args=[Undo.objects.order_by("-pk").first().token])


def test_once_a_message_left_the_undo_says_what_to_do_instead(client, session, worker):
    with_people(session)
    client.post(address(session), confirmed())
    later()
    deliver_due()

    html = client.post(take_back(), {"next": session.get_absolute_url()}, follow=True).content.decode()

    assert "Er zijn al berichten vertrokken" in html
    session.refresh_from_db()
    assert local(session) == f"{DAY} 15:00"


def test_whoever_comes_second_is_told_and_moves_nothing(session):
    by = make_user(Role.WORKER, centre=session.centre)
    hours = {"starts_at": at(DAY, time(9)), "ends_at": at(DAY, time(10)), "place": "", "by": by}

    assert move(session, sequence=0, **hours) is not None
    assert move(session, sequence=0, **hours) is None
    assert SessionChange.objects.count() == 1


def test_an_hour_that_does_not_exist_is_refused_in_words(client, worker, session):
    with_clock = next_change_of_clock()

    html = client.post(address(session), confirmed(day=with_clock, start="02:30", end="04:00")).content.decode()

    assert "02.30 uur bestaat die dag niet: de klok gaat vooruit." in html
    session.refresh_from_db()
    assert session.sequence == 0


def next_change_of_clock():
    """The last Sunday of March to come."""
    year = timezone.localdate().year
    for one in (year, year + 1):
        day = date(one, 3, 31)
        day -= timedelta(days=(day.weekday() + 1) % 7)
        if day > timezone.localdate():
            return day


def test_a_closed_day_is_refused_and_a_holiday_only_with_a_tick(client, worker, session):
    session.series.holiday_policy = session.series.public_holiday_policy = "skip"
    session.series.save()
    holiday, school, closed = (DAY + timedelta(days=ahead) for ahead in (1, 2, 3))
    PublicHoliday.objects.create(day=holiday, name="Buurtfeestdag", is_legal=True)
    SchoolHoliday.objects.create(
        school_year="2026-27", kind="autumn", name="Herfstvakantie", first_day=school, last_day=school
    )
    Closure.objects.create(centre=session.centre, first_day=closed, last_day=closed, reason="Verbouwing")

    assert "Die dag is het Buurtfeestdag." in client.post(address(session), confirmed(day=holiday)).content.decode()
    assert "Die dag is het Herfstvakantie." in client.post(address(session), confirmed(day=school)).content.decode()
    for anyway in ({}, {"anyway": "on"}):
        html = client.post(address(session), confirmed(day=closed, **anyway)).content.decode()
        assert "Dan is het centrum gesloten: Verbouwing." in html
    session.refresh_from_db()
    assert session.sequence == 0
    assert client.post(address(session), confirmed(day=holiday, anyway="on")).status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"day": ""}, "Kies een dag."),
        ({"day": "gisteren"}, ""),
        ({"day": "2001-01-01"}, "Die dag is voorbij."),
        ({"day": "9999-12-31"}, "Zo ver plannen we niet."),
        ({"start": ""}, "Vul in wanneer het begint."),
        ({"end": "14:00"}, "Het einde komt na het begin, op dezelfde dag."),
        ({"end": "15:00"}, "Het einde komt na het begin, op dezelfde dag."),
        ({"place": "x" * 121}, ""),
        ({"place": "a\x00b"}, "Er staat een onzichtbaar teken in."),
        ({"sequence": "7"}, "Iemand anders veranderde dit moment intussen."),
        ({"sequence": ""}, "Laad de pagina opnieuw."),
    ],
)
def test_bad_input_is_refused_in_words(client, session, worker, fields, sentence):
    response = client.post(address(session), {**confirmed(), **fields})

    html = response.content.decode()
    assert response.status_code == 200
    assert "Er is nog iets nodig" in html
    assert sentence in html
    session.refresh_from_db()
    assert session.sequence == 0


def test_nothing_changed_and_another_moment_at_that_hour_are_said(client, session, worker):
    start = timezone.localtime(session.starts_at)
    same = confirmed(day=start.date(), start="14:00", end="16:30")
    assert "Er verandert niets" in client.post(address(session), same).content.decode()
    make_session(session.series, day=DAY, start=time(16), end=time(18))
    assert "Dan is er al een moment" in client.post(address(session), confirmed()).content.decode()


def test_what_is_cancelled_or_began_is_not_moved(client, session, worker):
    began = make_session(session.series, day=DAY, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1))
    Session.objects.filter(pk=session.pk).update(status="cancelled", reason_public="Ziek")
    for one in (session, began):
        html = client.post(address(one), confirmed(), follow=True).content.decode()
        assert "Alleen wat gepland is en nog moet beginnen" in html


def test_a_sensitive_activity_is_not_named_in_a_mail(client, session, worker):
    session.series.is_sensitive = True
    session.series.save()
    with_people(session)

    client.post(address(session), confirmed())

    for message in Message.objects.all():
        assert "Spelen" not in message.subject + message.body


def test_each_reads_it_in_the_own_language_where_we_have_it(session):
    from activities.telling import words_of

    for locale in ("nl", "fr", "en", "tr", "ar"):
        subject, body = words_of(session, "moved", locale=locale)
        assert "Spelen" in subject and session.public_url in body


def test_a_series_that_changes_leaves_a_moved_moment_alone(client, session, worker):
    load_holidays()
    client.post(address(session), confirmed())
    from activities.actions import change_series

    series = session.series
    series.local_start = time(9)
    change_series(series)

    session.refresh_from_db()
    assert local(session) == f"{DAY} 15:00"


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("session_change_known_kind", {"kind": "lost"}),
        (
            "session_change_taken_back_later",
            {"taken_back_at": at(date(2020, 1, 1), time(9))},
        ),
    ],
)
def test_the_database_holds(session, constraint, fields):
    from tests.breaking import breaks

    by = make_user(Role.WORKER, centre=session.centre)
    change = move(session, starts_at=at(DAY, time(9)), ends_at=at(DAY, time(10)), place="", sequence=0, by=by)

    with breaks(constraint):
        SessionChange.objects.filter(pk=change.pk).update(**fields)


def test_five_families_cost_no_more_queries_to_preview_than_one(client, session, worker, django_assert_max_num_queries):
    make_series()
    for count in (1, 4):
        for _ in range(count):
            make_registration(session)
        with django_assert_max_num_queries(12):
            assert client.post(address(session), to()).status_code == 200
