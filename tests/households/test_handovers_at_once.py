"""The same handover, the same talk, the same colleague: twice at the very same moment."""

import uuid
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from buurtwerk.accounts.leaving import say_goodbye
from buurtwerk.accounts.models import Membership, Role, User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.notices.models import Notice
from households.actions.offers import OWNER
from households.models import Contact, FollowUp, HandedFamily, Handover, HelpRequest, Household
from tests.factories import make_user
from tests.households.factories import make_contact, make_follow_up, make_handover, make_help_request, make_household
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


KINDS = ["follow-up", "help-request", "new follow-up", "handover"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("goes", ["account", "role"])
def test_r12_nobody_is_asked_while_they_leave(kind, goes):
    """One of both comes first: nothing is asked, or what was asked goes back in the same moment. Never left over."""
    family = make_household()
    noor, leaver = family.primary_worker, make_user(centre=family.centre)
    coordinator = make_user(Role.COORDINATOR, centre=family.centre)
    ask = {"follow-up": _hands_over_follow_up, "help-request": _hands_over_help_request}
    ask |= {"new follow-up": _makes_follow_up, "handover": _proposes_handover}

    def leave():
        if goes == "account":
            return (
                signed_in(coordinator)
                .post(reverse("households:handover-leave", args=[leaver.pk]), {"on": ""})
                .status_code
            )
        with asking_everything(), transaction.atomic():
            Membership.objects.filter(user=leaver).delete()
            say_goodbye(leaver, family.centre_id)
        return 302

    left, answered = at_once(leave, ask[kind](family, noor, leaver))

    assert (left, answered.status_code) in [(302, 302), (302, 200)]
    assert goes == "role" or not User.objects.get(pk=leaver.pk).is_active
    for model in (FollowUp, HelpRequest):
        assert not model.objects.filter(offered_to=leaver).exists()
        assert not model.objects.exclude(**{OWNER[model]: noor}).exists()
    assert not Handover.objects.waiting().exists()
    assert not HandedFamily.objects.filter(is_waiting=True).exists()
    if answered.status_code == 302 and kind != "handover":
        assert Notice.objects.filter(to=noor, text__contains="werkt hier niet meer").count() == 1


def _hands_over_follow_up(family, noor, leaver):
    address = reverse("households:follow-up-hand-over", args=[make_follow_up(family).pk])
    return partial(signed_in(noor).post, address, {"version": 1, "to": leaver.pk})


def _hands_over_help_request(family, noor, leaver):
    address = reverse("households:help-request-hand-over", args=[make_help_request(family).pk])
    return partial(signed_in(noor).post, address, {"version": 1, "to": leaver.pk})


def _makes_follow_up(family, noor, leaver):
    typed = {"token": uuid.uuid4(), "what": "Bel de school", "when": "tomorrow", "assigned_to": leaver.pk}
    return partial(signed_in(noor).post, reverse("households:follow-up-create", args=[family.code]), typed)


def _proposes_handover(family, noor, leaver):
    address = f"{reverse('households:handover-create')}?van={noor.pk}&gezin={family.code}"
    typed = {"token": uuid.uuid4(), "to_user": leaver.pk, f"{family.code}-goes_along": ["notes"]}
    return partial(signed_in(noor).post, address, typed)
