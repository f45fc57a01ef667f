from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.trail.models import Access
from households import rhythm_map as drawn
from households.forms.rhythm import RhythmFilter
from households.models import Household
from households.rhythm import RESTING, promise, resting_until, standing, with_rhythm

PER_PAGE, RESTING_SHOWN = 30, 20


@require_safe
@right_required("families.open")
def rhythm_map(request):
    """Promised beside kept. Not a word about who works how much.

    The counts are of the whole team, without the small ones; the families by name are those whose file someone reads.
    """
    form = RhythmFilter(request.GET, user=request.user)
    team = form.whose(drawn.followed(Household.objects.openable_by(request.user)))
    files = with_rhythm(form.whose(drawn.followed(Household.objects.read_by(request.user))))
    awake = form.apply(files.exclude(rhythm_state=RESTING)).select_related("neighbourhood", "agreement")
    page = Paginator(awake, PER_PAGE).get_page(request.GET.get("page"))
    for family in page:
        family.standing, family.promise = standing(family), promise(family)
    drawn.kept_rhythm(page)
    resting = list(drawn.resting(files).select_related("agreement")[: RESTING_SHOWN + 1])
    for family in resting:
        family.rests_until = resting_until(family)
    shown = [*page, *resting[:RESTING_SHOWN]]
    Access.objects.record_shown(request, shown, action=Access.Action.LIST, record_type="household")
    context = {
        "form": form,
        "bars": drawn.bars(with_rhythm(team), whole=_reads_all(request.user) or form.is_about_me),
        "page": page,
        "groups": _grouped(page, form.wanted.get("per")),
        "effort": drawn.effort(team, user=request.user),
        "resting": resting[:RESTING_SHOWN],
        "more_resting": len(resting) > RESTING_SHOWN,
        "per": form.wanted.get("per") or "",
        "van": form.wanted.get("van") or "",
    }
    return render(request, "households/rhythm_map.html", context)


def _reads_all(user):
    """Who oversees every centre in the picture sees no less in the list below it."""
    return set(user.centres_where("families.open")) <= set(user.centres_where("families.oversee"))


def _grouped(page, per):
    """The families of this page under their level or buurt; one group without a name when nobody asked."""
    groups = {}
    for family in page:
        name = ""
        if per == "niveau":
            name = family.get_intensity_display()
        elif per == "buurt":
            name = str(family.neighbourhood or "Zonder buurt")
        groups.setdefault(name, []).append(family)
    return list(groups.items())
