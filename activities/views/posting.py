from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from activities.actions.posting import UNDO_UNPOST, post, unpost
from activities.forms.posting import PostingForm
from activities.models import Session
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.change")
def postings(request, code):
    """Who stands at this moment."""
    session = _changeable(request, code)
    form = PostingForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["user"]
        post(session, user=user)
        messages.success(request, f"{user} staat erbij.")
        return redirect("activities:postings", code)
    context = {"session": session, "series": session.series, "form": form}
    return render(request, "activities/postings.html", context | {"postings": _of(session)})


@require_POST
@right_required("activities.change")
def posting_remove(request, code, pk):
    session = _changeable(request, code)
    posting = get_object_or_404(_of(session), pk=pk)
    sentence = f"{posting.user} staat er niet meer bij."
    say_with_undo(request, sentence, name=UNDO_UNPOST, subject_id=unpost(posting))
    return redirect("activities:postings", code)


def _of(session):
    return session.postings.select_related("user").order_by("user__first_name", "pk")


def _changeable(request, code):
    visible = Session.objects.visible_to(request.user).select_related("series", "centre")
    session = get_object_or_404(visible, code=code)
    if not request.user.may("activities.change", session.centre_id):
        raise PermissionDenied
    return session
