import pytest

from buurtwerk.accounts.models import User
from buurtwerk.demo.doubles import load_doubles
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from households.actions.merge import take_apart
from households.likeness import families_alike
from households.models import Contact, Household, MergeRecord, Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _centre():
    load_places()
    load_people()
    load_doubles()


def test_one_family_was_noted_twice_and_is_one_by_now():
    record = MergeRecord.objects.get()

    assert record.gone.merged_into == record.kept
    assert Contact.objects.get().household == record.kept
    assert record.can_be_undone


def test_two_families_are_suspected_and_the_merged_one_is_not():
    centres = Household.objects.values_list("centre", flat=True)

    ((one, other, why),) = families_alike(list(centres))

    assert (one.nickname, other.nickname, why) == ("Familie Haddad", "Haddad van blok C", "zelfde telefoon")


def test_a_second_time_changes_nothing_also_after_people_took_it_apart():
    take_apart(MergeRecord.objects.get(), by=User.objects.get(username="els"))
    Household.objects.filter(nickname="Familie Haddad").update(nickname="Anders")
    before = [list(model.objects.order_by("pk").values()) for model in (Household, Person, Contact, MergeRecord)]

    load_doubles()

    assert [
        list(model.objects.order_by("pk").values()) for model in (Household, Person, Contact, MergeRecord)
    ] == before
