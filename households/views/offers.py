"""Taking over one follow-up or help request that a colleague offers, or not."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from buurtwerk.accounts.decorators import right_required
from households.actions import offers as actions
from households.models import FollowUp, HelpRequest

KINDS = {"follow-up": FollowUp, "help-request": HelpRequest}


def answers_offer(view):
    """A POST on an offer that still stands as this colleague saw it, locked until the answer."""

    @wraps(view)
    def guarded(request, pk, kind):
        found = KINDS[kind].objects.visible_to(request.user).select_for_update(of=["self"])
        subject = get_object_or_404(found.select_related("household"), pk=pk)
        if request.POST.get("version") != str(subject.version) or not subject.is_open or not subject.offered_to:
            messages.info(request, "Een collega paste dit intussen aan. Kijk even na.")
            return redirect(subject)
        return view(request, subject)

    return require_POST(right_required("followups.work")(guarded))


@answers_offer
def accept(request, subject):
    _only_who_is_asked(request, subject)
    try:
        actions.accept(subject, by=request.user)
    except actions.NotPossible:
        raise PermissionDenied from None
    messages.success(request, f"Je nam dit over van {subject.handed_over_by}.")
    return redirect(subject)


@answers_offer
def refuse(request, subject):
    _only_who_is_asked(request, subject)
    owner = subject.owner
    actions.refuse(subject, by=request.user)
    messages.success(request, f"Je neemt dit niet over. Het blijft bij {owner}.")
    return _back(request, subject)


@answers_offer
def withdraw(request, subject):
    """By its owner, or who reads the file. Who is asked, refuses instead."""
    if subject.offered_to == request.user:
        raise PermissionDenied
    messages.success(request, f"Het aanbod aan {subject.offered_to} is ingetrokken.")
    actions.withdraw(subject, by=request.user)
    return redirect(subject)


def _only_who_is_asked(request, subject):
    if subject.offered_to != request.user:
        raise PermissionDenied


def _back(request, subject):
    """To where the button was: what was refused, may be out of sight."""
    address = request.POST.get("next", "")
    if address.startswith("/team/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return HttpResponseRedirect(address)
    still = type(subject).objects.visible_to(request.user).filter(pk=subject.pk).exists()
    return redirect(subject if still else "overview:today")
