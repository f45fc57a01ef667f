from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import FormDraft, as_initial
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access
from households.actions import attachments
from households.actions import contacts as actions
from households.closed_doors import proposal
from households.forms.contacts import ContactEditForm
from households.forms.family_search import FamilySearchForm, find_family
from households.forms.note import NOBODY, NoteForm
from households.habits import habits_of
from households.models import Contact, Household
from households.models.contact_text import WORK_NOTE_KEPT_FOR
from households.views.beside_note import beside_note
from households.views.help_requests import asked_in
from households.views.page import REREADS, record_contact
from households.views.visit_notes import for_visit

NOBODY_TICKED = (
    "Dit gezin heeft luiken en er is niemand aangevinkt. Het contact staat enkel bij Gedeeld tot je zegt wie erbij was."
)
CLOSED_FAMILY = "Dit gezin is afgerond. Zien jullie elkaar weer? Heropen het dan."
KEPT_FOR_THE_NEXT = ["mode", "place", "happened_on"]


@require_http_methods(["GET", "POST"])
@right_required("contacts.log")
def note(request):
    if request.method == "GET":
        return _empty_form(request)
    if _only_searched(request.POST):
        return search(request)
    form = NoteForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        form.ask_file_again()
        return _page(request, form)
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if not once.result:
        contact = _save(form, by=request.user)
        once.led_to(_after_saving(request, contact))
        _draft(request).discard()
        _say_saved(request, contact)
    return redirect(once.result)


def _save(form, *, by):
    contact, cleaned = form.contact(), form.cleaned_data
    given = {name: cleaned[name] for name in ("present", "co_workers", "readers", "next_what", "next_on")}
    actions.note(contact, by=by, **given)
    if cleaned["file"]:
        attachments.add(cleaned["file"], by=by, contact=contact)
    return contact


def _only_searched(posted):
    """Enter in the search field sends the whole form; then there is nobody chosen yet."""
    return posted.get("search", "").strip() and not posted.get("who")


def _after_saving(request, contact):
    if "again" in request.POST:
        # In the session and not in the address, as a place is typed text.
        request.session["note_again"] = {name: [str(getattr(contact, name))] for name in KEPT_FOR_THE_NEXT}
        return reverse("households:note")
    return contact.household.get_absolute_url() if contact.household else reverse("households:note")


def _say_saved(request, contact):
    say_with_undo(request, f"Bewaard: {contact}.", name="households.contact-saved", subject_id=contact.pk)
    if contact.household and contact.household.compartments and not contact.present.exists():
        messages.info(request, NOBODY_TICKED)
    if contact.household and contact.household.status == Household.Status.CLOSED:
        messages.info(request, CLOSED_FAMILY)
    if contact.noted_late:
        messages.info(request, "Dit contact is achteraf genoteerd: het was meer dan 30 dagen geleden.")
    if contact.outcome == Contact.Outcome.NO_ANSWER and contact.household:
        contact.household.refresh_from_db(fields=["last_reached_on", "last_attempt_on"])
        if another_way := proposal(contact.household):
            messages.info(request, str(another_way))


def _empty_form(request):
    if like := _like(request):
        return _page(request, _refilled(request, like))
    code = request.GET.get("gezin", "")
    draft = _draft(request).kept
    if draft and _is_worth_refilling(draft, code, asked_for="concept" in request.GET):
        return _page(request, _refilled(request, draft.typed), draft=draft)
    if again := request.session.pop("note_again", None):
        return _page(request, _refilled(request, again))
    household = find_family(request.user, code) if code else None
    form = NoteForm(user=request.user, household=household)
    return _page(request, form)


