"""Someone we know: who it is, in which families, and the talks where they were."""

from django.core.paginator import Paginator
from django.http import Http404
from django.views.decorators.http import require_safe

from buurtwerk.accounts.decorators import right_required
from households import story
from households.compartments import chosen
from households.models import Household, Member
from households.views.page import file_for, show_tab

PER_PAGE = 30


@require_safe
@right_required("families.open")
def person(request, code, pk):
    families = Household.objects.with_readers(request.user).with_shared_people()
    household = file_for(request.user, code, families=families)
    member = household.members.select_related("person").filter(pk=pk).first()
    if member is None:
        raise Http404
    # Who has a luik is told of in that luik alone.
    chosen(request, household)
    own = (each for each in household.compartments if each.person_id == member.person_id)
    household.compartment = next(own, household.compartment)
    contacts = story.told(household, user=request.user).filter(present=member.person_id)
    page = Paginator(contacts, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "member": member,
        "may_erase": request.user.may("files.review", household.centre_id),
        "person": member.person,
        "memberships": _memberships(member, household, user=request.user),
        "page": page,
        "entries": story.entries_of(page, household, user=request.user),
    }
    return show_tab(request, household, "", "households/person.html", context)


def _memberships(member, household, *, user):
    """This family, and the others that may be told of here, now and before."""
    memberships = Member.objects.filter(person=member.person_id).select_related("household").order_by("-since", "-pk")
    if household.has_compartments:
        return memberships.filter(household=household)
    others = Household.objects.openable_by(user).filter(has_compartments=False)
    return memberships.filter(household__in=others)
