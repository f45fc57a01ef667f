import pytest
from django.test import Client

from buurtwerk.accounts.models import User
from buurtwerk.demo.loading import load_demo
from households.actions import handovers as actions
from households.models import Handover

pytestmark = pytest.mark.django_db


def test_a_handover_waits_for_sofie_and_is_made_once():
    load_demo()
    load_demo()

    handover = Handover.objects.get()
    assert (handover.is_waiting, handover.families.count()) == (True, 2)
    client = Client()
    client.force_login(User.objects.get(username="sofie"))
    assert client.get(handover.get_absolute_url()).status_code == 200


def test_one_that_was_refused_is_not_asked_again():
    load_demo()
    handover = Handover.objects.get()
    actions.refuse(handover, why="Nu niet", by=handover.to_user)

    load_demo()

    assert Handover.objects.count() == 1
