"""The story of a family on paper."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.trail.models import Access
from households import story
from households.compartments import chosen, hides, must_choose, shows_address
from households.models import Household
from households.views.page import file_for, record_family

MOST_PRINTED = 200


@require_safe
@right_required("families.open")
def print_story(request, code):
    """What the file team may read of it; in a family with luiken, always of one luik."""
    families = Household.objects.with_readers(request.user).with_shared_people()
    household = file_for(request.user, code, families=families.select_related("primary_worker"))
    if must_choose(household, chosen(request, household)):
        return render(request, "households/compartment_choose.html", {"household": household})
    record_family(request, household, Access.Action.PRINT)
    members = list(household.members.current().select_related("person"))
    for member in members:
        member.is_hidden_here = hides(household, member.person_id)
    contacts = story.told(household, user=request.user)[:MOST_PRINTED]
    context = {
        "household": household,
        "shows_address": shows_address(household),
        "members": members,
        "entries": story.entries_of(contacts, household, user=request.user),
        "today": timezone.localdate(),
    }
    return render(request, "households/story_print.html", context)
