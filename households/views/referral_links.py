"""The page of an organisation that someone was referred to: no account, no name, four answers."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from buurtwerk.accounts.rowlevel import asking_everything
from households.actions import referrals as actions


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    """Opening it decides nothing: a scanner of mail may. What is shown names nobody."""
    with asking_everything():
        response = _answered(request, token) if request.method == "POST" else _asked(request, token)
    # The token goes to no other site. Not "no-referrer": with that a browser hides where a form comes from, and the
    # answer is refused.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _asked(request, token, *, without_choice=False):
    referral = actions.of_link(token)
    if referral is None:
        return _dead(request)
    context = {"referral": referral, "answers": actions.answers_by_link(referral), "without_choice": without_choice}
    return render(request, "households/referral_link.html", context)


def _answered(request, token):
    chosen = request.POST.get("answer", "")
    if chosen not in actions.BY_LINK:
        return _asked(request, token, without_choice=True)
    try:
        move = actions.answer_by_link(token, answer=chosen)
    except actions.NotPossible:
        return _dead(request)
    return render(request, "households/referral_link_thanks.html", {"move": move})


def _dead(request):
    return render(request, "households/referral_link_dead.html", status=404)
