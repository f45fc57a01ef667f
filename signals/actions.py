"""What may happen to a signal. Every move goes through `_move`: row locked, table checked, event written."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from buurtwerk.places.numbering import next_code
from signals.codes import URGENT, Status, What
from signals.models import Signal, SignalContact, SignalEvent, SignalNote
from signals.workdays import work_days_after

NEW, TRIAGED, ASSIGNED, WAITING = Status.NEW, Status.TRIAGED, Status.ASSIGNED, Status.WAITING
CLOSED, REOPENED, SPAM, ERASED = Status.CLOSED, Status.REOPENED, Status.SPAM, Status.ERASED

MAY_GO_TO = {
    # Erased: a colleague takes back what was just logged, or the term for keeping it is over.
    NEW: {TRIAGED, SPAM, ERASED},
    TRIAGED: {ASSIGNED, WAITING, CLOSED, SPAM},
    ASSIGNED: {WAITING, CLOSED},
    WAITING: {ASSIGNED, CLOSED},
    CLOSED: {REOPENED, ERASED},
    REOPENED: {ASSIGNED, WAITING, CLOSED},
    SPAM: {NEW, ERASED},
    ERASED: set(),
}

FIRST_LOOK = 2  # work days
LOOK_AGAIN = timedelta(days=10)


class Refused(Exception):
    """The status table has no such move. `signal` is how it stands now."""

    def __init__(self, signal):
        super().__init__(f"{signal.reference} is {signal.status}")
        self.signal = signal


class Overtaken(Refused):
    """Someone else did something to the signal after it was shown."""

    @property
    def by(self):
        event = self.signal.events.select_related("by").first()
        return event.by if event else None


@transaction.atomic
def log(signal, *, by, contact=None):
    """Store a new signal, with how to reach who told it when that was given."""
    signal.status, signal.created_by, signal.moved_at = NEW, by, signal.received_at
    received_on = timezone.localdate(signal.received_at)
    signal.due_on = first_look_by(signal.urgency, received_on)
    # As late as possible: from here until the end, everyone else who logs waits for our number.
    signal.reference = next_code("S", received_on.year)
    signal.save(force_insert=True)
    _write(signal, What.LOGGED, by=by, at=signal.received_at)
    if contact and (contact.name or contact.phone or contact.mail):
        contact.signal, contact.centre_id = signal, signal.centre_id
        contact.save(force_insert=True)
    return signal


def first_look_by(urgency, day):
    return day if urgency in URGENT else work_days_after(day, FIRST_LOOK)


@transaction.atomic
def triage(signal, *, by, seen, **decided):
    """Keep what was decided about an open signal; a new one becomes Beoordeeld."""
    current = _locked(signal)
    if decided["urgency"] in URGENT:
        decided["due_on"] = min(current.due_on, timezone.localdate())
    if current.status == NEW:
        return _move(signal, TRIAGED, by=by, seen=seen, **decided)
    if current.version != seen:
        raise Overtaken(current)
    if not current.is_open:
        raise Refused(current)
    _keep(current, **decided)
    return _write(current, What.CHANGED, by=by, before=current.status)


def assign(signal, *, to, by, seen):
    """Give a signal to a colleague (or to yourself), or pass on one that somebody has already."""
    if not to.may("signals.triage", signal.centre_id):
        raise ValueError(f"{to} may not work on signals of this centre")
    with transaction.atomic():
        current = _locked(signal)
        if current.status != ASSIGNED:
            taken = {"assigned_to": to, "waiting_on": "", "due_on": _look_again(current)}
            return _move(current, ASSIGNED, by=by, seen=seen, to=to, **taken)
        if current.version != seen:
            raise Overtaken(current)
        if current.assigned_to_id == to.pk:
            raise Refused(current)
        _keep(current, assigned_to=to)
        return _write(current, What.HANDED_OVER, by=by, before=ASSIGNED, to=to)


def _look_again(signal):
    """When somebody has it, it is not late after two days; what is urgent stays urgent."""
    return signal.due_on if signal.is_urgent else timezone.localdate() + LOOK_AGAIN


def pick_up(signal, *, by, seen):
    return assign(signal, to=by, by=by, seen=seen)


@transaction.atomic
def weigh_and_pick_up(signal, *, by, seen, **decided):
    triage(signal, by=by, seen=seen, **decided)
    return pick_up(signal, by=by, seen=seen + 1)


def wait(signal, *, on, by, seen):
    """Say on whom we wait, and look again after ten days."""
    return _move(signal, WAITING, by=by, seen=seen, why=on, waiting_on=on, due_on=timezone.localdate() + LOOK_AGAIN)


def close(signal, *, resolution, why, by, seen):
    return _move(signal, CLOSED, by=by, seen=seen, why=why, resolution=resolution, waiting_on="")


def reopen(signal, *, why, by, seen):
    again = work_days_after(timezone.localdate(), FIRST_LOOK)
    return _move(signal, REOPENED, by=by, seen=seen, why=why, resolution="", due_on=again)


def mark_as_spam(signal, *, by, seen):
    return _move(signal, SPAM, by=by, seen=seen, assigned_to=None)


def not_spam(signal, *, by, seen):
    return _move(signal, NEW, by=by, seen=seen)


@transaction.atomic
def erase(signal, *, by, seen, **changes):
    """Take away what was told and who told it; theme, buurt and month stay for the counts."""
    SignalContact.objects.filter(signal=signal).delete()
    SignalNote.objects.filter(signal=signal).delete()
    nothing = {"body": "", "summary": "", "waiting_on": "", "assigned_to": None}
    return _move(signal, ERASED, by=by, seen=seen, **nothing, **changes)


@transaction.atomic
def take_back(event, *, by):
    """Put a signal back to how it stood before its last event, as its history kept it.

    This way back is not in the table: it is only there for who did it, for ten minutes.
    """
    current = _locked(event.signal)
    undoable = event.what in (What.MOVED, What.HANDED_OVER) and current.status != ERASED
    if not undoable or current.events.first() != event:
        raise Overtaken(current)
    before, kept = current.status, current.changes.order_by("-pgh_id")[1]
    names = ("status", "assigned_to_id", "waiting_on", "due_on", "resolution", "moved_at")
    _keep(current, **{name: getattr(kept, name) for name in names})
    return _write(current, What.TAKEN_BACK, by=by, before=before)


def add_note(signal, *, text, by):
    return SignalNote.objects.create(signal=signal, centre_id=signal.centre_id, text=text, by=by)


@transaction.atomic
def _move(signal, status, *, by, seen, why="", to=None, **changes):
    """The only way from one status to another.

    Args:
        seen: the version that was on the screen of whoever decided this.
        changes: what changes along with the status.
    """
    current = _locked(signal)
    if current.version != seen:
        raise Overtaken(current)
    if status not in MAY_GO_TO[current.status]:
        raise Refused(current)
    before = current.status
    _keep(current, status=status, moved_at=timezone.now(), **changes)
    return _write(current, What.MOVED, by=by, before=before, why=why, to=to)


def _locked(signal):
    return Signal.objects.select_for_update().get(pk=signal.pk)


def _keep(signal, **changes):
    for name, value in changes.items():
        setattr(signal, name, value)
    signal.version += 1
    signal.save()


def _write(signal, what, **fields):
    return SignalEvent.objects.create(
        signal=signal, centre_id=signal.centre_id, what=what, after=signal.status, **fields
    )
