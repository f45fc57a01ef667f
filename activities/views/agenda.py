from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from activities.agenda import (
    AGES,
    MOST,
    WEEK,
    AgendaFilter,
    agenda_days,
    nearest_day,
    places_with_moments,
    week_strip,
    with_query,
)
from activities.feed import KEPT, calendar_of
from activities.models import Session
from buurtwerk.places.public import public_page


def quarter_of_an_hour(*args, **kwargs):
    """What makes a page with moments change by the clock: what is over, goes."""
    return int(timezone.now().timestamp()) // 900


def choice_of(request):
    return AgendaFilter(request.GET, places=places_with_moments())


@public_page(until=quarter_of_an_hour)
def agenda(request):
    choice = choice_of(request)
    return render(
        request,
        "activities/agenda.html",
        {
            **_listed(choice),
            "ages": _age_tiles(choice),
            "strip": week_strip(choice),
            "previous_url": _week_url(choice, -WEEK),
            "next_url": _week_url(choice, WEEK),
            "week_url": choice.address(dag=None),
            "places": _places(choice),
            "calendar_url": with_query(reverse("activities:calendar"), choice.wide),
            "feeds": [(kind, _feed(name, choice)) for kind, name in FEEDS.items()],
        },
    )


FEEDS = {"application/rss+xml": "activities:news-feed", "text/calendar": "activities:calendar-feed"}
# Only this page may stand in the page of someone else: it asks nothing and knows nobody.
IN_ANY_PAGE = {**settings.SECURE_CSP, "frame-ancestors": ["*"], "script-src": ["'none'"]}


@xframe_options_exempt
@csp_override(IN_ANY_PAGE)
@public_page(until=quarter_of_an_hour)
def agenda_embedded(request):
    choice = choice_of(request)
    return render(request, "activities/agenda_embedded.html", {**_listed(choice), "agenda_url": choice.address()})


def _listed(choice):
    sessions = choice.apply(Session.objects.public().shown().coming())
    days = agenda_days(sessions.between(*choice.days()))
    count = sum(len(cards) for _day, cards in days)
    return {
        "choice": choice,
        "days": days,
        "count": count,
        "is_cut_off": count == MOST,
        "nearest": _nearest(sessions, choice) if not count else None,
    }


def _age_tiles(choice):
    everyone = {"label": _("Iedereen"), "icon": "users", "url": choice.address(wie=""), "is_chosen": not choice.who}
    return [everyone] + [
        {"label": age.label, "icon": age.icon, "url": choice.address(wie=key), "is_chosen": choice.who == key}
        for key, age in AGES.items()
    ]


def _week_url(choice, step):
    """The week before or after, when there is one to go to."""
    start = choice.week_start + step
    today = timezone.localdate()
    if start < today or start > today + timedelta(days=364):
        return ""
    return choice.address(dag=None, vanaf=start if start > today else None)


def _places(choice):
    centres = choice.places.centres
    if len(centres) < 2:
        return []
    everywhere = {"name": _("Alle plaatsen"), "url": choice.address(centrum=""), "is_chosen": not choice.centre}
    return [everywhere] + [
        {"name": name, "url": choice.address(centrum=slug), "is_chosen": choice.centre == slug, "is_name": True}
        for slug, name in centres
    ]


def _nearest(sessions, choice):
    day = nearest_day(sessions, choice)
    return {"day": day, "url": choice.address(dag=day)} if day else None


def _feed(name, choice):
    return with_query(settings.SITE_URL + reverse(name), choice.wide)


@public_page
def calendar_feed(request):
    choice = choice_of(request)
    sessions = choice.apply(Session.objects.public().shown().from_day(timezone.localdate() - KEPT))
    return ics(
        sessions.select_related("series", "centre").order_by("starts_at", "pk"),
        name=_calendar_name(choice),
        cancelled_as_status=request.GET.get("geannuleerd") == "status",
    )


def ics(sessions, **options):
    return HttpResponse(calendar_of(sessions, **options), content_type="text/calendar; charset=utf-8")


def _calendar_name(choice):
    said = [AGES[choice.who].label if choice.who else "", *(chosen.label for chosen in choice.chosen())]
    return ", ".join(["Buurtwerk", *(str(each) for each in said if each)])


@public_page
def calendar_help(request):
    choice = choice_of(request)
    address = _feed("activities:calendar-feed", choice)
    webcal = "webcal://" + address.partition("://")[2]
    return render(
        request,
        "activities/calendar.html",
        {
            "choice": choice,
            "age": AGES.get(choice.who),
            "agenda_url": choice.address(),
            "address": address,
            "news": _feed("activities:news-feed", choice),
            "embedded": _feed("activities:agenda-embedded", choice),
            "webcal": webcal,
            "google": "https://calendar.google.com/calendar/r?" + urlencode({"cid": webcal}),
        },
    )
