"""How a moment is now, in one word: what the page, the open data and the poster all say."""

from django.db.models import TextChoices


class Now(TextChoices):
    OFF = "off", "Gaat niet door"
    OVER = "over", "Deze datum is voorbij"
    BUSY = "busy", "Nu bezig"
    FULL = "full", "Volzet"
    MOVED = "moved", "Verplaatst"
    COMING = "coming", "Gaat door"


def seats_left(session):
    """How many may still come; None where nobody counts seats. The session comes with its series; asks nothing."""
    series = session.series
    if series.registration == series.Registration.NONE:
        return None
    is_own = series.enrol_scope == series.EnrolScope.SESSION
    seats = session.seats if is_own else series.capacity
    taken = series.taken if series.enrol_scope == series.EnrolScope.SERIES else session.taken
    return None if seats is None else max(seats - taken, 0)


def now_of(session, *, seats_left=None):
    """`seats_left` is None where nobody counts seats."""
    if session.is_cancelled or session.status == session.Status.SKIPPED:
        return Now.OFF
    if session.is_over:
        return Now.OVER
    if session.is_busy:
        return Now.BUSY
    if seats_left is not None and seats_left <= 0:
        return Now.FULL
    return Now.MOVED if session.is_moved else Now.COMING
