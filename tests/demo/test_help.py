import pytest

from buurtwerk.demo.families import load_families
from buurtwerk.demo.help import load_help
from buurtwerk.demo.partners import load_partners
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from buurtwerk.demo.referrals import load_referrals
from households.models import HelpRequest, Plan, PlanStep, RightCheck

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _families():
    for load in (load_places, load_people, load_partners, load_families, load_referrals, load_help):
        load()


def counted():
    return [model.objects.count() for model in (HelpRequest, Plan, PlanStep, RightCheck)]


def test_there_are_questions_open_and_ended_a_plan_with_two_versions_and_answers():
    assert HelpRequest.objects.open().count() == 6
    assert HelpRequest.objects.ended().count() == 4
    assert Plan.objects.filter(household__nickname="Gezin van Samira").count() == 2
    shame = RightCheck.objects.get(household__nickname="Debby en de jongens", reason="shame")
    assert shame.next_ask_on.month == 3


def test_a_second_time_changes_nothing():
    before = counted()

    load_help()

    assert counted() == before


def test_what_people_took_away_or_changed_stays_that_way():
    HelpRequest.objects.filter(household__nickname="Cindy en Luna").delete()
    HelpRequest.objects.filter(theme="childcare").update(words="Anders gezegd")
    before = counted()

    load_help()

    assert counted() == before


def test_everything_is_as_a_form_would_have_it():
    for model in (HelpRequest, Plan, PlanStep, RightCheck):
        for row in model.objects.all():
            row.full_clean()
