"""Ticking who is there. Rows are only added: what happened last holds, whatever comes in last."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from activities.actions.pickup import let_go
from activities.models import Attendance, Carer, HeadCount, Participant, Session
from activities.models.presence import OPEN_AROUND, may_open_roll
from activities.roll import State, is_for_adults, roll_of
from buurtwerk.drafts.undo import undoable

UNDO_TICKS = "activities.ticks"


def is_open(session, state=State.PRESENT):
    """Whether this may be noted now: who is there from twelve hours before, who is excused long before."""
    begins = session.starts_at - OPEN_AROUND
    return session.takes_presence and (state in (State.EXCUSED, State.ABSENT) or timezone.now() >= begins)


def tick(session, participant, state, *, by, number=None, ago=timedelta(), **left):
    """Note what happened `ago`. The same number a second time adds nothing."""
    row = Attendance(
        centre_id=session.centre_id,
        session=session,
        participant=participant,
        state=state,
        at=timezone.now() - ago,
        by=by,
        tick=number or uuid.uuid4(),
        **left,
    )
    Attendance.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def tick_many(session, wanted, *, by, number=None, at=None):
    """Note several at once: pairs of row and state. What is so already is left alone.

    Args:
        number: of the form that was sent: each row gets a number that follows from it.
        at: when it happened; never before what is known of someone, as whoever fills this in knows that.

    Returns the rows that were added.
    """
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=session.pk)
    known = {row.code: row for row in roll_of(session).rows}
    wanted = [(known.get(row.code, row), state) for row, state in wanted]
    now = timezone.now()
    added = [
        Attendance(
            centre_id=session.centre_id,
            session=session,
            participant=row.participant,
            state=state,
            at=max(filter(None, [at or now, row.latest and row.latest.at])),
            noted_at=now,
            by=by,
            tick=uuid.uuid5(number, row.code) if number else uuid.uuid4(),
        )
        for row, state in wanted
        if _is_news(row, state)
    ]
    # What was sent twice was counted by the first: its numbers are known.
    Attendance.objects.bulk_create(added, ignore_conflicts=True)
    return list(Attendance.objects.filter(session=session, by=by, noted_at=now).order_by("pk")) if added else []


def _is_news(row, state):
    if state == State.CLEARED:
        return not row.is_open
    return row.state != state


def fill_in(session, *, by):
    """Everyone who is expected and of whom nobody said anything, is there."""
    return tick_many(session, [(row, State.PRESENT) for row in roll_of(session).to_fill_in], by=by)


@undoable(UNDO_TICKS)
@transaction.atomic
def take_back_ticks(first_id, *, by):
    """What one tap noted for several, goes back to what it was; what someone noted after it, stays."""
    first = get_object_or_404(Attendance.objects.select_related("session"), pk=first_id, by=by)
    session = first.session
    if not may_open_roll(by, session) or not session.takes_presence:
        return "Dit kan niet meer ongedaan: de lijst is dicht."
    batch = set(Attendance.objects.filter(session=session, by=by, noted_at=first.noted_at).values_list("pk", flat=True))
    rows = [row for row in roll_of(session).rows if row.latest and row.latest.pk in batch]
    before = {
        one.participant_id: one.state
        for one in Attendance.objects.filter(session=session).exclude(pk__in=batch).latest()
    }
    Attendance.objects.bulk_create(
        Attendance(
            centre_id=session.centre_id,
            session=session,
            participant=row.participant,
            state=before.get(row.participant.pk, State.CLEARED),
            at=row.latest.at,
            by=by,
        )
        for row in rows
    )
    return "Teruggedraaid: de vinkjes van daarnet zijn weg." if rows else "Er was niets meer om terug te draaien."


def go_home(session, row, *, by, number=None):
    """Who needs nobody, goes: a child only as `let_go` allows it."""
    number = number or uuid.uuid4()
    if not row.participant.is_child and is_for_adults(session.series):
        tick(session, row.participant, State.LEFT, by=by, number=number, went_alone=True)
    else:
        let_go(session, row.participant, by=by, tick=number, alone=True)


@transaction.atomic
def drop_in(session, *, by, number, first_name, last_name="", birth_year=None, carer="", phone=""):
    """Someone nobody knew yet comes in, and is there."""
    participant = Participant.objects.create(
        centre_id=session.centre_id, first_name=first_name, last_name=last_name, birth_year=birth_year
    )
    if phone:
        Carer.objects.create(
            centre_id=session.centre_id, participant=participant, name=carer or "Ouder of zorgfiguur", phone=phone
        )
    tick(session, participant, State.PRESENT, by=by, number=number)
    return participant


def count_heads(session, count, *, number, by):
    """Add a count without names. The same form a second time adds nothing."""
    count.session, count.centre_id, count.by, count.tick = session, session.centre_id, by, number
    HeadCount.objects.bulk_create([count], ignore_conflicts=True)
