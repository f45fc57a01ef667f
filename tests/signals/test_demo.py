import pytest

from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from buurtwerk.demo.signals import load_signals
from signals.codes import Status
from signals.models import Signal, SignalEvent

pytestmark = pytest.mark.django_db


def test_the_demo_has_sixty_signals_in_every_working_status_and_loads_once():
    load_places()
    load_people()
    load_signals()
    before = list(Signal.objects.order_by("pk").values()), SignalEvent.objects.count()

    load_signals()

    assert (list(Signal.objects.order_by("pk").values()), SignalEvent.objects.count()) == before
    assert Signal.objects.count() == 60
    assert set(Signal.objects.values_list("status", flat=True)) == set(Status) - {Status.SPAM, Status.ERASED}
    assert not Signal.objects.filter(summary="").exclude(status=Status.NEW).exists()
