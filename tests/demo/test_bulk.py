import pytest

from buurtwerk.demo.bulk import load_bulk
from households.models import Contact, Household, Member

pytestmark = pytest.mark.django_db


def test_it_makes_a_centre_with_as_many_families_and_contacts_as_asked():
    bulk = load_bulk(families=20, contacts=100)

    # Each table holds the pattern as well.
    families = Household.objects.filter(centre=bulk.centre)
    assert (families.count(), Contact.objects.filter(centre=bulk.centre).count()) == (21, 101)
    assert Member.objects.filter(household=bulk.longest).count() == 3
    assert families.filter(last_attempt_on=None).count() == 0


def test_a_second_time_adds_another_centre():
    assert load_bulk(families=2, contacts=2).centre != load_bulk(families=2, contacts=2).centre
