from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from buurtwerk.demo.families import load_families
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from households.models import Contact, FollowUp, Household, Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _centre():
    load_places()
    load_people()


def counted():
    return [model.objects.count() for model in (Household, Person, Contact, FollowUp)]


def test_the_invented_families_are_loaded_in_few_statements():
    with CaptureQueriesContext(connection) as asked:
        load_families()

    assert counted() == [60, 146, 150, 91]
    assert len(asked) < 25


def test_a_second_time_changes_nothing():
    load_families()
    before = list(Household.objects.order_by("pk").values())

    load_families()

    assert counted() == [60, 146, 150, 91]
    assert list(Household.objects.order_by("pk").values()) == before


def test_what_people_changed_or_took_away_stays_that_way():
    load_families()
    renamed, gone = Household.objects.filter(contacts=None)[:2]
    renamed.nickname = "Anders genoemd"
    renamed.save()
    gone.members.all().delete()
    gone.delete()

    load_families()

    assert Household.objects.count() == 59
    assert Household.objects.filter(nickname="Anders genoemd").exists()


def test_each_family_knows_when_it_was_last_reached():
    load_families()

    for household in Household.objects.prefetch_related("contacts"):
        reached = [contact.happened_on for contact in household.contacts.all() if contact.reached]
        tried = [contact.happened_on for contact in household.contacts.all()]
        assert household.last_reached_on == max(reached, default=None)
        assert household.last_attempt_on == max(tried, default=None)


def test_vandaag_has_something_late_something_today_and_something_this_week():
    load_families()

    today = timezone.localdate()
    due = list(FollowUp.objects.open().values_list("due_on", flat=True))

    assert any(day < today for day in due)
    assert today in due
    assert any(today < day <= today + timedelta(days=7) for day in due)


def test_every_family_is_followed_by_the_worker_of_its_centre_with_valid_codes():
    load_families()

    workers = set(Household.objects.values_list("centre__slug", "primary_worker__username"))
    assert workers == {("buurtcentrum-hoogland", "noor"), ("buurtcentrum-sint-maartensdal", "youssef")}
    for household in Household.objects.all():
        household.full_clean()
    for contact in Contact.objects.all():
        contact.full_clean()
