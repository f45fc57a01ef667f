from django.conf import settings
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access
from households.actions import referrals as actions
from households.forms.referral_answers import AnswerForm, WithdrawForm
from households.forms.referral_list import LIST_LIMIT, ReferralFilter
from households.forms.referrals import ReferralForm
from households.models import Household, Referral
from households.views.page import file_for, refuse_when_closed
from partners.models import Organisation

LINK_OF = "referral_link_{}"
STEPS = ("search", "preview", "tip", "send")


@right_required("referrals.make")
@require_http_methods(["GET", "HEAD", "POST"])
def create(request, code):
    families = Household.objects.with_readers(request.user).select_related("centre", "neighbourhood")
    household = file_for(request.user, code, right="referrals.make", families=families)
    refuse_when_closed(request, household)
    step = next((step for step in STEPS if step in request.POST), "send")
    if request.method != "POST":
        return _show_form(request, _started_form(request, household))
    if step == "search":
        return _show_form(request, _form_as_typed(request, household, request.POST))
    form = ReferralForm(request.POST, household=household, by=request.user, step=step)
    is_valid = form.is_valid()
    if step == "tip" and not form.errors.get("organisation"):
        return _tip_sheet(request, form.cleaned_data["organisation"])
    if step == "send" and is_valid:
        return _send(request, form)
    return _show_form(request, form)


@right_required("referrals.make")
@require_safe
def referral_list(request):
    visible = Referral.objects.visible_to(request.user)
    form = ReferralFilter(request.GET)
    narrowed = form.narrow(visible.exclude(status=Referral.Status.DRAFT), user=request.user)
    found = list(form.apply(narrowed).select_related("household", "organisation", "made_by")[: LIST_LIMIT + 1])
    Access.objects.record_shown(request, found[:LIST_LIMIT], action=Access.Action.LIST, record_type="referral")
    return render(
        request,
        "households/referral_list.html",
        {
            "form": form,
            "tabs": list(form.tabs(narrowed)),
            "referrals": found[:LIST_LIMIT],
            "there_are_more": len(found) > LIST_LIMIT,
            "limit": LIST_LIMIT,
            "sees_all": request.user.may("referrals.overview"),
        },
    )


@right_required("referrals.make")
@require_safe
def detail(request, pk):
    return _show_detail(request, _visible(request, pk))


@right_required("referrals.make")
@require_POST
def record_answer(request, pk):
    referral = _visible(request, pk)
    if request.POST.get("answer") == referral.status:
        # Sent twice, or a colleague noted the very same.
        return redirect(referral)
    form = AnswerForm(request.POST, referral=referral)
    if not form.is_valid():
        return _show_detail(request, referral, answer_form=form)
    answer = {name: form.cleaned_data.get(name, "") for name in ("why", "decline_reason", "outcome")}
    try:
        move = actions.note_answer(referral, status=form.cleaned_data["answer"], by=request.user, **answer)
    except actions.NotPossible:
        return _say_overtaken(request, pk)
    sentence = f"Genoteerd: {move.get_to_status_display().lower()}."
    if move.to_status == Referral.Status.CANCELLED:
        messages.success(request, f"{sentence} De tekst is gewist.")
    else:
        say_with_undo(request, sentence, name=actions.UNDO_ANSWER, subject_id=move.pk)
    return redirect(referral)


@right_required("referrals.make")
@require_POST
def link(request, pk):
    """A new link for the organisation; the one before stops working."""
    referral = _visible(request, pk)
    try:
        _show_link_once(request, referral)
    except actions.NotPossible:
        return _say_overtaken(request, pk)
    return redirect(referral)


@right_required("referrals.make")
@require_POST
def withdraw(request, pk):
    referral = _visible(request, pk)
    if referral.status == Referral.Status.WITHDRAWN:
        return redirect(referral)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _show_detail(request, referral, withdraw_form=form)
    try:
        actions.withdraw(referral, by=request.user, why=form.cleaned_data["why"])
    except actions.NotPossible:
        return _say_overtaken(request, pk)
    messages.success(
        request,
        f"De toestemming is ingetrokken en de tekst is gewist. Laat het vandaag weten aan {referral.organisation}.",
    )
    return redirect(referral)


