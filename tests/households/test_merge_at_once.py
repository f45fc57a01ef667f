"""Two coordinators, the same two files, the same moment."""

import uuid
from functools import partial
from threading import Event
from time import sleep

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_everything
from households.actions.merge import both_locked, merge
from households.models import Contact, FollowUp, Household, MergeRecord
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


def test_r15_what_is_noted_while_two_files_become_one_stands_in_the_one_that_is_left():
    kept = make_household(nickname="El Amrani")
    gone = make_household(centre=kept.centre, worker=kept.primary_worker, nickname="El Amrani")
    coordinator = make_user(Role.COORDINATOR, centre=kept.centre)
    worker = kept.primary_worker
    note = {
        "token": uuid.uuid4(),
        "who": gone.code,
        "mode": "home",
        "outcome": "talked",
        "happened_on": timezone.localdate().isoformat(),
        "visibility": "file",
    }
    promise = {"token": uuid.uuid4(), "what": "Bel terug", "when": "tomorrow", "assigned_to": worker.pk}
    start = Event()

    def merge_slowly():
        with asking_everything(), transaction.atomic():
            both = both_locked(kept.pk, gone.pk)
            start.set()
            sleep(1.5)
            merge(both[kept.pk], both[gone.pk], by=coordinator, chosen={})

    def send(*to):
        start.wait(20)
        return signed_in(worker).post(*to, follow=True)

    at_once(
        merge_slowly,
        partial(send, reverse("households:note"), note),
        partial(send, reverse("households:follow-up-create", args=[gone.code]), promise),
    )

    assert list(Contact.objects.values_list("household", flat=True)) == [kept.pk]
    assert list(FollowUp.objects.values_list("household", flat=True)) == [kept.pk]
    kept.refresh_from_db()
    assert kept.last_reached_on == timezone.localdate()
