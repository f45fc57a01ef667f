"""Nothing new for a family that was rounded off, until it is reopened; that there was a contact can always be noted."""

import uuid
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.models import Undo
from households.actions.follow_ups import CLOSED_MEANWHILE
from households.models import Contact, FollowUp, Household
from tests.factories import make_user
from tests.households.factories import make_contact, make_follow_up, make_help_request, make_household, make_member

pytestmark = pytest.mark.django_db

CLOSED = {"status": "closed", "closed_on": date(2026, 1, 5), "closure_reason": "goal"}
ADDS = [
    "follow-up-create",
    "help-request-create",
    "plan-edit",
    "agreement",
    "level",
    "visit-note-create",
    "support-create",
    "rights-go-through",
    "referral-create",
    "member-create",
]


@pytest.fixture
def household():
    household = make_household(**CLOSED)
    make_member(household)
    return household


@pytest.fixture
def signed_in(client, household):
    client.force_login(household.primary_worker)
    return client


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize("name", ADDS)
def test_what_is_new_for_a_closed_family_asks_to_reopen_it_first(signed_in, household, name):
    address = reverse(f"households:{name}", args=[household.code])

    for response in (signed_in.get(address), signed_in.post(address, {"token": uuid.uuid4()})):
        page = response.content.decode()
        assert response.status_code == 403
        assert "Dit gezin is afgerond" in page
        assert f'action="{reverse("households:reopen", args=[household.code])}"' in page

    reopened = signed_in.post(reverse("households:reopen", args=[household.code]), {"next": address})
    assert reopened.url == address
    assert signed_in.get(address).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "/activiteit/x/"])
def test_after_reopening_the_way_on_stays_in_the_house(signed_in, household, elsewhere):
    response = signed_in.post(reverse("households:reopen", args=[household.code]), {"next": elsewhere})

    assert response.url == household.get_absolute_url()


def test_an_ended_question_of_a_closed_family_is_not_reopened_alone(signed_in, household):
    ended = {"status": "solved", "ended_at": timezone.now(), "ended_by": household.primary_worker, "next_on": None}
    asked = make_help_request(household, **ended)

    response = signed_in.post(
        reverse("households:help-request-reopen", args=[asked.pk]), {"version": 1, "next_on": timezone.localdate()}
    )

    asked.refresh_from_db()
    assert response.status_code == 403
    assert not asked.is_open


def test_undo_does_not_open_a_promise_of_a_family_that_was_closed_since(client):
    household = make_household()
    follow_up = make_follow_up(household)
    client.force_login(household.primary_worker)
    client.post(reverse("households:follow-up-close", args=[follow_up.pk]))
    Household.objects.filter(pk=household.pk).update(**CLOSED)

    response = client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))

    follow_up.refresh_from_db()
    assert said(response)[-1] == CLOSED_MEANWHILE
    assert not follow_up.is_open


def noted(household, **fields):
    return {
        "token": uuid.uuid4(),
        "who": household.code,
        "mode": "street",
        "outcome": "talked",
        "happened_on": timezone.localdate(),
        "visibility": "file",
        "next_step": "none",
        **fields,
    }


def test_a_contact_with_a_closed_family_is_noted_and_says_so(signed_in, household):
    page = signed_in.get(reverse("households:note"), {"gezin": household.code}).content.decode()
    assert "Dit gezin is afgerond op" in page

    response = signed_in.post(reverse("households:note"), noted(household))

    assert Contact.objects.get().household == household
    assert "Dit gezin is afgerond. Zien jullie elkaar weer? Heropen het dan." in said(response)
    assert "Heropen</button>" in signed_in.get(response.url).content.decode()


def test_a_next_step_with_a_closed_family_is_refused_at_its_field_and_nothing_is_kept(signed_in, household):
    response = signed_in.post(reverse("households:note"), noted(household, next_step="tomorrow", note="Kort gezien."))

    assert response.context["form"].errors["next_step"][0].startswith("Dit gezin is afgerond.")
    assert "Kort gezien." in response.content.decode()
    assert not Contact.objects.exists()
    assert not FollowUp.objects.exists()


# Who plans a follow-up


def test_a_follow_up_is_planned_by_who_reads_the_file_or_was_there(client):
    household = make_household()
    youssef = make_user(centre=household.centre)
    address = reverse("households:follow-up-create", args=[household.code])
    client.force_login(youssef)

    assert client.get(address).status_code == 403
    assert client.post(address, {"what": "Bel"}).status_code == 403
    make_contact(household, author=youssef)
    assert client.get(address).status_code == 200


def test_who_does_not_read_a_closed_family_learns_whom_to_ask(client, household):
    youssef = make_user(centre=household.centre)
    make_contact(household, author=youssef)
    client.force_login(youssef)

    page = client.get(reverse("households:follow-up-create", args=[household.code])).content.decode()

    assert f"Vraag het aan {household.primary_worker}" in page
    assert "Heropen en ga verder" not in page
