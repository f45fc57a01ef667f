"""Someone comes in who is not on the list: known already, or new."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from activities.actions import presence as actions
from activities.forms.presence import DropInForm, FindForm, TickForm
from activities.models import Attendance, Participant, Registration
from activities.roll import State
from activities.views.presence import CLOSED, NOT_UNDERSTOOD, moment_with_roll
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.trail.models import Access

AT_MOST = 8
SHORTEST = 2


def findable(user, session):
    """Of the centre, for who works with all of them; for who stands here, who was ever in this activity."""
    if user.may("participants.read", session.centre_id):
        return Participant.objects.filter(centre_id=session.centre_id)
    came = Attendance.objects.filter(session__series=session.series_id)
    enrolled = Registration.objects.filter(series=session.series_id)
    ids = came.values("participant").union(enrolled.values("participant"))
    return Participant.objects.filter(centre_id=session.centre_id, pk__in=ids)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("presence.tick")
def presence_find(request, code):
    """Search by name. By POST, as a name does not stand in an address."""
    session = moment_with_roll(request, code)
    find = FindForm(request.POST or None)
    words = find.cleaned_data["q"].strip() if request.method == "POST" and find.is_valid() else ""
    found = []
    if len(words) >= SHORTEST:
        found = list(findable(request.user, session).matching(words)[: AT_MOST + 1])
        Access.objects.record_shown(request, found[:AT_MOST], action=Access.Action.SEARCH, record_type="participant")
    form = DropInForm(initial={"first_name": words}, series=session.series)
    return _page(request, session, form, find=find, words=words, found=found[:AT_MOST], more=len(found) > AT_MOST)


def _page(request, session, form, *, find, **context):
    context |= {"session": session, "form": form, "find": find, "is_open": actions.is_open(session)}
    return render(request, "activities/presence_find.html", context)


@require_POST
@right_required("presence.tick")
def presence_known(request, code):
    """Someone we know drops in."""
    session = moment_with_roll(request, code)
    form = TickForm({"state": State.PRESENT, **request.POST.dict()})
    participant = None
    if form.is_valid():
        known = findable(request.user, session)
        participant = known.filter(code=form.cleaned_data["participant"]).first()
    if participant is None or not actions.is_open(session):
        messages.warning(request, CLOSED if participant else NOT_UNDERSTOOD)
    else:
        actions.tick(session, participant, State.PRESENT, by=request.user, number=form.cleaned_data["tick"])
        messages.success(request, "Staat erbij en is aangevinkt.")
    return redirect("activities:presence", code)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("presence.tick")
def presence_new(request, code):
    """Someone nobody knew yet."""
    session = moment_with_roll(request, code)
    if not actions.is_open(session):
        messages.warning(request, CLOSED)
        return redirect("activities:presence", code)
    form = DropInForm(request.POST or None, series=session.series)
    if request.method != "POST" or not form.is_valid():
        return _page(request, session, form, find=FindForm())
    fields = dict(form.cleaned_data)
    once = SavedOnce.objects.claim(fields.pop("token"), by=request.user)
    if not once.result:
        actions.drop_in(session, by=request.user, number=once.token, **fields)
        once.led_to(reverse("activities:presence", args=[code]))
        messages.success(request, "Staat erbij en is aangevinkt.")
    return redirect(once.result)
