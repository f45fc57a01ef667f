from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.interface.figures import HIDDEN, HIDDEN_TEXT
from buurtwerk.interface.sheets import as_csv
from buurtwerk.trail.models import Access
from households import compartments
from households.actions import rights as actions
from households.forms.rights import FiguresFilter, RightEditForm, RightForm, RightsForm
from households.models import Right, RightCheck
from households.views.page import family_to_add_to, file_for, record_view


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("followups.work")
def go_through(request, code, member_pk=None):
    """The whole list with a family, or with one person of it, in taps and one save."""
    household = family_to_add_to(request, code, right="followups.work")
    members = list(household.members.current().select_related("person"))
    person = _person_among(members, member_pk)
    subject = f"{household.code} {member_pk or ''}".strip()
    draft = FormDraft(request, "rechten", subject=subject, title=f"Rechten {household.code}")
    form = RightsForm(
        request.POST if request.method == "POST" else None,
        rights=Right.objects.active(),
        newest=actions.newest_of(household, person=person),
        typed=draft.typed,
    )
    if request.method == "POST" and (earlier := _already_saved(request, form)):
        return redirect(earlier)
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        _keep_answers(request, household, person, form)
        draft.discard()
        once.led_to(reverse("households:help", args=[household.code]))
        return redirect(once.result)
    if request.method != "POST":
        record_view(request, household)
    context = {"household": household, "members": members, "person": person, "form": form, **draft.context}
    return render(request, "households/rights_go_through.html", context)


def _person_among(members, member_pk):
    if member_pk is None:
        return None
    person = next((member.person for member in members if member.pk == member_pk), None)
    if person is None:
        raise Http404
    return person


def _already_saved(request, form):
    """The second click of two: what it says was changed meanwhile, is what the first one did."""
    form.full_clean()
    token = form.cleaned_data.get("token")
    return token and SavedOnce.objects.filter(token=token, user=request.user).values_list("result", flat=True).first()


def _keep_answers(request, household, person, form):
    kept = actions.answer(household, person=person, answers=form.answers(), by=request.user)
    if not kept:
        messages.info(request, "Er is niets veranderd.")
        return
    many = "1 antwoord is bewaard." if len(kept) == 1 else f"{len(kept)} antwoorden zijn bewaard."
    say_with_undo(request, many, name=actions.UNDO_ANSWERED, subject_id=kept[0].pk)


@require_safe
@right_required("families.open")
def history(request, code, right):
    """Everything this family ever answered about one right, newest first."""
    household = file_for(request.user, code)
    right = get_object_or_404(Right, code=right)
    answers = RightCheck.objects.visible_to(request.user).filter(right=right)
    answers = answers.told_in(household, compartments.chosen(request, household))
    record_view(request, household)
    context = {"household": household, "right": right, "answers": answers.select_related("person", "by")}
    return render(request, "households/right_history.html", context)


# The list itself


@require_safe
@right_required("rights.change")
def right_list(request):
    return render(request, "households/right_list.html", {"rights": Right.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("rights.change")
def create(request):
    draft = _list_draft(request)
    form = RightForm(request.POST or None, initial=draft.start(RightForm))
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            right = form.save()
            once.led_to(reverse("households:right-list"))
            draft.discard()
            messages.success(request, f"{right} staat in de lijst.")
        return redirect(once.result)
    return render(request, "households/right_form.html", {"form": form, "right": None, **draft.context})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("rights.change")
def edit(request, pk):
    right = get_object_or_404(Right, pk=pk)
    draft = _list_draft(request, right.pk)
    form = RightEditForm(request.POST or None, instance=right, initial=draft.start(RightEditForm))
    if request.method == "POST" and form.is_valid():
        form.save()
        draft.discard()
        messages.success(request, f"{right} is bewaard.")
        return redirect("households:right-list")
    return render(request, "households/right_form.html", {"form": form, "right": right, **draft.context})


def _list_draft(request, subject=""):
    return FormDraft(request, "recht-in-de-lijst", subject=subject, title="Een recht in de lijst")


# For policy


@require_safe
@right_required("families.oversee")
def figures(request):
    """Who does not take up what, in one neighbourhood; nothing under five families."""
    chosen, counted = _count(request)
    context = {
        "form": chosen,
        "counted": counted,
        "states": RightCheck.State.labels,
        "reasons": [*RightCheck.Reason.labels, "Niet gezegd"],
        "by_state": _rows(counted.states),
        "by_reason": _rows(counted.reasons),
        "has_reasons": any(count for row in counted.reasons.values() for count in row.values()),
    }
    return render(request, "households/right_figures.html", context)


@require_safe
@right_required("families.oversee")
def figures_export(request):
    chosen, counted = _count(request)
    buurt = chosen.chosen_label or "geen buurt"
    Access.objects.record(
        request, action=Access.Action.EXPORT, record_type="right_figures", ids=[], reason=f"buurt: {buurt}"
    )
    head = ["Buurt", "Recht", *RightCheck.State.labels]
    head += [f"Wil niet: {label.lower()}" for label in [*RightCheck.Reason.labels, "Niet gezegd"]]
    rows = [
        [buurt, right.label, *_shown(states.values()), *_shown(counted.reasons[right].values())]
        for right, states in counted.states.items()
    ]
    answer = HttpResponse(as_csv([head, *rows]), content_type="text/csv; charset=utf-8")
    name = f"rechten-{slugify(buurt)}-{timezone.localdate():%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _count(request):
    families = actions.families_for_figures(request.user)
    chosen = FiguresFilter(request.GET, families=families)
    return chosen, actions.figures(chosen.apply(families))


def _rows(table):
    return [(right, list(columns.values())) for right, columns in table.items()]


def _shown(counts):
    return [HIDDEN_TEXT if count is HIDDEN else count for count in counts]
