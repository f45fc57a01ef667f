"""What happens with follow-ups, in one transaction each."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from buurtwerk.drafts.undo import undoable
from households import days
from households.actions.offers import tell_it_is_withdrawn
from households.models import FollowUp, Household

TOO_LATE_TO_UNDO = "Dat gaat niet meer: de opvolging is intussen aangepast."
CLOSED_MEANWHILE = "Dat gaat niet meer: het gezin is intussen afgerond. Heropen het eerst."


@dataclass
class Group:
    name: str
    label: str
    follow_ups: list = field(default_factory=list)


def grouped(follow_ups, today):
    """Follow-ups by when they are due: late, today, this week, later. Groups without any are left out."""
    groups = {
        "late": Group("late", "Te laat"),
        "today": Group("today", "Vandaag"),
        "week": Group("week", "Deze week"),
        "later": Group("later", "Later"),
    }
    for follow_up in follow_ups:
        groups[_when(follow_up.due_on, today)].follow_ups.append(follow_up)
    return [group for group in groups.values() if group.follow_ups]


def _when(day, today):
    if day <= today:
        return "late" if day < today else "today"
    return "week" if day < days.next_week(today) else "later"


def finish(follow_up, *, status, by):
    """Done, or no longer needed."""
    _change(follow_up, status=status, closed_at=timezone.now(), closed_by=by, offered_to=None)


def postpone(follow_up, *, to):
    """To another day; only a later day counts as postponing."""
    later = to > follow_up.due_on
    _change(follow_up, due_on=to, times_postponed=follow_up.times_postponed + later)


def wait(follow_up, *, on):
    """Nothing to do for us until someone else moves; the day stays, so that it comes back."""
    _change(follow_up, status=FollowUp.Status.WAITING, waiting_on=on)


def resume(follow_up):
    _change(follow_up, status=FollowUp.Status.OPEN, waiting_on="")


def state_before(follow_up):
    """The row of its history that an undo goes back to."""
    return follow_up.events.filter(version=follow_up.version - 1).latest("pgh_id").pgh_id


def _change(follow_up, **values):
    for name, value in values.items():
        setattr(follow_up, name, value)
    follow_up.version += 1
    follow_up.save(update_fields=[*values, "version"])


# Whose it is, is not here: that only moves when a colleague accepts it (actions/offers.py).
TAKEN_BACK = ["due_on", "times_postponed", "status", "waiting_on", "closed_at", "closed_by"]


@undoable("households.follow-up-changed")
@transaction.atomic
def take_back_change(event_id, *, by):
    """Everything as it was before one change, as long as that was the last one."""
    before = FollowUp.pgh_event_model.objects.get(pgh_id=event_id)
    follow_up = FollowUp.objects.visible_to(by).select_for_update().filter(pk=before.pgh_obj_id).first()
    if follow_up and not follow_up.is_open and follow_up.household.status == Household.Status.CLOSED:
        return CLOSED_MEANWHILE
    if follow_up is None or follow_up.version != before.version + 1 or not follow_up.assigned_to.is_active:
        return TOO_LATE_TO_UNDO
    _change(follow_up, **{name: getattr(before, name) for name in TAKEN_BACK})
    return "Ongedaan gemaakt. De opvolging staat weer zoals ze was."


@undoable("households.follow-up-created")
@transaction.atomic
def take_back_creation(follow_up_id, *, by):
    untouched = FollowUp.objects.visible_to(by).select_for_update(of=["self"])
    follow_up = untouched.filter(pk=follow_up_id, version=1).first()
    if follow_up is None:
        return TOO_LATE_TO_UNDO
    if follow_up.offered_to:
        tell_it_is_withdrawn(follow_up, by=by)
    follow_up.delete()
    return "Ongedaan gemaakt. De opvolging is weg."
