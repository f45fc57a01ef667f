"""The status table of signals: every move that is allowed, and every one that is not."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.utils import timezone

from buurtwerk.accounts.models import Role
from signals import actions
from signals.codes import Status, What
from signals.models import Signal, SignalContact, SignalEvent
from tests.breaking import breaks
from tests.factories import make_user
from tests.signals.factories import make_signal, move, weighed

pytestmark = pytest.mark.django_db

# Written out a second time on purpose: from spec/signals-partners 4.1, with the ways to Gewist.
ALLOWED = {
    ("new", "triaged"),
    ("new", "spam"),
    ("new", "erased"),
    ("triaged", "assigned"),
    ("triaged", "waiting"),
    ("triaged", "closed"),
    ("triaged", "spam"),
    ("assigned", "waiting"),
    ("assigned", "closed"),
    ("waiting", "assigned"),
    ("waiting", "closed"),
    ("closed", "reopened"),
    ("closed", "erased"),
    ("reopened", "assigned"),
    ("reopened", "waiting"),
    ("reopened", "closed"),
    ("spam", "new"),
    ("spam", "erased"),
}
# Weighing an open signal again changes what was decided and not the status; so does passing it on.
STAYS = {(status, "triaged") for status in ("triaged", "assigned", "waiting", "reopened")}
OTHERS = [pair for pair in product(Status.values, Status.values) if pair not in ALLOWED | STAYS]


@pytest.mark.parametrize(("before", "after"), sorted(ALLOWED))
def test_an_allowed_move_changes_the_status_and_writes_an_event(before, after):
    me = make_user(Role.COORDINATOR)
    signal = make_signal(before, by=me)

    move(signal, after, by=me)

    event = signal.events.first()
    assert Signal.objects.get(pk=signal.pk).status == after
    assert (event.what, event.before, event.after, event.by) == (What.MOVED, before, after, me)


@pytest.mark.parametrize(("before", "after"), OTHERS)
def test_every_other_move_is_refused_and_leaves_no_event(before, after):
    me = make_user(Role.COORDINATOR)
    signal = make_signal(before, by=me)
    events = signal.events.count()

    with pytest.raises(actions.Refused):
        move(signal, after, by=me)

    assert Signal.objects.get(pk=signal.pk).status == before
    assert signal.events.count() == events


@pytest.mark.parametrize(("before", "after"), sorted(STAYS))
def test_weighing_an_open_signal_again_keeps_its_status(before, after):
    me = make_user(Role.COORDINATOR)
    signal = make_signal(before, by=me)

    actions.triage(signal, **weighed(summary="Nieuwe zin."), by=me, seen=signal.version)

    signal.refresh_from_db()
    assert (signal.status, signal.summary) == (before, "Nieuwe zin.")
    assert signal.events.first().what == What.CHANGED


@pytest.mark.parametrize("status", [Status.TRIAGED, Status.ASSIGNED, Status.CLOSED, Status.SPAM])
def test_a_move_on_an_old_screen_is_refused_by_name(status):
    me = make_user(Role.COORDINATOR)
    other = make_user(centre=me.membership_set.get().centre)
    signal = make_signal(status, by=me)
    following = next(after for before, after in sorted(ALLOWED) if before == status)

    with pytest.raises(actions.Overtaken):
        move(signal, following, by=other, seen=signal.version - 1)


def test_passing_a_signal_on_keeps_the_status_and_says_to_whom():
    me = make_user(Role.COORDINATOR)
    colleague = make_user(centre=me.membership_set.get().centre)
    signal = make_signal(Status.ASSIGNED, by=me)

    actions.assign(signal, to=colleague, by=me, seen=signal.version)

    signal.refresh_from_db()
    assert (signal.status, signal.assigned_to) == (Status.ASSIGNED, colleague)
    assert signal.events.first().title == f"Doorgegeven aan {colleague}"


def test_a_signal_goes_only_to_someone_who_works_on_signals_of_this_centre():
    signal = make_signal(Status.TRIAGED)

    with pytest.raises(ValueError, match="may not work on signals"):
        actions.assign(signal, to=make_user(Role.COORDINATOR), by=signal.created_by, seen=signal.version)


def test_a_new_signal_is_due_in_two_work_days_and_what_is_urgent_today(settings):
    friday = timezone.make_aware(timezone.datetime(2026, 11, 20, 10))
    today = timezone.now()

    assert make_signal(received_at=friday).due_on.isoformat() == "2026-11-24"
    assert make_signal(received_at=today, urgency="danger").due_on == timezone.localdate()


def test_work_days_leave_out_public_holidays():
    from buurtwerk.places.models import PublicHoliday
    from signals.workdays import work_days_after

    PublicHoliday.objects.create(day="2026-12-25", name="Kerstmis")
    wednesday = timezone.datetime(2026, 12, 23).date()

    assert work_days_after(wednesday, 2).isoformat() == "2026-12-28"


def test_waiting_asks_again_after_ten_days():
    signal = make_signal(Status.WAITING)

    assert signal.due_on == timezone.localdate() + timedelta(days=10)


def test_erasing_takes_the_text_and_the_contact_away_everywhere_and_keeps_what_is_counted():
    signal = make_signal(body="Onder de zebravink.", contact={"name": "Zebravink", "phone": "0470 11 22 33"})

    actions.erase(signal, by=signal.created_by, seen=1)

    signal.refresh_from_db()
    assert (signal.body, signal.summary, signal.theme) == ("", "", "public_space_safety")
    assert not SignalContact.objects.exists()
    assert "zebravink" not in str(list(signal.changes.values())).lower()


def test_events_cannot_be_changed_or_removed_by_the_application():
    event = make_signal().events.get()

    for attempt in (lambda: event.delete(), lambda: SignalEvent.objects.update(why="anders")):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            attempt()


def test_what_was_told_cannot_be_rewritten():
    signal = make_signal()

    with breaks("signals_signal.told_once"):
        Signal.objects.filter(pk=signal.pk).update(body="Iets anders.")


@pytest.mark.parametrize(
    ("status", "broken", "constraint"),
    [
        (Status.NEW, {"status": "closed", "summary": "Zin."}, "signal_closed_with_a_resolution"),
        (Status.NEW, {"status": "triaged"}, "signal_weighed_has_a_summary"),
        (Status.CLOSED, {"status": "reopened"}, "signal_closed_with_a_resolution"),
        (Status.CLOSED, {"summary": ""}, "signal_weighed_has_a_summary"),
        (Status.TRIAGED, {"status": "assigned"}, "signal_assigned_to_someone"),
        (Status.TRIAGED, {"status": "waiting"}, "signal_waiting_on_someone"),
        (Status.TRIAGED, {"status": "lost"}, "signal_known_status"),
        (Status.TRIAGED, {"theme": "weather"}, "signal_known_theme"),
        (Status.TRIAGED, {"urgency": "soon"}, "signal_known_urgency"),
        (Status.TRIAGED, {"reference": "42"}, "signal_reference_form"),
        (Status.TRIAGED, {"extra_themes": ["food", "work", "goods"]}, "signal_at_most_two_extra_themes"),
        (Status.TRIAGED, {"extra_themes": ["public_space_safety"]}, "signal_other_extra_themes"),
        (Status.NEW, {"body": ""}, "signal_has_a_text"),
        (Status.TRIAGED, {"status": "erased"}, "signal_erased_is_empty"),
    ],
)
def test_the_database_refuses_what_may_never_stand_there(status, broken, constraint):
    signal = make_signal(status)

    with breaks(constraint):
        Signal.objects.filter(pk=signal.pk).update(**broken)


def test_the_database_keeps_nothing_of_an_erased_contact_and_no_empty_note():
    signal = make_signal(contact={"name": "Rita"})

    with breaks("signal_contact_erased_is_empty"):
        SignalContact.objects.update(erased_at=timezone.now())
    with breaks("signal_note_has_a_text"):
        signal.notes.create(centre=signal.centre, by=make_user(), text="")
