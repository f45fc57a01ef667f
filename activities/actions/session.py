"""Work on one moment: one transaction, with the row locked that is changed."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import date as format_date
from django.utils import timezone

from activities.models import Session
from buurtwerk.drafts.undo import undoable

UNDO_CANCEL = "activities.cancel"


@transaction.atomic
def cancel(session, *, reason):
    """The moment is off. Returns whether that was news: a second tap, or a colleague who was first, changes nothing."""
    session = _locked(session.pk)
    if not session.may_be_cancelled:
        return False
    session.change_status(Session.Status.CANCELLED, reason=reason)
    return True


@transaction.atomic
def reopen(session):
    """The moment is on after all. Returns whether that was news."""
    session = _locked(session.pk)
    if not session.may_be_reopened:
        return False
    session.change_status(Session.Status.PLANNED)
    return True


@undoable(UNDO_CANCEL)
def take_back_cancel(session_id, *, by):
    mine = Session.objects.filter(centre__in=by.centres_where("activities.change")).select_related("series")
    session = get_object_or_404(mine, pk=session_id)
    if reopen(session):
        return f"Teruggedraaid: {session.series} gaat door op {moment_in_words(session)}."
    return f"{session.series} stond al niet meer als afgelast."


def moment_in_words(session):
    return format_date(timezone.localtime(session.starts_at), "l j F")


def _locked(pk):
    return Session.objects.select_for_update(of=["self"]).select_related("series").get(pk=pk)
