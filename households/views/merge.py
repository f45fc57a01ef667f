"""Doubles: the list of suspects, choosing what stays, and taking it apart again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.trail.models import Access
from households.actions import merge as actions
from households.forms.merge import GONE, ChooseOtherForm, MergeForm
from households.likeness import Typed, families_alike, families_like
from households.models import Household, MergeRecord
from households.moving import count_of
from households.views.page import family_for


@require_safe
@right_required("families.merge")
def doubles(request):
    pairs = families_alike(request.user.centres_where("families.merge"))
    shown = {family.pk: family for one, other, _ in pairs for family in (one, other)}
    Access.objects.record_shown(request, shown.values(), action=Access.Action.LIST, record_type="household")
    return render(request, "households/doubles.html", {"pairs": pairs})


@require_POST
@right_required("families.merge")
def not_double(request, code, other):
    one, two = (_mergeable(request.user, each) for each in (code, other))
    if one.centre_id != two.centre_id or one.pk == two.pk:
        raise Http404
    actions.tell_apart(one, two, by=request.user)
    messages.success(request, f"{one.code} en {two.code} zijn twee gezinnen. We vragen het niet meer.")
    return redirect("households:doubles")


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.merge")
def merge(request, code):
    kept = _mergeable(request.user, code)
    sent = request.POST if request.method == "POST" else request.GET
    choose = ChooseOtherForm(sent if "met" in sent else None, kept=kept, user=request.user)
    if not choose.is_valid():
        return _show_choice(request, kept, choose)
    if request.method == "POST":
        return _merge(request, kept, choose.gone)
    _record_both(request, kept, choose.gone)
    return _show(request, kept, choose.gone, MergeForm(kept=kept, gone=choose.gone))


def _mergeable(user, code):
    families = Household.objects.with_readers(user).select_related("primary_worker", "backup_worker", "neighbourhood")
    return family_for(user, code, right="families.merge", families=families)


def _merge(request, kept, gone):
    """Locked first, then read again: what a colleague did a second ago counts."""
    actions.both_locked(kept.pk, gone.pk)
    kept, gone = _mergeable(request.user, kept.code), _mergeable(request.user, gone.code)
    form = MergeForm(request.POST, kept=kept, gone=gone)
    if not form.is_valid():
        return _show(request, kept, gone, form)
    actions.merge(
        kept,
        gone,
        by=request.user,
        chosen=form.values(),
        same_people=form.same_people(),
        agreement_of_gone=form.cleaned_data.get("agreement") == GONE,
        reads_on=form.cleaned_data.get("reads_on", True),
    )
    _record_both(request, kept, gone, reason=f"Samengevoegd: {gone.code} in {kept.code}")
    messages.success(
        request, f"{gone.code} en {kept.code} zijn nu één dossier. Je kan het dertig dagen ongedaan maken."
    )
    return redirect(kept)


@require_POST
@right_required("families.merge")
def take_apart(request, code, pk):
    kept = _mergeable(request.user, code)
    records = MergeRecord.objects.visible_to(request.user).filter(kept=kept, undone_at=None)
    record = get_object_or_404(records.select_related("gone"), pk=pk)
    try:
        left = actions.take_apart(record, by=request.user)
    except actions.Overtaken as why:
        messages.error(request, str(why))
        return redirect("households:merge", kept.code)
    reason = f"Samenvoeging ongedaan gemaakt: {record.gone.code} uit {kept.code}"
    _record_both(request, kept, record.gone, reason=reason)
    messages.success(request, f"{record.gone.code} en {kept.code} zijn weer twee dossiers.")
    for sentence in left:
        messages.warning(request, sentence)
    return redirect(kept)


def _record_both(request, kept, gone, *, reason=""):
    Access.objects.record(
        request,
        action=Access.Action.VIEW,
        record_type="household",
        ids=[kept.pk, gone.pk],
        centre_id=kept.centre_id,
        reason=reason,
    )


def _show_choice(request, kept, form):
    """Whoever looks like this family, and a field for the code."""
    members = kept.members.current().select_related("person")
    names = " ".join([kept.nickname, *(str(member.person) for member in members)])
    phone = next((member.person.phone for member in members if member.person.phone), "")
    alike = families_like(Typed(names=names, phone=phone, address=kept.address), user=request.user)
    candidates = [family for family in alike if family.pk != kept.pk and family.centre_id == kept.centre_id]
    if request.method != "POST":
        shown = [kept, *candidates]
        Access.objects.record_shown(request, shown, action=Access.Action.SEARCH, record_type="household")
    context = {"household": kept, "form": form, "candidates": candidates, "merges": merges_of(kept, request.user)}
    return render(request, "households/merge_choose.html", context)


def merges_of(household, user):
    """What became one with this family lately, for who may take it apart; the last one first."""
    records = MergeRecord.objects.visible_to(user).undoable().filter(kept=household)
    return list(records.select_related("gone", "by"))


def _show(request, kept, gone, form):
    context = {"household": kept, "gone": gone, "form": form, "moves": count_of(gone)}
    return render(request, "households/merge.html", context)
