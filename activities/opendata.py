"""Moments as schema.org events (JSON-LD), for search engines and for whoever builds on our data."""

import json

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import mark_safe

from activities.now import seats_left
from activities.texts import OTHERS, translation_of

MOST = 500
# What would end the script element, or a line in old browsers.
UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def event_of(session):
    """The session comes with its series and centre."""
    series, centre = session.series, session.centre
    event = {
        "@type": "Event",
        "@id": settings.SITE_URL + session.public_url,
        "url": settings.SITE_URL + session.public_url,
        "name": series.title_here.words,
        "description": series.summary_here.words,
        "startDate": _instant(session.starts_at),
        "endDate": _instant(session.ends_at),
        "eventStatus": f"https://schema.org/{_status(session)}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": series.is_free,
        "inLanguage": series.languages,
        # Without a range a reader of open data takes it to be for adults only.
        "typicalAgeRange": f"{series.age_min}-{'' if series.age_max is None else series.age_max}",
        "location": {"@type": "Place", "name": session.place or centre.name, "address": centre.address or centre.name},
        "organizer": {
            "@type": "Organization",
            "name": centre.name,
            "url": settings.SITE_URL + centre.get_absolute_url(),
        },
    }
    if session.moved_from:
        event["previousStartDate"] = _instant(session.moved_from)
    if session.seats:
        event["maximumAttendeeCapacity"] = session.seats
    if (left := seats_left(session)) is not None:
        event["remainingAttendeeCapacity"] = left
    if other := _titles(series):
        event["alternateName"] = other
    return event


def _titles(series):
    """The title in each language that somebody translated it into."""
    titles = {code: translation_of(series.i18n, code, "title") for code in OTHERS}
    return [{"@language": code, "@value": title} for code, title in titles.items() if title]


def _status(session):
    if session.is_cancelled or session.status == session.Status.SKIPPED:
        return "EventCancelled"
    return "EventRescheduled" if session.is_moved else "EventScheduled"


def _instant(moment):
    return timezone.localtime(moment).isoformat()


def document_of(sessions):
    """All of them in one document."""
    graph = [event_of(session) for session in sessions[:MOST]]
    return {"@context": "https://schema.org", "@graph": graph}


def as_script(event):
    """The text of a data block in a page: nothing in it can end the block."""
    text = json.dumps({"@context": "https://schema.org", **event}, ensure_ascii=False).translate(UNSAFE)
    return mark_safe(text)  # noqa: S308  what could end the block was escaped above
