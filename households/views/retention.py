"""How long families are kept, and the list of what may be erased."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.places.models import Centre
from buurtwerk.trail.models import Access
from households.actions import retention as actions
from households.actions.erasing import dry_run
from households.actions.erasing_person import ERASED, texts_to_review
from households.actions.subject_requests import end_erased
from households.fixed_terms import FIXED_TERMS
from households.forms.retention import GroundForm, KeepForm, RetentionTermForm
from households.models import DestructionLine, ErasureRecord, RetentionHold, RetentionTerm, SubjectRequest
from households.views.page import file_for, record_view

RECENT = 30


@require_safe
@right_required("files.review")
def overview(request):
    """What waits: requests of residents with the days that are left, and the list of what may be erased."""
    asked = SubjectRequest.objects.visible_to(request.user).select_related("household", "person")
    running = list(asked.running())
    Access.objects.record_shown(request, running, action=Access.Action.LIST, record_type="subject_request")
    lines = DestructionLine.objects.visible_to(request.user)
    shown = {
        "running": running,
        "ended": asked.exclude(pk__in=[each.pk for each in running]).order_by("-ended_at")[:RECENT],
        "waiting": lines.waiting().count(),
        "ready": lines.ready().count(),
    }
    return render(request, "households/privacy.html", shown)


@require_safe
@right_required("files.review")
def destruction_list(request):
    """The current list with what was decided, and what was erased before."""
    lines = DestructionLine.objects.visible_to(request.user).select_related("household", "decided_by", "centre")
    current = list(lines.standing())
    families = [line.household for line in current]
    Access.objects.record_shown(request, families, action=Access.Action.LIST, record_type="household")
    shown = {
        "waiting": [line for line in current if line.decision == DestructionLine.Decision.WAITING],
        "approved": [line for line in current if line.decision == DestructionLine.Decision.APPROVED],
        "ready": sum(line.is_ready for line in current),
        "holds": RetentionHold.objects.visible_to(request.user).standing().select_related("household", "by")[:RECENT],
        "erased": lines.exclude(erased_at=None).order_by("-erased_at")[:RECENT],
        "journal": ErasureRecord.objects.filter(centre__in=request.user.centres_where("files.review"))[:RECENT],
    }
    return render(request, "households/destruction_list.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("files.review")
def destruction_line(request, pk):
    """One family: what would go, and the choice. Sending the form keeps it longer."""
    line = _line(request, pk)
    form = KeepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep(line, reason=form.cleaned_data["reason"], until=form.cleaned_data["until"], by=request.user)
        except actions.Overtaken as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, f"{line.household.code} blijft langer bewaard.")
        return redirect("households:destruction-list")
    if request.method != "POST":
        _record_view(request, line)
    standing = line.decision in DestructionLine.STANDING and line.erased_at is None
    shown = {
        "line": line,
        "form": form,
        "standing": standing,
        "counts": dry_run(line) if standing else [],
        **(_texts(line) if standing and line.person else {}),
        "may_approve": line.decision == DestructionLine.Decision.WAITING and line.proposed_by_id != request.user.pk,
    }
    return render(request, "households/destruction_line.html", shown)


@require_POST
@right_required("files.review")
def approve(request, pk):
    line = _line(request, pk)
    try:
        actions.approve(line, by=request.user, keep=set(request.POST.getlist("keep")))
    except actions.Overtaken as problem:
        messages.error(request, str(problem))
    else:
        who = "Deze persoon" if line.rule == DestructionLine.Rule.PERSON else line.household.code
        messages.success(request, f"{who} mag gewist worden.")
    return redirect("households:destruction-list")


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("files.review")
def propose_person(request, code, pk):
    """Somebody of a family that stays, for the list: an adult who asks it, or a child who left."""
    household = file_for(request.user, code, right="files.review")
    member = household.members.select_related("person").filter(pk=pk).first()
    if member is None:
        raise Http404
    form = GroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            line = actions.propose_person(member.person, household, ground=form.cleaned_data["ground"], by=request.user)
        except actions.Overtaken as problem:
            messages.error(request, str(problem))
            return redirect("households:person", household.code, member.pk)
        messages.success(request, "Deze persoon staat op de vernietigingslijst. Een collega keurt het goed.")
        return redirect("households:destruction-line", line.pk)
    if request.method != "POST":
        record_view(request, household, reason="Vernietigingslijst")
    return render(request, "households/person_erase.html", {"form": form, "household": household, "member": member})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("files.review")
def erase_ready(request):
    """What was approved and whose day has come: first shown, then erased."""
    lines = DestructionLine.objects.visible_to(request.user).ready()
    if request.method == "POST":
        number = actions.erase_ready(lines)
        end_erased()
        what = "1 regel van de lijst is gewist." if number == 1 else f"{number} regels van de lijst zijn gewist."
        messages.success(request, what if number else "Er was niets meer te wissen.")
        return redirect("households:destruction-list")
    rows = [(line, dry_run(line)) for line in lines.select_related("household", "person")]
    return render(request, "households/destruction_erase.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("files.review")
def terms(request):
    """The terms of each centre, with the ones before, and a form for a new one."""
    draft = FormDraft(request, "bewaartermijn", title="Bewaartermijn")
    term, typed = RetentionTerm(by=request.user), draft.start(RetentionTermForm)
    form = RetentionTermForm(request.POST or None, by=request.user, instance=term, initial=typed)
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            form.save()
            once.led_to(reverse("households:retention-terms"))
            draft.discard()
            messages.success(request, "De bewaartermijn is bewaard.")
        return redirect(once.result)
    centres = Centre.objects.filter(pk__in=request.user.centres_where("files.review")).order_by("name")
    shown = {
        "form": form,
        "centres": [(centre, list(actions.terms_of(centre).values())) for centre in centres],
        **draft.context,
        "fixed_terms": FIXED_TERMS,
        "history": RetentionTerm.objects.visible_to(request.user).select_related("centre", "by"),
    }
    return render(request, "households/retention_terms.html", shown)


def _texts(line):
    with asking_everything():
        texts, unread = texts_to_review(line)
    return {"texts": texts, "unread": unread, "masked_by": ERASED}


def _line(request, pk):
    lines = DestructionLine.objects.visible_to(request.user)
    return get_object_or_404(lines.select_related("household", "person", "centre", "proposed_by", "decided_by"), pk=pk)


def _record_view(request, line):
    Access.objects.record(
        request,
        action=Access.Action.VIEW,
        record_type="household",
        ids=[line.household_id],
        centre_id=line.centre_id,
        reason="Vernietigingslijst",
    )
