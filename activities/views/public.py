from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from activities.models import ActivitySeries, Session
from activities.now import now_of, seats_left
from activities.opendata import as_script, event_of
from activities.targets import Target
from activities.views.agenda import ics, quarter_of_an_hour
from buurtwerk.places.public import public_page

NEXT_MOMENTS = 8


@public_page(until=quarter_of_an_hour)
def activity(request, slug):
    series = get_object_or_404(ActivitySeries.objects.public().select_related("centre"), slug=slug)
    return render(
        request,
        "activities/activity.html",
        {
            "series": series,
            "centre": series.centre,
            "target": Target(series),
            "moments": series.sessions.shown().coming()[:NEXT_MOMENTS],
        },
    )


def _minute(*args, **kwargs):
    """Who scans the code of a poster wants to know how it is now."""
    return int(timezone.now().timestamp()) // 60


@public_page(until=_minute)
def moment(request, code):
    session = _public_session(code)
    following = session.series.sessions.planned().coming().exclude(pk=session.pk)
    return render(
        request,
        "activities/moment.html",
        {
            "session": session,
            "series": session.series,
            "target": Target.of_session(session),
            "centre": session.centre,
            "following": following.first(),
            "now": now_of(session, seats_left=seats_left(session)),
            "event": as_script(event_of(session)),
        },
    )


@public_page
def moment_feed(request, code):
    session = _public_session(code)
    if session.status == Session.Status.SKIPPED:
        raise Http404
    return ics([session], name=str(session.series.title_here), cancelled_as_status=True)


def _public_session(code):
    sessions = Session.objects.public().select_related("series", "centre")
    return get_object_or_404(sessions, code=code)
