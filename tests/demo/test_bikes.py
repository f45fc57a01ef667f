import pytest
from django.utils import timezone

from buurtwerk.demo.bikes import load_bikes
from buurtwerk.demo.families import load_families
from buurtwerk.demo.partners import load_partners
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from households.bikes import outgrowing, sizes_on
from households.models import Bike, BikeLoan, BikeRepair, BikeService

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bikes():
    load_places()
    load_people()
    load_partners()
    load_families()
    load_bikes()


def test_twelve_bikes_six_of_them_lent_one_late_one_about_to_be_too_small():
    loans = BikeLoan.objects.open().select_related("bike", "child")
    today = timezone.localdate()

    assert (Bike.objects.count(), loans.count(), BikeRepair.objects.open().count()) == (12, 6, 1)
    assert sum(loan.is_late for loan in loans) == 1
    assert outgrowing(loans, sizes=sizes_on(loans[0].centre_id, today), free=[])
    assert {loan.bike.status for loan in loans} == {"lent"}


def test_one_centre_lends_itself_and_the_other_refers():
    services = dict(BikeService.objects.values_list("centre__slug", "mode"))

    assert services == {"buurtcentrum-hoogland": "own", "buurtcentrum-sint-maartensdal": "refer"}
    assert BikeService.objects.get(mode="refer").partner.slug == "velokadee"


def test_a_second_time_adds_nothing_and_brings_nothing_back():
    BikeService.objects.get(mode="refer").delete()
    Bike.objects.free().first().delete()

    load_bikes()

    assert (Bike.objects.count(), BikeService.objects.count()) == (11, 1)
