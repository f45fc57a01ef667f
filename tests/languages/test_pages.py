"""Public pages in five languages, by their address alone."""

import re
from datetime import date, datetime, time

import pytest
from django.core.cache import caches
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override

from tests.activities.factories import BRUSSELS, make_series, make_session
from tests.factories import make_centre, make_user
from tests.partners.factories import make_service

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 12, 2)
OTHERS = ("fr", "en", "tr", "ar")


@pytest.fixture(autouse=True)
def _on_a_monday_morning(monkeypatch):
    caches["pages"].clear()
    now = datetime(2026, 11, 30, 8, tzinfo=BRUSSELS)
    monkeypatch.setattr(timezone, "now", lambda: now)


def page(client, address, **options):
    response = client.get(address, **options)
    assert response.status_code == 200, address
    return response.content.decode()


def public_addresses():
    """One of every public page."""
    centre = make_centre(name="Buurtcentrum Hoogland", phone="016 00 00 00", address="Hoogland 69")
    session = make_session(make_series(centre=centre, price_eur="2.50"), day=WEDNESDAY)
    card = make_service().organisation
    return [
        "/",
        "/kalender/",
        "/wegwijzer/",
        "/agenda/insluiten/",
        session.public_url,
        session.series.public_url,
        centre.get_absolute_url(),
        card.get_public_url(),
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Que faire ?"), ("en", "What’s on?"), ("tr", "Neler var?"), ("ar", "ماذا يوجد؟")],
)
def test_the_address_decides_the_language(client, language, words):
    make_session(day=WEDNESDAY)

    html = page(client, f"/{language}/")

    assert f"<h1>{words}</h1>" in html
    assert f'<html lang="{language}"' in html
    assert "Wat is er te doen?" not in html


def test_dutch_has_no_prefix_and_neither_browser_nor_machine_changes_the_language(client):
    for headers in ({"accept-language": "ar,fr;q=0.9"}, {"x-forwarded-for": "203.0.113.9"}):
        html = page(client, "/", headers=headers)

        assert '<html lang="nl-BE" dir="ltr">' in html
        assert "<h1>Wat is er te doen?</h1>" in html
    assert client.get("/nl/").status_code == 404


@pytest.mark.parametrize("language", OTHERS)
def test_every_public_page_speaks_every_language(client, language):
    for address in public_addresses():
        html = page(client, f"/{language}{address}")

        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
        # Links stay in the language, but for the team, files and the other languages themselves.
        links = re.findall(r'<a [^>]*?href="(/[^"]*)"(?! lang)', html)
        assert [link for link in links if not link.startswith((f"/{language}/", "/team/"))] == []


def test_the_menu_names_each_language_in_itself_and_keeps_the_filter(client):
    html = page(client, "/fr/?wie=a611&gratis=1")

    menu = html.split('class="langs', 1)[1].split("</nav>", 1)[0]
    assert re.findall(r'href="([^"]*)" lang="(\w+)"', menu) == [
        ("/?wie=a611&amp;gratis=1", "nl"),
        ("/fr/?wie=a611&amp;gratis=1", "fr"),
        ("/en/?wie=a611&amp;gratis=1", "en"),
        ("/tr/?wie=a611&amp;gratis=1", "tr"),
        ("/ar/?wie=a611&amp;gratis=1", "ar"),
    ]
    assert re.findall(r">([^<]+)</a>", menu) == ["Nederlands", "Français", "English", "Türkçe", "العربية"]
    assert "<img" not in menu


@override_settings(SITE_URL="https://buurtwerk.example")
def test_search_engines_learn_of_the_other_languages(client):
    links = re.findall(r'hreflang="([\w-]+)" href="([^"]+)"', page(client, "/tr/wegwijzer/"))

    assert links == [
        ("nl", "https://buurtwerk.example/wegwijzer/"),
        ("fr", "https://buurtwerk.example/fr/wegwijzer/"),
        ("en", "https://buurtwerk.example/en/wegwijzer/"),
        ("tr", "https://buurtwerk.example/tr/wegwijzer/"),
        ("ar", "https://buurtwerk.example/ar/wegwijzer/"),
        ("x-default", "https://buurtwerk.example/wegwijzer/"),
    ]


