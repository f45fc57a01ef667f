"""Noodtoegang: to one file, with a reason, for half an hour."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from buurtwerk.accounts.decorators import right_required
from buurtwerk.accounts.step_up import ask_password, is_confirmed
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from households import open_files
from households.actions import glass as actions
from households.forms.glass import BreakGlassByCodeForm, BreakGlassForm
from households.models import BreakGlass, Household
from households.views.page import family_for

READS_ALREADY = "Je leest dit dossier al."


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("files.break_glass")
def break_glass(request, code):
    """For a family that one knows of."""
    household = family_for(request.user, code, right="files.break_glass")
    if not actions.has_use_of_glass(request.user, household) or household.is_open_by_glass_to(request.user):
        messages.info(request, READS_ALREADY)
        return redirect(household)
    form = _form(request, BreakGlassForm, subject=household.code)
    if form is None:
        return ask_password(request)
    if request.method == "POST" and form.is_valid():
        return _open(request, household, form, subject=household.code)
    return render(request, "households/break_glass.html", {"form": form, "household": household})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("files.break_glass")
def break_glass_by_code(request):
    """For a family that one cannot find: it opens, or it leaves a line for the coordinators; never only an answer."""
    form = _form(request, BreakGlassByCodeForm, subject="")
    if form is None:
        return ask_password(request)
    if request.method != "POST" or not form.is_valid():
        return render(request, "households/break_glass.html", {"form": form, "household": None})
    if actions.tried_too_often(request.user):
        form.add_error(None, "Je probeerde dit vandaag al vijf keer. Vraag het aan de coördinator.")
        return render(request, "households/break_glass.html", {"form": form, "household": None})
    code = form.cleaned_data["code"]
    household = actions.find_anywhere(code, by=request.user)
    if household is None:
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            actions.note_failed_try(request, code=code, reason=form.cleaned_data["reason"])
            once.led_to(request.path)
        _draft(request, "").discard()
        return render(request, "households/break_glass_nothing.html")
    known = Household.objects.visible_to(request.user).with_readers(request.user).filter(pk=household.pk).first()
    if known and (known.is_open_by_glass_to(request.user) or not actions.has_use_of_glass(request.user, known)):
        messages.info(request, READS_ALREADY)
        return redirect(known)
    return _open(request, household, form, subject="")


@require_POST
@right_required("files.break_glass")
def close(request, code):
    """Done before the half hour is over."""
    opened = BreakGlass.objects.open_for(request.user).filter(household__code=code)
    if not opened:
        raise Http404
    for glass in opened:
        actions.close(glass)
    open_files.forget(request, code)
    messages.success(request, f"De noodtoegang tot {code} is gesloten.")
    household = Household.objects.openable_by(request.user).filter(code=code).first()
    return redirect(household or "overview:today")


@require_POST
@right_required("families.open")
def seen(request, pk):
    """Someone who reviews, or the vaste buurtwerker, looked at why; never who broke the glass."""
    others = BreakGlass.objects.visible_to(request.user).exclude(user=request.user)
    glass = get_object_or_404(others.select_related("household"), pk=pk)
    actions.mark_seen(glass, by=request.user)
    messages.success(request, f"Gezien: {glass.user} in {glass.household.code}.")
    if request.user.may("files.review", glass.centre_id):
        return redirect("households:digest")
    return redirect("households:access", glass.household.code)


def _form(request, form_class, *, subject):
    """The form, or None while the password must be given first; what was typed waits for that as a draft."""
    if not is_confirmed(request):
        if request.method == "POST":
            typed = {name: request.POST.getlist(name) for name in form_class.base_fields if name != "token"}
            _draft(request, subject).keep(typed)
        return None
    if request.method == "POST":
        return form_class(request.POST)
    return form_class(initial=_draft(request, subject).start(form_class))


def _draft(request, subject):
    return FormDraft(request, "noodtoegang", subject=subject, title=f"Noodtoegang {subject}".strip())


def _open(request, household, form, *, subject):
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if not once.result:
        cleaned = form.cleaned_data
        glass = actions.break_glass(request, household, ground=cleaned["ground"], reason=cleaned["reason"])
        open_files.remember(request, household.code, glass.until)
        once.led_to(household.get_absolute_url())
        _draft(request, subject).discard()
    return redirect(once.result)
