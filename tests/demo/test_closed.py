import pytest

from buurtwerk.accounts.models import User
from buurtwerk.demo.closed import NICKNAME, load_closed
from buurtwerk.demo.families import load_families
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from households.models import BreakGlass, Household

pytestmark = pytest.mark.django_db


def test_one_restricted_family_and_one_noodtoegang_are_loaded_once():
    for load in (load_places, load_people, load_families, load_closed, load_closed):
        load()

    family = Household.objects.get(restricted=True)
    assert (family.nickname, str(family.primary_worker)) == (NICKNAME, "Noor")
    assert [str(each) for each in family.colleagues.all()] == ["Sofie"]
    glass = BreakGlass.objects.get()
    assert (glass.user, glass.seen_at) == (User.objects.get(username="els"), None)


def test_what_people_changed_stays_changed():
    for load in (load_places, load_people, load_families, load_closed):
        load()
    Household.objects.filter(restricted=True).update(restricted=False, nickname="Anders")

    load_closed()

    assert not Household.objects.filter(nickname=NICKNAME).exists()
