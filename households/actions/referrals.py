"""What happens with referrals. Every move of a referral is made here, and nowhere else."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from buurtwerk.accounts.models import SecureLink
from buurtwerk.drafts.undo import undoable
from buurtwerk.notices.models import Notice
from buurtwerk.themes import Theme
from households.models import FollowUp, Person, Referral, ReferralMove

CHECK_BACK_AFTER = timedelta(days=5)
LINK = "referral"
UNDO_SENT = "households.referral-sent"
UNDO_ANSWER = "households.referral-answered"

Status = Referral.Status

# What may follow on what. A resident may take consent back from every state in which something is still shared.
MOVES = {
    Status.DRAFT: [Status.SENT, Status.CANCELLED],
    Status.SENT: [
        Status.ACCEPTED,
        Status.WAITLISTED,
        Status.NEEDS_INFO,
        # What an organisation may tell at once by its link.
        Status.ARRIVED,
        Status.NO_SHOW,
        Status.DECLINED,
        Status.EXPIRED,
        Status.WITHDRAWN,
        Status.CANCELLED,
    ],
    Status.NEEDS_INFO: [Status.SENT, Status.WITHDRAWN, Status.CANCELLED],
    Status.WAITLISTED: [Status.ACCEPTED, Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN],
    Status.ACCEPTED: [Status.SCHEDULED, Status.ARRIVED, Status.CLOSED, Status.WITHDRAWN],
    Status.SCHEDULED: [Status.ARRIVED, Status.NO_SHOW, Status.WITHDRAWN, Status.CANCELLED],
    Status.NO_SHOW: [Status.SCHEDULED, Status.CLOSED, Status.WITHDRAWN],
    Status.ARRIVED: [Status.CLOSED, Status.WITHDRAWN],
    Status.EXPIRED: [Status.CLOSED, Status.WITHDRAWN],
    Status.DECLINED: [],
    Status.WITHDRAWN: [],
    Status.CANCELLED: [],
    Status.CLOSED: [],
}

# No referral out of sight: each place where it can stand asks for something, after some days.
NEXT_STEPS = {
    Status.SENT: ("Navragen bij {}: hoe ging het?", CHECK_BACK_AFTER.days),
    Status.NEEDS_INFO: ("{} vraagt meer info: vul aan met het gezin", 1),
    Status.WAITLISTED: ("Navragen bij {}: is er al plaats?", 30),
    Status.ACCEPTED: ("Navragen bij {}: is er al een afspraak?", 14),
    Status.SCHEDULED: ("Hoor hoe de eerste afspraak bij {} ging", 14),
    Status.NO_SHOW: ("Niet opgedaagd bij {}: hoor wat er misliep", 1),
    Status.ARRIVED: ("Hoor hoe het loopt bij {}", 28),
    Status.DECLINED: ("{} kan niet helpen: zoek een andere weg", 1),
    Status.EXPIRED: ("Geen antwoord van {}: zoek een andere weg", 1),
    Status.WITHDRAWN: ("Laat {} weten dat de toestemming ingetrokken is", 0),
}


# What an organisation can tell with one press, and where that brings the referral.
BY_LINK = {
    "arrived": (Status.ARRIVED, "Aangekomen"),
    "waitlist": (Status.WAITLISTED, "Op de wachtlijst"),
    "not_arrived": (Status.NO_SHOW, "Niet gekomen"),
    "call_me": (Status.NEEDS_INFO, "Bel mij"),
}


class NotPossible(Exception):
    """This referral cannot make this move from where it stands now."""


def possible_moves(referral):
    """The moves that can be noted; taking consent back has a button of its own."""
    return [status for status in MOVES[referral.status] if status != Status.WITHDRAWN]


def may_withdraw(referral):
    return Status.WITHDRAWN in MOVES[referral.status]


def shareable(*, household, person, theme, need):
    """What each item would say about this person; an empty text where we do not know it."""
    Shared = Referral.Shared
    return {
        Shared.FIRST_NAME: person.first_name,
        Shared.LAST_NAME: person.last_name,
        Shared.PHONE: person.phone,
        Shared.EMAIL: person.email,
        Shared.ADDRESS: household.address,
        Shared.LANGUAGE: _language_of(person),
        Shared.FAMILY: "; ".join(
            filter(None, map(_role_and_age, household.members.current().select_related("person")))
        ),
        Shared.NEED: f"{need.strip()} ({Theme(theme).label})" if need.strip() else "",
    }


def text_that_leaves(known, *, organisation, centre, by):
    """The exact text for the organisation: what was ticked and known, and nothing else."""
    head = [f"Aan: {organisation}", f"Van: {by.get_full_name() or by}, {centre}", ""]
    return "\n".join([*head, *(f"{Referral.Shared(item).label}: {says}" for item, says in known.items())])


@transaction.atomic
def send(referral, *, consent, by):
    """Let a referral leave with this consent, to exactly the text that it carries.

    `consent` is None in an emergency: then the referral itself says on what ground.
    """
    referral.household = referral.household.held()
    referral.centre, referral.made_by = referral.household.centre, by
    if consent:
        consent.centre, consent.household = referral.centre, referral.household
        consent.text, consent.noted_by = referral.shared_text, by
        consent.save()
    now = timezone.now()
    referral.consent = consent
    referral.sent_at = now
    referral.feedback_due_on = timezone.localdate(now) + CHECK_BACK_AFTER
    referral.status = Status.SENT
    referral.check_back = _plan_next_step(referral, by=by)
    referral.save()
    _write_move(referral, Status.DRAFT, by=by)
    return referral


@transaction.atomic
def note_answer(referral, *, status, by, why="", decline_reason="", outcome=""):
    """Note what the organisation said, or how it went. Returns the move."""
    referral = _locked(referral)
    if status not in possible_moves(referral):
        raise NotPossible
    referral.decline_reason = decline_reason if status == Status.DECLINED else ""
    referral.outcome = outcome if status == Status.CLOSED else ""
    if status == Status.CANCELLED:
        _stop_sharing(referral)
    return _move(referral, status, by=by, why=why)


@transaction.atomic
def withdraw(referral, *, by, why=""):
    """The resident takes consent back: nothing stays shared, and the organisation has to hear it."""
    referral = _locked(referral)
    if not may_withdraw(referral):
        raise NotPossible
    _stop_sharing(referral, withdrawn_at=timezone.now())
    return _move(referral, Status.WITHDRAWN, by=by, why=why)


@transaction.atomic
def give_link(referral):
    """A link of fourteen days for the organisation; the one before dies. Returns its token, which is kept nowhere."""
    referral = _locked(referral)
    if not can_be_answered_by_link(referral):
        raise NotPossible
    SecureLink.objects.revoke(purpose=LINK, subject_id=referral.pk)
    return SecureLink.objects.give_out(purpose=LINK, subject_id=referral.pk)


def can_be_answered_by_link(referral):
    moves = MOVES[referral.status]
    return any(status in moves for status, _ in BY_LINK.values())


def of_link(token):
    """The referral that a living link is about, or None: no hint why."""
    link = SecureLink.objects.open(token, purpose=LINK)
    referral = link and Referral.objects.select_related("organisation", "centre").filter(pk=link.subject_id).first()
    return referral if referral and can_be_answered_by_link(referral) else None


def answers_by_link(referral):
    """Pairs of code and words of what the organisation can tell now."""
    return [(code, words) for code, (status, words) in BY_LINK.items() if status in MOVES[referral.status]]


@transaction.atomic
def answer_by_link(token, *, answer):
    """The organisation tells how it stands: once, for exactly one of those who press. Returns the move."""
    link = SecureLink.objects.use(token, purpose=LINK)
    if link is None:
        raise NotPossible
    referral = _locked(Referral(pk=link.subject_id))
    status, _ = BY_LINK[answer]
    if status not in MOVES[referral.status]:
        raise NotPossible
    referral.decline_reason = referral.outcome = ""
    move = _move(referral, status, by=None, why="Antwoord van de organisatie, met de link")
    Notice.objects.tell(
        referral.made_by,
        text=f"{referral.organisation} antwoordde op je doorverwijzing: {status.label.lower()}.",
        url=referral.get_absolute_url(),
    )
    return move


@undoable(UNDO_SENT)
@transaction.atomic
def take_back_sent(referral_id, *, by):
    referral = _locked_or_none(referral_id, by=by)
    if referral is None or referral.status != Status.SENT:
        return "Dit kan niet meer ongedaan: er gebeurde intussen al iets met deze doorverwijzing."
    _stop_sharing(referral)
    _move(referral, Status.CANCELLED, by=by, why="Meteen ongedaan gemaakt")
    return "De doorverwijzing is geannuleerd. De tekst is gewist. Gaf je ze al door? Laat het dan ook weten."


@undoable(UNDO_ANSWER)
@transaction.atomic
def take_back_answer(move_id, *, by):
    """Back to where it stood, as long as nothing else happened since."""
    move = ReferralMove.objects.get(pk=move_id)
    referral = _locked_or_none(move.referral_id, by=by)
    if referral is None or referral.moves.first() != move or move.to_status == Status.CANCELLED:
        return "Dit kan niet meer ongedaan: er gebeurde intussen al iets met deze doorverwijzing."
    referral.decline_reason = referral.outcome = ""
    _move(referral, move.from_status, by=by, why="Ongedaan gemaakt")
    return "Dat is ongedaan gemaakt. De doorverwijzing staat weer zoals ze stond."


def _locked(referral):
    # The family first, as who merges does: what we plan next, stands in the file that is left.
    Referral.objects.select_related("household").get(pk=referral.pk).household.held()
    # Whatever the page showed: what counts is where the referral stands once nobody else can move it.
    return Referral.objects.select_for_update(of=["self"]).select_related("organisation", "made_by").get(pk=referral.pk)


def _locked_or_none(referral_id, *, by):
    """For a way back: whoever lost their rights meanwhile takes nothing back."""
    found = Referral.objects.visible_to(by).filter(pk=referral_id).first()
    return found and _locked(found)


def _move(referral, status, *, by, why=""):
    before, referral.status = referral.status, status
    _finish_step(referral, by=by)
    referral.check_back = _plan_next_step(referral, by=by)
    referral.version += 1
    referral.save()
    return _write_move(referral, before, by=by, why=why)


def _write_move(referral, before, *, by, why=""):
    return ReferralMove.objects.create(
        centre_id=referral.centre_id,
        referral=referral,
        from_status=before,
        to_status=referral.status,
        by=by,
        why=why,
    )


def _stop_sharing(referral, *, withdrawn_at=None):
    """Wipe the text where we keep it, and let every link to it die."""
    referral.shared_text = ""
    if referral.consent:
        referral.consent.text = ""
        referral.consent.withdrawn_at = withdrawn_at
        referral.consent.save()
    SecureLink.objects.revoke(purpose=LINK, subject_id=referral.pk)


def _plan_next_step(referral, *, by):
    """What whoever made the referral has to do now; nothing once it has ended."""
    if referral.status not in NEXT_STEPS:
        return None
    what, days = NEXT_STEPS[referral.status]
    # Nobody chose a colleague here: it is the work of who made the referral, and asking them first would let it drift.
    return FollowUp.objects.create(
        centre_id=referral.centre_id,
        household_id=referral.household_id,
        what=what.format(referral.organisation),
        due_on=timezone.localdate() + timedelta(days=days),
        assigned_to=referral.made_by if referral.made_by.is_active or by is None else by,
        created_by=by or referral.made_by,
    )


def _finish_step(referral, *, by):
    """What we had to do for where it stood: done now that it moved on, no longer needed when it was taken back."""
    step = FollowUp.objects.open().select_for_update().filter(pk=referral.check_back_id).first()
    if step:
        taken_back = referral.status in (Status.WITHDRAWN, Status.CANCELLED)
        step.status = FollowUp.Status.DROPPED if taken_back else FollowUp.Status.DONE
        step.closed_at, step.closed_by = timezone.now(), by or referral.made_by
        step.waiting_on = ""
        step.version += 1
        step.save()


def _language_of(person):
    parts = [person.get_preferred_language_display() or ""]
    if person.interpreter != Person.Interpreter.NO:
        parts.append(f"tolk: {person.get_interpreter_display().lower()}")
    return ", ".join(filter(None, parts))


def _role_and_age(member):
    return ", ".join(filter(None, [member.get_role_display(), member.person.age_band]))
