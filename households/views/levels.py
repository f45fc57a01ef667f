from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.interface.templatetags.look import day as in_words
from households import closed_doors, levels, proposals
from households.actions import levels as actions
from households.forms.levels import LevelForm
from households.models import Household
from households.rhythm import promise, standing
from households.views.page import family_to_add_to, record_view


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def level(request, code):
    """How closely we follow: what the app proposes, what a person decides, and what it was before."""
    household = family_to_add_to(request, code)
    before = household.intensity
    form = LevelForm(request.POST or None, instance=household)
    if request.method == "POST" and form.is_valid():
        actions.set_level(household, before=before, by=request.user)
        say_with_undo(request, _said(household), name=actions.LEVEL_CHANGED, subject_id=actions.state_before(household))
        return redirect(household)
    if request.method != "POST":
        record_view(request, household)
    # The form puts what was typed on its own copy of the family: what is shown beside it is what we know.
    known = proposals.with_recent(Household.objects.select_related("agreement", "primary_worker", "backup_worker"))
    known = known.get(pk=household.pk)
    recent = proposals.recent_of(known)
    context = {
        "household": known,
        "form": form,
        "standing": standing(known),
        "promise": promise(known),
        "tries": recent.since_reached,
        "closed_doors": closed_doors.proposal(known),
        "proposals": proposals.of(known, recent),
        "steps": levels.story_of(known),
    }
    return render(request, "households/level.html", context)


def _said(household):
    label = household.get_intensity_display()
    return f"{label}. We herbekijken dit op {in_words(household.next_review_on)}."
