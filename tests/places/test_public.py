import gzip

import brotli
import pytest
from django.core.cache import caches

from buurtwerk.places.models import OpeningHours
from buurtwerk.places.public import PublicVersion, current_version
from tests.factories import make_centre

pytestmark = pytest.mark.django_db
PAGE = "/centrum/hoogland/"


@pytest.fixture
def centre():
    caches["pages"].clear()
    return make_centre(slug="hoogland", name="Buurtcentrum Hoogland")


def test_an_unchanged_page_answers_304(client, centre):
    first = client.get(PAGE)

    again = client.get(PAGE, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_change_shows_at_once(client, centre):
    first = client.get(PAGE)
    centre.address = "Hoogland 69"
    centre.save()

    again = client.get(PAGE, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 200
    assert "Hoogland 69" in again.content.decode()


def test_a_change_in_plain_sql_counts_too(centre):
    before = current_version()

    type(centre).objects.filter(pk=centre.pk).update(phone="016 00 00 69")
    OpeningHours.objects.bulk_create([OpeningHours(centre=centre, weekday=0, opens="09:00", closes="12:00")])

    assert current_version() == before + 2


def test_a_change_that_is_taken_back_leaves_the_version(centre):
    from django.db import transaction

    before = current_version()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        centre.save()
        raise ZeroDivisionError

    assert current_version() == before
    assert PublicVersion.objects.filter(key=centre.pk).exists()


def test_a_public_page_sets_no_cookie_and_has_no_script(client, centre):
    response = client.get(PAGE)

    assert not response.cookies
    assert b"<script" not in response.content
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_public_page_travels_compressed(client, centre, encoding, unpack):
    plain = client.get(PAGE).content

    packed = client.get(PAGE, headers={"Accept-Encoding": encoding})

    assert packed.headers["Content-Encoding"] == encoding
    assert unpack(packed.content) == plain


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_public_page_is_only_for_reading(client, centre, method):
    assert getattr(client, method)(PAGE).status_code == 405


def test_a_new_release_makes_new_pages(client, centre, monkeypatch):
    first = client.get(PAGE)
    monkeypatch.setattr("buurtwerk.places.public.release", lambda: "the next one")

    again = client.get(PAGE, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 200
