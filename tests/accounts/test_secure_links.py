from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from buurtwerk.accounts.models import SecureLink

pytestmark = pytest.mark.django_db


def give_out(**fields):
    return SecureLink.objects.give_out(purpose="referral", subject_id=7, **fields)


def test_only_a_hash_is_kept():
    token = give_out()

    link = SecureLink.objects.get()
    assert token not in str(SecureLink.objects.values().get())
    assert len(token) >= 43
    assert link.subject_id == 7


def test_a_link_opens_for_its_own_purpose_only():
    token = give_out()

    assert SecureLink.objects.open(token, purpose="referral") is not None
    assert SecureLink.objects.open(token, purpose="depot") is None
    assert SecureLink.objects.open("geraden", purpose="referral") is None


def test_looking_does_not_use_a_link_up():
    token = give_out()

    SecureLink.objects.open(token, purpose="referral")

    assert SecureLink.objects.use(token, purpose="referral") is not None


def test_a_link_expires():
    token = give_out(valid_for=timedelta(seconds=-1))

    assert SecureLink.objects.open(token, purpose="referral") is None
    assert SecureLink.objects.use(token, purpose="referral") is None


def test_a_link_can_be_revoked():
    token = give_out()

    SecureLink.objects.revoke(purpose="referral", subject_id=7)

    assert SecureLink.objects.open(token, purpose="referral") is None


@pytest.mark.django_db(transaction=True)
def test_a_decision_by_two_at_once_counts_once():
    token = give_out()

    def decide(_):
        try:
            with transaction.atomic():
                return SecureLink.objects.use(token, purpose="referral") is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(decide, range(4))) == [False, False, False, True]
