import pytest
from django.utils import timezone

from buurtwerk.demo.families import load_families
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from buurtwerk.demo.rhythm import load_rhythm
from households.closed_doors import proposal
from households.models import Household, Review
from households.rhythm import ENDING, standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _families():
    load_places()
    load_people()
    load_families()


def stored():
    return [list(model.objects.order_by("pk").values()) for model in (Household, Review)]


def test_every_kind_of_rhythm_is_there_to_see():
    load_rhythm()

    willy = Household.objects.get(nickname="Willy van de hoek")
    assert willy.intensity == 3 and proposal(willy) is not None
    assert standing(Household.objects.get(nickname="Kevin en Tamara")).state == ENDING
    assert Household.objects.filter(status="paused").count() == 1
    closed = Household.objects.get(status="closed")
    assert closed.reviews.get().kind == "closing"
    soon = timezone.localdate() + timezone.timedelta(days=7)
    assert Household.objects.filter(next_review_on__lte=soon, status="active").count() >= 2
    for household in Household.objects.all():
        household.full_clean()


def test_a_second_time_changes_nothing_and_what_people_changed_stays():
    Household.objects.filter(nickname="Annick en Stan").update(version=2, nickname="Annick")
    load_rhythm()
    before = stored()

    load_rhythm()

    assert stored() == before
    assert not Household.objects.filter(status="paused").exists()
