import re
from datetime import date, datetime, time, timedelta

import brotli
import pytest
from django.core.cache import caches
from django.utils import timezone

from activities.agenda import AgendaFilter
from activities.models import Session
from tests.activities.factories import BRUSSELS, make_series, make_session
from tests.factories import make_centre

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 12, 2)


@pytest.fixture(autouse=True)
def _on_a_monday_morning(monkeypatch):
    caches["pages"].clear()
    now = datetime(2026, 11, 30, 8, tzinfo=BRUSSELS)
    monkeypatch.setattr(timezone, "now", lambda: now)


def titles(client, query=""):
    """The titles in the agenda, in the order of the page."""
    response = client.get("/" + query)
    assert response.status_code == 200
    return titles_in(response)


def test_a_stranger_reads_what_is_on_this_week_without_script_or_cookie(client):
    make_session(day=WEDNESDAY, series_title="Speelnamiddag")

    response = client.get("/")

    assert titles_in(response) == ["Speelnamiddag"]
    assert "<script" not in response.content.decode()
    assert not response.cookies
    assert "Vary" in response and "Cookie" not in response["Vary"]


def titles_in(response):
    return re.findall(r'<a class="p-name u-url"[^>]*>([^<]*)</a>', response.content.decode())


def test_a_card_says_when_where_for_whom_and_what_it_costs(client):
    centre = make_centre(name="Buurtcentrum Hoogland")
    series = make_series(
        centre=centre, title="Soep", kind="eten", age_min=6, age_max=12, price_eur="2.50", registration="required"
    )
    make_session(series, day=WEDNESDAY)

    html = client.get("/").content.decode()

    for words in (
        "Woensdag 2 december",
        "Samen eten · 6 tot 12 jaar",
        '<time class="dt-start" datetime="2026-12-02T14:00+01:00">14.00</time>',
        '<time class="dt-end" datetime="2026-12-02T16:30+01:00">16.30</time>',
        "Buurtcentrum Hoogland",
        "€ 2,50",
        "Inschrijven nodig",
    ):
        assert words in html


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("a05", ["Alle leeftijden", "Kleuters"]),
        ("a611", ["Alle leeftijden", "Kinderen"]),
        ("a1217", ["Alle leeftijden", "Kinderen", "Tieners"]),
        ("a18", ["Alle leeftijden", "Volwassenen"]),
        ("", ["Alle leeftijden", "Kinderen", "Kleuters", "Tieners", "Volwassenen"]),
    ],
)
def test_an_age_shows_what_is_meant_for_it_and_what_is_for_everyone(client, who, expected):
    for title, ages in {
        "Alle leeftijden": (0, None),
        "Kleuters": (0, 5),
        "Kinderen": (6, 12),
        "Tieners": (13, 17),
        "Volwassenen": (18, None),
    }.items():
        make_session(day=WEDNESDAY, series_title=title, series_age_min=ages[0], series_age_max=ages[1])

    assert sorted(titles(client, f"?wie={who}")) == expected


def test_six_to_eleven_and_wednesday_are_two_links_that_keep_each_other(client):
    make_session(day=WEDNESDAY, series_title="Spelen", series_age_min=6, series_age_max=12)
    make_session(day=WEDNESDAY + timedelta(days=1), series_title="Morgen", series_age_min=6, series_age_max=12)

    assert 'href="/?wie=a611"' in client.get("/").content.decode()
    assert 'href="/?wie=a611&amp;dag=2026-12-02"' in client.get("/?wie=a611").content.decode()
    assert titles(client, "?wie=a611&dag=2026-12-02") == ["Spelen"]


def test_the_next_week_is_one_link_away_and_back(client):
    make_session(day=WEDNESDAY + timedelta(days=7), series_title="Volgende week")

    assert titles(client) == []
    assert titles(client, "?vanaf=2026-12-07") == ["Volgende week"]
    html = client.get("/?wie=a611&vanaf=2026-12-07").content.decode()
    assert 'rel="prev" href="/?wie=a611"' in html
    assert 'rel="next" href="/?wie=a611&amp;vanaf=2026-12-14"' in html


