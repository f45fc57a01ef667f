"""Closing days of a centre, and what they do to the moments on them."""

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from activities.generation import Facts, replan
from activities.models import ActivitySeries, Session
from buurtwerk.drafts.undo import undoable
from buurtwerk.places.models import Closure

UNDO_CLOSURE = "activities.closure"


@transaction.atomic
def close_days(closure):
    """Returns how many moments are skipped now. Those with people in them stay: someone must tell these people."""
    closure.save()
    return _follow(closure.centre)[0]


@transaction.atomic
def open_days(closure):
    """Take a closing away. Returns how many moments are back."""
    centre = closure.centre
    closure.delete()
    return _follow(centre)[1]


@transaction.atomic
def close_on_flemish_day(centre, *, is_closed):
    centre.is_closed_on_flemish_day = is_closed
    centre.save(update_fields=["is_closed_on_flemish_day"])
    return _follow(centre)


@undoable(UNDO_CLOSURE)
def take_back_closure(closure_id, *, by):
    mine = Closure.objects.filter(centre__in=by.centres_where("activities.settle")).select_related("centre")
    closure = mine.filter(pk=closure_id).first()
    if closure is None:
        raise Http404
    open_days(closure)
    return f"Teruggedraaid: “{closure.reason}” staat niet meer bij de sluitingsdagen."


def _follow(centre):
    """How many moments are skipped and how many came back or changed."""
    facts, skipped, back = Facts(), 0, 0
    for series in ActivitySeries.objects.filter(centre=centre).exclude(until__lt=timezone.localdate()).order_by("pk"):
        replanned = replan(series, rule_counts=False, facts=facts)
        skipped, back = skipped + replanned.skipped, back + replanned.changed + replanned.added
    return skipped, back


def still_on(closures):
    """The coming moments that are still on while their centre is closed, by the id of the closing."""
    centres = {closure.centre_id for closure in closures}
    if not closures:
        return {}
    sessions = list(
        Session.objects.planned()
        .filter(centre__in=centres)
        .between(min(one.first_day for one in closures), max(one.last_day for one in closures))
        .select_related("series")
        .order_by("starts_at", "pk")
    )
    return {
        closure.pk: [
            one
            for one in sessions
            if one.centre_id == closure.centre_id
            and closure.first_day <= timezone.localdate(one.starts_at) <= closure.last_day
        ]
        for closure in closures
    }
