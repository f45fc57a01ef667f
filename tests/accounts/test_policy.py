import pytest

from buurtwerk.accounts.models import Membership, Role
from buurtwerk.accounts.policy import RIGHTS
from tests.breaking import breaks
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db


def test_every_right_is_a_sentence_and_has_someone():
    for right in RIGHTS.values():
        assert right.sentence.endswith(".")
        assert right.roles


def test_the_administrator_has_no_right_over_families_signals_or_referrals():
    rights = {name for name, right in RIGHTS.items() if Role.ADMINISTRATOR in right.roles}

    assert rights == {"users.manage", "messages.check"}


def test_a_right_holds_only_in_the_centre_of_the_role():
    here, there = make_centre(), make_centre()
    user = make_user(Role.WORKER, centre=here)
    Membership.objects.create(user=user, centre=there, role=Role.VOLUNTEER)

    assert user.may("families.open", here)
    assert not user.may("families.open", there)
    assert user.centres_where("families.open") == [here.pk]
    assert user.centre_ids == sorted([here.pk, there.pk])


def test_someone_without_a_role_may_nothing():
    user = make_user(role=None)

    assert not any(user.may(right) for right in RIGHTS)


@pytest.mark.parametrize(
    ("constraint", "role"), [("membership_once", Role.WORKER), ("membership_known_role", "director")]
)
def test_the_database_knows_each_role_and_keeps_it_once(constraint, role):
    member = make_user(Role.WORKER).membership_set.get()

    with breaks(constraint):
        Membership.objects.create(user=member.user, centre=member.centre, role=role)
