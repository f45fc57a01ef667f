from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.interface.templatetags.look import day as in_words
from households.actions import levels as actions
from households.closing import obstacles
from households.forms.closing import ClosingForm, PauseForm
from households.models import Household
from households.views.page import REREADS, family_to_change, record_view


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def pause(request, code):
    household = family_to_change(request, code)
    if household.status == Household.Status.CLOSED:
        messages.info(request, "Dit gezin is afgerond. Heropen het eerst.")
        return redirect(household)
    form = PauseForm(request.POST or None, instance=household)
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["paused_until"]
        actions.pause(household, until=until, reason=form.cleaned_data["pause_reason"], by=request.user)
        _say(request, household, f"Op rust{f' tot en met {in_words(until)}' if until else ''}.")
        return redirect(household)
    return _show(request, household, "households/pause.html", {"form": form})


@require_POST
@right_required("families.change")
def resume(request, code):
    household = family_to_change(request, code)
    if household.status == Household.Status.PAUSED:
        actions.resume(household, by=request.user)
        _say(request, household, "Het gezin is weer actief.")
    return redirect(household)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def close(request, code):
    """Rounding off: refused with a list while something still waits."""
    household = family_to_change(request, code)
    if household.status == Household.Status.CLOSED:
        messages.info(request, "Dit gezin is al afgerond.")
        return redirect(household)
    waiting = obstacles(household)
    title = f"Afronden {household.code}"
    draft = FormDraft(request, "afronden", subject=household.code, title=title, rereads=REREADS)
    # What was typed writes over nothing: it goes on with the family as it is now.
    initial = draft.start(ClosingForm) | {"loaded_version": household.version}
    form = ClosingForm(request.POST or None, instance=household, initial=initial)
    if request.method == "POST" and not waiting and form.is_valid():
        actions.close(
            household, reason=form.cleaned_data["closure_reason"], text=form.cleaned_data["text"], by=request.user
        )
        draft.discard()
        _say(request, household, "Het gezin is afgerond.", name=actions.CLOSED)
        return redirect(household)
    context = {"form": form, "obstacles": waiting, **draft.context}
    return _show(request, household, "households/close.html", context)


@require_POST
@right_required("families.change")
def reopen(request, code):
    household = family_to_change(request, code)
    if household.status == Household.Status.CLOSED:
        actions.reopen(household, by=request.user)
        _say(request, household, "Het gezin is heropend. Kijk na of het ritme nog klopt.")
    # On to what was asked for, when that had to wait for this.
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/team/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if is_ours else household)


def _say(request, household, sentence, *, name=actions.STATE_CHANGED):
    say_with_undo(request, sentence, name=name, subject_id=actions.state_before(household))


def _show(request, household, template, context):
    if request.method != "POST":
        record_view(request, household)
    # A form that was refused has put what was typed on its family: the page shows what we know.
    return render(request, template, {"household": Household.objects.get(pk=household.pk), **context})
