"""Who looked: in the file of one family, and the week of a coordinator."""

from datetime import timedelta

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.trail.models import Access
from households import digest as weeks
from households.actions.glass import has_use_of_glass
from households.actions.restriction import may_restrict
from households.forms.families import as_day
from households.looks import by_day, looks_at, page_of_days
from households.models import BreakGlass
from households.views.page import file_for, record_family, show_tab

# What a resident gets on paper; the trail itself is kept longer.
PRINTED = timedelta(days=365)
PER_PAGE = 40


@require_safe
@right_required("families.open")
def access(request, code):
    """Who looked in this file, when and why, as its people may read it; here with the names of colleagues."""
    household = file_for(request.user, code)
    page, days = page_of_days(household, request.GET.get("page"))
    glass = BreakGlass.objects.visible_to(request.user).filter(household=household).exclude(user=request.user).unseen()
    shown = {
        "page": page,
        "days": days,
        "glass": glass.select_related("user"),
        "may_restrict": may_restrict(request.user, household),
        "may_break": has_use_of_glass(request.user, household) and not household.is_open_by_glass_to(request.user),
    }
    return show_tab(request, household, "households:access", "households/access.html", shown)


@require_safe
@right_required("families.open")
def access_print(request, code):
    """For the resident, on paper: roles instead of names, unless the centre chose otherwise."""
    household = file_for(request.user, code)
    today = timezone.localdate()
    days = by_day(looks_at(household), since=today - PRINTED, until=today)
    record_family(request, household, Access.Action.PRINT, reason="Overzicht voor de bewoner")
    shown = {"household": household, "days": days, "since": today - PRINTED, "names": settings.STATEMENT_NAMES}
    return render(request, "households/access_print.html", shown)


@require_safe
@right_required("files.review")
def digest(request):
    """The week in five lines, who opened files that are not theirs, and the glass that still has to be looked at."""
    week = weeks.monday_of(as_day(request.GET.get("week")) or timezone.localdate())
    found = weeks.digest(request.user, week)
    page = Paginator(found.openings, PER_PAGE).get_page(request.GET.get("page"))
    families = {opening.household.pk: opening.household for opening in page} | {
        glass.household_id: glass.household for glass in [*found.unseen, *found.glass]
    }
    Access.objects.record_shown(request, families.values(), action=Access.Action.LIST, record_type="household")
    shown = {"week": week, "weeks": weeks.last_weeks(), "digest": found, "page": page}
    return render(request, "households/digest.html", shown)
