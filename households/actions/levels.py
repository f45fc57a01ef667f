"""How closely we follow a family, its rest and its end: each a step of a person, with a way back."""

from django.db import transaction
from django.utils import timezone

from buurtwerk.drafts.undo import undoable
from buurtwerk.notices.models import Notice
from households import closing
from households.models import Household, Review

LEVEL_CHANGED = "households.level-changed"
CLOSED = "households.family-closed"
STATE_CHANGED = "households.family-state-changed"
TOO_LATE = "Dat gaat niet meer: het gezin is intussen aangepast."

STATE = ["intensity", "intensity_reason", "rhythm_days", "next_review_on", "status"]
STATE += ["paused_until", "pause_reason", "closed_on", "closure_reason"]


class NotYet(Exception):
    """Something still waits: a family is only rounded off when nothing is left lying."""


@transaction.atomic
def set_level(household, *, before, by):
    """Keep what the form of the level changed, and that someone looked at it. `before` is the level it had."""
    household.save(update_fields=["intensity", "intensity_reason", "rhythm_days", "next_review_on", "version"])
    return Review.objects.create(
        centre_id=household.centre_id,
        household=household,
        before=before,
        after=household.intensity,
        text=household.intensity_reason,
        next_on=household.next_review_on,
        by=by,
    )


@transaction.atomic
def pause(household, *, until, reason, by):
    """Leave a family in peace, because it asks so."""
    _change(household, status=Household.Status.PAUSED, paused_until=until, pause_reason=reason)
    _tell(household, "is op rust, op vraag van het gezin.", by=by)


@transaction.atomic
def resume(household, *, by):
    _change(household, status=Household.Status.ACTIVE, paused_until=None, pause_reason="")
    _tell(household, "is weer actief.", by=by)


@transaction.atomic
def close(household, *, reason, text, by):
    """Round a family off, with what was reached. Refused while something is still open."""
    if closing.obstacles(household):
        raise NotYet
    _change(
        household,
        status=Household.Status.CLOSED,
        closed_on=timezone.localdate(),
        closure_reason=reason,
        paused_until=None,
        pause_reason="",
    )
    Review.objects.create(
        centre_id=household.centre_id,
        household=household,
        kind=Review.Kind.CLOSING,
        before=household.intensity,
        after=household.intensity,
        text=text,
        by=by,
    )
    _tell(household, "is afgerond.", by=by)


@transaction.atomic
def reopen(household, *, by):
    """They are back: the file goes on where it stopped."""
    _change(household, status=Household.Status.ACTIVE, closed_on=None, closure_reason="")
    _tell(household, "is heropend.", by=by)


def state_before(household):
    """The row of its history that an undo goes back to."""
    return household.events.filter(version=household.version - 1).latest("pgh_id").pgh_id


def _change(household, **values):
    for name, value in values.items():
        setattr(household, name, value)
    # A form counts the version on by itself: what is stored, is the one that counts. Its row is locked by now.
    stored = Household.objects.values_list("version", flat=True).get(pk=household.pk)
    household.version = stored + 1
    household.save(update_fields=[*values, "version"])


def _tell(household, what, *, by):
    people = [household.primary_worker, household.backup_worker]
    Notice.objects.tell(*people, text=f"{household.code} {what}", url=household.get_absolute_url(), by=by)


@undoable(STATE_CHANGED)
@transaction.atomic
def take_back_state(event_id, *, by):
    """The family as it was before one step, as long as that was the last one."""
    return "Ongedaan gemaakt." if _back_to(event_id, by=by) else TOO_LATE


@undoable(LEVEL_CHANGED)
@transaction.atomic
def take_back_level(event_id, *, by):
    household = _back_to(event_id, by=by)
    if household is None:
        return TOO_LATE
    household.reviews.filter(by=by).first().delete()
    return "Ongedaan gemaakt. Het ritme is weer zoals het was."


@undoable(CLOSED)
@transaction.atomic
def take_back_closing(event_id, *, by):
    household = _back_to(event_id, by=by)
    if household is None:
        return TOO_LATE
    household.reviews.filter(by=by, kind=Review.Kind.CLOSING).first().delete()
    return "Ongedaan gemaakt. Het gezin is niet afgerond."


def _back_to(event_id, *, by):
    """None for who lost the right meanwhile, and when something else happened since."""
    before = Household.pgh_event_model.objects.get(pgh_id=event_id)
    families = Household.objects.read_by(by).filter(centre__in=by.centres_where("families.change"))
    household = families.select_for_update(of=["self"]).filter(pk=before.pgh_obj_id).first()
    if household is None or household.version != before.version + 1:
        return None
    _change(household, **{name: getattr(before, name) for name in STATE})
    return household
