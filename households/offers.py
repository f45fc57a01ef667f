"""What colleagues ask someone to take over, of either kind, as one list."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Value
from django.urls import reverse
from django.utils.text import Truncator

from households.models import FollowUp, HelpRequest
from households.story import name_of


@dataclass(frozen=True)
class Offer:
    kind: str
    pk: int
    version: int
    what: str
    on: date
    household: str
    owner: str

    @property
    def url(self):
        return reverse(f"households:{self.kind}-detail", args=[self.pk])

    @property
    def word(self):
        return "Opvolging" if self.kind == "follow-up" else "Hulpvraag"

    @property
    def short(self):
        return Truncator(self.what).chars(90)

    @property
    def label(self):
        """After a button that says the same on every line."""
        return f": {self.short}"


def to(user, limit):
    """At most so many, what comes first on top, in one query for both kinds."""
    follow_ups = _told(FollowUp, user, kind="follow-up", what="what", on="due_on", owner="assigned_to")
    asked = _told(HelpRequest, user, kind="help-request", what="words", on="next_on", owner="owner")
    return [Offer(*row) for row in follow_ups.union(asked, all=True).order_by("told_on", "pk")[:limit]]


def _told(model, user, *, kind, what, on, owner):
    found = model.objects.offered_to(user).order_by()
    found = found.annotate(kind=Value(kind), told_what=F(what), told_on=F(on), told_owner=name_of(owner))
    return found.values_list("kind", "pk", "version", "told_what", "told_on", "household__nickname", "told_owner")
