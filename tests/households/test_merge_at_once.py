"""Two coordinators, the same two files, the same moment."""

from functools import partial

import pytest
from django.urls import reverse

from buurtwerk.accounts.models import Role
from households.models import Contact, Household, MergeRecord
from tests.factories import make_user
from tests.households.factories import make_contact, make_household
from tests.households.test_contacts_at_once import at_once, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_files_that_are_merged_both_ways_at_once_become_one():
    one = make_household(nickname="El Amrani")
    other = make_household(centre=one.centre, worker=one.primary_worker, nickname="El Amrani")
    make_contact(one)
    make_contact(other)
    coordinators = [make_user(Role.COORDINATOR, centre=one.centre) for _ in range(2)]
    sends = [
        partial(
            signed_in(coordinator).post,
            reverse("households:merge", args=[kept.code]),
            {"met": gone.code, "kept_version": 1, "gone_version": 1},
        )
        for coordinator, (kept, gone) in zip(coordinators, [(one, other), (other, one)], strict=True)
    ]

    statuses = sorted(response.status_code for response in at_once(*sends))

    assert statuses in ([302, 302], [302, 307], [302, 404], [200, 302])
    assert MergeRecord.objects.count() == 1
    kept = Household.objects.get(merged_into=None)
    assert set(Contact.objects.values_list("household", flat=True)) == {kept.pk}
