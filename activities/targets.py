"""What someone registers for: one moment, the moments of one week, or a whole series; and how full it is."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Q
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import ActivitySeries, Registration, Session
from activities.models.registration import block_of

# Seats for people who need them more are open to everyone from so long before the moment on.
PRIORITY_RELEASED = timedelta(days=7)
ENDLESS = 1_000_000
Scope = ActivitySeries.EnrolScope


@dataclass(frozen=True)
class Target:
    series: ActivitySeries
    session: Session | None = None
    block: date | None = None

    @classmethod
    def of_session(cls, session):
        """What someone who looks at this moment registers for."""
        match session.series.enrol_scope:
            case Scope.SERIES:
                return cls(session.series)
            case Scope.BLOCK:
                return cls(session.series, block=block_of(session))
        return cls(session.series, session=session)

    @classmethod
    def of_registration(cls, registration):
        return cls(registration.series, registration.session, registration.block)

    @property
    def key(self):
        return {"series": self.series, "session": self.session, "block": self.block}

    def locked(self):
        """The same, read anew and held until the end of the transaction: seats are given out one by one."""
        if self.session:
            rows = Session.objects.select_for_update(of=["self"], no_key=True).select_related("series", "centre")
            session = rows.get(pk=self.session.pk)
            return replace(self, session=session, series=session.series)
        rows = ActivitySeries.objects.select_for_update(of=["self"], no_key=True).select_related("centre")
        return replace(self, series=rows.get(pk=self.series.pk))

    @property
    def registrations(self):
        return Registration.objects.filter(series=self.series, session=self.session, block=self.block)

    @property
    def sessions(self):
        """The moments that this is about."""
        if self.session:
            return Session.objects.filter(pk=self.session.pk)
        sessions = self.series.sessions.all()
        if self.block:
            monday = datetime.combine(self.block, time.min)
            sessions = sessions.filter(original_start__gte=monday, original_start__lt=monday + timedelta(days=7))
        return sessions

    @property
    def begins_at(self):
        """When the first moment that is still to come begins; None when there is none."""
        if self.session:
            return self.session.starts_at
        coming = self.sessions.planned().filter(starts_at__gt=timezone.now()).order_by("starts_at")
        return coming.values_list("starts_at", flat=True).first()

    @property
    def ends_at(self):
        return self.session.ends_at if self.session else self.sessions.aggregate(last=Max("ends_at"))["last"]

    @property
    def is_open(self):
        """Whether it makes sense to register now."""
        if self.session:
            return self.session.is_on and not self.session.is_over
        return self.sessions.planned().coming().exists()

    @property
    def seats(self):
        return self.session.seats if self.session else self.series.capacity

    @property
    def taken(self):
        """How many seats are gone for whoever comes now, as residents may know it: without asking for names."""
        if self.session:
            return self.session.taken
        if self.block:
            return self.sessions.aggregate(most=Max("taken"))["most"] or 0
        return self.series.taken

    @property
    def left(self):
        """How many may still come; None for as many as want to."""
        return None if self.seats is None else max(self.seats - self.taken, 0)

    @property
    def when(self):
        if self.session:
            start = timezone.localtime(self.session.starts_at)
            return _("%(day)s, %(hours)s") % {"day": format_date(start, "l j F Y"), "hours": self.session.hours}
        if self.block:
            week = {"day": format_date(self.block, "j F Y"), "hours": self.series.hours}
            return _("de week van %(day)s, van %(hours)s") % week
        return _("%(rhythm)s, van %(hours)s") % {"rhythm": self.series.rhythm, "hours": self.series.hours}

    @property
    def awaits_draw(self):
        draw_at = self.series.draw_at
        return draw_at is not None and timezone.now() < draw_at

    def room(self):
        """How many seats there are to give. Only right while it is locked."""
        held = self.registrations.holding_a_seat().aggregate(
            all=Count("pk"), regular=Count("pk", filter=Q(is_priority=False))
        )
        if self.seats is None:
            return Room(ENDLESS, ENDLESS)
        return Room(self.seats - held["all"], self.seats - self._kept_back - held["regular"])

    @property
    def _kept_back(self):
        begins_at = self.begins_at
        is_released = begins_at is None or begins_at - timezone.now() < PRIORITY_RELEASED
        return 0 if is_released or self.seats is None else min(self.series.priority_seats, self.seats)

    def count(self):
        """Keep the number of seats that are gone where everyone may read it."""
        held = self.registrations.holding_a_seat()
        taken, regular = held.count(), held.filter(is_priority=False).count()
        taken = max(taken, regular + self._kept_back)
        if self.session or self.block:
            self.sessions.exclude(taken=taken).update(taken=taken)
        else:
            ActivitySeries.objects.filter(pk=self.series.pk).exclude(taken=taken).update(taken=taken)


@dataclass
class Room:
    """Seats left: for people with priority, and for everyone."""

    left: int
    left_for_all: int

    def fits(self, unit):
        regular = sum(not one.is_priority for one in unit)
        return len(unit) <= self.left and (not regular or regular <= self.left_for_all)

    def take(self, unit):
        self.left -= len(unit)
        self.left_for_all -= sum(not one.is_priority for one in unit)


def held_at_most(series, *, session=None):
    """The most seats that are held at once in what is still to come: capacity cannot go below it."""
    held = Registration.objects.holding_a_seat().filter(series=series)
    if session:
        return held.filter(session=session).count()
    if series.enrol_scope == ActivitySeries.EnrolScope.SESSION:
        held = held.filter(session__ends_at__gt=timezone.now(), session__capacity=None)
    counts = {}
    for key in held.values_list("session", "block"):
        counts[key] = counts.get(key, 0) + 1
    return max(counts.values(), default=0)