def test_a_day_shows_the_week_it_is_in(client):
    response = client.get("/?dag=2026-12-09")

    assert [day["number"] for day in response.context["strip"]] == [7, 8, 9, 10, 11, 12, 13]


def test_nothing_planned_says_so_and_names_the_nearest_day(client):
    make_session(day=date(2026, 12, 10), series_title="Later", series_age_min=6, series_age_max=12)
    make_session(day=WEDNESDAY, series_title="Voor groten", series_age_min=18)

    html = client.get("/?wie=a611&dag=2026-12-02").content.decode()

    assert "Hier is nu niets gepland." in html
    assert 'href="/?wie=a611&amp;dag=2026-12-10">Op donderdag 10 december is er wel iets' in html


def test_an_agenda_without_anything_is_a_page_too(client):
    html = client.get("/").content.decode()

    assert "Hier is nu niets gepland." in html


def test_a_cancelled_moment_stays_struck_through_with_the_words_and_the_reason(client):
    make_session(day=WEDNESDAY, status="cancelled", reason_public="De begeleider is ziek.")

    html = client.get("/").content.decode()

    assert 'class="act h-event k-kind off"' in html
    assert "Gaat niet door" in html
    assert "De begeleider is ziek." in html


def test_what_is_over_has_gone_and_what_is_busy_is_still_there(client):
    monday = date(2026, 11, 30)
    make_session(day=monday, start=time(6), end=time(7), series_title="Voorbij")
    make_session(day=monday, start=time(7), end=time(9), series_title="Bezig")

    assert titles(client) == ["Bezig"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"series_public_level": "internal"},
        {"series_public_level": "members"},
        {"status": "draft"},
        {"status": "skipped", "reason_public": "Kerstvakantie"},
    ],
)
def test_what_is_not_public_or_not_on_is_not_in_the_agenda(client, hidden):
    make_session(day=WEDNESDAY, series_title="Verborgen", **hidden)
    make_session(day=WEDNESDAY, series_title="Zichtbaar")

    assert titles(client) == ["Zichtbaar"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?wie=a99", "We kennen die leeftijd niet. Je ziet alles voor iedereen."),
        ("?wie=%00", "We kennen die leeftijd niet. Je ziet alles voor iedereen."),
        ("?wie=<script>alert(1)</script>", "We kennen die leeftijd niet. Je ziet alles voor iedereen."),
        ("?dag=gisteren", "We kennen die dag niet. Je ziet de komende dagen."),
        ("?dag=2026-02-30", "We kennen die dag niet. Je ziet de komende dagen."),
        ("?dag=%00", "We kennen die dag niet. Je ziet de komende dagen."),
        ("?dag=2020-01-01", "Die dag is voorbij. Je ziet de komende dagen."),
        ("?dag=0001-01-01", "Die dag is voorbij. Je ziet de komende dagen."),
        ("?dag=2062-01-01", "Zo ver plannen we niet. Je ziet de komende dagen."),
        ("?vanaf=9999-12-31", "Zo ver plannen we niet. Je ziet de komende dagen."),
        ("?centrum=nergens", "We kennen die plaats niet. Je ziet alle plaatsen."),
        ("?centrum=" + "x" * 3000, "We kennen die plaats niet. Je ziet alle plaatsen."),
    ],
)
def test_an_unknown_choice_is_left_out_with_a_clear_line(client, query, sentence):
    make_session(day=WEDNESDAY, series_title="Spelen")

    response = client.get("/" + query)

    assert titles_in(response) == ["Spelen"]
    assert sentence in response.content.decode()
    assert "<script" not in response.content.decode()


