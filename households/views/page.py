"""What every page of one family shares: who may see it, the line in the trail, and what stands on top."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render

from buurtwerk.interface.views import Refused
from buurtwerk.trail.models import Access
from households import open_files
from households.agreements import breaches_now
from households.closed_doors import proposal
from households.compartments import shows_address
from households.models import Contact, Household
from households.rhythm import promise, resting_until, standing
from households.tabs import tabs_for

# Under a form with a long text: "Lees na".
REREADS = "households/_wording.html"
BY_GLASS = "Met noodtoegang"


def family_for(user, code, *, right="families.open", families=None):
    """The family with this code: 404 for who may not know of it, 403 for who may not do this with it."""
    families = Household.objects.with_readers(user) if families is None else families
    household = families.visible_to(user).exclude(status=Household.Status.ERASED).filter(code=code).first()
    if household is None:
        raise Http404
    if not user.may(right, household.centre_id):
        raise PermissionDenied
    return household


def file_for(user, code, *, right="families.open", families=None):
    """The family with this code, for who reads its file. A colleague learns whom to ask, and can break the glass."""
    household = family_for(user, code, right=right, families=families)
    if not household.is_read_by(user):
        raise Refused("households/closed_file.html", household=household)
    return household


def family_to_change(request, code, *, right="families.change"):
    """The same, for a form: locked while it is being saved, so that two colleagues come one after the other."""
    families = Household.objects.all() if request.method == "GET" else Household.objects.select_for_update()
    return file_for(request.user, code, right=right, families=families)


def family_to_add_to(request, code, *, right="families.change"):
    """The same, for what asks for work from now on: a family that was rounded off is reopened first."""
    household = family_to_change(request, code, right=right)
    refuse_when_closed(request, household)
    return household


def refuse_when_closed(request, household):
    if household.status == Household.Status.CLOSED:
        may_reopen = request.user.may("families.change", household.centre_id) and household.is_read_by(request.user)
        raise Refused(
            "households/family_closed.html", household=household, may_reopen=may_reopen, page=request.get_full_path()
        )


def record_view(request, household, *, reason=""):
    """A line in the trail; while the glass is broken, the line says so and the red bar stands on the page."""
    if until := getattr(household, "given_glass", None):
        open_files.remember(request, household.code, until)
        reason = reason or BY_GLASS
    record_family(request, household, Access.Action.VIEW, reason=reason)


def record_family(request, household, action, *, reason=""):
    Access.objects.record(
        request,
        action=action,
        record_type="household",
        ids=[household.pk],
        centre_id=household.centre_id,
        reason=reason,
    )


def record_contact(request, contact, *, reason=""):
    """A form with the words of a contact shows them as much as its page; what someone sends back to it does not."""
    if request.method != "POST":
        Access.objects.record(
            request,
            action=Access.Action.VIEW,
            record_type="contact",
            ids=[contact.pk],
            centre_id=contact.centre_id,
            reason=reason,
        )


def show_tab(request, household, tab, template, context=None):
    """One page of a family, with its tabs. `tab` is the name of the address; the template extends family_base.html.

    A page that is shown is a view of the family; so is a form that is shown, but not what someone sends back to it.
    """
    if request.method != "POST":
        record_view(request, household)
    return render(request, template, {**about(household, request.user), "tab": tab, **(context or {})})


def about(household, user):
    """What the top of every page of a family needs to know."""
    return {
        "household": household,
        # In a family with luiken: which there are, and the one this page is about (`households.compartments.chosen`).
        "compartments": household.compartments,
        "compartment": household.compartment,
        "shows_address": shows_address(household),
        "tabs": tabs_for(household, user),
        "reads_file": household.is_read_by(user),
        "resting_until": resting_until(household),
        "closed_doors": proposal(household) if household.is_read_by(user) else None,
        "phone_breaches": breaches_now(household, Contact.Mode.PHONE),
        "email_breaches": breaches_now(household, Contact.Mode.EMAIL),
        "standing": standing(household),
        "promise": promise(household),
        "may_change": user.may("families.change", household.centre_id) and household.is_read_by(user),
        "may_merge": user.may("families.merge", household.centre_id),
        "may_refer": user.may("referrals.make", household.centre_id) and household.is_read_by(user),
    }
