"""Who is in a moment: what may not change under people without someone saying so."""

from dataclasses import dataclass

from django.db.models import Count

from activities.models.presence import Attendance, HeadCount, Posting
from activities.models.registration import Registration, block_of


@dataclass(frozen=True)
class People:
    """Of one moment: who is registered or waiting, who has a seat, and whether anyone was there or stands there."""

    registered: int = 0
    seated: int = 0
    were_there: bool = False

    def __bool__(self):
        return bool(self.registered or self.were_there)


def people_in(series, sessions):
    """The people of moments of one series, by the id of each moment that has any."""
    ids = [session.pk for session in sessions]
    if not ids:
        return {}
    # Who always stands at this series, stands there at any hour.
    postings = Posting.objects.exclude(user__in=series.staff.all())
    seen = set()
    for rows in (Attendance.objects.all(), HeadCount.objects.all(), postings):
        seen |= set(rows.filter(session__in=ids).values_list("session", flat=True).distinct())
    live = Registration.objects.live().filter(series=series)
    places = list(live.values("session", "block", "status").annotate(number=Count("pk")))
    found = {session.pk: _people(session, places, seen) for session in sessions}
    return {pk: people for pk, people in found.items() if people}


def _people(session, places, seen):
    block = block_of(session)
    here = [
        place
        for place in places
        if place["session"] == session.pk or (place["session"] is None and place["block"] in (None, block))
    ]
    return People(
        registered=sum(place["number"] for place in here),
        seated=sum(place["number"] for place in here if place["status"] in Registration.HOLDING),
        were_there=session.pk in seen,
    )
