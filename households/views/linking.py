"""Talks without a name: find one's own again, and link one to the family it turned out to be with."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access
from households.actions import linking as actions
from households.forms.family_search import FamilySearchForm, families_to_note_with, find_family
from households.forms.linking import LinkForm
from households.models import Contact
from households.views.page import record_contact

KEPT_IN_SIGHT, PER_PAGE, RECENT = timedelta(days=60), 30, 6


@require_safe
@right_required("contacts.log")
def without_name(request):
    """One's own talks without a name of the last two months."""
    since = timezone.localdate() - KEPT_IN_SIGHT
    mine = Contact.objects.visible_to(request.user).filter(author=request.user, household=None, happened_on__gte=since)
    page = Paginator(mine.select_related("work_note").newest_first(), PER_PAGE).get_page(request.GET.get("page"))
    for contact in page:
        contact.beginning = (contact.note_for(request.user) or "")[:90]
    return render(request, "households/contact_without_name.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("contacts.log")
def link(request, pk):
    contact = _contact(request, pk)
    if "search" in request.POST and "household" not in request.POST:
        found = FamilySearchForm(request.POST).families(request.user)
        found = [each for each in found if each.centre_id == contact.centre_id]
        Access.objects.record_shown(request, found, action=Access.Action.SEARCH, record_type="household")
        return _page(request, contact, found=found)
    if request.method != "POST":
        household = find_family(request.user, request.GET.get("gezin", ""))
        if household is None or household.centre_id != contact.centre_id:
            return _page(request, contact)
        return _page(request, contact, LinkForm(user=request.user, contact=contact, household=household))
    form = LinkForm(request.POST, user=request.user, contact=contact)
    if not form.is_valid():
        return _page(request, contact, form)
    actions.link(contact, form.family, by=request.user, present=form.cleaned_data["present"])
    sentence = f"Gekoppeld aan {form.family}."
    say_with_undo(request, sentence, name="households.contact-linked", subject_id=contact.pk)
    return redirect(contact)


def _contact(request, pk):
    """Locked while it is linked: of two at once the second finds it linked."""
    contacts = Contact.objects.visible_to(request.user)
    if request.method == "POST":
        contacts = contacts.select_for_update()
    contact = get_object_or_404(contacts, pk=pk)
    if not actions.may_link(request.user, contact):
        raise PermissionDenied
    return contact


def _page(request, contact, form=None, *, found=None):
    record_contact(request, contact)
    recent = []
    if found is None and form is None:
        mine = families_to_note_with(request.user).filter(centre=contact.centre_id, primary_worker=request.user)
        recent = mine.order_by("-created_at")[:RECENT]
    shown = {"contact": contact, "form": form, "found": found, "recent": recent}
    return render(request, "households/contact_link.html", {**shown, "note": contact.note_for(request.user)})
