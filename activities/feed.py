"""Moments as a calendar (RFC 5545), for the calendar on people's own phone."""

from datetime import datetime, timedelta
from functools import cache, lru_cache

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from activities.codes import Kind
from buurtwerk.interface.language import prefix, spoken, translated

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
    begin, end = calendar.to_ical().split(b"END:VCALENDAR")
    as_status = {"cancelled_as_status": cancelled_as_status}
    events = (_event_text(**_printed(session), **as_status) for session in sessions[:MOST])
    return b"".join([begin, *events, b"END:VCALENDAR", end])


def _printed(session):
    """Everything that an event says about a moment."""
    series = session.series
    return {
        "uid": session.uid,
        # Both only ever rise, so their sum does at each change of either.
        "sequence": session.sequence + series.version - 1,
        "changed_at": session.changed_at,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "title": str(series.title_here),
        "description": "\n".join(_description(session)),
        "location": session.place or ", ".join(filter(None, [session.centre.name, session.centre.address])),
        "url": settings.SITE_URL + f"{prefix()}/moment/{session.code}/",
        "kind": translated(Kind(series.kind).label),
        "is_off": session.is_cancelled,
        "language": spoken(),
    }


# The feed is made anew after each change, but of its hundreds of events only one or two are.
@lru_cache(maxsize=8 * MOST)
def _event_text(
    *,
    uid,
    sequence,
    changed_at,
    starts_at,
    ends_at,
    title,
    description,
    location,
    url,
    kind,
    is_off,
    language,
    cancelled_as_status,
):
    event = Event()
    event.add("uid", f"{uid}@buurtwerk")
    event.add("sequence", sequence)
    event.add("dtstamp", changed_at)
    # The zone by name, so that a program shows ten o'clock in summer and in winter.
    event.add("dtstart", timezone.localtime(starts_at))
    event.add("dtend", timezone.localtime(ends_at))
    event.add("summary", _("AFGELAST – %(title)s") % {"title": title} if is_off and not cancelled_as_status else title)
    event.add("description", description)
    event.add("location", location)
    event.add("url", url)
    event.add("categories", [kind])
    event.add("status", "CANCELLED" if is_off and cancelled_as_status else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    return event.to_ical()


def _description(session):
    if session.is_cancelled:
        yield _("Gaat niet door: %(reason)s") % {"reason": session.reason_public}
    elif session.is_moved:
        yield _("Verplaatst van %(moved)s.") % {"moved": session.moved_words}
    yield str(session.series.summary_here)
    yield _("Voor wie: %(who)s") % {"who": session.series.who}
    yield _("Prijs: %(price)s") % {"price": session.series.price_in_words}
    yield translated(session.series.get_registration_display())


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
