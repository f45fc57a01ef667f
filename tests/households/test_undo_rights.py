"""Ten minutes is long enough to lose a role: then nothing is taken back any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role, User
from buurtwerk.drafts.undo import _ways_back
from households.models import Contact, Household, Member, Referral, ReferralMove
from signals.models import Signal
from tests.addresses import make_world
from tests.factories import make_user
from tests.households.factories import leave_nothing_open
from tests.signals.factories import make_signal

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def assigned(world):
    return make_signal("assigned", by=world.worker, centre=world.centre)


@pytest.fixture
def volunteer(world, assigned):
    """The same person, who was worker until a minute ago, and has nothing open any more."""
    leave_nothing_open()
    Membership.objects.update(role=Role.VOLUNTEER)
    return User.objects.get(pk=world.worker.pk)


def test_a_contact_stays(world, volunteer):
    _ways_back["households.contact-saved"](world.contact.pk, by=volunteer)

    assert Contact.objects.filter(pk=world.contact.pk).exists()


def test_a_referral_stays_sent(world, volunteer):
    _ways_back["households.referral-sent"](world.referral.pk, by=volunteer)

    assert Referral.objects.get().status == "sent"


def test_an_answer_stays_noted(world, volunteer):
    answered = ReferralMove.objects.create(
        centre=world.centre, referral=world.referral, from_status="draft", to_status="sent", by=world.worker
    )
    _ways_back["households.referral-answered"](answered.pk, by=volunteer)

    assert Referral.objects.get().status == "sent"


def test_a_signal_stays_where_it_is(assigned, volunteer):
    event = assigned.events.first()

    with pytest.raises(type(event).DoesNotExist):
        _ways_back["signals.move"](event.pk, by=volunteer)

    assert Signal.objects.get(pk=assigned.pk).status == "assigned"


@pytest.mark.parametrize("way_back", ["member-added", "member-left"])
def test_who_belongs_to_a_family_stays_once_its_file_is_a_colleagues(world, way_back):
    Household.objects.filter(pk=world.household.pk).update(primary_worker=make_user(centre=world.centre))
    Member.objects.filter(pk=world.member.pk).update(until=timezone.localdate() + timedelta(days=1))

    _ways_back[f"households.{way_back}"](world.member.pk, by=User.objects.get(pk=world.worker.pk))

    assert Member.objects.filter(pk=world.member.pk, until__isnull=False).exists()
