import pytest
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.demo.agreements import AGREEMENTS, CONTACTS, load_agreements
from buurtwerk.demo.families import load_families
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from households.agreements import breaches, rests
from households.models import Contact, ContactAgreement, Household, SealedNote, WorkNote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _families():
    load_places()
    load_people()
    load_families()


def test_the_demo_shows_agreements_groups_colleagues_and_closed_notes():
    before = Contact.objects.count()

    load_agreements()

    assert ContactAgreement.objects.count() == len(AGREEMENTS)
    assert Contact.objects.count() == before + len(CONTACTS)
    assert rests(Household.objects.get(nickname="Rosa"))
    assert breaches(Household.objects.get(nickname="Marleen"), mode="home", on=timezone.localdate())
    groups = Contact.objects.filter(mode="group", household=None)
    assert sorted(contact.head_count for contact in groups) == [11, 16]
    assert Contact.objects.filter(co_workers__username="els").count() == 2
    assert list(SealedNote.objects.get().readers.all()) == [User.objects.get(username="els")]
    assert WorkNote.objects.count() == 1
    assert Contact.objects.exclude(override_reason="").count() == 1


def test_a_second_time_adds_nothing_and_brings_nothing_back():
    load_agreements()
    ContactAgreement.objects.filter(household__nickname="Rosa").delete()
    ContactAgreement.objects.filter(household__nickname="Marleen").update(hours="Altijd")
    Contact.objects.filter(mode="group", teens=11).delete()
    counted = [Contact.objects.count(), ContactAgreement.objects.count()]

    load_agreements()

    assert [Contact.objects.count(), ContactAgreement.objects.count()] == counted
    assert ContactAgreement.objects.get(household__nickname="Marleen").hours == "Altijd"
