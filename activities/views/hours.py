from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from activities.actions.scope import Scope, change_hours
from activities.actions.series import what_if
from activities.forms import HoursForm, ask_about_people
from activities.generation import locked
from activities.models import Session
from activities.wording import replanned_in_words
from buurtwerk.accounts.decorators import right_required


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.change")
def session_hours(request, code):
    """Other hours or places: for this moment, from here on, or for the whole series."""
    session = _changeable(request, code)
    if session.is_over or not session.is_on:
        messages.warning(request, "Dit moment is voorbij of gaat niet door. De uren liggen vast.")
        return redirect(session)
    if request.method == "POST":
        # Nobody slips in between what we compare and what we save.
        locked(session.series)
        session = _changeable(request, code)
    form = HoursForm(request.POST or None, session=session)
    if request.method != "POST" or not form.is_valid():
        return _page(request, session, form)
    options = _options(form, request.user)
    preview = what_if(change_hours, session, **options)
    if preview.with_people and not form.cleaned_data["people"]:
        ask_about_people(form, preview)
        return _page(request, session, form, preview)
    if "preview" in request.POST:
        return _page(request, session, form, preview)
    replanned = change_hours(session, **options)
    messages.success(request, f"Bewaard. {replanned_in_words(replanned)}")
    return redirect(session)


def _options(form, user):
    typed = form.cleaned_data
    return {
        "scope": Scope(typed["scope"]),
        "start": typed["start"],
        "end": typed["end"],
        "capacity": typed["capacity"],
        "with_people": typed["people"] == "yes",
        "by": user,
    }


def _changeable(request, code):
    sessions = Session.objects.visible_to(request.user).select_related("series", "centre")
    found = get_object_or_404(sessions, code=code)
    if not request.user.may("activities.change", found.centre_id):
        raise PermissionDenied
    return found


def _page(request, session, form, preview=None):
    context = {"session": session, "series": session.series, "form": form}
    context["preview"] = replanned_in_words(preview) if preview else ""
    return render(request, "activities/session_hours.html", context)
