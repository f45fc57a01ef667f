"""How a moment is now, for people and for programs: the page, JSON-LD, open data and news."""

import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime, time, timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from activities.now import Now, now_of
from tests.activities.factories import BRUSSELS, make_series, make_session
from tests.factories import make_centre

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 12, 2, 15, tzinfo=BRUSSELS)


@pytest.fixture(autouse=True)
def _on_wednesday_at_three(monkeypatch):
    caches["pages"].clear()
    monkeypatch.setattr(timezone, "now", lambda: TODAY)


def event_on(client, address):
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(address).content.decode())
    return json.loads(block[1])


@pytest.mark.parametrize(
    ("fields", "now", "words"),
    [
        ({"status": "cancelled", "reason_public": "Ziek."}, Now.OFF, "Gaat niet door"),
        ({"status": "skipped", "reason_public": "Vakantie."}, Now.OFF, "Gaat niet door"),
        ({"day": TODAY.date(), "start": time(9), "end": time(10)}, Now.OVER, "Deze datum is voorbij."),
        ({"day": TODAY.date(), "start": time(14), "end": time(16)}, Now.BUSY, "Nu bezig"),
        ({"moved_from": TODAY - timedelta(days=1)}, Now.MOVED, "Verplaatst van dinsdag 1 december om 15.00 uur naar "),
        ({"series_registration": "required", "series_capacity": 5, "taken": 5}, Now.FULL, "Volzet"),
        ({}, Now.COMING, "Zet in mijn agenda"),
    ],
)
def test_a_moment_says_how_it_is_now(client, fields, now, words):
    session = make_session(**fields)
    left = session.seats - session.taken if session.seats else None

    assert now_of(session, seats_left=left) == now
    assert words in client.get(session.public_url).content.decode()


def test_the_page_of_a_moment_changes_by_the_minute(client, monkeypatch):
    session = make_session(day=TODAY.date(), start=time(15, 1), end=time(16))
    assert "Nu bezig" not in client.get(session.public_url).content.decode()

    monkeypatch.setattr(timezone, "now", lambda: TODAY + timedelta(minutes=1))

    assert "Nu bezig" in client.get(session.public_url).content.decode()


def test_a_search_engine_reads_what_when_where_for_whom_and_what_it_costs(client, settings):
    settings.SITE_URL = "https://buurtwerk.example"
    centre = make_centre(name="Hoogland", address="Hoogland 69, 3000 Leuven")
    series = make_series(
        centre=centre,
        title="Naaien",
        age_min=6,
        age_max=12,
        languages=["nl", "ar"],
        registration="required",
        capacity=9,
    )
    session = make_session(series, taken=4)

    event = event_on(client, session.public_url)

    assert event["@context"] == "https://schema.org"
    assert event["@type"] == "Event"
    assert event["name"] == "Naaien"
    assert event["url"] == f"https://buurtwerk.example{session.public_url}"
    assert event["startDate"] == "2026-12-03T14:00:00+01:00"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["typicalAgeRange"] == "6-12"
    assert event["isAccessibleForFree"] is True
    assert event["inLanguage"] == ["nl", "ar"]
    assert event["remainingAttendeeCapacity"] == 5
    assert event["location"]["address"] == "Hoogland 69, 3000 Leuven"


def test_a_search_engine_learns_that_a_moment_was_cancelled_or_moved(client):
    cancelled = make_session(status="cancelled", reason_public="Ziek.")
    moved = make_session(moved_from=TODAY)

    assert event_on(client, cancelled.public_url)["eventStatus"] == "https://schema.org/EventCancelled"
    event = event_on(client, moved.public_url)
    assert event["eventStatus"] == "https://schema.org/EventRescheduled"
    assert event["previousStartDate"] == "2026-12-02T15:00:00+01:00"
    assert "remainingAttendeeCapacity" not in event


def test_no_text_of_people_ends_the_data_block(client):
    session = make_session(series_title="</script><script>alert(1)</script>", series_summary="<!-- & \u2028")

    html = client.get(session.public_url).content.decode()

    assert "<script>" not in html
    assert event_on(client, session.public_url)["name"] == "</script><script>alert(1)</script>"


def test_open_data_gives_all_coming_moments_to_any_site(client):
    make_session(series_title="Spelen")
    make_session(series_title="Intern", series_public_level="internal")
    make_session(series_title="Voorbij", day=TODAY.date() - timedelta(days=3))

    response = client.get("/open-data/activiteiten.jsonld")

    assert response["Content-Type"] == "application/ld+json; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert [event["name"] for event in response.json()["@graph"]] == ["Spelen"]
    assert client.get("/open-data/activiteiten.jsonld", headers={"if-none-match": response["ETag"]}).status_code == 304


def test_news_follows_the_filters_and_the_language(client):
    make_session(
        make_series(title="Spelen", i18n={"fr": {"title": "Jouer"}}), status="cancelled", reason_public="Ziek."
    )
    make_session(series_title="Betalend", series_price_eur="3")

    response = client.get("/fr/kalender.rss?gratis=1")

    channel = ElementTree.fromstring(response.content).find("channel")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert channel.findtext("language") == "fr"
    (item,) = channel.findall("item")
    assert item.findtext("title") == "ANNULÉ – Jouer, jeudi 3 décembre"
    assert "Ziek." in item.findtext("description")
    assert "/fr/moment/" in item.findtext("link")


@pytest.mark.parametrize("address", ["/kalender.rss", "/open-data/activiteiten.jsonld", "/agenda/insluiten/"])
@pytest.mark.parametrize("size", [1, 5])
def test_each_costs_the_same_for_any_number_of_moments(client, django_assert_num_queries, address, size):
    for _ in range(size):
        make_session()

    with django_assert_num_queries(3):
        client.get(address)
