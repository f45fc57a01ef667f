"""At the door: who fetches this child, and the cards of a group for who stands there."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_safe

from activities.actions.pickup import LEFT, AlreadyGone, Blocked, let_go, whom_to_call
from activities.forms.pickup import AllowForm, FetchForm
from activities.models import Attendance, Session
from activities.needs import in_the_group, may_open_group, may_read_care, record_needs, what_the_group_needs
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("presence.tick")
def pickup(request, code, participant_code):
    """Choose who fetches the child. Who may not, is stopped here, with whom to call and what a responsible can do."""
    session = _session(request, code)
    participant = get_object_or_404(in_the_group(session), code=participant_code)
    needs = what_the_group_needs(session, request.user, [participant])[participant.pk]
    page = {"session": session, "participant": participant, "needs": needs}
    if gone := _gone(session, participant):
        return render(request, "activities/pickup_gone.html", {**page, "attendance": gone})
    if request.method != "POST":
        record_needs(request, session, {participant.pk: needs}, action=Access.Action.VIEW)
        return render(request, "activities/pickup.html", {**page, "form": FetchForm(needs=needs)})
    is_allowing = "allowed_by" in request.POST
    form = _allow_form(request, session, needs, request.POST) if is_allowing else FetchForm(request.POST, needs=needs)
    if not form.is_valid():
        template = "pickup_blocked" if is_allowing else "pickup"
        blocked = Blocked("Het kind is nog niet weg.", whom_to_call(participant)) if is_allowing else None
        return render(request, f"activities/{template}.html", {**page, "form": form, "blocked": blocked})
    return _go(request, page, form, is_allowing)


def _go(request, page, form, is_allowing):
    session, participant = page["session"], page["participant"]
    cleaned = form.cleaned_data
    word = {"allowed_by": cleaned["allowed_by"], "because": cleaned["because"]} if is_allowing else {}
    try:
        attendance = let_go(session, participant, by=request.user, tick=cleaned["token"], **form.how, **word)
    except AlreadyGone as gone:
        return render(request, "activities/pickup_gone.html", {**page, "attendance": gone.attendance})
    except Blocked as blocked:
        start = {"who": cleaned["who"], "token": cleaned["token"]}
        form = _allow_form(request, session, page["needs"], initial=start)
        return render(request, "activities/pickup_blocked.html", {**page, "form": form, "blocked": blocked})
    say_with_undo(request, f"{participant.short_name} is naar huis.", name=LEFT, subject_id=attendance.pk)
    return redirect(_back(session))


def _allow_form(request, session, needs, data=None, **kwargs):
    return AllowForm(data, needs=needs, request=request, centre_id=session.centre_id, **kwargs)


def _gone(session, participant):
    latest = Attendance.objects.filter(session=session, participant=participant).latest()
    latest = latest.select_related("fetched_by", "fetched_by_carer", "by", "allowed_by").first()
    return latest if latest and latest.state == Attendance.State.LEFT else None


def _back(session):
    """To the roll-call."""
    try:
        return reverse("activities:presence", args=[session.code])
    except NoReverseMatch:
        return session.get_absolute_url()


@require_safe
@right_required("presence.tick")
def emergency_cards(request, code):
    """The cards of the whole group, to take along on an outing: for who reads care or stands there."""
    session = _session(request, code)
    if not may_read_care(session, request.user):
        raise Http404
    needs = what_the_group_needs(session, request.user)
    record_needs(request, session, needs, action=Access.Action.PRINT)
    return render(request, "activities/care_cards.html", {"needs": list(needs.values()), "session": session})


def _session(request, code):
    """404 for who has no business with this group: a monitor only where posted, around its hours."""
    sessions = Session.objects.visible_to(request.user).select_related("series", "centre")
    session = get_object_or_404(sessions, code=code)
    if not may_open_group(session, request.user):
        raise Http404
    return session
