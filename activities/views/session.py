from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.actions import UNDO_CANCEL, cancel, moment_in_words, reopen
from activities.forms import CancelForm
from activities.models import Session
from activities.presence_beside import presence_beside
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo


@require_safe
@right_required("activities.read")
def session(request, code):
    found = _visible(request, code)
    may_change = request.user.may("activities.change", found.centre_id)
    context = {"session": found, "series": found.series, "centre": found.centre, "may_change": may_change}
    context |= presence_beside(found, request.user)
    context["may_see_people"] = request.user.may("participants.read", found.centre_id)
    return render(request, "activities/session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.change")
def session_cancel(request, code):
    """Choose a reason, see what residents will see, and only then say it."""
    found = _changeable(request, code)
    if not found.may_be_cancelled:
        return _too_late(request, found)
    form = CancelForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "session_cancel", found, form=form)
    if "confirmed" not in request.POST:
        return _page(request, "session_cancel_preview", found, form=form, reason=form.sentence)
    if not cancel(found, reason=form.sentence):
        return _too_late(request, found)
    sentence = f"Gaat niet door: {found.series} op {moment_in_words(found)}. Bewoners zien het meteen."
    say_with_undo(request, sentence, name=UNDO_CANCEL, subject_id=found.pk)
    return redirect(found)


@require_POST
@right_required("activities.change")
def session_reopen(request, code):
    found = _changeable(request, code)
    if reopen(found):
        messages.success(request, f"{found.series} gaat toch door op {moment_in_words(found)}.")
    else:
        messages.warning(request, "Dit moment staat niet als afgelast, of het is voorbij.")
    return redirect(found)


def _visible(request, code):
    sessions = Session.objects.visible_to(request.user).select_related("series", "centre")
    return get_object_or_404(sessions, code=code)


def _changeable(request, code):
    found = _visible(request, code)
    if not request.user.may("activities.change", found.centre_id):
        raise PermissionDenied
    return found


def _too_late(request, found):
    found.refresh_from_db(fields=["status"])
    was = "was al afgelast" if found.is_cancelled else "is voorbij of staat niet gepland"
    messages.warning(request, f"Dit moment {was}. Er is niets veranderd.")
    return redirect(found)


def _page(request, name, found, **context):
    context |= {"session": found, "series": found.series, "centre": found.centre}
    return render(request, f"activities/{name}.html", context)