def _show_link_once(request, referral):
    """On the next page and never again: we keep no more than a fingerprint of it."""
    request.session[LINK_OF.format(referral.pk)] = actions.give_link(referral)


def _started_form(request, household):
    """Empty, or with what was typed before and never sent."""
    typed = _draft(request, household).typed
    if not typed:
        # Who comes from elsewhere in Buurtwerk may bring the organisation along: its short name, nothing of anyone.
        to = Organisation.objects.active().filter(slug=slugify(request.GET.get("aan", ""))).first()
        return ReferralForm(household=household, by=request.user, initial={"organisation": to.pk} if to else None)
    form = _form_as_typed(request, household, typed)
    form.is_continued = True
    return form


def _form_as_typed(request, household, typed):
    """The form as it was filled in, not judged yet. `typed` is a QueryDict, or the dictionary of a draft."""
    values = dict(typed.lists()) if hasattr(typed, "lists") else typed
    initial = {"here": False}
    for name, field in ReferralForm.base_fields.items():
        if values.get(name) and not field.widget.is_hidden:
            initial[name] = values[name] if name == "shared" else values[name][-1]
    return ReferralForm(initial=initial, household=household, by=request.user)


def _show_form(request, form):
    household = form.household
    _write_trail(request, "household", household)
    context = {
        "form": form,
        "household": household,
        **_draft(request, household).context,
    }
    return render(request, "households/referral_form.html", context)


def _draft(request, household):
    return FormDraft(request, "referral", subject=household.code, title=f"Doorverwijzing {household.code}")


def _send(request, form):
    saved = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if saved.result:
        return redirect(saved.result)
    consent = form.consent()
    referral = actions.send(form.save(commit=False), consent=consent, by=request.user)
    _show_link_once(request, referral)
    saved.led_to(referral.get_absolute_url())
    _draft(request, form.household).discard()
    say_with_undo(
        request,
        f"Genoteerd. Geef de tekst nu zelf door aan {referral.organisation}: er vertrekt nog geen mail.",
        name=actions.UNDO_SENT,
        subject_id=referral.pk,
    )
    return redirect(referral)


def _tip_sheet(request, organisation):
    """For the resident to take along: the public card, and nothing about anyone."""
    services = organisation.services.active().prefetch_related("neighbourhoods")
    context = {"organisation": organisation, "services": services}
    return render(request, "households/referral_tip_sheet.html", context)


def _visible(request, pk):
    referrals = Referral.objects.visible_to(request.user).exclude(status=Referral.Status.DRAFT)
    everything = ("household", "person", "organisation", "made_by", "consent", "consent__noted_by", "check_back")
    return get_object_or_404(referrals.select_related(*everything), pk=pk)


def _show_detail(request, referral, *, answer_form=None, withdraw_form=None):
    _write_trail(request, "referral", referral)
    prefetch_related_objects([referral], "moves__by")
    token = request.session.pop(LINK_OF.format(referral.pk), "")
    address = token and settings.SITE_URL + reverse("households:referral-link", args=[token])
    context = {
        "referral": referral,
        "link": address,
        "can_be_answered_by_link": actions.can_be_answered_by_link(referral),
        "need": referral.need_for(request.user),
        "form": answer_form or withdraw_form or None,
        "answer_form": answer_form or (AnswerForm(referral=referral) if actions.possible_moves(referral) else None),
        "withdraw_form": withdraw_form or (WithdrawForm() if actions.may_withdraw(referral) else None),
    }
    return render(request, "households/referral_detail.html", context)


def _say_overtaken(request, pk):
    messages.error(request, "Een collega was je net voor. Kijk na hoe het nu staat.")
    return redirect("households:referral-detail", pk)


def _write_trail(request, record_type, record):
    Access.objects.record(
        request, action=Access.Action.VIEW, record_type=record_type, ids=[record.pk], centre_id=record.centre_id
    )
