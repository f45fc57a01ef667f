import pytest
from django.test import Client

from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.demo.loading import load_demo
from households.actions import offers as actions
from households.models import FollowUp

pytestmark = pytest.mark.django_db


def test_an_offer_waits_on_vandaag_of_noor_and_is_made_once():
    load_demo()
    load_demo()

    with asking_everything():
        offered = FollowUp.objects.get(offered_to__username="noor")
    client = Client()
    client.force_login(User.objects.get(username="noor"))
    assert f"{offered.get_absolute_url()}aanvaard/" in client.get("/team/").content.decode()


def test_an_offer_that_was_refused_is_not_made_again():
    load_demo()
    with asking_everything():
        offered = FollowUp.objects.get(offered_to__username="noor")
        actions.refuse(offered, by=offered.offered_to)

    load_demo()

    with asking_everything():
        assert not FollowUp.objects.filter(offered_to__username="noor").exists()
