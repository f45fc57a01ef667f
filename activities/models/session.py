import secrets
import uuid
from datetime import datetime, time, timedelta

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from buurtwerk.interface.templatetags.look import hour, until
from buurtwerk.interface.text import FreeLine
from buurtwerk.places.public import publishes

# Without letters and digits that look alike on a poster.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_code():
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


class LocalDateTimeField(models.Field):
    """A day and an hour as they stand on the wall clock, without any zone: never converted."""

    description = "Plaatselijke dag en uur"

    def db_type(self, connection):
        return "timestamp"

    def get_prep_value(self, value):
        if value is not None and timezone.is_aware(value):
            raise ValueError("A local start has no zone.")
        return value

    def to_python(self, value):
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return value.isoformat() if value else ""


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("activities.read"))

    def public(self):
        """What residents may see: open to everyone, and no drafts."""
        return self.filter(series__public_level="public").exclude(status=Session.Status.DRAFT)

    def shown(self):
        """What stands in an agenda: everything but drafts and dates that were skipped. Cancelled ones stay."""
        return self.exclude(status__in=[Session.Status.DRAFT, Session.Status.SKIPPED])

    def planned(self):
        return self.filter(status=Session.Status.PLANNED)

    def coming(self):
        return self.filter(ends_at__gt=timezone.now())

    def from_day(self, day):
        return self.filter(starts_at__gte=_midnight(day))

    def between(self, first, last):
        """Moments that start on one of the days from first to last."""
        return self.from_day(first).filter(starts_at__lt=_midnight(last + timedelta(days=1)))

    def on(self, day):
        """The moments of one day in order, with their series and centre: one query for a whole list."""
        return self.shown().between(day, day).select_related("series", "centre").order_by("starts_at", "pk")


class NotAllowed(Exception):
    """A moment does not go from its status to that one."""


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


