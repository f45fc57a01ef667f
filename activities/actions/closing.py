"""The end of a moment: by the clock it was held, and a colleague closes it once we know who was there."""

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from activities.actions.session import locked
from activities.models import Attendance, HeadCount, Participant, Registration, Session
from activities.models.participant import ADULT_AT
from buurtwerk.daily.work import every_day

# So many rows in one statement: it stays short, also the first time.
AT_ONCE = 1000


@every_day("Momenten die begonnen of voorbij zijn")
def follow_the_clock():
    """Write down what the screens already say: what began is running, what ended was held."""
    now = timezone.now()
    ended = Q(status__in=[Session.Status.PLANNED, Session.Status.RUNNING], ends_at__lte=now)
    begun = Q(status=Session.Status.PLANNED, starts_at__lte=now, ends_at__gt=now)
    return _set(ended, Session.Status.HELD) + _set(begun, Session.Status.RUNNING)


def _set(which, status):
    count = 0
    while ids := list(Session.objects.filter(which).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        # The condition again: a colleague may cancel one of these at this very instant.
        changed = Session.objects.filter(which, pk__in=ids).update(status=status)
        count += changed
        if not changed:
            break
    return count


def still_missing(session):
    """What we must know before a moment is closed, in sentences."""
    latest = list(Attendance.objects.filter(session=session, participant__isnull=False).latest())
    latest = [row for row in latest if row.state != Attendance.State.CLEARED]
    known = {row.participant_id for row in latest}
    confirmed = Registration.objects.for_moment(session).filter(status=Registration.Status.CONFIRMED)
    unknown = confirmed.exclude(participant__in=known).exclude(participant=None)
    unknown = unknown.aggregate(number=Count("participant", distinct=True))["number"]
    if unknown:
        yield f"Van {_people(unknown)} weten we nog niet of ze er {'was' if unknown == 1 else 'waren'}."
    if not known and not unknown and not HeadCount.objects.filter(session=session).exists():
        yield "Er is nog geen aanwezigheid en geen telling genoteerd."
    if here := _children_still_here(latest):
        kinderen = "1 kind staat" if here == 1 else f"{here} kinderen staan"
        yield f"{kinderen} nog als aanwezig: noteer wie ze ophaalde."


def _people(number):
    return "1 ingeschreven deelnemer" if number == 1 else f"{number} ingeschreven deelnemers"


def _children_still_here(latest):
    present = [row.participant_id for row in latest if row.state == Attendance.State.PRESENT]
    children = Participant.objects.filter(pk__in=present, birth_year__gte=timezone.localdate().year - ADULT_AT)
    return children.count() if present else 0


@transaction.atomic
def close(session):
    """Returns what is still missing; an empty list once it is closed; None when it cannot be closed (any more)."""
    session = locked(session.pk)
    if not session.may_be_closed:
        return None
    missing = list(still_missing(session))
    if not missing:
        session.change_status(Session.Status.CLOSED)
    return missing


@transaction.atomic
def open_again(session):
    """What was closed may be corrected. Returns whether that was news."""
    session = locked(session.pk)
    if not session.may_be_opened_again:
        return False
    session.change_status(Session.Status.HELD)
    return True
