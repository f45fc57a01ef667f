import re

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.cache import caches
from django.template.loader import render_to_string
from django.urls import reverse

from buurtwerk.interface import navigation
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    caches["pages"].clear()
    return make_centre(name="Buurtcentrum Dinamo")


@pytest.fixture
def menu(monkeypatch):
    """A menu of our own, with Concepten and Wachtwoord as pages that always exist."""
    monkeypatch.setattr(navigation, "_entries", [])
    navigation.add("Schriftjes", "drafts:list", icon="notebook", order=1, on_phone=True)
    navigation.add("Sleutels", "account_change_password", icon="key", order=2)
    navigation.add("Gebruikers", "account_logout", icon="users", order=3, right="users.manage")


def page(response):
    return re.sub(r"\s+", " ", response.content.decode())


def part(html, start, end):
    return html.split(start, 1)[1].split(end, 1)[0]


def test_a_public_page_asks_nothing_about_who_is_looking(client, centre):
    response = client.get(centre.get_absolute_url())

    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.wsgi_request.session.accessed
    assert "csrfmiddlewaretoken" not in page(response)


def test_a_public_page_is_the_same_for_a_colleague(client, centre):
    for_a_stranger = page(client.get(centre.get_absolute_url()))
    caches["pages"].clear()
    client.force_login(make_user())

    assert page(client.get(centre.get_absolute_url())) == for_a_stranger


def test_a_first_visit_takes_three_requests_and_no_script(client, centre):
    html = page(client.get(centre.get_absolute_url()))

    assert "<script" not in html and "<img" not in html
    fetched = re.findall(r'<link rel="(?!alternate)[^>]*href="[^"]+"', html)
    assert len(fetched) == 2  # the icon and the stylesheet


def test_both_shells_speak_flemish_and_let_people_skip_the_menu(client, centre):
    for address in (centre.get_absolute_url(), reverse("account_login")):
        html = page(client.get(address))

        assert '<html lang="nl-BE"' in html
        assert '<a class="skip" href="#inhoud">' in html and '<main id="inhoud"' in html
        assert html.count("<h1") == 1
        assert '<meta name="description"' in html


def test_search_engines_find_public_pages_only(client, centre):
    assert "noindex" not in page(client.get(centre.get_absolute_url()))
    assert '<meta name="robots" content="noindex">' in page(client.get(reverse("account_login")))


def test_no_page_carries_a_style_or_script_of_its_own(client, centre):
    client.force_login(make_user())

    for address in (centre.get_absolute_url(), reverse("drafts:list")):
        html = page(client.get(address))

        assert not re.search(r"<style|\sstyle=|<script(?![^>]*src=)|\son\w+=", html)


def test_htmx_runs_no_code_from_the_page_and_keeps_no_copies_of_it(client):
    html = page(client.get(reverse("account_login")))
    config = part(html, '<meta name="htmx-config"', ">")

    assert '"allowEval": false' in config and '"historyCacheSize": 0' in config
    assert html.index("htmx-config") < html.index("htmx-2")


def test_the_menu_shows_what_someone_may_do_and_where_they_are(client, menu):
    client.force_login(make_user())
    html = page(client.get(reverse("drafts:list")))
    nav = part(html, 'aria-label="Hoofdmenu"', "</nav>")

    assert re.findall(r">([^<>]+)</a>", nav) == ["Schriftjes", "Sleutels"]
    assert f'<a href="{reverse("drafts:list")}" aria-current="page">Schriftjes' in nav
    assert nav.count("aria-current") == 1


def test_the_menu_knows_addresses_that_belong_to_an_entry(client, menu):
    navigation.add("Boeken", "account_logout", icon="book", order=4, also=("/team/concepten/ongedaan/",))
    boeken = navigation._entries[-1]

    assert boeken.leads_to("/team/concepten/ongedaan/abc/")
    assert not boeken.leads_to("/team/concepten/")


def test_on_a_phone_the_rest_of_the_menu_is_under_more(client, menu):
    client.force_login(make_user())
    tabs = part(page(client.get(reverse("drafts:list"))), 'class="tabs"', "</nav>")
    bar, more = tabs.split("<details", 1)

    assert "Schriftjes" in bar and "Sleutels" not in bar
    assert "Sleutels" in more and "Schriftjes" not in more
    assert all(word in more for word in ("Concepten", "Wachtwoord", "Afmelden"))


def test_nobody_sees_a_menu_before_signing_in(client, menu):
    html = page(client.get(reverse("account_login")))

    assert "Hoofdmenu" not in html and "Afmelden" not in html


def test_a_page_with_errors_says_so_in_its_title(client):
    good = page(client.get(reverse("account_login")))
    wrong = page(client.post(reverse("account_login"), {"username": ""}))

    assert "<title>Aanmelden – Buurtwerk</title>" in good
    assert "<title>Fout: Aanmelden – Buurtwerk</title>" in wrong


def shown(message, rf):
    request = rf.get("/team/gezinnen/", {"zoek": "fatma"})
    return re.sub(r"\s+", " ", render_to_string("interface/_messages.html", {"messages": [message]}, request))


def test_a_message_that_can_be_undone_has_a_button_that_comes_back_here(rf):
    html = shown(Message(constants.SUCCESS, "Bezoek bewaard.", extra_tags="undo:abc"), rf)

    assert f'<form method="post" action="{reverse("drafts:take-back", args=["abc"])}">' in html
    assert 'name="next" value="/team/gezinnen/?zoek=fatma"' in html
    assert "csrfmiddlewaretoken" in html and "Maak ongedaan" in html
    assert 'class="note note-ok' in html


def test_other_messages_have_no_way_back(rf):
    html = shown(Message(constants.ERROR, "<b>Dat kon niet.</b>"), rf)

    assert "Maak ongedaan" not in html
    assert 'role="alert"' in html
    assert "&lt;b&gt;" in html


def test_pages_keep_the_filters_of_the_address(rf):
    from django.core.paginator import Paginator

    context = {"page": Paginator(range(30), 10).get_page(2)}
    html = render_to_string("interface/_pages.html", context, rf.get("/team/gezinnen/", {"zoek": "fatma", "page": 2}))

    assert "?zoek=fatma&amp;page=1" in html and "?zoek=fatma&amp;page=3" in html
    assert "Bladzijde 2 van 3" in html


def test_one_page_needs_no_page_numbers(rf):
    from django.core.paginator import Paginator

    context = {"page": Paginator(range(3), 10).get_page(1)}

    assert render_to_string("interface/_pages.html", context, rf.get("/")).strip() == ""


def test_the_list_of_drafts_says_when_it_is_empty(client):
    client.force_login(make_user())

    assert "Je hebt geen concepten." in page(client.get(reverse("drafts:list")))
