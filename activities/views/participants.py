from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.desk import ParticipantSearch
from activities.forms.participant import LinkForm, ParticipantForm
from activities.models import Participant
from buurtwerk.accounts.decorators import right_required
from buurtwerk.trail.models import Access
from households.models import Person

MOST_REGISTRATIONS = 60


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("participants.read")
def participant_list(request):
    """Search by name: what is typed is posted, and stands in no address."""
    form = ParticipantSearch(request.POST if request.method == "POST" else None)
    found = None
    if form.is_bound and form.is_valid():
        found = list(form.found_among(Participant.objects.visible_to(request.user).select_related("centre")))
        Access.objects.record_shown(request, found, action=Access.Action.SEARCH, record_type="participant")
    return render(request, "activities/participant_list.html", {"form": form, "found": found})


@require_safe
@right_required("participants.read")
def participant(request, code):
    found = _participant(request, code)
    Access.objects.record(
        request,
        action=Access.Action.VIEW,
        record_type="participant",
        ids=[found.pk],
        centre_id=found.centre_id,
    )
    registrations = found.registrations.select_related("series", "session__series").order_by("-status_at", "-pk")
    came = found.attendances.holding().who_came().select_related("session__series")
    context = {
        "participant": found,
        "presences": list(came.order_by("-session__starts_at")[:MOST_REGISTRATIONS]),
        "carers": list(found.carers.all()),
        "registrations": list(registrations[:MOST_REGISTRATIONS]),
        "person": Person.objects.visible_to(request.user).filter(pk=found.person_id).first(),
        "may_change": request.user.may("participants.change", found.centre_id),
        "may_link": request.user.may("families.open", found.centre_id),
    }
    return render(request, "activities/participant.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("participants.change")
def participant_change(request, code):
    found = _participant(request, code)
    if not request.user.may("participants.change", found.centre_id):
        raise PermissionDenied
    form = ParticipantForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"{found} is bewaard.")
        return redirect("activities:participant", code=code)
    found = _participant(request, code)
    return render(request, "activities/participant_change.html", {"form": form, "participant": found})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.open")
def participant_link(request, code):
    """Say which person of a family this is: for who may open that family, and shown to nobody else."""
    found = _participant(request, code)
    if not request.user.may("families.open", found.centre_id):
        raise PermissionDenied
    people = Person.objects.visible_to(request.user).filter(centre=found.centre_id)
    form = LinkForm(request.POST or None, people=people, participant=found)
    if request.method == "POST" and form.is_valid():
        found.person = form.cleaned_data["person"]
        found.save(update_fields=["person", "search_key"])
        messages.success(request, f"{found} is {'gekoppeld' if found.person else 'niet meer gekoppeld'}.")
        return redirect("activities:participant", code=code)
    Access.objects.record_shown(request, form.found, action=Access.Action.SEARCH, record_type="person")
    return render(request, "activities/participant_link.html", {"form": form, "participant": found})


def _participant(request, code):
    return get_object_or_404(Participant.objects.visible_to(request.user).select_related("centre"), code=code)
