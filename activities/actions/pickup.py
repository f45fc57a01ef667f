"""A child goes home: with someone who may fetch it, alone from its hour on, or because a responsible says so."""

from dataclasses import dataclass

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from activities.models import Attendance, Carer, CareSheet, Participant, PickupPerson
from buurtwerk.drafts.undo import undoable
from buurtwerk.interface.text import search_key

LEFT = "activities.let-go"


class AlreadyGone(Exception):
    """The child left before: the row says when and with whom."""

    def __init__(self, attendance):
        super().__init__("left before")
        self.attendance = attendance


@dataclass
class Blocked(Exception):
    """The child may not go this way now. `why` is a sentence; `call` is whom to phone, in order."""

    why: str
    call: list

    def __str__(self):
        return self.why


def why_not(participant, *, person=None, carer=None, alone=False, at=None):
    """Why the child may not go this way now, as a sentence; empty when it may."""
    if person and person.is_forbidden:
        return f"{participant.first_name} mag niet mee met {person.name}."
    if person and person.is_expired:
        return f"{person.name} mocht {participant.first_name} ophalen tot en met {person.valid_until:%d/%m/%Y}."
    who = person or carer
    if who and _is_forbidden_by_name(participant, who.name):
        return f"{participant.first_name} mag niet mee met {who.name}."
    if alone:
        return _why_not_alone(participant, at or timezone.now())
    if not who:
        return f"Deze persoon staat niet op de lijst van {participant.first_name}."
    return ""


def _is_forbidden_by_name(participant, name):
    """A zorgfiguur of whom a note says "niet meegeven" stays at the door, whatever else is written."""
    return any(words <= _words(name) for words in _forbidden_names(participant))


def _forbidden_names(participant):
    """Each as a set of words: a note about Karim holds for Karim Bakri."""
    names = PickupPerson.objects.filter(participant=participant, is_forbidden=True).values_list("name", flat=True)
    return [words for words in map(_words, names) if words]


def _words(name):
    return {search_key(word) for word in name.split()} - {""}


def _why_not_alone(participant, at):
    if participant.birth_year is not None and not participant.is_child:
        return ""
    sheet = CareSheet.objects.filter(participant=participant).first()
    if sheet is None or sheet.may_go_alone_from is None:
        return f"{participant.first_name} mag niet alleen naar huis."
    if timezone.localtime(at).time() < sheet.may_go_alone_from:
        return f"{participant.first_name} mag pas alleen naar huis vanaf {sheet.may_go_alone_from:%H.%M} uur."
    return ""


@transaction.atomic
def let_go(
    session, participant, *, by, tick, person=None, carer=None, alone=False, at=None, allowed_by=None, because=""
):
    """Write down that a child left, and with whom.

    Args:
        tick: the number of this press of the button; the same one twice leaves one row.
        person, carer, alone: who fetches it; none of them is someone who is not on the list.
        allowed_by, because: the responsible who let it go all the same, once the password was asked, and why.

    Raises `Blocked` with whom to phone, `AlreadyGone` when the child left before.
    """
    # One after the other: a second tap, or a colleague at the other door, reads what the first wrote.
    participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk, centre=session.centre_id)
    if earlier := Attendance.objects.filter(tick=tick).first():
        return earlier
    latest = Attendance.objects.filter(session=session, participant=participant).latest().first()
    if latest and latest.state == Attendance.State.LEFT:
        raise AlreadyGone(latest)
    at = at or timezone.now()
    why = why_not(participant, person=person, carer=carer, alone=alone, at=at)
    if why and not _allows(allowed_by, because, session):
        raise Blocked(why, whom_to_call(participant))
    return Attendance.objects.create(
        centre_id=session.centre_id,
        session=session,
        participant=participant,
        state=Attendance.State.LEFT,
        at=at,
        by=by,
        tick=tick,
        fetched_by=person,
        fetched_by_carer=carer,
        went_alone=alone,
        # Who was on the list needs nobody's word.
        allowed_by=allowed_by if why else None,
        allowed_because=because if why else "",
    )


def _allows(colleague, because, session):
    return colleague is not None and because.strip() and colleague.may("care.let_go", session.centre_id)


def whom_to_call(participant):
    """The noodcontacten first, in their order; nobody who may not have the child."""
    forbidden = _forbidden_names(participant)
    carers = Carer.objects.filter(participant=participant)
    return [carer for carer in carers if not any(words <= _words(carer.name) for words in forbidden)]


@undoable(LEFT)
def call_back(attendance_id, *, by):
    """Somebody pressed too soon: the child is here. The row that says it left, stays readable."""
    mine = Attendance.objects.visible_to(by).filter(by=by, state=Attendance.State.LEFT)
    left = get_object_or_404(mine.select_related("participant"), pk=attendance_id)
    Attendance.objects.create(
        centre_id=left.centre_id,
        session_id=left.session_id,
        participant=left.participant,
        state=Attendance.State.PRESENT,
        at=timezone.now(),
        by=by,
    )
    return f"{left.participant.short_name} staat weer als aanwezig."
