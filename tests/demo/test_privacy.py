import pytest

from buurtwerk.accounts.models import User
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from buurtwerk.demo.privacy import NICKNAME, load_privacy
from households.actions import retention
from households.models import Contact, DestructionLine, Household, Person, SubjectRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _centre():
    load_places()
    load_people()
    load_privacy()


def test_one_family_past_its_term_waits_and_one_request_is_open():
    line = DestructionLine.objects.get()

    assert (line.household.nickname, line.rule, line.decision) == (NICKNAME, "closed", "waiting")
    assert SubjectRequest.objects.get().status == "open"


def test_a_second_time_changes_nothing_also_after_the_family_was_erased():
    line = DestructionLine.objects.get()
    retention.approve(line, by=User.objects.get(username="els"))
    DestructionLine.objects.update(due_on=line.proposed_at.date())
    retention.erase_ready()
    before = [model.objects.count() for model in (Household, Person, Contact, SubjectRequest)]

    load_privacy()

    assert [model.objects.count() for model in (Household, Person, Contact, SubjectRequest)] == before
    assert not Household.objects.filter(nickname=NICKNAME).exists()
