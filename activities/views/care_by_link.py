"""The card of a child for its parents, by a link: no account, and opening it changes nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.actions import care as actions
from activities.forms.care_by_link import CareByLinkForm
from buurtwerk.accounts.rowlevel import asking, asking_everything


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def care_by_link(request, token):
    with asking_everything():
        participant = actions.of_link(token)
    if participant is None:
        response = render(request, "activities/care_link_dead.html", status=404)
    else:
        with asking(centres=[participant.centre_id]):
            response = _page(request, participant)
    # The token goes to no other site. Not "no-referrer": with that a browser hides where a form comes from, and the
    # answer is refused.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _page(request, participant):
    if request.method == "POST":
        participant = actions.lock(participant)
    sheet = actions.sheet_of(participant)
    sheet.participant = participant
    form = CareByLinkForm(request.POST or None, instance=sheet)
    if request.method == "POST" and form.is_valid():
        actions.save_by_link(form)
        return HttpResponseRedirect(f"{request.path}?bewaard=1")
    context = {"participant": participant, "form": form, "is_saved": "bewaard" in request.GET}
    return render(request, "activities/care_by_link.html", context)
