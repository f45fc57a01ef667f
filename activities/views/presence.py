"""The roll-call: one list on the screen, ticked by several people at once, with or without scripts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.actions import presence as actions
from activities.actions.pickup import AlreadyGone, Blocked
from activities.forms.presence import RollForm, TickForm
from activities.models import Session
from activities.models.presence import may_open_roll
from activities.roll import State, goes_alone, mark, roll_of
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access

CLOSED = "De lijst van dit moment is dicht. Er is niets veranderd."
NOT_UNDERSTOOD = "Dit vinkje is niet bewaard. Probeer opnieuw."


def moment_with_roll(request, code):
    """The moment, for who may open its list: 404 without the moment, 403 for who does not stand there now."""
    visible = Session.objects.visible_to(request.user).select_related("series", "centre")
    session = get_object_or_404(visible, code=code)
    if not may_open_roll(request.user, session):
        raise PermissionDenied
    return session


def roll_page(request, name, session, roll, *, action=Access.Action.LIST, **context):
    """A page with names, and that it was seen."""
    sees_care = any(row.needs and row.needs.sees_care for row in roll.rows)
    Access.objects.record(
        request,
        action=action,
        record_type="care_sheet" if sees_care else "participant",
        ids=roll.participant_ids,
        centre_id=session.centre_id,
    )
    context |= {"session": session, "series": session.series, "roll": roll, "is_open": actions.is_open(session)}
    return render(request, f"activities/{name}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("presence.tick")
def presence(request, code):
    session = moment_with_roll(request, code)
    roll = roll_of(session)
    form = RollForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _save_roll(request, session, roll, form)
    return roll_page(request, "presence", session, mark(roll, request.user), form=form)


def _save_roll(request, session, roll, form):
    if not actions.is_open(session):
        messages.warning(request, CLOSED)
        return redirect(session)
    changes = list(form.changes(roll, set(request.POST.getlist("here"))))
    actions.tick_many(session, changes, by=request.user, number=form.cleaned_data["token"])
    messages.success(request, f"Bewaard: {roll_of(session).says}.")
    return redirect(session)


@require_POST
@right_required("presence.tick")
def presence_tick(request, code):
    """One tap. A phone asks for how things stand now; without scripts, back to the list it came from."""
    session = moment_with_roll(request, code)
    form = TickForm(request.POST)
    row = roll_of(session).find(form.data.get("participant", "")) if form.is_valid() else None
    if row is None:
        return _refused(request, session, NOT_UNDERSTOOD)
    state = form.cleaned_data["state"]
    # A child goes home along its own page, where who fetches it is checked.
    if state == State.LEFT or not actions.is_open(session, state):
        return _refused(request, session, CLOSED if state != State.LEFT else NOT_UNDERSTOOD)
    actions.tick(
        session, row.participant, state, by=request.user, number=form.cleaned_data["tick"], ago=form.since_then
    )
    return _stand(request, session) if request.htmx else redirect(_list_of(request, session))


def _refused(request, session, sentence):
    if request.htmx:
        # The tap stays visible as not saved.
        return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
    messages.warning(request, sentence)
    return redirect(_list_of(request, session))


def _list_of(request, session):
    is_missing = request.POST.get("van") == "niet-gekomen"
    return reverse("activities:presence-missing" if is_missing else "activities:presence", args=[session.code])


@require_safe
@right_required("presence.tick")
def presence_stand(request, code):
    """How things stand now: what colleagues ticked meanwhile. No names."""
    return _stand(request, moment_with_roll(request, code))


def _stand(request, session):
    return render(request, "activities/_stand.html", {"roll": roll_of(session)})


@require_POST
@right_required("presence.tick")
def presence_everyone(request, code):
    session = moment_with_roll(request, code)
    if not actions.is_open(session):
        messages.warning(request, CLOSED)
    elif added := actions.fill_in(session, by=request.user):
        say_with_undo(
            request,
            f"{len(added)} aangevinkt. Wie er niet is, vink je weer uit.",
            name=actions.UNDO_TICKS,
            subject_id=added[0].pk,
        )
    else:
        messages.info(request, "Er was niemand meer om aan te vinken.")
    return redirect("activities:presence", code)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("presence.tick")
def presence_home(request, code):
    """Who is still here, and goes home."""
    session = moment_with_roll(request, code)
    roll = roll_of(session)
    if request.method == "POST":
        return _leave(request, session, roll)
    mark(roll, request.user, roll.here)
    here = [
        {
            "row": row,
            "alone": goes_alone(row, session.series),
            "fetch": f"{session.get_absolute_url()}ophalen/{row.code}/",
        }
        for row in roll.here
    ]
    return roll_page(request, "presence_home", session, roll, here=here)


def _leave(request, session, roll):
    form = TickForm({"state": State.LEFT, **request.POST.dict()})
    row = roll.find(form.data.get("participant", "")) if form.is_valid() else None
    if row is None or not row.is_here or not session.takes_presence:
        messages.warning(request, NOT_UNDERSTOOD if session.takes_presence else CLOSED)
        return redirect("activities:presence-home", session.code)
    try:
        actions.go_home(session, row, by=request.user, number=form.cleaned_data["tick"])
    except Blocked:
        messages.warning(request, "Niet genoteerd: dit kind gaat niet alleen naar huis. Tik op Opgehaald.")
    except AlreadyGone:
        messages.info(request, "Dat stond al genoteerd.")
    else:
        sentence = f"Naar huis. Nu nog hier: {len(roll.here) - 1}."
        left = roll_of(session).find(row.code).latest
        say_with_undo(request, sentence, name=actions.UNDO_TICKS, subject_id=left.pk)
    return redirect("activities:presence-home", session.code)


@require_safe
@right_required("presence.tick")
def presence_missing(request, code):
    """Who did not come: excused, absent, or not seen yet."""
    session = moment_with_roll(request, code)
    roll = roll_of(session)
    may_excuse = actions.is_open(session, State.EXCUSED)
    return roll_page(request, "presence_missing", session, roll, may_excuse=may_excuse)


@require_safe
@right_required("presence.tick")
def presence_history(request, code):
    """Every row there is: who noted what, when it happened and when it came in."""
    session = moment_with_roll(request, code)
    rows = session.attendances.select_related("participant", "by").order_by("-at", "-pk")
    return roll_page(request, "presence_history", session, roll_of(session), rows=rows[:1000])
