from itertools import count

from django.urls import reverse

from buurtwerk.accounts.models import Role
from signals import actions
from signals.codes import Resolution, Status
from signals.models import Signal, SignalContact
from tests.factories import make_centre, make_user

_number = count(1)

# How to bring a fresh signal into each status, by moves that the table allows.
WAYS = {
    Status.NEW: [],
    Status.TRIAGED: [Status.TRIAGED],
    Status.ASSIGNED: [Status.TRIAGED, Status.ASSIGNED],
    Status.WAITING: [Status.TRIAGED, Status.WAITING],
    Status.CLOSED: [Status.TRIAGED, Status.CLOSED],
    Status.REOPENED: [Status.TRIAGED, Status.CLOSED, Status.REOPENED],
    Status.SPAM: [Status.SPAM],
    Status.ERASED: [Status.ERASED],
}


def weighed(**changes):
    """What someone decides when weighing a signal."""
    decided = {
        "summary": "Er is geen licht op het pad.",
        "theme": "public_space_safety",
        "neighbourhood": None,
        "urgency": "normal",
        "extra_themes": [],
    }
    return {**decided, **changes}


def move(signal, status, *, by, seen=None):
    """The move to this status by its own function; `seen` stands for an old screen."""
    given = {"by": by, "seen": signal.version if seen is None else seen}
    match status:
        case Status.TRIAGED:
            return actions.triage(signal, **weighed(), **given)
        case Status.ASSIGNED:
            return actions.assign(signal, to=by, **given)
        case Status.WAITING:
            return actions.wait(signal, on="de dienst openbare ruimte", **given)
        case Status.CLOSED:
            return actions.close(signal, resolution=Resolution.HELPED, why="", **given)
        case Status.REOPENED:
            return actions.reopen(signal, why="Het is er opnieuw.", **given)
        case Status.SPAM:
            return actions.mark_as_spam(signal, **given)
        case Status.NEW:
            return actions.not_spam(signal, **given)
        case Status.ERASED:
            return actions.erase(signal, **given)


def make_signal(status=Status.NEW, *, by=None, centre=None, contact=None, **fields):
    """A signal that came to this status by the ordinary way."""
    centre = centre or (by.membership_set.first().centre if by else make_centre())
    by = by or make_user(Role.COORDINATOR, centre=centre)
    fields = {
        "channel": "street",
        "body": f"Het pad naar de bushalte is donker, verhaal {next(_number)}.",
        "theme": "public_space_safety",
        **fields,
    }
    contact = SignalContact(**contact) if contact else None
    signal = actions.log(Signal(centre=centre, **fields), by=by, contact=contact)
    for step in WAYS[status]:
        move(signal, step, by=by)
        signal.refresh_from_db()
    return signal


def address(name, signal):
    return reverse(f"signals:{name}", args=[signal.reference])


def fill_in(client, **changes):
    """What a browser sends for a new signal: the fields as the page gave them, and what someone typed."""
    form = client.get(reverse("signals:new")).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {**sent, "theme": "childcare", "body": "Ik vind geen opvang voor zeven uur.", **changes}
    return {name: value for name, value in sent.items() if value not in (None, False)}
