from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from activities.actions import UNDO_MOVE, moment_in_words, move
from activities.forms import MoveForm
from activities.models import Session, SessionChange
from activities.telling import audience_of, words_of
from activities.views.session import changeable_session, session_page
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.change")
def session_move(request, code):
    """Choose when and where, see what goes along and who will hear it, and only then move it."""
    found = changeable_session(request, code)
    if not found.may_be_moved:
        messages.warning(request, "Alleen wat gepland is en nog moet beginnen, kan je verplaatsen.")
        return redirect(found)
    form = MoveForm(request.POST or None, session=found)
    if request.method != "POST" or not form.is_valid():
        return session_page(request, "session_move", found, form=form)
    if "confirmed" not in request.POST:
        return _preview(request, found, form)
    change = move(found, **form.moved, sequence=form.cleaned_data["sequence"], by=request.user)
    if change is None:
        messages.warning(request, "Iemand anders veranderde dit moment intussen. Er is niets verplaatst.")
        return redirect(found)
    sentence = f"Verplaatst: {found.series} is nu op {moment_in_words(change.session)}."
    say_with_undo(request, sentence, name=UNDO_MOVE, subject_id=change.pk)
    return redirect(found)


def _preview(request, found, form):
    """The moment as it will be, and nothing of it saved."""
    after = Session.objects.select_related("series", "centre").get(pk=found.pk)
    for name, value in form.moved.items():
        setattr(after, name, value)
    first = found.moved_from or found.starts_at
    after.moved_from = first if first != after.starts_at else None
    subject, body = words_of(after, SessionChange.Kind.MOVED)
    told = {"audience": audience_of(found), "subject": subject, "body": body}
    return session_page(request, "session_move_preview", found, form=form, after=after, **told)
