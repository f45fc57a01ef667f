"""R5: after three closed doors another hour, way or person is proposed, instead of a fourth identical try."""

from datetime import time, timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from households.closed_doors import proposal
from households.models import ContactAgreement, Household
from tests.factories import make_user
from tests.households.factories import make_contact, make_household, make_member
from tests.households.test_contacts import NOTE, filled, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor():
    return make_user(first_name="Noor")


@pytest.fixture
def household(noor):
    household = make_household(worker=noor)
    make_member(household, phone="0470 11 22 33")
    return household


def knock(household, *, times=3, part="morning", **fields):
    today = timezone.localdate()
    for ago in range(times, 0, -1):
        day = today - timedelta(days=ago)
        make_contact(household, outcome="no_answer", happened_on=day, part_of_day=part, **fields)
    household.last_attempt_on = today - timedelta(days=1)
    household.save()


def test_r5_two_closed_doors_are_no_reason_yet(household):
    knock(household, times=2)

    assert proposal(household) is None


def test_r5_another_hour_another_way_and_another_person_are_named(household):
    household.backup_worker = make_user(centre=household.centre, first_name="Sofie")
    knock(household)

    assert proposal(household).sentences == [
        "Probeer het eens in de namiddag of in de avond.",
        "Stuur een bericht.",
        "Vraag het aan Sofie, de back-up.",
    ]


def test_r5_only_what_the_family_agreed_to_is_proposed(household):
    agreed = {"channels": ["home", "letter"], "parts_of_day": ["morning", "evening"]}
    household.agreement = ContactAgreement.objects.create(household=household, centre=household.centre, **agreed)
    knock(household)

    assert proposal(household).sentences == ["Probeer het eens in de avond.", "Steek een kaartje in de bus."]


def test_r5_nobody_is_called_without_a_number(household):
    type(household.members.get().person).objects.update(phone="")
    knock(household)

    assert proposal(household).channel == "Steek een kaartje in de bus."


def test_r5_an_exact_hour_counts_as_its_part_of_the_day(household):
    knock(household, part="", at_time=time(19, 0))

    assert proposal(household).hour == "Probeer het eens in de ochtend of in de namiddag."


def test_r5_who_went_along_is_not_proposed_and_who_reached_them_is(household, noor):
    sofie, karim = [make_user(centre=household.centre, first_name=name) for name in ("Sofie", "Karim")]
    household.backup_worker = sofie
    reached = make_contact(household, happened_on=timezone.localdate() - timedelta(days=30))
    reached.co_workers.add(karim)
    knock(household)
    household.contacts.newest_first().first().co_workers.add(sofie)

    assert proposal(household).person == "Vraag het aan Karim, die het gezin al bereikte."


def test_r5_the_vaste_buurtwerker_is_proposed_to_a_colleague(household):
    knock(household, author=make_user(centre=household.centre))

    assert proposal(household).person == "Vraag het aan Noor, de vaste buurtwerker."


def test_r5_someone_who_was_reached_ends_the_row(household):
    knock(household)
    make_contact(household)
    household.last_reached_on = household.last_attempt_on = timezone.localdate()

    assert proposal(household) is None


def test_r5_a_family_at_rest_is_not_proposed_anything(household):
    knock(household)
    household.status = Household.Status.PAUSED

    assert proposal(household) is None


def test_r5_it_is_said_after_saving_and_on_top_of_the_family(client, noor, household):
    knock(household, times=2)
    client.force_login(noor)
    assert "Drie keer niemand" not in client.get(household.get_absolute_url()).content.decode()

    response = client.post(NOTE, filled(household, outcome="no_answer", part_of_day="morning"))

    said = [str(message) for message in get_messages(response.wsgi_request)]
    sentence = "Drie keer niemand bereikt. Probeer het eens in de namiddag of in de avond. Stuur een bericht."
    assert sentence in said
    assert sentence in client.get(household.get_absolute_url()).content.decode()


def test_a_family_that_was_just_reached_costs_no_query(household, django_assert_num_queries):
    household.last_reached_on = timezone.localdate()
    household.last_attempt_on = timezone.localdate() - timedelta(days=1)

    with django_assert_num_queries(0):
        assert proposal(household) is None


def test_a_family_with_three_closed_doors_costs_at_most_twelve_queries(client, noor, household):
    make_contact(household, author=make_user(centre=household.centre), happened_on=timezone.localdate() - timedelta(9))
    knock(household)
    client.force_login(noor)
    client.get(household.get_absolute_url())

    assert queries(lambda: client.get(household.get_absolute_url())) <= 12
    assert "die het gezin al bereikte" in client.get(household.get_absolute_url()).content.decode()
