"""The requests of residents about their own data."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.accounts.step_up import ask_password, is_confirmed
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.trail.models import Access
from households.actions import subject_requests as actions
from households.forms.subject_requests import AnswerForm, RefusalForm, SubjectRequestForm, WhichFamilyForm
from households.models import SubjectRequest
from households.views.page import record_family

Kind, Status = SubjectRequest.Kind, SubjectRequest.Status


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("files.review")
def create(request):
    """First the family, then who asks what."""
    which = WhichFamilyForm(request.GET if "gezin" in request.GET else None, by=request.user)
    if not which.is_valid():
        return render(request, "households/subject_request_create.html", {"form": which})
    household = which.cleaned_data["gezin"]
    asked = SubjectRequest(household=household, centre_id=household.centre_id)
    # The family is in the address.
    draft = _draft(request, "vraag", household, title="Vraag", address=request.get_full_path())
    typed = draft.start(SubjectRequestForm)
    form = SubjectRequestForm(request.POST or None, household=household, instance=asked, initial=typed)
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            actions.register(form.save(commit=False), by=request.user)
            once.led_to(asked.get_absolute_url())
            draft.discard()
            messages.success(request, "De vraag is bewaard.")
        return redirect(once.result)
    if request.method != "POST":
        _record(request, household, Access.Action.VIEW)
    context = {"form": form, "household": household, **draft.context}
    return render(request, "households/subject_request_create.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.open")
def detail(request, pk):
    """The request and what can be done with it. Sending the form makes the answer, for a second reader."""
    asked = _find(request, pk)
    reviews = request.user.may("files.review", asked.centre_id)
    needs_answer = asked.kind != Kind.ACCESS
    draft = _draft(request, "vraag-antwoord", asked.household, title="Antwoord")
    form = AnswerForm(request.POST or None, initial=draft.start(AnswerForm)) if needs_answer else None
    if request.method == "POST":
        _must_review(request, asked)
        if form is None or form.is_valid():
            answer = form.cleaned_data["answer"] if form else ""
            draft.discard()
            said = "Een tweede lezer kijkt het nu na."
            return _do(request, asked, said, actions.prepare, answer=answer)
    else:
        _record(request, asked.household, Access.Action.VIEW)
    shown = {
        "asked": asked,
        "form": form if asked.is_running and reviews else None,
        **(draft.context if form else {}),
        **_next_steps(asked, request.user, reviews=reviews),
    }
    return render(request, "households/subject_request.html", shown)


def _next_steps(asked, user, *, reviews):
    """What can be done with it now: which buttons stand there, and what it still waits for."""
    on_list, is_read = actions.waits_on_list(asked), asked.status == Status.IN_REVIEW
    is_mine = asked.made_by_id == user.pk
    return {
        "on_list": on_list,
        "may_make": reviews and asked.is_running,
        "may_list": reviews and asked.kind == Kind.ERASURE and asked.status == Status.OPEN,
        "may_sign": is_read and not is_mine and not on_list,
        "waits_for_other": is_read and is_mine and not on_list,
        "may_give": reviews and asked.status == Status.READY,
        "may_refuse": reviews and asked.is_running,
        "locked": (asked.package or {}).get("locked", []) if is_read else [],
    }


@require_POST
@right_required("families.open")
def sign(request, pk):
    return _do(request, _find(request, pk), "Nagelezen. Het antwoord kan gegeven worden.", actions.sign)


@require_POST
@right_required("files.review")
def give(request, pk):
    asked = _find(request, pk)
    _must_review(request, asked)
    return _do(request, asked, "Genoteerd: gegeven aan de bewoner.", actions.give)


@require_POST
@right_required("files.review")
def put_on_list(request, pk):
    asked = _find(request, pk)
    _must_review(request, asked)
    alone = request.POST.get("who") == "person"
    said = f"{'Deze persoon' if alone else 'Het gezin'} staat op de vernietigingslijst. Een collega keurt het goed."
    return _do(request, asked, said, actions.put_on_list, alone=alone)


@require_POST
@right_required("families.open")
def give_note_along(request, pk, contact_pk):
    asked = _find(request, pk)
    return _do(request, asked, "Deze nota gaat mee.", actions.give_note_along, contact_id=contact_pk)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("files.review")
def refuse(request, pk):
    asked = _find(request, pk)
    _must_review(request, asked)
    draft = _draft(request, "vraag-weigering", asked.household, title="Weigering")
    form = RefusalForm(request.POST or None, initial=draft.start(RefusalForm))
    if request.method == "POST" and form.is_valid():
        draft.discard()
        reason = form.cleaned_data["refusal"]
        return _do(request, asked, "De vraag is geweigerd.", actions.refuse, reason=reason)
    context = {"form": form, "asked": asked, **draft.context}
    return render(request, "households/subject_request_refuse.html", context)


@require_safe
@right_required("families.open")
def package(request, pk):
    """On paper, for the resident: what the second reader signed for, or what they are reading now."""
    asked = _with_package(request, pk)
    if not is_confirmed(request):
        return ask_password(request)
    _record(request, asked.household, Access.Action.PRINT)
    return render(request, "households/package.html", {"asked": asked, "package": asked.package})


@require_safe
@right_required("families.open")
def package_json(request, pk):
    """The same for another program."""
    asked = _with_package(request, pk)
    if not is_confirmed(request):
        return ask_password(request)
    _record(request, asked.household, Access.Action.EXPORT)
    told = {name: value for name, value in asked.package.items() if name != "locked"}
    told["notes"] = [{"on": each["on"], "text": each["text"]} for each in asked.package["locked"] if each["given"]]
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="gegevens-{asked.household.code}.json"'
    return answer


def _draft(request, form, household, *, title, address=""):
    return FormDraft(request, form, subject=household.code, title=f"{title} {household.code}", address=address)


def _with_package(request, pk):
    asked = _find(request, pk)
    if asked.package is None:
        raise Http404
    return asked


def _find(request, pk):
    asked = SubjectRequest.objects.visible_to(request.user)
    return get_object_or_404(
        asked.select_related("household", "person", "made_by", "signed_by", "ended_by", "noted_by"), pk=pk
    )


def _must_review(request, asked):
    """The vaste buurtwerker reads along; only who reviews makes, gives and refuses."""
    if not request.user.may("files.review", asked.centre_id):
        raise PermissionDenied


def _do(request, asked, said, step, **given):
    try:
        step(asked, by=request.user, **given)
    except actions.Overtaken as problem:
        messages.error(request, str(problem))
    else:
        if step is actions.prepare and asked.kind == Kind.ACCESS:
            _record(request, asked.household, Access.Action.EXPORT)
        messages.success(request, said)
    return redirect(asked)


def _record(request, household, action):
    record_family(request, household, action, reason="Vraag over eigen gegevens")
