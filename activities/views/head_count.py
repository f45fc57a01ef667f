from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from activities.actions.presence import count_heads
from activities.forms.head_count import HeadCountForm
from activities.views.presence import CLOSED, moment_with_roll
from buurtwerk.accounts.decorators import right_required

MOST_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("presence.tick")
def head_count(request, code):
    """How many there are, without names. A correction is a new row."""
    session = moment_with_roll(request, code)
    counts = list(session.head_counts.select_related("by").order_by("-at", "-pk")[:MOST_SHOWN])
    form = HeadCountForm(request.POST or None, latest=counts[0] if counts else None)
    if request.method == "POST":
        if not session.takes_presence:
            messages.warning(request, CLOSED)
            return redirect(session)
        was_sent_before = str(counts[0].tick) == form.data.get("token") if counts else False
        if was_sent_before or form.is_valid():
            if not was_sent_before:
                count_heads(session, form.save(commit=False), number=form.cleaned_data["token"], by=request.user)
            messages.success(request, "De telling is bewaard.")
            return redirect("activities:head-count", code)
    context = {"session": session, "series": session.series, "form": form, "counts": counts}
    return render(request, "activities/head_count.html", context)
