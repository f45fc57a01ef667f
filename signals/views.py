from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import Draft, SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access
from signals import actions
from signals.codes import Status
from signals.filters import SignalFilter
from signals.forms import (
    AssignForm,
    CloseForm,
    NoteForm,
    NotSpamForm,
    PickUpForm,
    ReopenForm,
    SignalForm,
    SpamForm,
    TriageForm,
    WaitForm,
)
from signals.models import Signal, SignalContact

ALIKE = 3
# What can be decided about a signal that stands like this, in the order of the buttons.
DECISIONS = {
    Status.NEW: [SpamForm],
    Status.TRIAGED: [PickUpForm, AssignForm, WaitForm, CloseForm, SpamForm],
    Status.ASSIGNED: [AssignForm, WaitForm, CloseForm],
    Status.WAITING: [PickUpForm, AssignForm, CloseForm],
    Status.REOPENED: [PickUpForm, AssignForm, WaitForm, CloseForm],
    Status.CLOSED: [ReopenForm],
    Status.SPAM: [NotSpamForm],
    Status.ERASED: [],
}


# Logging

# What someone types on the page of a signal keeps itself under this name: of which form, in which field.
LONG_TEXTS = {
    "signal-note": ("note", "text"),
    "signal-triage": ("triage", "summary"),
    "signal-close": ("close", "why"),
    "signal-reopen": ("reopen", "why"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("signals.log")
def new(request):
    draft = FormDraft(request, "signal", title="Nieuw signaal")
    form = SignalForm(request.POST or None, user=request.user, initial=draft.start(SignalForm))
    if request.method == "POST" and form.is_valid():
        return _save_once(request, form, draft)
    return render(request, "signals/new.html", {"form": form, "draft": draft.kept, **draft.context})


def _save_once(request, form, draft):
    saved = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if saved.result:
        return redirect(saved.result)
    signal = actions.log(form.save(commit=False), by=request.user, contact=form.contact())
    address = reverse("signals:noted", args=[signal.reference])
    saved.led_to(address)
    draft.discard()
    say_with_undo(request, f"Bewaard als signaal {signal}.", name="signals.log", subject_id=signal.pk)
    return redirect(address)


@require_safe
@right_required("signals.log")
def noted(request, reference):
    """What comes after saving. Also for who may not read signals, so it tells nothing of what was told."""
    signal = get_object_or_404(
        Signal.objects.logged_by(request.user).select_related("neighbourhood"), reference=reference
    )
    may_read = request.user.may("signals.read", signal.centre_id)
    alike = Signal.objects.visible_to(request.user).like(signal)[:ALIKE] if may_read else []
    return render(request, "signals/noted.html", {"signal": signal, "may_read": may_read, "alike": alike})


# The inbox


@require_safe
@right_required("signals.read")
def signal_list(request):
    filters = SignalFilter(request.GET, user=request.user)
    after = filters.anchor()
    signals, has_more = filters.page(after)
    context = {"filters": filters, "form": filters, "signals": signals, "query": filters.query(), "after": after}
    if has_more:
        context["more"] = filters.query(after=signals[-1].reference)
    return render(request, "signals/list.html", context)


@require_safe
@right_required("signals.read")
def detail(request, reference):
    signal = get_object_or_404(Signal.objects.visible_to(request.user).for_detail(), reference=reference)
    return _page(request, signal)


def _page(request, signal, *, refused=None, typed=""):
    """The page of one signal beside the list.

    Args:
        refused: the form that comes back with its errors and what was typed.
        typed: text that could not be kept, to copy from.
    """
    filters = SignalFilter(request.GET, user=request.user)
    query = filters.query()
    may_triage = request.user.may("signals.triage", signal.centre_id)
    context = {
        "signal": signal,
        "filters": filters,
        "query": query,
        "may_open_contact": signal.has_contact and request.user.may("signals.contact_details", signal.centre_id),
        "may_triage": may_triage,
        "events": signal.events.select_related("by", "to")[:50],
        "notes": signal.notes.select_related("by")[:50],
        "form": refused,
        "typed": typed,
        "decisions": _decisions(request, signal, query, refused) if may_triage else {},
        **_neighbours(filters.around(signal), signal),
    }
    return render(request, "signals/detail.html", context)


def _neighbours(rows, signal):
    place = next((number for number, row in enumerate(rows) if row.pk == signal.pk), None)
    if place is None:
        return {"signals": rows, "previous": None, "next": rows[0] if rows else None}
    following = rows[place + 1] if place + 1 < len(rows) else None
    return {"signals": rows, "previous": rows[place - 1] if place else None, "next": following}


def _decisions(request, signal, query, refused):
    """The forms for all that can happen now, by name; a refused one keeps its place."""
    forms = {form_class.name: form_class(signal=signal, query=query) for form_class in DECISIONS[signal.status]}
    if signal.is_open:
        forms["triage"] = TriageForm(instance=signal)
    forms["note"] = NoteForm(signal=signal, query=query)
    drafts = Draft.objects.filter(user=request.user, subject=signal.reference, form__in=LONG_TEXTS)
    for draft in drafts:
        name, field = LONG_TEXTS[draft.form]
        if name in forms and draft.typed.get(field):
            forms[name].initial[field] = draft.typed[field][0]
    if refused:
        forms[refused.name] = refused
    return {name.replace("-", "_"): form for name, form in forms.items()}


@require_safe
@right_required("signals.contact_details")
def contact(request, reference):
    """How to reach who told it: every look leaves a row in the trail."""
    signal = get_object_or_404(Signal.objects.visible_to(request.user), reference=reference)
    if not request.user.may("signals.contact_details", signal.centre_id):
        raise PermissionDenied
    found = get_object_or_404(SignalContact, signal=signal, erased_at=None)
    Access.objects.record(
        request,
        action=Access.Action.VIEW,
        record_type="signal_contact",
        ids=[signal.pk],
        centre_id=signal.centre_id,
    )
    filters = SignalFilter(request.GET, user=request.user)
    return render(request, "signals/contact.html", {"signal": signal, "contact": found, "query": filters.query()})


# Decisions: each its own address


def _signal_to_decide(request, reference):
    """The signal, locked until the answer is on its way: nobody slips in between looking and deciding."""
    signals = Signal.objects.visible_to(request.user).for_detail().select_for_update(of=("self",))
    signal = get_object_or_404(signals, reference=reference)
    if not request.user.may("signals.triage", signal.centre_id):
        raise PermissionDenied
    return signal


def _decide(request, reference, form_class, act):
    """Do what a form asks; afterwards the next open signal of the list opens by itself."""
    signal = _signal_to_decide(request, reference)
    filters = SignalFilter(request.GET, user=request.user)
    form = form_class(request.POST, signal=signal, query=filters.query())
    is_valid = form.is_valid()
    if form.seen not in (None, signal.version):
        return _overtaken(request, signal, filters, typed=form.typed)
    if not is_valid:
        return _page(request, signal, refused=form)
    return _carry_out(request, signal, filters, act, seen=form.seen, decided=form.decided)


def _carry_out(request, signal, filters, act, *, seen, decided):
    # Who opens a signal again wants to go on with it; after any other decision the next one opens.
    opens_next = filters.following(signal) if signal.is_open else signal
    try:
        event = act(signal, by=request.user, seen=seen, **decided)
    except actions.Refused:
        messages.warning(request, f"Dat kan niet: signaal {signal} is {signal.get_status_display().lower()}.")
        return _open(signal, filters)
    _forget_drafts(request.user, signal)
    say_with_undo(request, f"Signaal {signal}: {event.title}.", name="signals.move", subject_id=event.pk)
    return _open(opens_next, filters)


def _forget_drafts(user, signal):
    """What was typed in a decision is kept or no longer asked. A note that is half written stays."""
    decisions = [form for form in LONG_TEXTS if form != "signal-note"]
    Draft.objects.filter(user=user, subject=signal.reference, form__in=decisions).delete()


def _open(signal, filters):
    return redirect((signal.get_absolute_url() if signal else reverse("signals:list")) + filters.query())


def _overtaken(request, signal, filters, *, typed=""):
    """Someone else was first: say who, and go on with the next, unless text was typed that may not get lost."""
    event = signal.events.select_related("by", "to").first()
    if event.by == request.user:
        messages.info(request, f"Dit deed je al. Signaal {signal}: {event.title}.")
    else:
        messages.warning(request, f"{event.by or 'Iemand anders'} nam dit al op. Signaal {signal}: {event.title}.")
    if typed:
        return _page(request, signal, typed=typed)
    return _open(filters.following(signal), filters)


@require_POST
@right_required("signals.triage")
def triage(request, reference):
    """Weigh a signal: it stays open on the screen, because what comes next is choosing who does something."""
    signal = _signal_to_decide(request, reference)
    form = TriageForm(request.POST, instance=signal)
    if not form.is_valid():
        return _page(request, _as_stored(signal), refused=form)
    filters = SignalFilter(request.GET, user=request.user)
    try:
        event = actions.triage(signal, by=request.user, seen=form.cleaned_data["loaded_version"], **form.decided)
    except actions.Refused as refusal:
        stands = refusal.signal.get_status_display().lower()
        form.add_error(None, f"Dit signaal is {stands}. Je kunt het niet aanpassen.")
        return _page(request, _as_stored(signal), refused=form)
    _forget_drafts(request.user, signal)
    messages.success(request, f"Signaal {signal}: {event.title.lower()}.")
    return _open(signal, filters)


def _as_stored(signal):
    """A form that was refused has already put what was typed into its signal; the page shows what is stored."""
    return Signal.objects.for_detail().get(pk=signal.pk)


@require_POST
@right_required("signals.triage")
def pick_up(request, reference):
    """Take it yourself. A new signal is weighed in the same step."""
    signal = _signal_to_decide(request, reference)
    if signal.status != Status.NEW:
        return _decide(request, reference, PickUpForm, actions.pick_up)
    form = TriageForm(request.POST, instance=signal)
    if not form.is_valid():
        return _page(request, _as_stored(signal), refused=form)
    filters = SignalFilter(request.GET, user=request.user)
    seen = form.cleaned_data["loaded_version"]
    return _carry_out(request, signal, filters, actions.weigh_and_pick_up, seen=seen, decided=form.decided)


@require_POST
@right_required("signals.triage")
def assign(request, reference):
    return _decide(request, reference, AssignForm, actions.assign)


@require_POST
@right_required("signals.triage")
def wait(request, reference):
    return _decide(request, reference, WaitForm, actions.wait)


@require_POST
@right_required("signals.triage")
def close(request, reference):
    return _decide(request, reference, CloseForm, actions.close)


@require_POST
@right_required("signals.triage")
def reopen(request, reference):
    return _decide(request, reference, ReopenForm, actions.reopen)


@require_POST
@right_required("signals.triage")
def spam(request, reference):
    return _decide(request, reference, SpamForm, actions.mark_as_spam)


@require_POST
@right_required("signals.triage")
def not_spam(request, reference):
    return _decide(request, reference, NotSpamForm, actions.not_spam)


@require_POST
@right_required("signals.triage")
def note(request, reference):
    signal = _signal_to_decide(request, reference)
    filters = SignalFilter(request.GET, user=request.user)
    form = NoteForm(request.POST, signal=signal, query=filters.query())
    if not form.is_valid():
        return _page(request, signal, refused=form)
    saved = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if not saved.result:
        actions.add_note(signal, text=form.cleaned_data["text"], by=request.user)
        saved.led_to(signal.get_absolute_url())
        Draft.objects.discard(user=request.user, form="signal-note", subject=signal.reference)
        messages.success(request, "De nota is bewaard.")
    return _open(signal, filters)
