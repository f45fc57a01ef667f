"""Who is registered, as the team sees it: the lists, the waiting list, and registering at the desk."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.actions import registration as actions
from activities.actions import waiting
from activities.forms.desk import STATUS_ORDER, DeskForm, ParticipantSearch
from activities.models import ActivitySeries, Draw, Participant, Registration, RegistrationMove, Session
from activities.targets import Target
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.trail.models import Access

MOST_ROWS = 400
MOST_MOVES = 60
MOST_MOMENTS = 60
Status = Registration.Status


@require_safe
@right_required("participants.read")
def session_registrations(request, code):
    session = _session(request, code)
    target = Target.of_session(session)
    if target.session is None and target.block is None:
        return redirect("activities:series-registrations", slug=session.series.slug)
    return _list(request, target, desk=reverse("activities:session-desk", args=[code]), back=session)


@require_safe
@right_required("participants.read")
def series_registrations(request, slug):
    """Of a whole series; of a series per moment or per week, how full each of those is."""
    series = _series(request, slug)
    if series.enrol_scope == ActivitySeries.EnrolScope.SERIES:
        return _list(request, Target(series), desk=reverse("activities:series-desk", args=[slug]), back=series)
    sessions = list(series.sessions.planned().coming().order_by("starts_at")[:MOST_MOMENTS])
    waiting_at = series.registrations.filter(status=Status.WAITLISTED).values_list("session", "block")
    counted = {(session, block): count for session, block, count in waiting_at.annotate(Count("pk"))}
    rows = {}
    for session in sessions:
        session.series = series
        target = Target.of_session(session)
        key = (target.session and target.session.pk, target.block)
        rows.setdefault(key, {"session": session, "target": target, "waiting": counted.get(key, 0)})
    context = {"series": series, "centre": series.centre, "rows": list(rows.values())}
    return render(request, "activities/registrations_of_series.html", context)


def _list(request, target, *, desk, back):
    found = target.registrations.select_related("participant", "group", "series")
    rows = list(found.order_by("rank", "pk")[:MOST_ROWS])
    Access.objects.record_shown(request, rows, action=Access.Action.LIST, record_type="registration")
    line = {one.pk: place for place, unit in enumerate(_waiting(rows), start=1) for one in unit}
    for row in rows:
        row.place, row.has_offer = line.get(row.pk), row.is_offered_now
        row.together = row.group.keep_together
    held = sum(row.status in Registration.HOLDING for row in rows)
    context = {
        "target": target,
        "series": target.series,
        "centre": target.series.centre,
        "back": back,
        "desk": desk,
        "groups": _by_status(rows, line),
        "held": held,
        "moves": _moves(target),
        "draw": Draw.objects.visible_to(request.user).filter(**target.key).first(),
        "may_change": request.user.may("participants.change", target.series.centre_id),
    }
    return render(request, "activities/registrations.html", context)


def _waiting(rows):
    return waiting.units([row for row in rows if row.status == Status.WAITLISTED])


def _by_status(rows, line):
    """Pairs of a status and its rows; the waiting list in its own order."""
    order = {status: number for number, status in enumerate(STATUS_ORDER)}
    rows = sorted(rows, key=lambda row: (order[row.status], line.get(row.pk, 0), row.rank, row.pk))
    return [(Status(status), list(of_status)) for status, of_status in groupby(rows, key=lambda row: row.status)]


def _moves(target):
    moves = RegistrationMove.objects.filter(**target.key).select_related("group", "by")
    return list(moves[:MOST_MOVES])


# Registering at the desk, on the phone or from paper


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("participants.change")
def session_desk(request, code):
    session = _session(request, code)
    return _desk(request, Target.of_session(session), reverse("activities:session-registrations", args=[code]))


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("participants.change")
def series_desk(request, slug):
    series = _series(request, slug)
    back = reverse("activities:series-registrations", args=[slug])
    if series.enrol_scope != ActivitySeries.EnrolScope.SERIES:
        return redirect(back)
    return _desk(request, Target(series), back)


def _desk(request, target, back):
    """Search before create: someone who came before is not made twice."""
    if not request.user.may("participants.change", target.series.centre_id):
        raise PermissionDenied
    participants = Participant.objects.visible_to(request.user).filter(centre=target.series.centre_id)
    context = {"target": target, "series": target.series, "back": back}
    if "search" in request.POST or request.method != "POST":
        search = ParticipantSearch(request.POST if request.method == "POST" else None)
        if not search.is_bound or not search.is_valid():
            return render(request, "activities/desk_search.html", {**context, "form": search})
        first, _, last = search.cleaned_data["name"].partition(" ")
        initial = {"first_name": first, "last_name": last, "birth_year": search.cleaned_data["birth_year"]}
        form = DeskForm(target=target, participants=participants, initial=initial)
        return render(request, "activities/desk.html", {**context, "form": form})
    form = DeskForm(request.POST, target=target, participants=participants)
    if form.is_valid() and (done := _register(request, target, form, back)):
        return done
    return render(request, "activities/desk.html", {**context, "form": form})


def _register(request, target, form, back):
    cleaned = form.cleaned_data
    try:
        once = SavedOnce.objects.claim(cleaned["token"], by=request.user)
        if once.result:
            return redirect(once.result)
        enrolled = actions.enrol(
            target,
            people=[form.person],
            contact=form.contact,
            channel=cleaned["channel"],
            price_tier=cleaned["price_tier"],
            by=request.user,
        )
    except waiting.NotPossible as refusal:
        SavedOnce.objects.filter(token=cleaned["token"]).delete()
        form.add_error(None, str(refusal))
        return None
    once.led_to(back)
    row = enrolled.registrations[0]
    messages.success(request, f"{row.participant}: {row.get_status_display().lower()}. Code {enrolled.group.code}.")
    return redirect(back)


# Decisions about one registration


def _accept(target, row, by):
    return "aanvaard" if waiting.accept(target, _unit(row, Status.OFFERED), by=by) else ""


def _decline(target, row, by):
    return "geweigerd" if waiting.decline(target, _unit(row, Status.OFFERED), by=by) else ""


def _withdraw(target, row, by):
    return "uitgeschreven" if waiting.withdraw(target, [row], by=by) else ""


def _place(target, row, by):
    waiting.place(target, row, by=by)
    return "ingeschreven"


def _prefer(target, row, by):
    waiting.give_priority(target, row, is_priority=not row.is_priority, by=by)
    return "geen voorrang meer" if row.is_priority else "voorrang"


def _unit(row, status):
    """With whom someone got a seat offered."""
    return list(row.group.registrations.filter(status=status)) if row.group.keep_together else [row]


DECISIONS = {
    "aanvaard": _accept,
    "weiger": _decline,
    "uitschrijven": _withdraw,
    "plaats": _place,
    "voorrang": _prefer,
}


@require_POST
@right_required("participants.change")
def registration_decide(request, pk, what):
    rows = Registration.objects.visible_to(request.user).select_related(
        "series__centre", "session__series", "group", "participant"
    )
    row = get_object_or_404(rows, pk=pk)
    if not request.user.may("participants.change", row.centre_id):
        raise PermissionDenied
    if what not in DECISIONS:
        raise Http404
    target = Target.of_registration(row)
    try:
        if done := DECISIONS[what](target, row, request.user):
            messages.success(request, f"{row.participant or 'Iemand'}: {done}.")
        else:
            messages.warning(request, "Er is niets veranderd: de inschrijving stond al anders.")
    except waiting.NotPossible as refusal:
        messages.warning(request, str(refusal))
    return redirect(_address(target))


def _address(target):
    session = target.session or (target.sessions.order_by("starts_at").first() if target.block else None)
    if session is None:
        return reverse("activities:series-registrations", args=[target.series.slug])
    return reverse("activities:session-registrations", args=[session.code])


def _session(request, code):
    sessions = Session.objects.visible_to(request.user).select_related("series__centre", "centre")
    session = get_object_or_404(sessions, code=code)
    if not request.user.may("participants.read", session.centre_id):
        raise PermissionDenied
    return session


def _series(request, slug):
    series = get_object_or_404(ActivitySeries.objects.visible_to(request.user).select_related("centre"), slug=slug)
    if not request.user.may("participants.read", series.centre_id):
        raise PermissionDenied
    return series
