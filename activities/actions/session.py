"""Work on one moment: one transaction, with the row locked that is changed."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import date as format_date
from django.utils import timezone

from activities.models import Posting, Session, SessionChange
from activities.telling import audience_of, forget_older_messages, take_back_messages, tell_of
from buurtwerk.drafts.undo import undoable

UNDO_CANCEL = "activities.cancel"
UNDO_REOPEN = "activities.reopen"
TOO_LATE = "Er zijn al berichten vertrokken, dus dit kan niet meer ongedaan."


@transaction.atomic
def cancel(session, *, reason, by=None):
    """The moment is off, who stands there is free, and everyone hears it once.

    Returns the change; None when a second tap, or a colleague who was first, changed nothing.
    """
    session = locked(session.pk)
    if not session.may_be_cancelled:
        return None
    audience = audience_of(session)
    session.change_status(Session.Status.CANCELLED, reason=reason)
    freed = list(session.postings.order_by("pk").values_list("user", flat=True))
    session.postings.all().delete()
    forget_older_messages(session)
    change = note_change(session, SessionChange.Kind.CANCELLED, by=by, freed=freed)
    tell_of(change, audience, by=by)
    return change


@transaction.atomic
def reopen(session, *, by=None):
    """The moment is on after all; everyone who was told hears that too. Returns the change, None when no news."""
    session = locked(session.pk)
    if not session.may_be_reopened:
        return None
    cancelled = cancelling_of(session)
    freed = cancelled.freed if cancelled else []
    session.change_status(Session.Status.PLANNED)
    _post_again(session, freed)
    forget_older_messages(session)
    change = note_change(session, SessionChange.Kind.REOPENED, by=by)
    tell_of(change, audience_of(session), by=by)
    return change


def cancelling_of(session):
    """The change that cancelled this moment as it stands now."""
    cancelled = session.changes.standing().filter(kind=SessionChange.Kind.CANCELLED)
    return cancelled.first() if session.is_cancelled else None


@undoable(UNDO_CANCEL)
def take_back_cancel(change_id, *, by):
    change, session = change_of(change_id, by=by)
    if change.taken_back_at or not session.may_be_reopened or cancelling_of(session) != change:
        return f"{session.series} stond al niet meer als afgelast."
    if not take_back_messages(change):
        return f"{TOO_LATE} Kies “Gaat toch door”: dan hoort iedereen het."
    session.change_status(Session.Status.PLANNED)
    _post_again(session, change.freed)
    change.take_back()
    return f"Teruggedraaid: {session.series} gaat door op {moment_in_words(session)}. Niemand kreeg een bericht."


@undoable(UNDO_REOPEN)
def take_back_reopen(change_id, *, by):
    change, session = change_of(change_id, by=by)
    cancelled = session.changes.standing().filter(kind=SessionChange.Kind.CANCELLED).first()
    if change.taken_back_at or not session.may_be_cancelled or session.changes.standing().first() != change:
        return f"{session.series} veranderde intussen. Er is niets teruggedraaid."
    if not take_back_messages(change):
        return f"{TOO_LATE} Kies “Gaat niet door”: dan hoort iedereen het."
    reason = last_reason(session)
    session.change_status(Session.Status.CANCELLED, reason=reason)
    session.postings.filter(user__in=cancelled.freed if cancelled else []).delete()
    change.take_back()
    return f"Teruggedraaid: {session.series} gaat niet door op {moment_in_words(session)}."


def last_reason(session):
    """Why it was cancelled the last time, in the words that residents read."""
    told = session.events.filter(status=Session.Status.CANCELLED).order_by("-pgh_id")
    return told.values_list("reason_public", flat=True).first()


def change_of(change_id, *, by):
    """A change that this colleague may undo, and its moment, locked."""
    mine = SessionChange.objects.filter(centre__in=by.centres_where("activities.change"))
    session = locked(get_object_or_404(mine, pk=change_id).session_id)
    change = mine.get(pk=change_id)
    change.session = session
    return change, session


def note_change(session, kind, *, by, **before):
    values = {name: getattr(session, name) for name in ("starts_at", "ends_at", "place", "moved_from")}
    values["overridden_fields"] = session.overridden_fields
    return SessionChange.objects.create(
        centre_id=session.centre_id, session=session, kind=kind, by=by, **{**values, **before}
    )


def _post_again(session, user_ids):
    Posting.objects.bulk_create(
        [Posting(centre_id=session.centre_id, session=session, user_id=pk) for pk in user_ids], ignore_conflicts=True
    )


def moment_in_words(session):
    return format_date(timezone.localtime(session.starts_at), "l j F")


def locked(pk):
    return Session.objects.select_for_update(of=["self"]).select_related("series", "centre").get(pk=pk)
