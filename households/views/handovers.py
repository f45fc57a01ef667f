from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.accounts.models import User
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.trail.models import Access
from households.actions import handovers as actions
from households.actions.offers import LEFT, NotPossible
from households.forms.handovers import (
    EndForm,
    HandedFamilyForm,
    HandoverForm,
    RefuseForm,
    WhichForm,
    WhoForm,
    families_of,
)
from households.models import Handover, Household

PER_PAGE = 30
OVERTAKEN = "Dat gaat niet meer: er veranderde intussen iets aan deze overdracht. Kijk hoe het nu staat."


@require_safe
@right_required("handovers.make")
def handover_list(request):
    visible = Handover.objects.visible_to(request.user).select_related("from_user", "to_user")
    page = Paginator(visible, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "households/handover_list.html",
        {
            "mine": visible.waiting().filter(to_user=request.user),
            "page": page,
            "leavers": _colleagues_overseen_by(request.user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("handovers.make")
def create(request):
    """Whose families, which ones, and then to whom and with what. Codes stand in the address, never a name."""
    giver = _giver(request)
    if giver is None:
        who = WhoForm(request.GET if "van" in request.GET else None, by=request.user)
        return render(request, "households/handover_who.html", {"form": who})
    centre_id = _centre_of(giver, by=request.user)
    data = request.POST if request.method == "POST" else None
    form = HandoverForm(data, centre_id=centre_id, from_user=giver)
    if data and (earlier := _earlier_result(request, form)):
        return redirect(earlier)
    families = families_of(giver, centre_id=centre_id, by=request.user)
    which = WhichForm(request.GET if {"gezin", "kies"} & request.GET.keys() else None, families=families)
    if not which.is_valid():
        _record_list(request, families, centre_id)
        return render(request, "households/handover_which.html", {"form": which, "giver": giver})
    rows = [HandedFamilyForm(data, household=household) for household in which.cleaned_data["gezin"]]
    # Every row is judged, so that each shows its own error.
    rows_are_valid = not [row for row in rows if data and not row.is_valid()]
    if data and form.is_valid() and rows_are_valid:
        return _propose(request, form, [row.save(commit=False) for row in rows])
    if data is None:
        _record_list(request, [row.household for row in rows], centre_id)
    return render(request, "households/handover_create.html", {"form": form, "rows": rows, "giver": giver})


def _giver(request):
    """Whose families: one's own for a worker; a coordinator says whose."""
    who = WhoForm(request.GET, by=request.user)
    if who.is_valid():
        return who.cleaned_data["van"]
    return None if request.user.may("families.oversee") else request.user


def _centre_of(giver, *, by):
    """The centre where both work with families; someone in several hands over per centre, the first with families."""
    both = set(giver.centres_where("families.open")) & set(by.centres_where("handovers.make"))
    if not both:
        raise Http404
    with_families = Household.objects.filter(primary_worker=giver, centre__in=both).values_list("centre", flat=True)
    return min(with_families, default=min(both))


def _earlier_result(request, form):
    """The second time that a form is sent its families are on their way already: show the handover they are in."""
    token = form.is_valid() and form.cleaned_data["token"]
    return token and SavedOnce.objects.claim(token, by=request.user).result


def _propose(request, form, going):
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    try:
        with transaction.atomic():
            handover = actions.propose(form.save(commit=False), families=going, by=request.user)
    except NotPossible:
        messages.error(request, LEFT)
        return redirect(request.get_full_path())
    except actions.NotPossible:
        messages.error(request, "Een van deze gezinnen is net samengevoegd met een ander. Kies opnieuw.")
        return redirect("households:handover-create")
    except IntegrityError:
        # Between showing the list and saving, a colleague put one of these families in another handover.
        messages.error(request, "Een van deze gezinnen staat al in een andere overdracht. Kies opnieuw.")
        return redirect(request.get_full_path())
    once.led_to(handover.get_absolute_url())
    messages.success(request, f"Gevraagd aan {handover.to_user}. Er verandert niets tot {handover.to_user} aanvaardt.")
    return redirect(handover)


@require_safe
@right_required("handovers.make")
def detail(request, pk):
    return _show(request, _visible(request, pk), RefuseForm())


@require_POST
@right_required("handovers.make")
def accept(request, pk):
    handover = _to_answer(request, pk)
    return _do(request, handover, actions.accept, "De gezinnen zijn nu van jou, met alles wat nog te doen is.")


@require_POST
@right_required("handovers.make")
def refuse(request, pk):
    handover = _to_answer(request, pk)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _show(request, handover, form)
    why = form.cleaned_data["why"]
    return _do(request, handover, actions.refuse, "Je nam de gezinnen niet over. Je collega weet het.", why=why)


@require_POST
@right_required("handovers.make")
def withdraw(request, pk):
    handover = _visible(request, pk)
    oversees = request.user.may("families.oversee", handover.centre_id)
    if request.user not in (handover.from_user, handover.proposed_by) and not oversees:
        raise PermissionDenied
    return _do(request, handover, actions.withdraw, "De overdracht is ingetrokken. De gezinnen blijven waar ze zijn.")


def _visible(request, pk):
    handovers = Handover.objects.visible_to(request.user).select_related("from_user", "to_user", "proposed_by")
    return get_object_or_404(handovers, pk=pk)


def _to_answer(request, pk):
    """Only whoever is asked can say yes or no."""
    handover = _visible(request, pk)
    if request.user != handover.to_user:
        raise PermissionDenied
    return handover


def _do(request, handover, action, sentence, **given):
    try:
        action(handover, by=request.user, **given)
    except actions.NotPossible:
        messages.error(request, OVERTAKEN)
    else:
        messages.success(request, sentence)
    return redirect(handover)


def _show(request, handover, form):
    families = list(handover.families.select_related("household"))
    _record_list(request, [handed.household for handed in families], handover.centre_id)
    oversees = request.user.may("families.oversee", handover.centre_id)
    context = {
        "handover": handover,
        "families": families,
        "unknown": actions.number_of_families(handover) - len(families) if handover.is_waiting else 0,
        "form": form,
        "may_answer": handover.is_waiting and request.user == handover.to_user,
        "may_withdraw": handover.is_waiting
        and (oversees or request.user in (handover.from_user, handover.proposed_by)),
    }
    return render(request, "households/handover_detail.html", context)


def _record_list(request, households, centre_id):
    Access.objects.record(
        request,
        action=Access.Action.LIST,
        record_type="household",
        ids=[household.pk for household in households],
        centre_id=centre_id,
    )


def _colleagues_overseen_by(user):
    centres = user.centres_where("families.oversee")
    team = User.objects.filter(membership__centre__in=centres, is_active=True).exclude(pk=user.pk)
    return team.distinct().order_by("first_name", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.oversee")
def leave(request, pk):
    """The end of someone's access. With open files the answer is the list of them, and nothing changes."""
    colleague = get_object_or_404(_colleagues_overseen_by(request.user), pk=pk)
    form = EndForm(request.POST or None)
    left = actions.open_files_of(colleague)
    if request.method == "POST" and form.is_valid():
        if not left:
            try:
                actions.end_account(colleague, on=form.cleaned_data["on"])
            except IntegrityError:
                # They said yes to something at this very moment.
                return redirect(request.path)
            messages.success(request, f"De toegang van {colleague} is beëindigd.")
            return redirect("households:handover-list")
        form.add_error(None, f"{colleague} heeft nog open dossiers. Draag ze eerst over.")
    context = {"colleague": colleague, "form": form, "left": left, "hand_over": actions.handover_page_for(colleague)}
    return render(request, "households/handover_leave.html", context)
