import pytest

from activities.models import CareConsent, CareSheet, PickupPerson
from buurtwerk.demo.activities import load_activities
from buurtwerk.demo.care import load_care
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from buurtwerk.demo.presence import load_presence

pytestmark = pytest.mark.django_db


def test_there_are_cards_to_look_at_and_a_second_time_adds_nothing():
    for load in (load_places, load_people, load_activities, load_presence, load_care):
        load()
    assert CareSheet.objects.exclude(allergens=[]).count() == 3
    assert [person.may_fetch for person in PickupPerson.objects.order_by("pk")] == [True, False, False]
    assert CareConsent.objects.filter(purpose="photo_inside", is_given=False).count() == 1
    before = CareConsent.objects.count()

    load_care()

    assert (CareSheet.objects.count(), CareConsent.objects.count(), PickupPerson.objects.count()) == (4, before, 3)
