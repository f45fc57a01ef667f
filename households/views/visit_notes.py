"""What to know before going to a home: for who goes there, and only as long as it is true."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.interface.views import Refused
from buurtwerk.trail.models import Access
from households.actions import visit_notes as actions
from households.forms.family_search import find_family
from households.forms.visit_notes import VisitNoteCreateForm, VisitNoteForm
from households.models import HomeVisitNote, Household
from households.views.page import REREADS, family_for, family_to_add_to, family_to_change, record_view

PER_PAGE = 30


@require_safe
@right_required("families.list")
def visit_notes(request, code):
    """For the file team, the coordinator and the reception; for a colleague on the day that they go."""
    families = Household.objects.with_readers(request.user).select_related("primary_worker", "backup_worker")
    household = family_for(request.user, code, right="families.list", families=families)
    notes = HomeVisitNote.objects.visible_to(request.user).current().filter(household=household)
    notes = list(notes.select_related("noted_by", "renewed_by"))
    may_read = household.is_read_by(request.user) or request.user.may("visits.prepare", household.centre_id)
    if not notes and not may_read:
        raise Refused("households/closed_file.html", household=household)
    record_view(request, household)
    context = {
        "household": household,
        "notes": notes,
        "may_change": household.is_read_by(request.user) and request.user.may("families.change", household.centre_id),
        "may_open": request.user.may("families.open", household.centre_id),
    }
    return render(request, "households/visit_notes.html", context)


@require_safe
@right_required("visits.prepare")
def visit_list(request):
    """Everything to know before going somewhere, for who warns the colleague that goes."""
    centres = request.user.centres_where("visits.prepare")
    notes = HomeVisitNote.objects.visible_to(request.user).current().filter(centre__in=centres)
    notes = notes.exclude(household__status__in=[Household.Status.CLOSED, Household.Status.ERASED])
    notes = notes.select_related("household__primary_worker", "household__backup_worker")
    page = Paginator(notes.order_by("household__nickname", "household_id", "pk"), PER_PAGE)
    page = page.get_page(request.GET.get("page"))
    Access.objects.record_shown(request, page, action=Access.Action.LIST, record_type="visit_note")
    return render(request, "households/visit_list.html", {"page": page})


@require_safe
@right_required("contacts.log")
def for_note(request):
    """On the page that notes a contact: what to know, once it is a visit or a talk at the door of this family."""
    household = find_family(request.user, request.GET.get("who", ""))
    notes = for_visit(request, household, request.GET.get("mode", ""))
    return render(request, "households/_visit_notes.html", {"notes": notes, "household": household})


def for_visit(request, household, mode):
    """The notes that a worker sees who is about to go in or just did, written in the trail."""
    if household is None:
        return []
    notes = list(actions.notes_for_visit(household, mode))
    if notes:
        Access.objects.record(
            request,
            action=Access.Action.VIEW,
            record_type="visit_note",
            ids=[note.pk for note in notes],
            centre_id=household.centre_id,
        )
    return notes


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def create(request, code):
    household = family_to_add_to(request, code)
    note = HomeVisitNote(household=household, centre_id=household.centre_id, noted_by=request.user)
    draft = _draft(request, household, code)
    form = VisitNoteCreateForm(request.POST or None, instance=note, initial=draft.start(VisitNoteCreateForm))
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            form.save()
            once.led_to(reverse("households:visit-notes", args=[code]))
            draft.discard()
            messages.success(request, "Het aandachtspunt is bewaard.")
        return redirect(once.result)
    return _show_form(request, household, form, "Nieuw aandachtspunt", draft)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def edit(request, code, pk):
    household, note = _note_to_change(request, code, pk)
    draft = _draft(request, household, f"{code} {pk}")
    form = VisitNoteForm(request.POST or None, instance=note, initial=draft.start(VisitNoteForm))
    if request.method == "POST" and form.is_valid():
        actions.renew(form.instance, by=request.user)
        draft.discard()
        messages.success(request, "Het aandachtspunt blijft staan tot de nieuwe dag.")
        return redirect("households:visit-notes", code)
    return _show_form(request, household, form, "Bekijk het aandachtspunt opnieuw", draft)


@require_POST
@right_required("families.change")
def end(request, code, pk):
    household = family_to_change(request, code)
    note = HomeVisitNote.objects.visible_to(request.user).filter(household=household, pk=pk).first()
    if note is None:
        raise Http404
    if note.ended_at is None:
        actions.end(note, by=request.user)
        say_with_undo(request, "Het aandachtspunt is weg.", name=actions.VISIT_NOTE_ENDED, subject_id=note.pk)
    return redirect("households:visit-notes", code)


def _note_to_change(request, code, pk):
    """What left the screens is not changed any more: it is written again when it is still true."""
    household = family_to_change(request, code)
    note = HomeVisitNote.objects.visible_to(request.user).current().filter(household=household, pk=pk).first()
    if note is None:
        raise Http404
    return household, note


def _draft(request, household, subject):
    title = f"Aandachtspunt {household.code}"
    return FormDraft(request, "huisbezoek", subject=subject, title=title, rereads=REREADS)


def _show_form(request, household, form, title, draft):
    if request.method != "POST":
        record_view(request, household)
    context = {"household": household, "form": form, "title": title, **draft.context}
    return render(request, "households/visit_note_form.html", context)
