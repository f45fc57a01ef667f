"""What other sites and programs read: news (RSS) and open data (JSON-LD)."""

import json
from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from activities.models import Session
from activities.opendata import document_of
from activities.views.agenda import choice_of, quarter_of_an_hour
from buurtwerk.interface.language import spoken
from buurtwerk.interface.templatetags.look import day
from buurtwerk.places.public import public_page

MOST_NEWS = 100


def for_other_sites(view):
    """Anyone may read this from a page of their own."""

    @wraps(view)
    def served(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return served


def _coming(request):
    sessions = choice_of(request).apply(Session.objects.public().shown().coming())
    return sessions.select_related("series", "centre").order_by("starts_at", "pk")


@for_other_sites
@public_page(until=quarter_of_an_hour)
def news_feed(request):
    feed = Rss201rev2Feed(
        title=f"Buurtwerk – {_('Wat is er te doen?')}",
        link=settings.SITE_URL + reverse("activities:agenda"),
        description=_("Wat is er te doen in jouw buurt, en wie helpt met wat? Je vindt het bij het buurtwerk."),
        language=spoken(),
        feed_url=settings.SITE_URL + request.get_full_path(),
    )
    for session in _coming(request)[:MOST_NEWS]:
        address = settings.SITE_URL + session.public_url
        feed.add_item(
            title=_title(session),
            link=address,
            description=_described(session),
            # A cancelled moment is news again for who read of it before.
            unique_id=f"{address}#{session.sequence}",
            unique_id_is_permalink=False,
            pubdate=session.changed_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def _title(session):
    said = f"{session.series.title_here}, {day(session.starts_at)}"
    return _("AFGELAST – %(title)s") % {"title": said} if session.is_cancelled else said


def _described(session):
    series = session.series
    lines = [
        session.reason_public if session.is_cancelled else "",
        f"{capfirst(day(session.starts_at))}, {session.hours}",
        session.centre.name,
        capfirst(series.price_in_words),
        series.summary_here.words,
    ]
    return "\n".join(line for line in lines if line)


@for_other_sites
@public_page(until=quarter_of_an_hour)
def open_data(request):
    text = json.dumps(document_of(_coming(request)), ensure_ascii=False)
    return HttpResponse(text, content_type="application/ld+json; charset=utf-8")
