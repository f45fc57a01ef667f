"""Two people at the same moment, each with a real connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_everything
from signals import actions
from signals.codes import Status
from signals.models import Signal
from tests.factories import make_centre, make_user
from tests.signals.factories import make_signal, weighed

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*tasks):
    """Run each task in a thread and a transaction of its own, all starting together."""
    start = Barrier(len(tasks))

    def run(task):
        try:
            with asking_everything():
                start.wait()
                with transaction.atomic():
                    return task()
        except actions.Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_two_who_take_the_same_signal_one_gets_it_and_the_other_is_told():
    centre = make_centre()
    els, noor = make_user(Role.COORDINATOR, centre=centre), make_user(centre=centre)
    signal = make_signal(Status.TRIAGED, by=els)

    answers = at_once(
        lambda: actions.assign(signal, to=els, by=els, seen=signal.version),
        lambda: actions.assign(signal, to=noor, by=noor, seen=signal.version),
    )

    lost = [answer for answer in answers if isinstance(answer, actions.Overtaken)]
    assert len(lost) == 1
    stored = Signal.objects.get(pk=signal.pk)
    assert stored.assigned_to == stored.events.first().by
    assert stored.events.filter(after=Status.ASSIGNED).count() == 1


def test_two_who_weigh_the_same_signal_one_wins_and_the_other_is_told():
    els = make_user(Role.COORDINATOR)
    signal = make_signal(by=els)

    answers = at_once(
        *[
            lambda zin=zin: actions.triage(signal, **weighed(summary=zin), by=els, seen=1)
            for zin in ("De eerste zin.", "De tweede zin.")
        ]
    )

    assert [isinstance(answer, actions.Overtaken) for answer in answers].count(True) == 1
    assert signal.events.filter(after=Status.TRIAGED).count() == 1


def test_signals_saved_at_the_same_moment_get_different_numbers():
    els = make_user(Role.COORDINATOR)
    centre = els.membership_set.get().centre

    def log():
        signal = Signal(centre=centre, channel="street", theme="food", body="In het weekend is de winkel duur.")
        return actions.log(signal, by=els).reference

    references = at_once(*[log] * 8)

    assert len(set(references)) == 8
