"""What stands on the pages about families, apart from what each of them does."""

import pytest

from buurtwerk.accounts.models import Membership, Role
from tests.factories import make_centre, make_user
from tests.households.factories import make_contact, make_follow_up, make_household

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor():
    return make_user(Role.WORKER, centre=make_centre(), first_name="Noor")


def test_a_centre_that_was_tapped_for_us_leaves_the_fold_closed(client, noor):
    Membership.objects.create(user=noor, centre=make_centre(), role=Role.WORKER)
    noor = type(noor).objects.get(pk=noor.pk)
    client.force_login(noor)

    assert not client.get("/team/noteer/").context["form"].rest_open


def test_a_follow_up_is_postponed_from_the_page_of_the_family(client, noor):
    household = make_household(worker=noor)
    follow_up = make_follow_up(household, what="Bel de school")
    client.force_login(noor)

    page = client.get(household.get_absolute_url()).content.decode()

    assert f"/team/opvolging/{follow_up.pk}/verzet/" in page


def test_a_talk_without_a_name_leads_back_to_today(client, noor):
    contact = make_contact(author=noor, centre=noor.membership_set.get().centre)
    client.force_login(noor)

    assert '<a class="back" href="/team/">' in client.get(contact.get_absolute_url()).content.decode()


def test_the_quick_log_can_be_left_without_saving(client, noor):
    client.force_login(noor)

    assert '<a class="back" href="/team/">Stop</a>' in client.get("/team/noteer/").content.decode()
