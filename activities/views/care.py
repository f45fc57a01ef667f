"""The card of a child: whom to call, who fetches it, what it needs, what was said yes to."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.actions import care as actions
from activities.forms.care import CarerForm, CareSheetForm, ConsentsForm, NewCarerForm, NewPickupForm, PickupForm
from activities.models import CareChange, CareConsent, Carer, Participant, PickupPerson
from activities.needs import needs_of
from buurtwerk.accounts.decorators import right_required
from buurtwerk.accounts.models import SecureLink
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access

GET_OR_POST = ["GET", "HEAD", "POST"]
CHANGES_SHOWN = 20


@require_safe
@right_required("participants.read")
def care(request, code):
    participant = _participant(request, code, "participants.read")
    reads_care = request.user.may("care.read", participant.centre_id)
    _record(request, participant)
    needs = needs_of([participant], sees_care=reads_care)[participant.pk]
    context = {
        "participant": participant,
        "needs": needs,
        "reads_care": reads_care,
        "may_change": request.user.may("care.change", participant.centre_id),
        "may_change_carers": request.user.may("participants.change", participant.centre_id),
    }
    if reads_care:
        context |= _care_context(participant, needs)
    return render(request, "activities/care.html", context)


def _care_context(participant, needs):
    answers = list(CareConsent.objects.filter(participant=participant).select_related("noted_by"))
    consents = [
        {
            "purpose": purpose,
            "label": label,
            "now": next((row for row in answers if row.purpose == purpose and row.withdrawn_on is None), None),
            "earlier": [row for row in answers if row.purpose == purpose and row.withdrawn_on],
        }
        for purpose, label in CareConsent.Purpose.choices
    ]
    return {
        "consents": consents,
        "is_old": actions.is_outdated(participant, needs.sheet),
        "changes": CareChange.objects.filter(participant=participant).select_related("by")[:CHANGES_SHOWN],
    }


@require_safe
@right_required("care.read")
def care_print(request, code):
    """The emergency card of one child, on paper."""
    participant = _participant(request, code, "care.read")
    _record(request, participant, Access.Action.PRINT)
    needs = needs_of([participant], sees_care=True)
    return render(request, "activities/care_cards.html", {"needs": list(needs.values()), "session": None})


@require_http_methods(GET_OR_POST)
@right_required("care.change")
def care_sheet(request, code):
    participant = _participant(request, code, "care.change")
    draft = _draft(request, participant)
    sheet = actions.sheet_of(participant)
    sheet.participant = participant
    may_keep = actions.may_keep_medical(participant)
    form = CareSheetForm(
        request.POST or None, instance=sheet, may_keep_medical=may_keep, initial=_typed(draft) if may_keep else {}
    )
    if request.method == "POST" and form.is_valid():
        actions.save_sheet(form.instance, changed=form.changed_data, by=request.user)
        draft.discard()
        messages.success(request, f"De zorgfiche van {participant.first_name} is bewaard.")
        return redirect("activities:care", code)
    # What is typed is kept as a draft only while medical data may be kept at all.
    context = draft.context if may_keep else {}
    return _form_page(request, participant, form, "Zorgfiche", may_keep_medical=may_keep, is_sheet=True, **context)


def _typed(draft):
    return draft.start(CareSheetForm) if draft.kept else {}


def _draft(request, participant):
    return FormDraft(request, actions.DRAFT, subject=participant.code, title="Zorgfiche van een kind")


@require_http_methods(GET_OR_POST)
@right_required("participants.change")
def carer_create(request, code):
    participant = _participant(request, code, "participants.change")
    return _create(request, Carer, NewCarerForm, participant, "Nieuwe zorgfiguur")


@require_http_methods(GET_OR_POST)
@right_required("participants.change")
def carer_edit(request, code, pk):
    participant = _participant(request, code, "participants.change")
    return _edit(request, get_object_or_404(Carer, participant=participant, pk=pk), CarerForm, "carer-remove")


@require_POST
@right_required("participants.change")
def carer_remove(request, code, pk):
    participant = _participant(request, code, "participants.change")
    carer = get_object_or_404(Carer._base_manager, participant=participant, pk=pk)
    return _remove(request, carer, name=actions.CARER_REMOVED)


@require_POST
@right_required("participants.change")
def carer_first(request, code, pk):
    participant = _participant(request, code, "participants.change")
    carer = get_object_or_404(Carer, participant=participant, pk=pk)
    actions.call_first(carer, by=request.user)
    messages.success(request, f"{carer.name} staat nu bovenaan.")
    return redirect("activities:care", code)


@require_http_methods(GET_OR_POST)
@right_required("care.change")
def pickup_create(request, code):
    return _create(request, PickupPerson, NewPickupForm, _participant(request, code, "care.change"), "Nieuwe afhaler")


@require_http_methods(GET_OR_POST)
@right_required("care.change")
def pickup_edit(request, code, pk):
    participant = _participant(request, code, "care.change")
    person = get_object_or_404(PickupPerson, participant=participant, pk=pk)
    return _edit(request, person, PickupForm, "pickup-remove")


@require_POST
@right_required("care.change")
def pickup_remove(request, code, pk):
    participant = _participant(request, code, "care.change")
    person = get_object_or_404(PickupPerson._base_manager, participant=participant, pk=pk)
    return _remove(request, person, name=actions.PICKUP_REMOVED)


@require_http_methods(GET_OR_POST)
@right_required("care.change")
def consents(request, code):
    participant = _participant(request, code, "care.change")
    rows = CareConsent.objects.standing().filter(participant=participant)
    standing = {row.purpose: row for row in rows}
    has_medical = actions.sheet_of(participant).has_medical
    form = ConsentsForm(request.POST or None, standing=standing, has_medical=has_medical)
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            cleaned = form.cleaned_data
            given = {name: cleaned[name] for name in ("given_by", "given_on", "how")}
            new = actions.answer(participant, form.answers, by=request.user, **given)
            once.led_to(reverse("activities:care", args=[code]))
            messages.success(request, "De antwoorden zijn bewaard." if new else "Er stond al hetzelfde antwoord.")
        return redirect(once.result)
    return _form_page(request, participant, form, "Toestemmingen")


@require_http_methods(GET_OR_POST)
@right_required("care.change")
def consent_withdraw(request, code, purpose):
    """Taken back at once. Of medical data the page says first what goes with it."""
    participant = _participant(request, code, "care.change")
    if purpose not in CareConsent.Purpose.values:
        raise Http404
    consent = CareConsent.objects.given().filter(participant=participant, purpose=purpose).first()
    is_medical = purpose == CareConsent.Purpose.MEDICAL
    if consent and (request.method != "POST" or is_medical and "confirmed" not in request.POST):
        context = {"participant": participant, "consent": consent, "is_medical": is_medical}
        return render(request, "activities/consent_withdraw.html", context)
    if consent and actions.withdraw(consent, by=request.user):
        _say_withdrawn(request, consent, is_medical)
    return redirect("activities:care", code)


def _say_withdrawn(request, consent, is_medical):
    sentence = f"Ingetrokken: {consent.get_purpose_display()}. Dat geldt meteen."
    if is_medical:
        messages.success(request, f"{sentence} De medische gegevens zijn gewist.")
    else:
        say_with_undo(request, sentence, name=actions.CONSENT_WITHDRAWN, subject_id=consent.pk)


@require_http_methods(GET_OR_POST)
@right_required("care.change")
def care_link(request, code):
    """Give the parents a link. It is shown once: what is kept cannot be turned back into it."""
    participant = _participant(request, code, "care.change")
    living = SecureLink.objects.filter(purpose=actions.LINK, subject_id=participant.pk, revoked_at=None)
    context = {"participant": participant}
    if request.method == "POST" and "revoke" in request.POST:
        SecureLink.objects.revoke(purpose=actions.LINK, subject_id=participant.pk)
        messages.success(request, "De link werkt niet meer.")
        return redirect("activities:care", code)
    if request.method == "POST":
        token = actions.give_link(participant, by=request.user)
        context["address"] = request.build_absolute_uri(reverse("activities:care-by-link", args=[token]))
    else:
        _record(request, participant)
    context["living"] = next((link for link in living.order_by("-created_at") if link.is_living), None)
    return render(request, "activities/care_link.html", context)


# What these pages share


def _participant(request, code, right):
    """404 for who may not know of this participant, 403 for who may not do this."""
    participants = Participant.objects.visible_to(request.user).select_related("centre")
    if request.method == "POST":
        participants = participants.select_for_update(of=["self"], no_key=True)
    participant = get_object_or_404(participants, code=code)
    if not request.user.may(right, participant.centre_id):
        raise PermissionDenied
    return participant


def _record(request, participant, action=Access.Action.VIEW):
    Access.objects.record(
        request, action=action, record_type="care_sheet", ids=[participant.pk], centre_id=participant.centre_id
    )


def _create(request, model, form_class, participant, title):
    person = model(participant=participant, centre_id=participant.centre_id)
    form = form_class(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            actions.add(form.instance, by=request.user)
            once.led_to(reverse("activities:care", args=[participant.code]))
            messages.success(request, f"{person.name} staat op de fiche van {participant.first_name}.")
        return redirect(once.result)
    return _form_page(request, participant, form, title)


def _edit(request, person, form_class, remove):
    participant = person.participant
    form = form_class(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        actions.change(form.instance, by=request.user)
        messages.success(request, f"De gegevens van {person.name} zijn bewaard.")
        return redirect("activities:care", participant.code)
    address = reverse(f"activities:{remove}", args=[participant.code, person.pk])
    return _form_page(request, participant, form, "Pas aan", remove=address)


def _remove(request, person, *, name):
    if person.removed_at is None:
        actions.remove(person, by=request.user)
        say_with_undo(request, f"{person.name} is weggehaald.", name=name, subject_id=person.pk)
    return redirect("activities:care", person.participant.code)


def _form_page(request, participant, form, title, **context):
    if request.method != "POST":
        _record(request, participant)
    context |= {"participant": participant, "form": form, "title": title}
    return render(request, "activities/care_form.html", context)
