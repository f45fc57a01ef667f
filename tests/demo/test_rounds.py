import pytest

from buurtwerk.demo.families import load_families
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from buurtwerk.demo.rounds import load_rounds
from households.models import Contact, OutreachRound, RoundDoor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rounds():
    load_places()
    load_people()
    load_families()
    load_rounds()


def test_there_is_a_walked_round_with_counts_and_contacts_and_one_to_walk():
    planned, walked = sorted(OutreachRound.objects.all(), key=lambda each: each.status)

    assert (planned.status, walked.status) == ("planned", "walked")
    assert planned.on > walked.on
    assert walked.seen > walked.spoken > 0
    assert walked.contacts.filter(household=None).count() == 2
    assert not walked.doors.filter(contact=None).exists()
    assert planned.doors.count() == 6
    assert planned.workers.exists()


def test_a_second_time_adds_nothing_and_brings_nothing_back():
    OutreachRound.objects.get(status="planned").delete()
    before = (OutreachRound.objects.count(), RoundDoor.objects.count(), Contact.objects.count())

    load_rounds()

    assert (OutreachRound.objects.count(), RoundDoor.objects.count(), Contact.objects.count()) == before