@pghistory.track(exclude=["taken"])
class Session(models.Model):
    """A moment of a series. Its identity is the series and the local start it was first planned at."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Concept"
        PLANNED = "planned", "Gepland"
        RUNNING = "running", "Bezig"
        HELD = "held", "Doorgegaan"
        CLOSED = "closed", "Afgesloten"
        CANCELLED = "cancelled", "Gaat niet door"
        SKIPPED = "skipped", "Overgeslagen"

    # From which status a moment goes to which others; `change_status` lets nothing else through.
    MOVES = {
        Status.DRAFT: {Status.PLANNED, Status.SKIPPED},
        Status.PLANNED: {Status.DRAFT, Status.RUNNING, Status.HELD, Status.CANCELLED, Status.SKIPPED},
        Status.RUNNING: {Status.HELD, Status.CANCELLED},
        Status.HELD: {Status.CLOSED},
        Status.CLOSED: {Status.HELD},
        Status.CANCELLED: {Status.PLANNED, Status.RUNNING},
        Status.SKIPPED: {Status.PLANNED},
    }

    series = models.ForeignKey(
        "activities.ActivitySeries", on_delete=models.PROTECT, related_name="sessions", verbose_name="activiteit"
    )
    centre = models.ForeignKey(
        "places.Centre", on_delete=models.PROTECT, related_name="sessions", verbose_name="centrum"
    )
    code = models.CharField("code", max_length=12, unique=True, default=new_code, editable=False)
    uid = models.UUIDField("uid in agenda's", unique=True, default=uuid.uuid4, editable=False)
    original_start = LocalDateTimeField("eerst gepland op", editable=False)
    starts_at = models.DateTimeField("begint")
    ends_at = models.DateTimeField("eindigt")
    status = models.CharField("toestand", max_length=10, choices=Status, default=Status.PLANNED)
    reason_public = FreeLine("reden voor bewoners", max_length=200, blank=True)
    reason_internal = FreeLine("reden voor het team", max_length=200, blank=True)
    # None is the capacity of the series.
    capacity = models.PositiveSmallIntegerField(
        "aantal plaatsen", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    # Seats that are not open to whoever comes now; kept here because residents cannot read the registrations.
    taken = models.PositiveIntegerField("plaatsen bezet", default=0, editable=False)
    moved_from = models.DateTimeField("verplaatst van", null=True, editable=False)
    # Empty is the centre itself.
    place = FreeLine("op een andere plaats", max_length=120, blank=True)
    overridden_fields = ArrayField(
        models.CharField(max_length=30), verbose_name="met de hand aangepast", default=list, blank=True
    )
    sequence = models.PositiveIntegerField("volgnummer in agenda's", default=0, editable=False)
    changed_at = models.DateTimeField("laatst veranderd", auto_now=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = "moment"
        verbose_name_plural = "momenten"
        indexes = [
            models.Index(fields=["starts_at", "id"], name="session_by_time"),
            models.Index(fields=["centre", "starts_at"], name="session_of_a_centre"),
            models.Index(fields=["series", "starts_at"], name="session_of_a_series"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "original_start"], name="session_planned_once"),
            models.CheckConstraint(
                name="session_ends_within_a_day",
                condition=Q(ends_at__gt=F("starts_at")) & Q(ends_at__lte=F("starts_at") + timedelta(hours=24)),
            ),
            models.CheckConstraint(
                name="session_not_on_for_a_reason",
                condition=~Q(status__in=["cancelled", "skipped"]) | ~Q(reason_public=""),
            ),
            models.CheckConstraint(
                name="session_room_for_someone",
                condition=Q(capacity=None) | Q(capacity__gte=1),
            ),
            models.CheckConstraint(
                name="session_known_status",
                condition=Q(status__in=["draft", "planned", "running", "held", "closed", "cancelled", "skipped"]),
            ),
        ]
        triggers = [
            publishes("NEW.centre_id", "OLD.centre_id"),
            pgtrigger.ReadOnly(
                name="identity_never_changes", fields=["series", "centre", "original_start", "code", "uid"]
            ),
        ]

    def __str__(self):
        return f"{self.series} op {timezone.localtime(self.starts_at):%d/%m/%Y om %H.%M uur}"

    def get_absolute_url(self):
        return reverse("activities:session", args=[self.code])

    @property
    def public_url(self):
        return reverse("activities:moment", args=[self.code])

    @property
    def is_cancelled(self):
        return self.status == self.Status.CANCELLED

    @property
    def is_on(self):
        return self.status not in (self.Status.CANCELLED, self.Status.SKIPPED, self.Status.DRAFT)

    @property
    def seats(self):
        """How many may come; None for as many as want to."""
        return self.capacity if self.capacity is not None else self.series.capacity

    @property
    def follows_its_series(self):
        """Whether a change of the series may still reach it: nobody cancelled it or gave it other hours by hand."""
        by_hand = set(self.overridden_fields) - {"capacity"}
        return self.status in (self.Status.PLANNED, self.Status.SKIPPED) and not by_hand

    @property
    def is_moved(self):
        return self.moved_from is not None

    @property
    def moved_words(self):
        """woensdag 2 december om 14.00 uur naar vrijdag 4 december om 15.00 uur"""
        both = [timezone.localtime(instant) for instant in (self.moved_from, self.starts_at)]
        words = {"day": format_date(both[0], "l j F"), "hour": hour(both[0])}
        words |= {"new_day": format_date(both[1], "l j F"), "new_hour": hour(both[1])}
        return _("%(day)s om %(hour)s uur naar %(new_day)s om %(new_hour)s uur") % words

    @property
    def is_over(self):
        return self.ends_at <= timezone.now()

    @property
    def is_busy(self):
        return self.is_on and self.starts_at <= timezone.now() < self.ends_at

    @property
    def may_be_cancelled(self):
        return self.status in (self.Status.PLANNED, self.Status.RUNNING) and not self.is_over

    @property
    def may_be_moved(self):
        return self.status == self.Status.PLANNED and self.starts_at > timezone.now()

    @property
    def may_be_closed(self):
        return self.by_the_clock == self.Status.HELD

    @property
    def may_be_opened_again(self):
        return self.status == self.Status.CLOSED

    @property
    def by_the_clock(self):
        """The status as it is now: `daily` writes it down later."""
        if self.status not in (self.Status.PLANNED, self.Status.RUNNING):
            return self.Status(self.status)
        if self.is_over:
            return self.Status.HELD
        return self.Status.RUNNING if self.is_busy else self.Status.PLANNED

    @property
    def may_be_reopened(self):
        return self.is_cancelled and not self.is_over

    @property
    def takes_presence(self):
        """Whether someone may still be ticked: also afterwards, until the moment is closed."""
        return self.status in (self.Status.PLANNED, self.Status.RUNNING, self.Status.HELD)

    @property
    def hours(self):
        """14.00 tot 16.30 uur"""
        return until(self.starts_at, self.ends_at)

    def change_status(self, status, *, reason=""):
        """The one place where a person changes the status of a moment; its row is locked by then."""
        if status not in self.MOVES[self.by_the_clock]:
            raise NotAllowed(f"{self.status} to {status}")
        self.status, self.reason_public = status, reason
        self.sequence += 1
        self.save(update_fields=["status", "reason_public", "sequence", "changed_at"])
