"""With the Python layer switched off: what PostgreSQL itself shows of another centre."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from buurtwerk.accounts.rowlevel import asking
from signals import actions
from signals.codes import Status
from tests.factories import make_centre
from tests.signals.factories import make_signal

pytestmark = pytest.mark.django_db

TABLES = ["Signal", "SignalChange", "SignalContact", "SignalEvent", "SignalNote"]


def make_full_signal(centre):
    signal = make_signal(Status.TRIAGED, centre=centre, contact={"name": "Samira", "phone": "0470 11 22 33"})
    actions.add_note(signal, text="Bel na vijf uur.", by=signal.created_by)
    return signal


@pytest.mark.parametrize("table", TABLES)
def test_rows_of_another_centre_do_not_exist_for_the_database(table):
    ours, theirs = make_centre(), make_centre()
    make_full_signal(ours)
    make_full_signal(theirs)
    rows = apps.get_model("signals", table).objects.all()
    assert rows.filter(centre=theirs).exists()

    with asking(centres=[ours.pk]):
        assert set(rows.values_list("centre_id", flat=True)) == {ours.pk}
        assert rows.filter(centre=theirs).count() == 0


def test_a_signal_of_another_centre_cannot_be_changed_or_made():
    ours, theirs = make_centre(), make_centre()
    foreign = make_full_signal(theirs)

    with asking(centres=[ours.pk]):
        assert type(foreign).objects.filter(pk=foreign.pk).update(summary="Van ons.") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            make_signal(centre=theirs, by=foreign.created_by)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_without_context_refuses_instead_of_looking_empty(table):
    make_full_signal(make_centre())

    without = pytest.raises(ProgrammingError, match="without a context")
    with without, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('buurtwerk.centres', '', true)")
        cursor.execute(f"SELECT count(*) FROM signals_{table.lower()}")
