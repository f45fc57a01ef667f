"""After the first week: add to a contact, correct it with a reason, and read what stood there first."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.accounts.models import User
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from households.actions import additions as actions
from households.forms.additions import AdditionForm, CorrectionForm
from households.models import Contact
from households.views.attachments import readable_contact
from households.views.page import REREADS, record_contact


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("contacts.log")
def add(request, pk):
    contact = readable_contact(request.user, pk)
    if not actions.may_add(request.user, contact):
        raise PermissionDenied
    draft = FormDraft(request, "addition", subject=pk, title="Aanvulling bij een contact", rereads=REREADS)
    form = AdditionForm(request.POST or None, contact=contact, initial=draft.start(AdditionForm))
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            addition = actions.add(contact, text=form.cleaned_data["text"], by=request.user)
            once.led_to(contact.get_absolute_url())
            draft.discard()
            say_with_undo(request, "Aangevuld.", name="households.addition-added", subject_id=addition.pk)
        return redirect(once.result)
    record_contact(request, contact)
    page = {"form": form, "contact": contact, "note": contact.note_for(request.user), **draft.context}
    return render(request, "households/addition_create.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("contacts.correct")
def correct(request, pk):
    contact = readable_contact(request.user, pk)
    if not actions.may_correct(request.user, contact):
        raise PermissionDenied
    draft = FormDraft(request, "correction", subject=pk, title="Verbetering van een contact", rereads=REREADS)
    form = CorrectionForm(request.POST or None, instance=contact, initial=draft.start(CorrectionForm))
    if request.method == "POST" and form.is_valid():
        actions.correct(form.save(commit=False), reason=form.cleaned_data["reason"], by=request.user)
        draft.discard()
        messages.success(request, "Verbeterd. Wat er eerst stond, blijft na te lezen.")
        return redirect(contact)
    record_contact(request, contact)
    page = {"form": form, "contact": contact, **draft.context}
    return render(request, "households/contact_correct.html", page)


@require_safe
@right_required("families.open")
def earlier(request, pk):
    """What stood in a contact before it was changed, for who reads its note now."""
    contact = readable_contact(request.user, pk)
    record_contact(request, contact, reason="wat er eerst stond")
    return render(
        request, "households/contact_earlier.html", {"contact": contact, "versions": _versions(contact, request.user)}
    )


def _versions(contact, user):
    """Each earlier state that reads differently and is for this reader, newest first, with who wrote it and when."""
    events = Contact.pgh_event_model.objects.filter(pgh_obj_id=contact.pk).select_related("pgh_context")
    versions, now = [], _as_read(contact)
    for event in _for_reader(events.order_by("-pgh_id"), contact, user):
        if _as_read(event) != now:
            versions.append(event)
            now = _as_read(event)
    writers = User.objects.in_bulk({_writer_id(event) for event in versions} - {None})
    for event in versions:
        event.written_by = writers.get(_writer_id(event)) or contact.author
    return versions


def _for_reader(events, contact, user):
    """What was once kept from others, was kept with everything before it: only its author reads on past there.

    Of the rest each state has the readers that it had then, as a note may be opened to more people later.
    """
    then = copy(contact)
    for event in [contact, *events]:
        if event.visibility in Contact.CLOSED and user != contact.author:
            return
        then.visibility = event.visibility
        if event is not contact and then.is_readable_by(user):
            yield event


def _as_read(state):
    return [state.note, state.mode, state.outcome, state.happened_on, state.place, state.themes]


def _writer_id(event):
    return event.pgh_context.metadata.get("user") if event.pgh_context else None
