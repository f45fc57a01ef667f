from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from buurtwerk.overview import today as plate
from households.plate import of as sections_of


@require_safe
def today(request):
    user = request.user
    groups, more_to_do = plate.follow_ups_of(user) if user.may("followups.work") else (None, False)
    return render(
        request,
        "overview/today.html",
        {
            "may_note": user.may("contacts.log"),
            "may_signal": user.may("signals.log"),
            # Who goes to a home, sees it there and when noting it.
            "may_prepare": user.may("visits.prepare") and not user.may("contacts.log"),
            "may_manage": user.may("users.manage"),
            "notices": plate.notices_of(user),
            "glass": plate.glass_to_review_by(user) if user.may("files.review") else None,
            "drafts": plate.drafts_of(user),
            "offers": plate.offers_to(user) if user.may("followups.work") else None,
            "groups": groups,
            "more_to_do": more_to_do,
            "mine": plate.posted_today(user) if user.may("presence.tick") else [],
            "moments": plate.moments_for(user) if user.may("activities.read") else None,
            "signals": plate.new_signals_for(user) if user.may("signals.read") else None,
            "sections": sections_of(user) if user.may("families.open") else [],
        },
    )


@require_safe
@login_not_required
def health(request):
    """For whoever watches the server: 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("goed", content_type="text/plain; charset=utf-8")
