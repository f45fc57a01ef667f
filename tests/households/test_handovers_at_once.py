"""The same handover, the same talk, the same colleague: twice at the very same moment."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.notices.models import Notice
from households.models import Contact, FollowUp, Household
from tests.factories import make_user
from tests.households.factories import make_contact, make_follow_up, make_handover, make_household
from tests.households.test_contacts_at_once import at_once, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_handover_that_is_accepted_twice_at_once_counts_once():
    family = make_household()
    giver, taker = family.primary_worker, make_user(centre=family.centre)
    handover = make_handover(family, giver=giver, to=taker)
    Notice.objects.all().delete()
    accept = reverse("households:handover-accept", args=[handover.pk])

    at_once(*[partial(signed_in(taker).post, accept) for _ in range(2)])

    assert Household.objects.get().primary_worker == taker
    assert Notice.objects.filter(to=giver).count() == 1


def test_a_handover_that_is_accepted_and_withdrawn_at_once_is_one_of_both():
    family = make_household()
    giver, taker = family.primary_worker, make_user(centre=family.centre)
    handover = make_handover(family, giver=giver, to=taker)

    at_once(
        partial(signed_in(taker).post, reverse("households:handover-accept", args=[handover.pk])),
        partial(signed_in(giver).post, reverse("households:handover-withdraw", args=[handover.pk])),
    )

    handover.refresh_from_db()
    owner = {"accepted": taker, "withdrawn": giver}[handover.status]
    assert Household.objects.get().primary_worker == owner


def test_a_talk_that_is_linked_twice_at_once_goes_to_one_family():
    one = make_household()
    other = make_household(centre=one.centre, worker=one.primary_worker)
    talk = make_contact(author=one.primary_worker, centre=one.centre)
    address = reverse("households:contact-link", args=[talk.pk])

    statuses = at_once(
        *[partial(signed_in(one.primary_worker).post, address, {"household": family.code}) for family in (one, other)]
    )

    assert sorted(answer.status_code for answer in statuses) == [302, 403]
    assert Contact.objects.get().version == 2


def test_r12_nobody_leaves_while_a_follow_up_comes_their_way():
    """One of both comes first, and the other hears of it; never a promise without an owner."""
    family = make_household()
    leaver = make_user(centre=family.centre)

    def leave():
        try:
            with asking_everything(), transaction.atomic():
                User.objects.filter(pk=leaver.pk).update(is_active=False)
        except IntegrityError:
            return "stays"

    def give():
        try:
            with asking_everything(), transaction.atomic():
                make_follow_up(family, assigned_to=leaver)
        except IntegrityError:
            return "refused"

    left, given = at_once(leave, give)

    leaver.refresh_from_db()
    assert (left, given) in [(None, "refused"), ("stays", None)]
    assert leaver.is_active == FollowUp.objects.exists()
