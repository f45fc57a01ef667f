from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode

from activities.agenda import (
    AGES,
    MOST,
    WEEK,
    AgendaFilter,
    agenda_days,
    centres_with_moments,
    nearest_day,
    week_strip,
)
from activities.feed import KEPT, calendar_of
from activities.models import Session
from buurtwerk.places.public import public_page


def quarter_of_an_hour(*args, **kwargs):
    """What makes a page with moments change by the clock: what is over, goes."""
    return int(timezone.now().timestamp()) // 900


@public_page(until=quarter_of_an_hour)
def agenda(request):
    centres = list(centres_with_moments())
    choice = AgendaFilter(request.GET, centres=centres)
    sessions = choice.apply(Session.objects.public().shown().coming())
    days = agenda_days(sessions.between(*choice.days()))
    count = sum(len(cards) for _, cards in days)
    return render(
        request,
        "activities/agenda.html",
        {
            "choice": choice,
            "ages": _age_tiles(choice),
            "strip": week_strip(choice),
            "previous_url": _week_url(choice, -WEEK),
            "next_url": _week_url(choice, WEEK),
            "week_url": choice.address(dag=None),
            "places": _places(choice, centres),
            "days": days,
            "count": count,
            "is_cut_off": count == MOST,
            "nearest": _nearest(sessions, choice) if not count else None,
            "calendar_url": _with_choice("/kalender/", choice),
        },
    )


def _age_tiles(choice):
    everyone = {"label": "Iedereen", "icon": "users", "url": choice.address(wie=""), "is_chosen": not choice.who}
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


def _places(choice, centres):
    if len(centres) < 2:
        return []
    everywhere = {"name": "Alle plaatsen", "url": choice.address(centrum=""), "is_chosen": not choice.centre}
    return [everywhere] + [
        {"name": name, "url": choice.address(centrum=slug), "is_chosen": choice.centre == slug}
        for slug, name in centres
    ]


def _nearest(sessions, choice):
    day = nearest_day(sessions, choice)
    return {"day": day, "url": choice.address(dag=day)} if day else None


def _with_choice(path, choice):
    query = urlencode({name: value for name, value in (("wie", choice.who), ("centrum", choice.centre)) if value})
    return f"{path}?{query}" if query else path


@public_page
def calendar_feed(request):
    choice = AgendaFilter(request.GET, centres=list(centres_with_moments()))
    sessions = choice.apply(Session.objects.public().shown().from_day(timezone.localdate() - KEPT))
    return ics(
        sessions.select_related("series", "centre").order_by("starts_at", "pk"),
        name=_calendar_name(choice),
        cancelled_as_status=request.GET.get("geannuleerd") == "status",
    )


def ics(sessions, **options):
    return HttpResponse(calendar_of(sessions, **options), content_type="text/calendar; charset=utf-8")


def _calendar_name(choice):
    return f"Buurtwerk, {AGES[choice.who].label}" if choice.who else "Buurtwerk"


@public_page
def calendar_help(request):
    choice = AgendaFilter(request.GET, centres=list(centres_with_moments()))
    address = settings.SITE_URL + _with_choice("/kalender.ics", choice)
    webcal = "webcal://" + address.partition("://")[2]
    return render(
        request,
        "activities/calendar.html",
        {
            "choice": choice,
            "age": AGES.get(choice.who),
            "agenda_url": choice.address(),
            "address": address,
            "webcal": webcal,
            "google": "https://calendar.google.com/calendar/r?" + urlencode({"cid": webcal}),
        },
    )
