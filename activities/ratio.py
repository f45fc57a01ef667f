"""Whether there are hands enough: children really expected against who stands there, for the coming days."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from statistics import mean

from django.db.models import Count, Q
from django.utils import timezone

from activities.figures import with_presence, with_registered
from activities.models import ActivitySeries, Band, Ratio, Session
from activities.models.ratio import HOUSE_DEFAULTS, band_of

AHEAD = timedelta(days=14)
# Longer ago says little of next week: children grow, and it was summer.
LOOK_BACK = timedelta(days=70)
LAST_TIMES = 8


@dataclass(frozen=True)
class Staffing:
    """One moment: how many children we expect, and how many begeleiders there are and must be."""

    session: Session
    band: Band
    registered: int
    # Who comes without registering, on this weekday; None when we saw no such day yet.
    drop_in: int | None
    per_worker: int
    posted: int

    @property
    def expected(self):
        return self.registered + (self.drop_in or 0)

    @property
    def needed(self):
        return max(1, ceil(self.expected / self.per_worker))

    @property
    def short(self):
        return max(0, self.needed - self.posted)

    @property
    def says(self):
        """1 begeleider te weinig"""
        if not self.short:
            return "genoeg begeleiders"
        return f"{self.short} begeleider{'s' if self.short > 1 else ''} te weinig"

    @property
    def day(self):
        return timezone.localtime(self.session.starts_at).date()


def staffing(sessions, *, first, last):
    """The moments with children among these, from the first day to the last, in order. Three queries."""
    on = [Session.Status.PLANNED, Session.Status.RUNNING]
    coming = with_registered(sessions.filter(status__in=on).between(first, last))
    coming = coming.annotate(posted=Count("postings", filter=Q(postings__user__is_active=True)))
    coming = coming.select_related("series", "centre").order_by("starts_at", "pk")
    with_band = [(session, band) for session in coming if (band := band_of(session.series))]
    usual = _drop_ins(sessions, [session for session, _ in with_band], before=first)
    ratios = _ratios({session.centre_id for session, _ in with_band})
    return [
        Staffing(
            session=session,
            band=band,
            registered=session.registered,
            drop_in=_forecast(session, usual),
            per_worker=_ratio_on(ratios, session, band),
            posted=session.posted,
        )
        for session, band in with_band
    ]


def _forecast(session, usual):
    seen = usual.get((session.series_id, _weekday(session)), [])[:LAST_TIMES]
    if seen:
        return ceil(mean(seen))
    return 0 if session.series.registration == ActivitySeries.Registration.REQUIRED else None


def _drop_ins(sessions, coming, *, before):
    """Per series and weekday how many came who were not registered, the newest moment first."""
    past = sessions.filter(series__in={session.series_id for session in coming})
    past = past.exclude(status__in=[Session.Status.CANCELLED, Session.Status.SKIPPED, Session.Status.DRAFT])
    past = past.between(before - LOOK_BACK, before - timedelta(days=1)).order_by("-starts_at", "-pk")
    seen = defaultdict(list)
    for session in with_registered(with_presence(past)):
        children = (session.counted_children or 0) + (session.counted_teens or 0)
        came = max(session.came, children)
        # A moment of which nobody noted anything says nothing: it does not mean that nobody came.
        if came:
            seen[session.series_id, _weekday(session)].append(came - session.came_registered)
    return seen


def _weekday(session):
    return timezone.localtime(session.starts_at).weekday()


def _ratios(centres):
    rows = defaultdict(list)
    for ratio in Ratio.objects.filter(centre__in=centres).order_by("-valid_from"):
        rows[ratio.centre_id, ratio.band].append(ratio)
    return rows


def _ratio_on(ratios, session, band):
    day = timezone.localtime(session.starts_at).date()
    known = (ratio.children for ratio in ratios[session.centre_id, band] if ratio.valid_from <= day)
    return next(known, HOUSE_DEFAULTS[band])


def by_day(rows):
    """Days with their moments, in order."""
    days = defaultdict(list)
    for row in rows:
        days[row.day].append(row)
    return list(days.items())
