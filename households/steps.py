"""What happened to a follow-up, in sentences, read from its history."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from buurtwerk.accounts.models import User
from buurtwerk.interface.templatetags.look import day as in_words
from households.models import FollowUp


@dataclass(frozen=True)
class Step:
    at: datetime
    by: str
    title: str


def of(follow_up):
    """Newest first. Two queries, whatever happened."""
    events = list(follow_up.events.select_related("pgh_context").order_by("pgh_id"))
    names = _names_of(events)
    steps = [_step(events[0], "Afgesproken", names)] if events else []
    steps += [_step(after, _what_changed(before, after, names), names) for before, after in pairwise(events)]
    return steps[::-1]


def _step(event, title, names):
    return Step(event.pgh_created_at, names.get(_asker(event), ""), title)


def _asker(event):
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _names_of(events):
    people = {_asker(event) for event in events} | {event.assigned_to_id for event in events}
    people |= {event.offered_to_id for event in events}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=people - {None})}


def _what_changed(before, after, names):
    if before.assigned_to_id != after.assigned_to_id:
        return f"Doorgegeven aan {names.get(after.assigned_to_id, 'een collega')}"
    if after.offered_to_id and before.offered_to_id != after.offered_to_id:
        return f"Aangeboden aan {names.get(after.offered_to_id, 'een collega')}"
    if before.due_on != after.due_on:
        return f"Verzet naar {in_words(after.due_on)}"
    if before.status != after.status or before.waiting_on != after.waiting_on:
        return _moved_to(after)
    if before.offered_to_id and not after.offered_to_id:
        return "Niet overgenomen" if _asker(after) == before.offered_to_id else "Aanbod ingetrokken"
    return "Aangepast"


def _moved_to(event):
    if event.status == FollowUp.Status.WAITING:
        return f"Wacht op {event.waiting_on}"
    return FollowUp.Status(event.status).label