def test_a_sound_choice_beside_an_unknown_one_still_counts(client):
    make_session(day=WEDNESDAY, series_title="Kinderen", series_age_min=6, series_age_max=12)
    make_session(day=WEDNESDAY, series_title="Groten", series_age_min=18)

    assert titles(client, "?wie=a611&dag=zondag&nieuw=1") == ["Kinderen"]


def test_places_can_be_chosen_when_more_than_one_has_something(client):
    hoogland, ketteland = make_centre(slug="hoogland"), make_centre(slug="ketteland")
    make_session(make_series(centre=hoogland, title="In Hoogland"), day=WEDNESDAY)
    assert "Alleen van één plaats?" not in client.get("/").content.decode()

    make_session(make_series(centre=ketteland, title="In Ketteland"), day=WEDNESDAY)

    assert 'href="/?centrum=ketteland"' in client.get("/").content.decode()
    assert titles(client, "?centrum=ketteland") == ["In Ketteland"]


def test_only_reading_is_possible(client):
    assert client.post("/").status_code == 405


def test_an_unchanged_agenda_answers_304_with_one_small_query(client, django_assert_num_queries):
    make_session(day=WEDNESDAY)
    etag = client.get("/")["ETag"]

    with django_assert_num_queries(1):
        response = client.get("/", headers={"if-none-match": etag})

    assert response.status_code == 304
    assert response.content == b""


def test_a_cancelled_moment_is_on_the_page_at_once(client):
    session = make_session(day=WEDNESDAY)
    etag = client.get("/")["ETag"]

    session.change_status(Session.Status.CANCELLED, reason="De zaal is niet vrij.")
    response = client.get("/", headers={"if-none-match": etag})

    assert response.status_code == 200
    assert "De zaal is niet vrij." in response.content.decode()


def test_a_series_that_becomes_internal_has_gone_at_once(client):
    series = make_session(day=WEDNESDAY, series_title="Overleg").series
    assert titles(client) == ["Overleg"]

    series.public_level = "internal"
    series.save()

    assert titles(client) == []


@pytest.mark.parametrize("size", [1, 5])
def test_the_agenda_costs_the_same_for_any_number_of_moments(client, django_assert_num_queries, size):
    for number in range(size):
        make_session(day=WEDNESDAY + timedelta(days=number))

    # The version, the centres, the moments, and the address in the footer.
    with django_assert_num_queries(4):
        client.get("/")


def test_an_empty_day_costs_two_queries_more_at_most(client, django_assert_max_num_queries):
    make_session(day=WEDNESDAY, series_age_min=18)

    with django_assert_max_num_queries(6):
        client.get("/?wie=a611&dag=2026-12-02")


def test_fifty_moments_with_the_stylesheet_weigh_less_than_twenty_kilobytes(client, settings):
    for number in range(50):
        make_session(
            day=WEDNESDAY + timedelta(days=number % 5),
            start=time(8 + number % 10),
            end=time(9 + number % 10, 30),
            series_title=f"Activiteit met een gewone naam {number}",
            series_kind=["kind", "eten", "taal", "beweeg", "maak", "hulp", "ontmoet", "feest"][number % 8],
            series_price="volwassene € 5 · kansentarief € 3 · kind € 2" if number % 3 else "",
        )

    page = client.get("/", headers={"accept-encoding": "br"})

    assert page["Content-Encoding"] == "br"
    assert brotli.decompress(page.content).count(b"h-event") == 50
    assert len(page.content) + _static_weight(settings) < 20_000


def _static_weight(settings):
    files = [settings.BASE_DIR / "static" / name for name in ("buurtwerk.css", "mark.svg")]
    return sum(len(brotli.compress(file.read_bytes())) for file in files)


def test_the_strip_starts_today_and_steps_by_weeks():
    assert AgendaFilter({}).week_start == date(2026, 11, 30)
    assert AgendaFilter({"dag": "2026-12-06"}).week_start == date(2026, 11, 30)
    assert AgendaFilter({"dag": "2026-12-07"}).week_start == date(2026, 12, 7)
