"""The finer filters of the agenda: buurt, language, free, without registering, wheelchair."""

from datetime import date, datetime
from urllib.parse import quote

import pytest
from django.core.cache import caches
from django.utils import timezone

from buurtwerk.places.models import Neighbourhood
from tests.activities.factories import BRUSSELS, make_series, make_session
from tests.activities.test_agenda import titles
from tests.factories import make_centre

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 12, 2)


@pytest.fixture(autouse=True)
def _on_a_monday_morning(monkeypatch):
    caches["pages"].clear()
    now = datetime(2026, 11, 30, 8, tzinfo=BRUSSELS)
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.mark.parametrize(
    ("query", "fits", "not_so"),
    [
        ("gratis=1", {}, {"price_eur": "2.50"}),
        ("gratis=1", {"price": "Gratis"}, {"price": "volwassene € 5"}),
        ("gratis=1", {"price_eur": "0"}, {"price_child_eur": "1"}),
        ("vrij=1", {"registration": "none"}, {"registration": "optional"}),
        ("rolstoel=1", {"is_wheelchair_accessible": True}, {"is_wheelchair_accessible": None}),
        ("taal=ar", {"languages": ["nl", "ar"]}, {"languages": ["nl"]}),
    ],
)
def test_a_filter_keeps_what_fits(client, query, fits, not_so):
    make_session(make_series(title="Past", **fits), day=WEDNESDAY)
    make_session(make_series(title="Past niet", **not_so), day=WEDNESDAY)

    assert titles(client, f"?{query}") == ["Past"]
    assert sorted(titles(client)) == ["Past", "Past niet"]


def test_a_buurt_shows_what_is_on_in_its_centres(client):
    kessel = Neighbourhood.objects.create(slug="kessel", name="Kessel", kind="neighbourhood")
    make_session(make_series(title="In Kessel", centre=make_centre(neighbourhood=kessel)), day=WEDNESDAY)
    make_session(make_series(title="Elders"), day=WEDNESDAY)

    assert '<option value="kessel">Kessel</option>' in client.get("/").content.decode()
    assert titles(client, "?buurt=kessel") == ["In Kessel"]


def test_filters_add_up_and_each_can_be_put_off_by_a_link(client):
    make_session(make_series(title="Past", age_min=6, age_max=12), day=WEDNESDAY)
    make_session(make_series(title="Te duur", age_min=6, age_max=12, price_eur="5"), day=WEDNESDAY)

    html = client.get("/?wie=a611&gratis=1&vrij=1").content.decode()

    assert titles(client, "?wie=a611&gratis=1&vrij=1") == ["Past"]
    assert 'href="/?wie=a611&amp;vrij=1"' in html
    assert 'href="/?wie=a611&amp;gratis=1"' in html
    assert '<input type="hidden" name="wie" value="a611">' in html
    assert '<input type="checkbox" name="gratis" value="1" checked>' in html


@pytest.mark.parametrize("name", ["buurt", "taal", "gratis", "vrij", "rolstoel"])
@pytest.mark.parametrize("value", ["xx", "\x00", "<script>alert(1)</script>", "x" * 3000])
def test_an_unknown_value_is_left_out_and_said(client, name, value):
    make_session(make_series(title="Past"), day=WEDNESDAY)

    response = client.get(f"/?{name}={quote(value)}")

    assert titles(client, f"?{name}={quote(value)}") == ["Past"]
    assert 'class="note note-warn"' in response.content.decode()
    assert "<script>" not in response.content.decode()


def test_every_filter_together_costs_no_more_than_eight_queries(client, django_assert_max_num_queries):
    make_session(day=WEDNESDAY)

    with django_assert_max_num_queries(8):
        client.get("/?wie=a611&dag=2026-12-02&gratis=1&vrij=1&rolstoel=1&taal=ar&centrum=nergens")


def test_the_page_to_embed_may_stand_anywhere_and_only_that_page(client):
    make_session(make_series(title="Past"), day=WEDNESDAY)

    response = client.get("/agenda/insluiten/?gratis=1")

    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert not response.cookies
    assert "Past" in response.content.decode()
    assert '<base target="_blank">' in response.content.decode()
    other = client.get("/")
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
    assert other["X-Frame-Options"] == "DENY"


def test_an_embedded_page_that_did_not_change_answers_304_that_may_still_be_embedded(client):
    etag = client.get("/agenda/insluiten/")["ETag"]

    response = client.get("/agenda/insluiten/", headers={"if-none-match": etag})

    assert response.status_code == 304
    assert "frame-ancestors *" in response["Content-Security-Policy"]
