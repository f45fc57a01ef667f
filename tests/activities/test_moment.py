from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from activities.models import Session
from tests.activities.factories import make_series, make_session
from tests.factories import make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches["pages"].clear()


def test_a_moment_says_what_when_where_and_how_to_join(client):
    centre = make_centre(name="Buurtcentrum Hoogland", address="Hoogland 69, 3000 Leuven", phone="016 00 00 00")
    session = make_session(make_series(centre=centre, title="Naaien", registration="optional"))

    html = client.get(session.public_url).content.decode()

    for words in (
        "Naaien",
        "van 14.00 tot 16.30 uur",
        "Hoogland 69, 3000 Leuven",
        "Liefst inschrijven. Dat kan hier, aan de telefoon of in het centrum.",
        "016 00 00 00",
        f"/moment/{session.code}.ics",
    ):
        assert words in html
    # A block of data for search engines, and no script.
    assert html.count("<script") == html.count('<script type="application/ld+json">') == 1


def test_a_cancelled_moment_says_so_with_its_reason_and_the_next_date(client):
    session = make_session(status="cancelled", reason_public="De begeleider is ziek.")
    following = make_session(session.series, day=timezone.localdate() + timedelta(days=8))

    html = client.get(session.public_url).content.decode()

    assert "Gaat niet door" in html
    assert "De begeleider is ziek." in html
    assert following.public_url in html
    assert ".ics" not in html


def test_a_skipped_moment_keeps_its_answer_on_the_poster(client):
    session = make_session(status="skipped", reason_public="Kerstvakantie")

    html = client.get(session.public_url).content.decode()

    assert "Gaat niet door" in html
    assert "Kerstvakantie" in html


def test_a_moment_that_is_over_says_so(client):
    session = make_session(day=timezone.localdate() - timedelta(days=3))

    assert "Deze datum is voorbij." in client.get(session.public_url).content.decode()


def test_a_moment_shows_the_change_at_once(client):
    session = make_session()
    assert "Gaat niet door" not in client.get(session.public_url).content.decode()

    session.change_status(Session.Status.CANCELLED, reason="Slecht weer")

    assert "Gaat niet door" in client.get(session.public_url).content.decode()


def test_an_activity_says_when_it_is_on_and_which_dates_come(client):
    series = make_series(title="Praatgroep", rrule="FREQ=WEEKLY;BYDAY=TU", registration="none")
    coming = make_session(series)
    make_session(series, day=timezone.localdate() + timedelta(days=8), status="cancelled", reason_public="Ziek")
    past = make_session(series, day=timezone.localdate() - timedelta(days=7))

    html = client.get(series.public_url).content.decode()

    assert "Elke dinsdag, van 14.00 tot 16.30 uur" in html
    assert "Kom gewoon langs. Inschrijven hoeft niet." in html
    assert coming.public_url in html
    assert past.public_url not in html
    assert "Gaat niet door" in html


def test_an_activity_without_dates_says_so(client):
    assert "Er is nu geen datum gepland." in client.get(make_series().public_url).content.decode()


@pytest.mark.parametrize("level", ["members", "internal"])
def test_what_is_not_public_does_not_exist_for_the_public(client, level):
    session = make_session(series_public_level=level)

    for address in (session.public_url, f"/moment/{session.code}.ics", session.series.public_url):
        assert client.get(address).status_code == 404


def test_a_draft_does_not_exist_for_the_public(client):
    session = make_session(status="draft")

    assert client.get(session.public_url).status_code == 404


@pytest.mark.parametrize(
    "address", ["/moment/bestaatniet/", "/moment/x.ics", "/activiteit/bestaat-niet/", "/moment/%00/", "/moment/a'b/"]
)
def test_an_unknown_address_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_writing_is_not_possible(client):
    session = make_session()

    for address in (session.public_url, session.series.public_url, "/kalender/", "/kalender.ics"):
        assert client.post(address).status_code == 405


@pytest.mark.parametrize("size", [1, 5])
def test_both_pages_cost_the_same_for_any_number_of_dates(client, django_assert_num_queries, size):
    series = make_series()
    for number in range(size + 1):
        session = make_session(series, day=timezone.localdate() + timedelta(days=number + 1))

    with django_assert_num_queries(3):
        client.get(series.public_url)
    with django_assert_num_queries(3):
        client.get(session.public_url)
