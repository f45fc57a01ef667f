"""Who stands at a moment."""

from django.db import transaction
from django.shortcuts import get_object_or_404

from activities.models import Posting, Session
from buurtwerk.drafts.undo import undoable

UNDO_UNPOST = "activities.unpost"


def post(session, *, user):
    """Put a colleague at a moment; one who stands there already, stays there once."""
    return Posting.objects.get_or_create(session=session, user=user, defaults={"centre_id": session.centre_id})


@transaction.atomic
def unpost(posting):
    """Take a colleague away from a moment. Returns the row of the history from which it can come back."""
    pk = posting.pk
    posting.delete()
    return Posting.pgh_event_model.objects.filter(pgh_obj_id=pk).latest("pgh_id").pgh_id


@undoable(UNDO_UNPOST)
def take_back_unpost(history_id, *, by):
    """What was taken away stands in the history: from there it comes back."""
    was = get_object_or_404(Posting.pgh_event_model, pgh_id=history_id)
    session = get_object_or_404(
        Session.objects.filter(centre__in=by.centres_where("activities.change")), pk=was.session_id
    )
    post(session, user=was.user)
    return f"{was.user} staat er weer bij."