@pytest.mark.parametrize(
    ("language", "day", "hours"),
    [
        ("", "Woensdag 2 december", "van 14.00 tot 16.30 uur"),
        ("/fr", "Mercredi 2 décembre", "de 14:00 à 16:30"),
        ("/en", "Wednesday 2 December", "14:00 to 16:30"),
        ("/tr", "Çarşamba 2 Aralık", "14:00 ile 16:30 arası"),
        ("/ar", "الأربعاء 2 ديسمبر", "من 14:00 إلى 16:30"),
    ],
)
def test_days_and_hours_are_written_as_people_of_that_language_do(client, language, day, hours):
    session = make_session(day=WEDNESDAY)

    html = page(client, language + session.public_url)

    assert day in html
    assert hours in html


def test_dutch_names_are_marked_as_dutch_on_a_page_in_another_language(client):
    centre = make_centre(name="Buurtcentrum Hoogland", address="Hoogland 69")
    session = make_session(make_series(centre=centre, title="Speelnamiddag"), day=WEDNESDAY)

    html = page(client, "/ar" + session.public_url)

    for name in ("Speelnamiddag", "Buurtcentrum Hoogland", "Hoogland 69"):
        assert f'<bdi lang="nl">{name}</bdi>' in html
    assert "<bdi" not in page(client, session.public_url)


def test_a_language_is_kept_apart_in_the_cache_and_says_which_it_is(client):
    make_session(day=WEDNESDAY)
    dutch, french = client.get("/"), client.get("/fr/")

    assert (dutch["Content-Language"], french["Content-Language"]) == ("nl", "fr")
    assert dutch["ETag"] != french["ETag"]
    assert client.get("/fr/", headers={"if-none-match": french["ETag"]}).status_code == 304
    assert "Accept-Language" not in french["Vary"] and "Cookie" not in french["Vary"]


def test_the_team_has_no_prefix_and_speaks_dutch(client):
    client.force_login(make_user())

    assert client.get("/fr/team/").status_code == 404
    assert '<html lang="nl-BE"' in page(client, "/team/")
    assert get_language() == "nl"


def test_a_page_that_is_not_there_says_so_in_the_language_of_the_address(client):
    response = client.get("/ar/bestaat-niet/")

    assert response.status_code == 404
    assert "هذه الصفحة غير موجودة" in response.content.decode()
    assert 'dir="rtl"' in response.content.decode()


def test_an_address_without_its_slash_is_found_in_any_language(client):
    assert client.get("/fr/wegwijzer")["Location"] == "/fr/wegwijzer/"
    assert client.get("/fr")["Location"] == "/fr/"


def test_an_address_is_made_in_the_language_that_is_spoken():
    assert reverse("activities:agenda") == "/"
    with override("fr"):
        assert reverse("activities:agenda") == "/fr/"
        assert reverse("partners:guide") == "/fr/wegwijzer/"
        assert reverse("overview:today") == "/team/"


def test_filters_that_nobody_knows_are_named_in_the_language_of_the_page(client):
    html = page(client, "/en/?wie=a99&buurt=nergens&taal=xx&rolstoel=misschien&dag=gisteren")

    for sentence in (
        "We do not know that age.",
        "We do not know that neighbourhood.",
        "We do not know that language.",
        "We do not understand one of your choices.",
        "We do not know that day.",
    ):
        assert sentence in html


@pytest.mark.parametrize("language", ["", *(f"/{code}" for code in OTHERS)])
def test_any_language_costs_as_many_queries(client, django_assert_num_queries, language):
    for hour in range(3):
        make_session(day=WEDNESDAY, start=time(9 + hour), end=time(12 + hour))

    with django_assert_num_queries(4):
        client.get(f"{language}/")


@pytest.mark.parametrize("language", ["", *(f"/{code}" for code in OTHERS)])
def test_no_page_loads_a_script_in_any_language(client, language):
    for address in public_addresses():
        html = page(client, language + address)

        assert html.replace('<script type="application/ld+json">', "").count("<script") == 0
