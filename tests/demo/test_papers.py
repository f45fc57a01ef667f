import pytest

from buurtwerk.demo.families import load_families
from buurtwerk.demo.papers import NAMELESS, load_papers
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from households.models import Attachment, Contact, ContactAddition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _centre():
    load_places()
    load_people()
    load_families()
    load_papers()


def counted():
    return [model.objects.count() for model in (Contact, Attachment, ContactAddition)]


def test_there_are_papers_an_addition_a_correction_and_a_talk_to_link():
    assert sorted(Attachment.objects.values_list("kind", flat=True)) == ["jpeg", "pdf"]
    assert sorted(ContactAddition.objects.values_list("kind", flat=True)) == ["addition", "correction"]
    assert Contact.objects.get(client_uuid=NAMELESS).household is None


def test_a_second_time_changes_nothing_and_brings_nothing_back():
    Attachment.objects.first().delete()
    Contact.objects.get(client_uuid=NAMELESS).delete()
    before = counted()

    load_papers()

    assert counted() == before
