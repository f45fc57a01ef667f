from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from activities.models import RegistrationGroup, SessionChange
from activities.models.change import about
from activities.views.session import session_page, visible_session
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo, undoable
from buurtwerk.outbox.models import Message, note_call, take_back_call
from buurtwerk.trail.models import Access

UNDO_CALL = "activities.called"


@require_safe
@right_required("participants.read")
def call_list(request, code):
    return _list(request, code, "call_list", "list")


@require_safe
@right_required("participants.read")
def call_list_print(request, code):
    return _list(request, code, "call_list_print", "print")


@require_POST
@right_required("participants.change")
def call_noted(request, code, pk):
    """Called, or nobody picked up."""
    found = _readable(request, code)
    call = calls_of(found).filter(pk=pk).first()
    if call is None:
        raise Http404
    answered = request.POST.get("answered") == "1"
    if not note_call(call.pk, answered=answered, by=request.user):
        messages.warning(request, "Een collega belde al, of het is niet meer nodig.")
    elif answered:
        say_with_undo(request, "Gebeld: verwittigd.", name=UNDO_CALL, subject_id=call.pk)
    else:
        messages.success(request, "Niet bereikt. Het blijft op de lijst staan om opnieuw te proberen.")
    return redirect("activities:call-list", found.code)


@undoable(UNDO_CALL)
def take_back_called(message_id, *, by):
    mine = Message.objects.calls().filter(centre__in=by.centres_where("participants.change"))
    message = mine.get(pk=message_id)
    if take_back_call(message.pk):
        return "Teruggezet op de bel-lijst."
    return "Dit stond al weer op de bel-lijst."


def calls_of(session):
    """Whom to call about this moment: what is no longer true is not on the list."""
    calls = Message.objects.calls().about(about(session)).exclude(fate=Message.Fate.NOT_NEEDED)
    return calls.select_related("called_by").order_by("pk")


def _readable(request, code):
    found = visible_session(request, code)
    if not request.user.may("participants.read", found.centre_id):
        raise PermissionDenied
    return found


def _list(request, code, name, action):
    found = _readable(request, code)
    calls = list(calls_of(found))
    missed = list(Message.objects.mails().failed().about(about(found)))
    groups = {
        group.code: group
        for group in RegistrationGroup.objects.visible_to(request.user).filter(
            code__in=[message.whom for message in calls + missed]
        )
    }
    Access.objects.record(
        request,
        action=action,
        record_type="call_list",
        ids=[group.pk for group in groups.values()],
        centre_id=found.centre_id,
    )
    rows = [(call, _name_in(groups, call.whom)) for call in calls]
    return session_page(
        request,
        name,
        found,
        waiting=[row for row in rows if row[0].is_queued],
        called=[row for row in rows if not row[0].is_queued],
        missed=[groups[mail.whom] for mail in missed if mail.whom in groups],
        change=SessionChange.objects.standing().filter(session=found).first(),
        may_note=request.user.may("participants.change", found.centre_id),
    )


def _name_in(groups, code):
    """Whom to ask for; the term of keeping names may be over before the list is."""
    return (groups[code].contact_name if code in groups else "") or "Geen naam"
