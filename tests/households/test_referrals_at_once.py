"""Two people, or one impatient thumb, move the same referral at the very same moment: real connections."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from households.actions import referrals as actions
from households.models import Consent, FollowUp, Referral
from tests.factories import make_user
from tests.households.factories import make_household, make_member
from tests.households.test_referrals import fingerprint_on, make_referral
from tests.partners.factories import make_service

pytestmark = pytest.mark.django_db(transaction=True)

Status = Referral.Status


def at_once(*sends):
    """Send all of these at the same moment, each over its own connection."""
    start = Barrier(len(sends))

    def send(act):
        try:
            start.wait(timeout=20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(sends)) as pool:
        return [future.result() for future in [pool.submit(send, act) for act in sends]]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def two_colleagues():
    noor = make_user()
    colleague = make_user(centre=noor.membership_set.get().centre)
    household = make_household(worker=noor, backup_worker=colleague)
    return household, signed_in(noor), signed_in(colleague)


def test_of_two_answers_at_once_one_counts_and_the_other_is_told(two_colleagues):
    household, noor, colleague = two_colleagues
    referral = make_referral(household)
    address = reverse("households:referral-answer", args=[referral.pk])
    answers = [{"answer": "declined", "decline_reason": "full"}, {"answer": "accepted"}]

    at_once(
        *[
            partial(client.post, address, {**answer, "loaded_version": 1})
            for client, answer in zip((noor, colleague), answers, strict=True)
        ]
    )

    referral.refresh_from_db()
    assert referral.version == 2
    assert referral.moves.exclude(from_status=Status.DRAFT).get().to_status == referral.status
    assert FollowUp.objects.open().count() == 1


def test_an_answer_and_a_withdrawal_at_once_never_leave_a_shared_text_behind(two_colleagues):
    household, noor, colleague = two_colleagues
    referral = make_referral(household)

    at_once(
        partial(
            noor.post,
            reverse("households:referral-answer", args=[referral.pk]),
            {"answer": "accepted", "loaded_version": 1},
        ),
        partial(colleague.post, reverse("households:referral-withdraw", args=[referral.pk])),
    )

    referral.refresh_from_db()
    assert (referral.status, referral.shared_text) == (Status.WITHDRAWN, "")
    assert referral.consent.withdrawn_at is not None


def test_eight_withdrawals_at_once_make_one_move_and_one_thing_to_do(two_colleagues):
    household, noor, _ = two_colleagues
    referral = make_referral(household)
    address = reverse("households:referral-withdraw", args=[referral.pk])

    at_once(*[partial(noor.post, address)] * 8)

    assert referral.moves.filter(to_status=Status.WITHDRAWN).count() == 1
    assert FollowUp.objects.open().count() == 1


def test_an_impatient_thumb_refers_once(two_colleagues):
    household, noor, _ = two_colleagues
    page = reverse("households:referral-create", args=[household.code])
    filled_in = {
        "token": str(uuid.uuid4()),
        "person": make_member(household).person_id,
        "theme": "housing",
        "need": "Iemand die komt kijken.",
        "organisation": make_service(themes=["housing"], checked_days_ago=1).organisation_id,
        "warmth": "info",
        "shared": ["first_name"],
        "how": "paper",
        "given_by": "Samira",
        "given_on": timezone.localdate().isoformat(),
        "language": "nl",
    }
    preview = noor.post(page, {**filled_in, "preview": "1"})
    ready = {**filled_in, "previewed": fingerprint_on(preview), "send": "1"}

    answers = at_once(*[partial(noor.post, page, ready)] * 6)

    assert {answer.url for answer in answers} == {Referral.objects.get().get_absolute_url()}
    assert Consent.objects.count() == FollowUp.objects.count() == 1


def test_of_ten_presses_on_one_link_exactly_one_counts():
    referral = make_referral()
    address = reverse("households:referral-link", args=[actions.give_link(referral)])

    responses = at_once(*[partial(Client().post, address, {"answer": "waitlist"}) for _ in range(10)])

    assert sorted(response.status_code for response in responses) == [200] + [404] * 9
    assert referral.moves.filter(to_status=Status.WAITLISTED).count() == 1
