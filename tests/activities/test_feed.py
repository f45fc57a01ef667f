from datetime import date, datetime, time, timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone
from icalendar import Calendar

from activities.generation import generate
from activities.models import Session
from tests.activities.factories import BRUSSELS, make_series, make_session
from tests.factories import make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches["pages"].clear()


def events(client, address="/kalender.ics"):
    """The feed read back: events by their summary."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def test_a_calendar_program_reads_every_moment_in_its_place(client):
    centre = make_centre(name="Hoogland", address="Hoogland 69, 3000 Leuven")
    session = make_session(make_series(centre=centre, title="Naaien; knippen, en\nmeer"))

    (event,) = events(client).values()

    assert str(event["SUMMARY"]) == "Naaien; knippen, en\nmeer"
    assert event.decoded("DTSTART") == session.starts_at
    assert event.decoded("DTEND") == session.ends_at
    assert event["DTSTART"].params["TZID"] == "Europe/Brussels"
    assert str(event["LOCATION"]) == "Hoogland, Hoogland 69, 3000 Leuven"
    assert str(event["UID"]) == f"{session.uid}@buurtwerk"
    assert str(event["STATUS"]) == "CONFIRMED"
    assert event["URL"].endswith(session.public_url)


def test_ten_o_clock_stays_ten_o_clock_over_both_changes_of_the_clock(client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 20, 8, tzinfo=BRUSSELS))
    series = make_series(
        rrule="FREQ=WEEKLY;BYDAY=SA", first_date=date(2026, 10, 24), local_start=time(10), local_end=time(12)
    )
    generate(series, until=date(2027, 4, 3))

    calendar = Calendar.from_ical(client.get("/kalender.ics").content)

    starts = [event.decoded("DTSTART") for event in calendar.walk("VEVENT")]
    assert {start.hour for start in starts} == {10}
    assert {start.utcoffset() for start in starts} == {timedelta(hours=1), timedelta(hours=2)}
    assert all(start == session.starts_at for start, session in zip(starts, Session.objects.all(), strict=True))
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/Brussels"


def test_the_zone_in_the_feed_gives_the_same_hours_as_the_real_one(client):
    make_session()
    (zone,) = Calendar.from_ical(client.get("/kalender.ics").content).walk("VTIMEZONE")
    ours = zone.to_tz()

    for moment in (datetime(2026, 7, 1, 10), datetime(2026, 12, 1, 10), datetime(2027, 3, 29, 10)):
        assert moment.replace(tzinfo=ours).utcoffset() == moment.replace(tzinfo=BRUSSELS).utcoffset()


def test_a_cancelled_moment_stays_visible_as_afgelast(client):
    make_session(series_title="Spelen", status="cancelled", reason_public="De begeleider is ziek.")

    event = events(client)["AFGELAST – Spelen"]

    assert str(event["STATUS"]) == "CONFIRMED"
    assert str(event["TRANSP"]) == "TRANSPARENT"
    assert str(event["DESCRIPTION"]).startswith("Gaat niet door: De begeleider is ziek.")


def test_a_program_that_understands_it_gets_the_official_status(client):
    make_session(series_title="Spelen", status="cancelled", reason_public="Ziek")

    assert str(events(client, "/kalender.ics?geannuleerd=status")["Spelen"]["STATUS"]) == "CANCELLED"


def test_what_happened_stays_for_fourteen_days(client):
    today = timezone.localdate()
    make_session(day=today - timedelta(days=14), series_title="Nog net")
    make_session(day=today - timedelta(days=15), series_title="Te lang geleden")

    assert list(events(client)) == ["Nog net"]


def test_every_change_raises_the_sequence_and_keeps_the_uid(client):
    session = make_session(series_title="Spelen")
    before = events(client)["Spelen"]

    session.change_status(Session.Status.CANCELLED, reason="Ziek")
    session.change_status(Session.Status.PLANNED)
    session.series.version += 1
    session.series.save()
    after = events(client)["Spelen"]

    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 3)
    assert before["UID"] == after["UID"]


def test_the_filters_of_the_agenda_hold_for_the_feed(client):
    ketteland = make_centre(slug="ketteland")
    make_session(make_series(title="Kinderen", age_min=6, age_max=12, centre=ketteland))
    make_session(series_title="Groten", series_age_min=18)

    assert list(events(client, "/kalender.ics?wie=a611")) == ["Kinderen"]
    assert list(events(client, "/kalender.ics?centrum=ketteland")) == ["Kinderen"]
    assert sorted(events(client, "/kalender.ics?wie=a99")) == ["Groten", "Kinderen"]


def test_what_is_not_public_is_not_in_the_feed(client):
    make_session(series_public_level="internal")
    make_session(status="skipped", reason_public="Kerstvakantie")
    make_session(series_title="Zichtbaar")

    assert list(events(client)) == ["Zichtbaar"]


def test_an_unchanged_feed_answers_304_and_a_change_is_there_at_once(client, django_assert_num_queries):
    session = make_session(series_title="Spelen")
    etag = client.get("/kalender.ics")["ETag"]

    with django_assert_num_queries(1):
        assert client.get("/kalender.ics", headers={"if-none-match": etag}).status_code == 304
    session.change_status(Session.Status.CANCELLED, reason="Ziek")
    assert client.get("/kalender.ics", headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize("size", [1, 5])
def test_the_feed_costs_the_same_for_any_number_of_moments(client, django_assert_num_queries, size):
    for _ in range(size):
        make_session()

    with django_assert_num_queries(3):
        client.get("/kalender.ics")


def test_one_moment_can_be_put_in_a_calendar(client):
    session = make_session(series_title="Spelen")
    make_session(series_title="Iets anders")

    assert list(events(client, f"/moment/{session.code}.ics")) == ["Spelen"]


def test_a_skipped_moment_is_no_event(client):
    session = make_session(status="skipped", reason_public="Kerstvakantie")

    assert client.get(f"/moment/{session.code}.ics").status_code == 404


def test_the_help_page_keeps_the_choice_in_every_address(client, settings):
    settings.SITE_URL = "https://buurtwerk.example"

    html = client.get("/kalender/?wie=a611").content.decode()

    assert 'href="webcal://buurtwerk.example/kalender.ics?wie=a611"' in html
    assert 'value="https://buurtwerk.example/kalender.ics?wie=a611"' in html
    assert "cid=webcal%3A%2F%2Fbuurtwerk.example%2Fkalender.ics%3Fwie%3Da611" in html
    assert "<script" not in html
