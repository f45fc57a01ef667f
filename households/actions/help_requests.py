"""What happens with help requests, in one transaction each."""

from django.db import transaction
from django.utils import timezone

from buurtwerk.drafts.undo import undoable
from households.actions import offers
from households.models import HelpRequest, Household

UNDO_CHANGED, UNDO_ASKED = "households.help-request-changed", "households.help-request-asked"
TOO_LATE_TO_UNDO = "Dat gaat niet meer: de hulpvraag is intussen aangepast."
CLOSED_MEANWHILE = "Dat gaat niet meer: het gezin is intussen afgerond. Heropen het eerst."


def ask(request, *, household, by, contact=None):
    """Write down a new question, and where we heard it."""
    request.household, request.centre_id = household, household.centre_id
    request.created_by, request.born_from = by, contact
    offers.keep_new(request, by=by)


def postpone(request, *, to):
    """To another day; only a later day counts as postponing."""
    _change(request, next_on=to, times_postponed=request.times_postponed + (to > request.next_on))


def end(request, *, status, outcome, by):
    """Nothing to come back to any more."""
    _change(
        request, status=status, outcome=outcome, next_on=None, ended_at=timezone.now(), ended_by=by, offered_to=None
    )


def reopen(request, *, next_on, by):
    """The question is back. Who opens it again, follows it up."""
    _change(
        request,
        status=HelpRequest.Status.WORKING,
        outcome="",
        owner=by,
        next_on=next_on,
        ended_at=None,
        ended_by=None,
    )


def state_before(request):
    """The row of its history that an undo goes back to."""
    return request.events.filter(version=request.version - 1).latest("pgh_id").pgh_id


def _change(request, **values):
    for name, value in values.items():
        setattr(request, name, value)
    request.version += 1
    request.save(update_fields=[*values, "version"])


TAKEN_BACK = ["words", "theme", "person", "referral", "asked_on"]
# Whose it is only goes back with opening it again; for the rest that moves when a colleague accepts it.
TAKEN_BACK += ["next_on", "times_postponed", "owner", "status", "outcome", "ended_at", "ended_by"]


@undoable(UNDO_CHANGED)
@transaction.atomic
def take_back_change(event_id, *, by):
    """Everything as it was before one change, as long as that was the last one."""
    before = HelpRequest.pgh_event_model.objects.get(pgh_id=event_id)
    request = HelpRequest.objects.visible_to(by).select_for_update().filter(pk=before.pgh_obj_id).first()
    if request and not request.is_open and request.household.status == Household.Status.CLOSED:
        return CLOSED_MEANWHILE
    if request is None or request.version != before.version + 1 or not before.owner.is_active:
        return TOO_LATE_TO_UNDO
    _change(request, **{name: getattr(before, name) for name in TAKEN_BACK})
    return "Ongedaan gemaakt. De hulpvraag staat weer zoals ze was."


@undoable(UNDO_ASKED)
@transaction.atomic
def take_back_asking(request_id, *, by):
    untouched = HelpRequest.objects.visible_to(by).filter(pk=request_id, version=1, created_by=by)
    if request := untouched.select_related("household").select_for_update(of=["self"]).first():
        address = request.household.get_absolute_url()
        if request.offered_to:
            offers.tell_it_is_withdrawn(request, by=by)
        request.delete()
        return "Ongedaan gemaakt. De hulpvraag is weg.", address
    return TOO_LATE_TO_UNDO
