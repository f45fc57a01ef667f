"""Moments as a calendar (RFC 5545), for the calendar on people's own phone."""

from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from activities.codes import Kind

ZONE = "Europe/Brussels"
# What was cancelled stays this long after its date, so that nobody stands before a closed door.
KEPT = timedelta(days=14)
MOST = 2000


def calendar_of(sessions, *, name, cancelled_as_status=False):
    """The text of a calendar with one event for each moment; the moments come with their series and centre.

    A calendar program that subscribes drops an event with STATUS:CANCELLED, and its owner never learns why.
    So a cancelled moment stays as AFGELAST, free time, unless `cancelled_as_status` asks for the official form.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Buurtwerk//Kalender//NL")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE)
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    calendar.add_component(_brussels())
    for session in sessions[:MOST]:
        calendar.add_component(_event(session, cancelled_as_status=cancelled_as_status))
    return calendar.to_ical()


def _event(session, *, cancelled_as_status):
    series, is_off = session.series, session.is_cancelled
    event = Event()
    event.add("uid", f"{session.uid}@buurtwerk")
    # Both only ever rise, so their sum does at each change of either.
    event.add("sequence", session.sequence + series.version - 1)
    event.add("dtstamp", session.changed_at)
    event.add("dtstart", _local(session.starts_at))
    event.add("dtend", _local(session.ends_at))
    event.add("summary", f"AFGELAST – {series.title}" if is_off and not cancelled_as_status else series.title)
    event.add("description", "\n".join(_description(session)))
    event.add("location", ", ".join(filter(None, [session.centre.name, session.centre.address])))
    event.add("url", settings.SITE_URL + f"/moment/{session.code}/")
    event.add("categories", [Kind(series.kind).label])
    event.add("status", "CANCELLED" if is_off and cancelled_as_status else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    return event


def _description(session):
    if session.is_cancelled:
        yield f"Gaat niet door: {session.reason_public}"
    yield session.series.summary
    yield f"Voor wie: {session.series.ages}"
    yield f"Prijs: {session.series.price_in_words}"
    yield session.series.get_registration_display()


def _local(instant):
    # A zone by name, so that the program shows ten o'clock in summer and in winter.
    return timezone.localtime(instant)


@cache
def _brussels():
    """The zone as a rule, in force since 1996: the last Sundays of March and October."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    for change, month, start, before, after, short in (
        (TimezoneDaylight(), 3, datetime(1996, 3, 31, 2), 1, 2, "CEST"),
        (TimezoneStandard(), 10, datetime(1996, 10, 27, 3), 2, 1, "CET"),
    ):
        change.add("dtstart", start)
        change.add("rrule", vRecur(freq="YEARLY", bymonth=month, byday="-1SU"))
        change.add("tzoffsetfrom", timedelta(hours=before))
        change.add("tzoffsetto", timedelta(hours=after))
        change.add("tzname", short)
        zone.add_component(change)
    return zone
