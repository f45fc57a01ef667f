"""The calendar read by another library than the one that writes it: every moment in its place, in every language."""

from datetime import date, datetime, time, timedelta

import pytest
import vobject
from django.core.cache import caches
from django.utils import timezone

from activities.generation import generate
from activities.models import Session
from tests.activities.factories import BRUSSELS, make_series, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_october(monkeypatch):
    caches["pages"].clear()
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 20, 8, tzinfo=BRUSSELS))


def read(client, address="/kalender.ics"):
    return vobject.readOne(client.get(address).content.decode()).vevent_list


def test_every_moment_is_in_its_place_over_both_changes_of_the_clock(client):
    for hour, days in ((2, "SU"), (10, "SA"), (23, "WE")):
        series = make_series(
            rrule=f"FREQ=WEEKLY;BYDAY={days}",
            first_date=date(2026, 10, 21),
            local_start=time(hour, 30) if hour != 2 else time(3, 30),
            local_end=time(hour, 45) if hour != 2 else time(4),
        )
        generate(series, until=date(2027, 4, 7))

    events = {event.uid.value: event for event in read(client)}

    sessions = list(Session.objects.all())
    assert len(events) == len(sessions) > 60
    for session in sessions:
        event = events[f"{session.uid}@buurtwerk"]
        assert event.dtstart.value == session.starts_at
        assert event.dtend.value == session.ends_at
        wall = timezone.localtime(session.starts_at)
        assert (event.dtstart.value.hour, event.dtstart.value.minute) == (wall.hour, wall.minute)
    assert {event.dtstart.value.utcoffset() for event in events.values()} == {timedelta(hours=1), timedelta(hours=2)}


@pytest.mark.parametrize(
    ("prefix", "summary"),
    [
        ("", "AFGELAST – Spelen"),
        ("/fr", "ANNULÉ – Jouer"),
        ("/ar", "أُلغي – Spelen"),
    ],
)
def test_a_cancelled_moment_says_so_in_the_language_of_the_feed(client, prefix, summary):
    session = make_session(
        make_series(title="Spelen", i18n={"fr": {"title": "Jouer", "of": {"title": "Spelen"}}}),
        status="cancelled",
        reason_public="De begeleider is ziek.",
    )

    (event,) = read(client, f"{prefix}/kalender.ics")

    assert event.summary.value == summary
    assert event.uid.value == f"{session.uid}@buurtwerk"
    assert event.url.value.endswith(f"{prefix}/moment/{session.code}/")


def test_the_finer_filters_hold_for_the_feed_too(client):
    make_session(make_series(title="Gratis in het Arabisch", languages=["nl", "ar"]))
    make_session(make_series(title="Betalend", price_eur="3"))

    assert [event.summary.value for event in read(client, "/kalender.ics?gratis=1&taal=ar")] == [
        "Gratis in het Arabisch"
    ]


def test_the_feed_with_every_filter_costs_at_most_eight_queries(client, django_assert_max_num_queries):
    make_session()

    with django_assert_max_num_queries(8):
        client.get("/tr/kalender.ics?gratis=1&taal=nl&vrij=1&rolstoel=1&wie=a611")