def _like(request):
    """What a next contact has in common with an earlier one; never its result, its day or its words (R2)."""
    number = request.GET.get("zoals", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    contact = (
        Contact.objects.visible_to(request.user).select_related("household", "sealed_note").filter(pk=number).first()
    )
    if contact is None or not contact.is_readable_by(request.user):
        return None
    team = {contact.author_id, *contact.co_workers.values_list("pk", flat=True)} - {request.user.pk}
    return {
        "who": [contact.household.code if contact.household else NOBODY],
        "mode": [contact.mode],
        "place": [contact.place],
        "themes": contact.themes,
        "present": [str(pk) for pk in contact.present.values_list("pk", flat=True)],
        "co_workers": [str(pk) for pk in team],
        "minutes_tile": [str(contact.minutes)] if contact.minutes else [],
    }


def _is_worth_refilling(draft, code, *, asked_for):
    """Words that would be lost, about the same family; a few taps on tiles are made again in no time."""
    same_family = not code or code in draft.typed.get("who", [])
    return asked_for or (same_family and any(map(str.strip, draft.typed.get("note", []))))


def _refilled(request, typed):
    code = (typed.get("who") or [""])[-1]
    household = find_family(request.user, code) if code else None
    return NoteForm.refilled(typed, user=request.user, household=household)


def _page(request, form, **more):
    form.offer(habits_of(request.user))
    context = {
        "form": form,
        "draft": None,
        "found": None,
        "looked": False,
        "visit_notes": for_visit(request, form.household, form["mode"].value()),
        **_draft(request).context,
    }
    return render(request, "households/note.html", {**context, **more})


def _draft(request):
    address = reverse("households:note") + "?concept=1"
    return FormDraft(request, "contact", title="Contact noteren", address=address, rereads=REREADS)


@require_POST
@right_required("contacts.log")
def search(request):
    """Families by what someone types: live as a piece of the page, or the page itself with all that was typed."""
    found = FamilySearchForm(request.POST).families(request.user)
    Access.objects.record_shown(request, found, action=Access.Action.SEARCH, record_type="household")
    if request.htmx:
        return render(request, "households/_found_families.html", {"found": found})
    return _page(request, _refilled(request, dict(request.POST.lists())), found=found)


@require_safe
@right_required("contacts.log")
def people(request):
    """Who can be ticked as present, for the family that was just tapped; ages for someone without a name."""
    code = request.GET.get("who", "")
    form = _refilled(request, {"who": [code]})
    return render(request, "households/_present.html", {"form": form, "swapped": True})


@require_POST
@right_required("contacts.log")
def look(request):
    """Who could read the note and what was agreed, before anything is saved: a piece of the page, or all of it."""
    form = _refilled(request, dict(request.POST.lists()))
    if request.htmx:
        return render(request, "households/_look.html", {"form": form})
    return _page(request, form, looked=True)


@require_safe
@right_required("families.open")
def detail(request, pk):
    contacts = Contact.objects.visible_to(request.user)
    contacts = contacts.select_related("household", "author", "centre", "sealed_note", "work_note")
    contact = get_object_or_404(contacts, pk=pk)
    is_readable = contact.is_readable_by(request.user)
    record_contact(request, contact)
    work_note = getattr(contact, "work_note", None)
    page = {
        "contact": contact,
        "is_readable": is_readable,
        "note": contact.note_for(request.user),
        "may_edit": actions.may_edit(request.user, contact),
        "may_repeat": is_readable and request.user.may("contacts.log", contact.centre_id),
        "may_walk": request.user.may("rounds.walk", contact.centre_id),
        "present": contact.present.all() if is_readable else [],
        "erased": range(contact.erased_present if is_readable else 0),
        "co_workers": contact.co_workers.all(),
        "readers": contact.sealed_readers() if is_readable else [],
        "work_note_until": work_note and work_note.created_at + WORK_NOTE_KEPT_FOR,
        "follow_ups": contact.follow_ups.visible_to(request.user),
        **beside_note(contact, request.user, is_readable=is_readable),
        **asked_in(contact, request.user, is_readable=is_readable),
    }
    return render(request, "households/contact_detail.html", page)


@require_http_methods(["GET", "POST"])
@right_required("contacts.log")
def edit(request, pk):
    contacts = Contact.objects.visible_to(request.user)
    contacts = contacts.select_related("household__agreement", "author", "sealed_note", "work_note")
    contact = get_object_or_404(contacts, pk=pk)
    if not actions.may_edit(request.user, contact):
        raise PermissionDenied
    draft = FormDraft(request, "contact-edit", subject=pk, title="Contact aanpassen", rereads=REREADS)
    form = _edit_form(request, contact, draft)
    if form.is_bound and form.is_valid():
        people = {name: form.cleaned_data[name] for name in ("present", "co_workers", "readers")}
        actions.correct(form.save(commit=False), overrides_now=form.overrides_now, **people)
        draft.discard()
        messages.success(request, "Het contact is aangepast.")
        return redirect(contact)
    record_contact(request, contact)
    return render(request, "households/contact_edit.html", {"form": form, "contact": contact, **draft.context})


def _edit_form(request, contact, draft):
    if request.method == "POST" and "look" not in request.POST:
        return ContactEditForm(request.POST, instance=contact)
    typed = dict(request.POST.lists()) if request.method == "POST" else draft.typed
    return ContactEditForm(instance=contact, initial=as_initial(ContactEditForm, typed))
