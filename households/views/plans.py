from itertools import pairwise

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.languages import Language
from buurtwerk.trail.models import Access
from households import compartments, phrases
from households.actions import plans as actions
from households.forms.plans import PlanForm
from households.models import Plan, PlanStep
from households.views.page import family_to_add_to, family_to_change, file_for, record_family, record_view, show_tab

VERSIONS_AT_ONCE = 20


@require_safe
@right_required("families.open")
def tab(request, code):
    """Afspraken: what is agreed now, who does what by when, and the versions before."""
    household = file_for(request.user, code)
    luik = compartments.chosen(request, household)
    shared = actions.current(household, user=request.user)
    own = actions.current(household, user=request.user, compartment=luik) if luik else None
    plans = [plan for plan in (own, shared) if plan]
    context = {
        "luik": luik,
        "plans": plans,
        # Of a luik the page changes and ticks its own plan; what is shared is changed at Gedeeld.
        "changeable": own if luik else shared,
        "may_print": plans and not compartments.must_choose(household, luik),
    }
    return show_tab(request, household, "households:plan", "households/plan_tab.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def edit(request, code):
    household = family_to_add_to(request, code)
    luik = compartments.chosen(request, household)
    back = _address("households:plan", household, luik)
    if request.method == "POST" and (earlier := _already_saved(request)):
        return redirect(earlier)
    draft = _draft(request, household, luik)
    form = _form(request, household, luik, typed=draft.typed)
    if form.is_bound and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not form.is_overtaken():
            words, goals = form.cleaned_data["own_words"], form.agreed(by=request.user)
            saved = actions.save_version(household, compartment=luik, own_words=words, goals=goals, by=request.user)
            once.led_to(back)
            draft.discard()
            say_with_undo(request, "De afspraken zijn bewaard.", name=actions.UNDO_SAVED, subject_id=saved.pk)
            return redirect(back)
    if request.method != "POST":
        record_view(request, household)
    context = {"household": household, "luik": luik, "back": back, "form": form, "draft": draft.kept, **draft.context}
    return render(request, "households/plan_edit.html", context)


def _draft(request, household, luik):
    subject = f"{household.code} {luik.pk if luik else ''}".strip()
    address = _address("households:plan-edit", household, luik)
    return FormDraft(request, "afspraken", subject=subject, title=f"Afspraken {household.code}", address=address)


def _form(request, household, luik, *, typed):
    """The page as it stands, as it was typed before, as it is sent, or with one more row in what is typed."""
    more = request.POST.get("more", "")
    return PlanForm(
        request.POST if request.method == "POST" and not more else None,
        household=household,
        plan=actions.current(household, user=request.user, compartment=luik),
        compartment=luik,
        typed=dict(request.POST.lists()) if more else typed,
        more=more,
    )


def _already_saved(request):
    """The second click of two: what it says was changed meanwhile, is what the first one did."""
    form = PlanForm.base_fields["token"]
    try:
        token = form.clean(request.POST.get("token"))
    except ValidationError:
        return None
    return SavedOnce.objects.filter(token=token, user=request.user).values_list("result", flat=True).first()


@require_POST
@right_required("families.change")
def tick(request, code, pk):
    """Done or not done, with one tap, in the plan that counts now."""
    household = family_to_change(request, code)
    step = PlanStep.objects.select_related("goal__plan__compartment").filter(pk=pk, goal__plan__household=household)
    step = step.first()
    luik = step and step.goal.plan.compartment
    newest = step and actions.current(household, user=request.user, compartment=luik)
    if step is None or step.goal.plan != newest:
        raise Http404
    actions.tick(step, by=request.user)
    sentence = f"Gedaan: {step.what}" if step.is_done else f"Toch nog te doen: {step.what}"
    say_with_undo(request, sentence, name=actions.UNDO_TICKED, subject_id=step.pk)
    return redirect(_address("households:plan", household, luik))


@require_safe
@right_required("families.open")
def versions(request, code):
    """What was agreed before, each with what changed in it."""
    household = file_for(request.user, code)
    luik = compartments.chosen(request, household)
    found = _told(request, household, luik).filter(compartment=luik).with_steps().select_related("made_by")
    page = Paginator(found, VERSIONS_AT_ONCE).get_page(request.GET.get("page"))
    start = (page.number - 1) * VERSIONS_AT_ONCE
    # The one after the last tells what changed in the last.
    shown = list(found[start : start + VERSIONS_AT_ONCE + 1])
    number = page.paginator.count - start
    lines = [
        (number - place, plan, actions.differences(before, plan))
        for place, (plan, before) in enumerate(pairwise(shown))
    ]
    if len(shown) <= VERSIONS_AT_ONCE and shown:
        lines.append((number - len(shown) + 1, shown[-1], []))
    record_view(request, household)
    context = {"household": household, "luik": luik, "page": page, "lines": lines}
    return render(request, "households/plan_versions.html", context)


@require_safe
@right_required("families.open")
def version(request, code, pk):
    household = file_for(request.user, code)
    luik = compartments.chosen(request, household)
    plans = _told(request, household, luik).with_steps().select_related("made_by")
    plan = get_object_or_404(plans, pk=pk)
    record_view(request, household)
    return render(request, "households/plan_version.html", {"household": household, "luik": luik, "plan": plan})


@require_safe
@right_required("families.open")
def sheet(request, code):
    """The A5 sheet that goes home with the family: what is shared, and one luik at most."""
    household = file_for(request.user, code)
    luik = compartments.chosen(request, household)
    if compartments.must_choose(household, luik):
        record_view(request, household)
        return render(request, "households/plan_sheet_whose.html", {"household": household})
    shared = actions.current(household, user=request.user)
    own = actions.current(household, user=request.user, compartment=luik) if luik else None
    language = request.GET.get("taal") or phrases.language_of(household)
    reason = f"afsprakenblad, luik {luik.pk}" if luik else "afsprakenblad"
    record_family(request, household, Access.Action.PRINT, reason=reason)
    context = {
        "household": household,
        "luik": luik,
        "centre": household.centre,
        "plans": [plan for plan in (own, shared) if plan],
        "names": _names_on(household, luik),
        "fold": phrases.fold_in(language),
        "languages": [(code, Language(code).label) for code in phrases.LANGUAGES],
        "language": language,
    }
    return render(request, "households/plan_sheet.html", context)


def _names_on(household, luik):
    """The first names on the sheet: of the luik alone, or of the adults that nobody hides."""
    if luik:
        return [luik.person.first_name]
    members = household.members.current().select_related("person").exclude(role__in=["child", "foster_child"])
    return list(dict.fromkeys(member.person.first_name for member in members))


def _told(request, household, luik):
    return Plan.objects.visible_to(request.user).told_in(household, luik).newest_first()


def _address(name, household, luik):
    address = reverse(name, args=[household.code])
    return f"{address}?luik={luik.pk}" if luik else address
