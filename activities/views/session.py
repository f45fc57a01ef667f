from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.actions import (
    UNDO_CANCEL,
    UNDO_REOPEN,
    cancel,
    cancelling_of,
    close,
    moment_in_words,
    open_again,
    reopen,
)
from activities.forms import CancelForm
from activities.models import Session, SessionChange
from activities.presence_beside import presence_beside
from activities.telling import audience_of, messages_of, words_of
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo


@require_safe
@right_required("activities.read")
def session(request, code):
    found = visible_session(request, code)
    may_change = request.user.may("activities.change", found.centre_id)
    context = {"session": found, "series": found.series, "centre": found.centre, "may_change": may_change}
    context |= presence_beside(found, request.user)
    context["may_see_people"] = request.user.may("participants.read", found.centre_id)
    context["change"] = change = found.changes.standing().select_related("by").first()
    if change and context["may_see_people"]:
        context["calls"] = messages_of(change).calls().queued().count()
        context["has_calls"] = bool(context["calls"]) or messages_of(change).calls().exists()
    context["may_skip"] = may_change and found.may_be_cancelled and found.follows_its_series
    context["may_return"] = may_change and found.status == Session.Status.SKIPPED and not found.is_over
    return render(request, "activities/session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.change")
def session_cancel(request, code):
    """Choose a reason, see what residents will see and who will hear it, and only then say it."""
    found = changeable_session(request, code)
    if not found.may_be_cancelled:
        return _too_late(request, found)
    form = CancelForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return session_page(request, "session_cancel", found, form=form)
    if "confirmed" not in request.POST:
        found.reason_public = form.sentence
        subject, body = words_of(found, SessionChange.Kind.CANCELLED)
        told = {"audience": audience_of(found), "subject": subject, "body": body}
        return session_page(request, "session_cancel_preview", found, form=form, reason=form.sentence, **told)
    if not (change := cancel(found, reason=form.sentence, by=request.user)):
        return _too_late(request, found)
    sentence = f"Gaat niet door: {found.series} op {moment_in_words(found)}. Bewoners zien het meteen."
    say_with_undo(request, sentence, name=UNDO_CANCEL, subject_id=change.pk)
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.change")
def session_reopen(request, code):
    """See who will hear that it goes on after all, and only then say it."""
    found = changeable_session(request, code)
    if request.method != "POST" and found.may_be_reopened:
        cancelled = cancelling_of(found)
        audience = audience_of(found, freed=cancelled.freed if cancelled else ())
        subject, body = words_of(found, SessionChange.Kind.REOPENED)
        return session_page(request, "session_reopen", found, audience=audience, subject=subject, body=body)
    if request.method == "POST" and (change := reopen(found, by=request.user)):
        sentence = f"{found.series} gaat toch door op {moment_in_words(found)}."
        say_with_undo(request, sentence, name=UNDO_REOPEN, subject_id=change.pk)
    else:
        messages.warning(request, "Dit moment staat niet als afgelast, of het is voorbij.")
    return redirect(found)


@require_POST
@right_required("activities.change")
def session_close(request, code):
    found = changeable_session(request, code)
    missing = close(found)
    if missing is None:
        messages.warning(request, "Dit moment is nog niet voorbij, of het is al afgesloten.")
    elif missing:
        messages.warning(request, "Nog niet afgesloten. " + " ".join(missing))
    else:
        messages.success(request, f"Afgesloten: {found.series} van {moment_in_words(found)}.")
    return redirect(found)


@require_POST
@right_required("activities.change")
def session_open_again(request, code):
    found = changeable_session(request, code)
    if open_again(found):
        messages.success(request, "Heropend: je kunt de aanwezigheid weer verbeteren.")
    else:
        messages.warning(request, "Dit moment is niet afgesloten.")
    return redirect(found)


def visible_session(request, code):
    sessions = Session.objects.visible_to(request.user).select_related("series", "centre")
    return get_object_or_404(sessions, code=code)


def changeable_session(request, code):
    found = visible_session(request, code)
    if not request.user.may("activities.change", found.centre_id):
        raise PermissionDenied
    return found


def _too_late(request, found):
    found.refresh_from_db(fields=["status"])
    was = "was al afgelast" if found.is_cancelled else "is voorbij of staat niet gepland"
    messages.warning(request, f"Dit moment {was}. Er is niets veranderd.")
    return redirect(found)


def session_page(request, name, found, **context):
    context |= {"session": found, "series": found.series, "centre": found.centre}
    return render(request, f"activities/{name}.html", context)
