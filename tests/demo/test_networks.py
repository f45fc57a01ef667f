import pytest

from buurtwerk.demo.families import load_families
from buurtwerk.demo.networks import AT_MAMA, AT_PAPA, load_networks
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from households.actions.visit_notes import notes_to_review
from households.models import Contact, HomeVisitNote, Household, Person, SupportLink

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _networks():
    load_places()
    load_people()
    load_families()
    load_networks()


def counted():
    return [model.objects.count() for model in (Household, Person, Contact, SupportLink, HomeVisitNote)]


def test_a_boy_lives_week_about_in_two_homes_with_luiken():
    mama, papa = (Household.objects.get(nickname=nickname) for nickname in (AT_MAMA, AT_PAPA))

    shared = set(mama.members.values_list("person", flat=True)) & set(papa.members.values_list("person", flat=True))
    assert len(shared) == 1
    assert mama.has_compartments and papa.has_compartments
    assert Contact.objects.told_in(mama).count() == 1
    assert not Contact.objects.told_in(papa).exists()


def test_there_are_figures_numbers_and_a_note_to_look_at_again():
    assert SupportLink.objects.current().count() == 8
    assert SupportLink.objects.ended().count() == 1
    assert Person.objects.filter(phone__startswith="0470 00 00").count() == 6
    assert len(notes_to_review(Household.objects.get(nickname="Willy van de hoek").primary_worker)) == 1


def test_a_second_time_adds_nothing_and_brings_nothing_back():
    SupportLink.objects.filter(household__nickname="Willy van de hoek").delete()
    HomeVisitNote.objects.all().delete()
    Person.objects.filter(first_name="Samira").update(phone="")
    Household.objects.filter(nickname=AT_PAPA).update(nickname="Steven")
    before = counted()

    load_networks()

    assert counted() == before
    assert not Person.objects.filter(first_name="Samira").exclude(phone="").exists()
