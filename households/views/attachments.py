"""Papers with a contact or in a family's file: add them, read them, take them away."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access
from households.actions import attachments as actions
from households.compartments import chosen
from households.forms.attachments import AttachmentForm, PaperForm
from households.models import Attachment, Contact
from households.views.page import file_for, show_tab

PER_PAGE = 20
# A paper that came from outside may do nothing here but be looked at.
NOTHING_RUNS = "default-src 'none'; img-src 'self'; sandbox"


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.open")
def papers(request, code):
    """Everything on paper of one family, wherever it was added."""
    household = file_for(request.user, code)
    may_add = request.user.may("contacts.log", household.centre_id)
    compartment = chosen(request, household)
    form = PaperForm(request.POST or None, request.FILES or None, household=household) if may_add else None
    if request.method == "POST":
        if not may_add:
            raise PermissionDenied
        if form.is_valid():
            return redirect(_add(request, form, led_to=_page_of(form, household), household=household))
    found = Attachment.objects.readable_by(request.user).told_in(household, compartment).in_lists()
    shown = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "may_remove_all": request.user.may("contacts.read_files", household.centre_id),
    }
    return show_tab(request, household, "households:papers", "households/papers.html", shown)


def _page_of(form, household):
    """The page on which what was just added stands."""
    page, compartment = reverse("households:papers", args=[household.code]), form.cleaned_data.get("luik")
    return f"{page}?luik={compartment.pk}" if compartment else page


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("contacts.log")
def attach(request, pk):
    """Add a paper to a contact: whoever reads its note."""
    contact = readable_contact(request.user, pk)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect(_add(request, form, led_to=contact.get_absolute_url(), contact=contact))
    return render(request, "households/attachment_create.html", {"form": form, "contact": contact})


def readable_contact(user, pk, contacts=None):
    """404 for who may not know of the contact, 403 for who may not read what stands in it."""
    contacts = (Contact.objects.all() if contacts is None else contacts).visible_to(user)
    contact = get_object_or_404(contacts.select_related("household", "author", "sealed_note", "work_note"), pk=pk)
    if not contact.is_readable_by(user):
        raise PermissionDenied
    return contact


def _add(request, form, *, led_to, **subject):
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if not once.result:
        compartment = form.cleaned_data.get("luik")
        attachment = actions.add(form.cleaned_data["file"], by=request.user, compartment=compartment, **subject)
        once.led_to(led_to)
        say_with_undo(request, "Toegevoegd.", name="households.attachment-added", subject_id=attachment.pk)
    return once.result


@require_safe
@right_required("families.open")
def show(request, pk):
    """The file itself, to who reads the words beside it. A pdf is only ever downloaded."""
    attachment = get_object_or_404(Attachment.objects.readable_by(request.user), pk=pk)
    Access.objects.record(
        request,
        action=Access.Action.VIEW,
        record_type="attachment",
        ids=[attachment.pk],
        centre_id=attachment.centre_id,
    )
    response = HttpResponse(bytes(attachment.content), content_type=attachment.content_type)
    as_download = attachment.kind != Attachment.Kind.JPEG
    response["Content-Disposition"] = content_disposition_header(as_download, attachment.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    return response


@require_POST
@right_required("families.open")
def remove(request, pk):
    readable = Attachment.objects.readable_by(request.user).defer("content").select_related("contact", "household")
    attachment = get_object_or_404(readable.select_for_update(of=["self"]), pk=pk)
    if not attachment.is_removable_by(request.user):
        raise PermissionDenied
    actions.remove(attachment, by=request.user)
    say_with_undo(request, "Het bestand is weg.", name="households.attachment-removed", subject_id=attachment.pk)
    target = request.POST.get("next", "")
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return redirect(target)
    return redirect(attachment.contact or attachment.household)
