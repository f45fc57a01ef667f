"""Another day, hour or place for a moment: everything that hangs on it goes along, or nothing."""

from django.db import transaction

from activities.actions.session import TOO_LATE, change_of, locked, moment_in_words, note_change
from activities.models import SessionChange
from activities.telling import audience_of, take_back_messages, tell_of
from buurtwerk.drafts.undo import undoable

UNDO_MOVE = "activities.move"
BY_HAND = ["starts_at", "ends_at", "place"]


@transaction.atomic
def move(session, *, starts_at, ends_at, place, sequence, by):
    """Registrations and colleagues hang on the moment itself, so they go along; the calendar and the page follow.

    `sequence` is the moment as it was when this was decided. Returns the change; None when a colleague was first.
    """
    session = locked(session.pk)
    if not session.may_be_moved or session.sequence != sequence:
        return None
    change = note_change(session, SessionChange.Kind.MOVED, by=by)
    if starts_at != session.starts_at:
        # What stands on a poster is the first hour; back on it, nothing was moved.
        first = session.moved_from or session.starts_at
        session.moved_from = None if first == starts_at else first
    session.starts_at, session.ends_at, session.place = starts_at, ends_at, place
    session.overridden_fields = sorted({*session.overridden_fields, *BY_HAND})
    _keep(session)
    change.session = session
    tell_of(change, audience_of(session), by=by)
    return change


@undoable(UNDO_MOVE)
def take_back_move(change_id, *, by):
    change, session = change_of(change_id, by=by)
    if change.taken_back_at or not session.may_be_moved or session.changes.standing().first() != change:
        return f"{session.series} veranderde intussen. Er is niets teruggedraaid."
    if not take_back_messages(change):
        return f"{TOO_LATE} Verplaats het terug: dan hoort iedereen het."
    for name in ("starts_at", "ends_at", "place", "moved_from", "overridden_fields"):
        setattr(session, name, getattr(change, name))
    _keep(session)
    change.take_back()
    return f"Teruggedraaid: {session.series} is weer op {moment_in_words(session)}. Niemand kreeg een bericht."


def _keep(session):
    session.sequence += 1
    session.save(
        update_fields=[
            "starts_at",
            "ends_at",
            "place",
            "moved_from",
            "overridden_fields",
            "sequence",
            "changed_at",
        ]
    )
