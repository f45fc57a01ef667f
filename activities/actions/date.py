"""What people decide about one date of a series: skip it, add it, put it back."""

from django.db import transaction
from django.http import Http404
from django.template.defaultfilters import date as format_date

from activities.actions.series import exception_on, moment_on
from activities.generation import locked, replan, start_of
from activities.models import SeriesException
from activities.people import people_in
from buurtwerk.drafts.undo import undoable

UNDO_DATE = "activities.date"
Action = SeriesException.Action


class Undecidable(Exception):
    """Why nothing can be decided about this date, as a sentence."""


@transaction.atomic
def decide(series, day, *, action, reason="", by):
    """Keep what was decided and bring the moment in line. Returns what undo needs."""
    series = locked(series)
    _refuse_the_impossible(series, day, action)
    decision = exception_on(series, day) or SeriesException(series=series, original_start=start_of(series, day))
    decision.action, decision.reason, decision.by = action, reason, by
    decision.save()
    replan(series, days={day})
    return _latest(decision).pk


def _refuse_the_impossible(series, day, action):
    moment = moment_on(series, day)
    if moment and moment.is_cancelled:
        raise Undecidable("Dit moment is afgelast. Kies daar “Gaat toch door”.")
    if moment and not moment.follows_its_series:
        raise Undecidable("Dit moment is met de hand aangepast. Meld het zelf af of pas het aan.")
    if moment and action == Action.SKIP and people_in(series, [moment]):
        raise Undecidable("Er zijn al mensen bij dit moment. Kies daar “Gaat niet door”: dan weten zij het ook.")
    if moment and action == Action.ADD and moment.is_on:
        raise Undecidable("Op die dag is er al een moment.")


def _latest(decision):
    return SeriesException.pgh_event_model.objects.filter(pgh_obj_id=decision.pk).order_by("-pgh_id").first()


@undoable(UNDO_DATE)
def take_back_decision(event_id, *, by):
    mine = SeriesException.objects.filter(series__centre__in=by.centres_where("activities.change"))
    event = SeriesException.pgh_event_model.objects.filter(pk=event_id).first()
    decision = mine.select_related("series").filter(pk=event.pgh_obj_id).first() if event else None
    if decision is None:
        raise Http404
    series, day = locked(decision.series), decision.original_start.date()
    if _latest(decision).pk != event_id:
        return "Over die datum is intussen iets anders beslist. Er is niets veranderd."
    _put_back(decision, event)
    replanned = replan(series, days={day})
    if replanned.with_people:
        return "Er zijn intussen mensen bij dit moment: het blijft staan."
    return f"Teruggedraaid: {series} op {format_date(day, 'l j F')} is weer zoals daarvoor."


def _put_back(decision, event):
    """What was decided before, or nothing."""
    earlier = SeriesException.pgh_event_model.objects.filter(pgh_obj_id=decision.pk, pgh_id__lt=event.pk)
    before = earlier.order_by("-pgh_id").first()
    if before is None:
        decision.delete()
        return
    decision.action, decision.reason, decision.by_id = before.action, before.reason, before.by_id
    decision.save()
