from django.http import Http404
from django.shortcuts import get_object_or_404, render

from activities.models import ActivitySeries, Session
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


@public_page(until=quarter_of_an_hour)
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
        },
    )


@public_page
def moment_feed(request, code):
    session = _public_session(code)
    if session.status == Session.Status.SKIPPED:
        raise Http404
    return ics([session], name=session.series.title, cancelled_as_status=True)


def _public_session(code):
    sessions = Session.objects.public().select_related("series", "centre")
    return get_object_or_404(sessions, code=code)
