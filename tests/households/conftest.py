"""A family of Noor, and a referral of theirs that only has to be sent."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_neighbourhood, make_user
from tests.households.factories import make_household, make_member
from tests.partners.factories import make_organisation, make_service

NEED = "Samira zoekt iemand die naar de vochtplekken komt kijken."


@pytest.fixture
def noor():
    return make_user(first_name="Noor")


@pytest.fixture
def family(noor):
    buurt = make_neighbourhood()
    household = make_household(worker=noor, neighbourhood=buurt, address="Hoogland 5")
    make_member(household, first_name="Samira", last_name="El Amrani", phone="0470 12 34 56", birth_year=1989)
    make_member(household, first_name="Ilyas", role="child", birth_year=2014)
    return household


@pytest.fixture
def service():
    organisation = make_organisation(name="Voorbeelddienst wonen")
    return make_service(organisation=organisation, themes=["housing"], city_wide=True, checked_days_ago=5)


@pytest.fixture
def filled_in(family, service):
    """Everything that a good referral needs, before the preview."""
    return {
        "token": str(uuid.uuid4()),
        "person": family.members.first().person_id,
        "theme": "housing",
        "need": NEED,
        "q": "",
        "here": "on",
        "spoken": "",
        "organisation": service.organisation_id,
        "warmth": "called",
        "shared": ["first_name", "phone", "need"],
        "how": "spoken",
        "given_by": "Samira",
        "given_on": timezone.localdate().isoformat(),
        "language": "ar",
    }


@pytest.fixture
def page(client, noor, family):
    client.force_login(noor)
    return reverse("households:referral-create", args=[family.code])
