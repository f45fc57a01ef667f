from datetime import time

import pytest
from django.core.cache import caches

from buurtwerk.places.models import OpeningHours
from tests.factories import make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches["pages"].clear()


def page(client, centre):
    return client.get(centre.get_absolute_url()).content.decode()


def test_the_page_says_where_the_centre_is_and_when_it_opens(client):
    centre = make_centre(name="Buurtcentrum Dinamo", address="Lindeplein 4", phone="03 123 45 67")
    OpeningHours.objects.create(centre=centre, weekday=0, opens=time(9), closes=time(12))
    OpeningHours.objects.create(centre=centre, weekday=0, opens=time(13, 30), closes=time(17))

    html = page(client, centre)

    assert "<h1>Buurtcentrum Dinamo</h1>" in html
    assert "Lindeplein 4" in html and 'href="tel:031234567"' in html
    assert "<dt>Maandag</dt><dd>van 09.00 tot 12.00 uur en van 13.30 tot 17.00 uur</dd>" in html


def test_a_centre_without_hours_asks_to_call(client):
    assert "We kennen de uren nog niet." in page(client, make_centre())
