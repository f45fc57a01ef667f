import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from buurtwerk.accounts.decorators import right_required
from households.actions.restriction import change_readers, may_restrict
from households.forms.restriction import RestrictionForm
from households.models import Contact, Household
from households.readers import readers_of
from households.views.page import family_to_change, show_tab


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def restriction(request, code):
    """Who sees this family, and who would still see it when it is restricted."""
    household = family_to_change(request, code)
    if not may_restrict(request.user, household):
        raise PermissionDenied
    shown = {
        "readers": readers_of(household, Contact.Visibility.FILE),
        "still_readers": readers_of(_as_restricted(household), Contact.Visibility.TEAM),
    }
    # The page shows the family as it is, while the form tries on what was chosen.
    form = RestrictionForm(request.POST or None, instance=copy.copy(household))
    if request.method == "POST" and form.is_valid():
        taken_over = change_readers(form, by=request.user)
        _say_saved(request, form.instance, taken_over)
        still_known = Household.objects.visible_to(request.user).filter(pk=household.pk).exists()
        return redirect(household if still_known else "households:list")
    return show_tab(request, household, "households:access", "households/restriction.html", {"form": form, **shown})


def _as_restricted(household):
    tried = copy.copy(household)
    tried.restricted = True
    return tried


def _say_saved(request, household, taken_over):
    if household.restricted:
        messages.success(request, "Dit gezin is afgeschermd.")
    else:
        messages.success(request, "Bewaard: het team weet dat dit gezin er is.")
    if taken_over:
        messages.info(
            request,
            f"{taken_over} opvolging{'en' if taken_over > 1 else ''} van wie dit gezin niet meer ziet,"
            f" ging{'en' if taken_over > 1 else ''} naar {household.primary_worker}.",
        )
