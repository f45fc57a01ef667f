from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from activities.actions.ratio import settle_ratio
from activities.forms.ratio import RatioForm
from activities.models import Ratio, Session
from activities.models.ratio import HOUSE_DEFAULTS
from activities.ratio import AHEAD, by_day, staffing
from buurtwerk.accounts.decorators import right_required


@require_safe
@right_required("participants.read")
def staffing_overview(request):
    """The coming two weeks: where there are too few begeleiders for the children we expect."""
    today = timezone.localdate()
    mine = Session.objects.filter(centre__in=request.user.centres_where("participants.read"))
    rows = staffing(mine, first=today, last=today + AHEAD - timedelta(days=1))
    context = {
        "days": by_day(rows),
        "short": [row for row in rows if row.short],
        "may_post": request.user.centres_where("activities.change"),
        "may_settle": request.user.may("activities.settle"),
    }
    return render(request, "activities/staffing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.settle")
def ratios(request):
    """How many children per begeleider, by age, from a day on."""
    form = RatioForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        ratio = settle_ratio(**form.cleaned_data, by=request.user)
        messages.success(request, f"Bewaard: {ratio.get_band_display()} {ratio}.")
        return redirect("activities:ratios")
    rows = Ratio.objects.filter(centre__in=request.user.centres_where("activities.settle"))
    context = {"form": form, "rows": rows.select_related("centre", "by"), "defaults": _defaults()}
    return render(request, "activities/ratios.html", context)


def _defaults():
    return [(band.label, children) for band, children in HOUSE_DEFAULTS.items()]
