"""The list on paper, in the order of the screen, and what came back on it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from activities.actions import presence as actions
from activities.forms.presence import PaperForm
from activities.roll import mark, roll_of
from activities.views.presence import CLOSED, moment_with_roll, roll_page
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access

BLANK_LINES = range(6)


@require_safe
@right_required("presence.tick")
def presence_sheet(request, code):
    session = moment_with_roll(request, code)
    roll = mark(roll_of(session), request.user)
    blank = [len(roll.rows) + number for number in range(1, len(BLANK_LINES) + 1)]
    return roll_page(request, "presence_sheet", session, roll, action=Access.Action.PRINT, blank=blank)


@require_safe
@right_required("presence.tick")
def presence_here(request, code):
    """Who is here now: for the place where everyone gathers after an alarm."""
    session = moment_with_roll(request, code)
    roll = mark(roll_of(session), request.user)
    return roll_page(request, "presence_here", session, roll, action=Access.Action.PRINT, now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("presence.tick")
def presence_paper(request, code):
    session = moment_with_roll(request, code)
    roll = roll_of(session)
    if not actions.is_open(session):
        messages.warning(request, CLOSED)
        return redirect("activities:presence", code)
    form = PaperForm(request.POST or None, roll=roll)
    if request.method != "POST" or not form.is_valid():
        return roll_page(request, "presence_paper", session, roll, form=form)
    # What stands on paper happened then, and not at this desk.
    at = min(timezone.now(), session.ends_at)
    added = actions.tick_many(session, form.changes(), by=request.user, number=form.cleaned_data["token"], at=at)
    sentence = f"Bewaard: {roll_of(session).says}."
    if added:
        say_with_undo(request, sentence, name=actions.UNDO_TICKS, subject_id=added[0].pk)
    else:
        messages.success(request, sentence)
    return redirect("activities:presence-missing", code)
