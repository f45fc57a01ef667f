from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from buurtwerk.places.models import Centre
from buurtwerk.places.public import public_page


def _is_open_now(slug):
    """What makes the page of a centre change by the clock."""
    centre = Centre.objects.filter(slug=slug).first()
    return centre and centre.is_open_at(timezone.now())


@public_page(until=_is_open_now)
def centre(request, slug):
    centre = get_object_or_404(Centre.objects.running().select_related("neighbourhood"), slug=slug)
    now = timezone.now()
    return render(
        request,
        "places/centre.html",
        {
            "centre": centre,
            "is_open": centre.is_open_at(now),
            "hours_today": centre.hours_on(timezone.localdate()),
            "why_closed": centre.why_closed_on(timezone.localdate()),
        },
    )
