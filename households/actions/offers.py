"""Giving one follow-up or help request to a colleague. It stays where it is until the colleague takes it.

For whole families there is households/actions/handovers.py.
"""

from functools import wraps

from django.db import IntegrityError, transaction
from django.urls import reverse

from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.drafts.undo import undoable
from buurtwerk.notices.models import Notice
from households.forms.follow_ups import colleagues_for
from households.models import FollowUp, HelpRequest

OWNER = {FollowUp: "assigned_to", HelpRequest: "owner"}
WORD = {FollowUp: "opvolging", HelpRequest: "hulpvraag"}
UNDO = {FollowUp: "households.follow-up-offered", HelpRequest: "households.help-request-offered"}
LEFT = "Deze collega werkt hier niet meer. Kies iemand anders."
TOO_LATE_TO_UNDO = "Dat gaat niet meer: dit is intussen aangepast."


class NotPossible(Exception):
    """The colleague may not know of this family any more, or does not work here any more."""


def asks_someone(action):
    """The colleague who is asked may leave at this very moment: the database knows who came first."""

    @wraps(action)
    def guarded(*args, **kwargs):
        try:
            with transaction.atomic():
                return action(*args, **kwargs)
        except IntegrityError as refused:
            if refused.__cause__.diag.constraint_name != "asked_works_here":
                raise
            raise NotPossible from refused

    return guarded


@asks_someone
def keep_new(subject, *, by):
    """Save a new one. The colleague it was made for is asked first; until they accept, it stays with who made it."""
    chosen = subject.owner
    owner = _owner_until_accepted(subject.household, chosen, by)
    setattr(subject, OWNER[type(subject)], owner)
    subject.offered_to = chosen if chosen != owner else None
    subject.save()
    if owner != by:
        _tell(subject, owner, text=f"{by} noteerde {_named(subject)} die bij jou staat.", by=by)
    if subject.offered_to:
        _tell(subject, chosen, text=f"{by} vraagt of je {_named(subject)} overneemt.", by=by)


def _owner_until_accepted(household, chosen, by):
    """Who broke the glass of a restricted family cannot own what they will not see: then its vaste buurtwerker does."""
    possible = colleagues_for(household).filter(pk__in=[by.pk, household.primary_worker_id])
    known = {each.pk: each for each in possible}
    return known.get(by.pk) or known.get(household.primary_worker_id) or chosen


def sentence_about(subject, *, by):
    """What the maker hears of it after saving."""
    if subject.offered_to is None:
        return "" if subject.owner == by else f" Het staat bij {subject.owner}."
    whom = "jou" if subject.owner == by else str(subject.owner)
    return f" Aangeboden aan {subject.offered_to}: tot die ja zegt, blijft het bij {whom}."


@asks_someone
def offer(subject, *, to, by):
    """Ask a colleague to take it over. Who takes it over themselves, has accepted it by doing so."""
    if to == by:
        _move(subject, to=to)
        return
    if subject.offered_to and subject.offered_to != to:
        tell_it_is_withdrawn(subject, by=by)
    _change(subject, offered_to=to)
    _tell(subject, to, text=f"{by} vraagt of je {_named(subject)} overneemt.", by=by)
    if subject.owner != to:
        _tell(subject, subject.owner, text=f"{by} bood {_named(subject)} aan {to} aan.", by=by)


@transaction.atomic
def accept(subject, *, by):
    """From now on it is theirs."""
    if not colleagues_for(subject.household).filter(pk=by.pk).exists():
        raise NotPossible
    _move(subject, to=by)


@transaction.atomic
def refuse(subject, *, by):
    """It stays with who has it, and they know."""
    _change(subject, offered_to=None)
    _tell(subject, subject.owner, text=f"{by} neemt {_named(subject)} niet over.", by=by)


@transaction.atomic
def withdraw(subject, *, by):
    tell_it_is_withdrawn(subject, by=by)
    _change(subject, offered_to=None)


@transaction.atomic
def give_back(subject):
    """Who was asked does not work here any more: it stays with who has it, and they know, as does who asked."""
    text = f"{subject.offered_to} werkt hier niet meer: {_named(subject)} blijft bij {subject.owner}."
    told = {subject.owner, _who_offered(subject)} - {None, subject.offered_to}
    _change(subject, offered_to=None)
    for person in told:
        _tell(subject, person, text=text, by=None)


def _who_offered(subject):
    """Its history knows: the first of the last rows on which it was offered to this colleague."""
    first = None
    for event in subject.events.select_related("pgh_context").order_by("-pgh_id"):
        if event.offered_to_id != subject.offered_to_id:
            break
        first = event
    context = first and first.pgh_context
    return User.objects.filter(pk=context.metadata.get("user"), is_active=True).first() if context else None


def _move(subject, *, to):
    before = subject.owner
    _change(subject, **{OWNER[type(subject)]: to, "handed_over_by": before, "offered_to": None})
    _tell(subject, before, text=f"{to} nam {_named(subject)} over.", by=to)


def tell_it_is_withdrawn(subject, *, by):
    # What is no longer offered may be out of sight: the notice leads to the list.
    with asking_everything():
        Notice.objects.unseen().filter(to=subject.offered_to, url=subject.get_absolute_url()).delete()
    text = f"Je hoeft {_named(subject)} niet over te nemen."
    Notice.objects.tell(subject.offered_to, text=text, url=_list_of(subject), by=by)


def _tell(subject, person, *, text, by):
    sees_it = type(subject).objects.visible_to(person).filter(pk=subject.pk).exists()
    url = subject.get_absolute_url() if sees_it else _list_of(subject)
    Notice.objects.tell(person, text=text, url=url, by=by)


def _list_of(subject):
    name = "follow-up-list" if isinstance(subject, FollowUp) else "help-request-list"
    return reverse(f"households:{name}")


def _named(subject):
    return f"een {WORD[type(subject)]} ({subject.household.code})"


def _change(subject, **values):
    for name, value in values.items():
        setattr(subject, name, value)
    subject.version += 1
    subject.save(update_fields=[*values, "version"])


def _take_back(model, event_id, *, by):
    """The offer only: what was accepted, is theirs."""
    event = model.pgh_event_model.objects.get(pgh_id=event_id)
    subject = model.objects.visible_to(by).select_for_update(of=["self"]).filter(pk=event.pgh_obj_id).first()
    if subject is None or subject.version != event.version + 1 or subject.offered_to is None:
        return TOO_LATE_TO_UNDO
    withdraw(subject, by=by)
    return "Ongedaan gemaakt. Het aanbod is ingetrokken."


@undoable(UNDO[FollowUp])
@transaction.atomic
def take_back_follow_up(event_id, *, by):
    return _take_back(FollowUp, event_id, by=by)


@undoable(UNDO[HelpRequest])
@transaction.atomic
def take_back_help_request(event_id, *, by):
    return _take_back(HelpRequest, event_id, by=by)
