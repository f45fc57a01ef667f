import uuid
from datetime import timedelta

import pghistory
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from activities.models.care import PickupPerson
from activities.models.participant import Carer, Participant
from activities.models.session import Session
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.interface.text import FreeLine

# How long before and after its moment a list is open to who stands there.
OPEN_AROUND = timedelta(hours=12)
LATE = timedelta(minutes=2)


@pghistory.track()
class Posting(models.Model):
    """A colleague or volunteer who stands at a moment."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="postings", editable=False, verbose_name="moment"
    )
    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="postings", verbose_name="begeleider"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = "begeleiding"
        verbose_name_plural = "begeleiding"
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user"],
                name="posting_once",
                violation_error_message="Deze collega staat er al bij.",
            )
        ]

    def __str__(self):
        return f"{self.user} bij {self.session}"


def post_staff(series, sessions):
    """New moments get the fixed staff of their series, as long as they work in its centre."""
    staff = series.staff.filter(
        is_active=True, membership__centre=series.centre_id, membership__role__in=RIGHTS["presence.tick"].roles
    ).distinct()
    staff = list(staff) if sessions else []
    Posting.objects.bulk_create(
        [Posting(centre_id=series.centre_id, session=session, user=user) for session in sessions for user in staff],
        ignore_conflicts=True,
    )


def may_open_roll(user, session):
    """Who works with all participants of the centre; and who stands at this moment, around its time."""
    if user.may("participants.read", session.centre_id):
        return user.may("presence.tick", session.centre_id)
    now = timezone.now()
    is_around = session.starts_at - OPEN_AROUND < now < session.ends_at + OPEN_AROUND
    return (
        is_around
        and user.may("presence.tick", session.centre_id)
        and Posting.objects.filter(session=session, user=user).exists()
    )


class PresenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of one's centres; who only stands at moments sees those, around their time."""
        of_centre = Q(centre__in=user.centres_where("participants.read"))
        posted = Posting.objects.filter(
            user=user,
            centre__in=user.centres_where("presence.tick"),
            session__starts_at__lt=timezone.now() + OPEN_AROUND,
            session__ends_at__gt=timezone.now() - OPEN_AROUND,
        )
        return self.filter(of_centre | Q(session__in=posted.values("session")))

    def latest(self):
        """What holds now: the last that happened for each participant of each moment. Late news never undoes newer."""
        return self.order_by("session_id", "participant_id", "-at", "-pk").distinct("session_id", "participant_id")

    def holding(self):
        """The same rows as `latest`, for a query that counts or is part of another one."""
        newer = self.model._base_manager.filter(session=OuterRef("session"), participant=OuterRef("participant"))
        newer = newer.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
        return self.filter(~Exists(newer))

    def who_came(self):
        return self.filter(state__in=Attendance.CAME)


class Attendance(models.Model):
    """Something that happened at the door. A correction is a new row; the first stays readable."""

    append_only = True

    class State(models.TextChoices):
        PRESENT = "present", "Aanwezig"
        LEFT = "left", "Naar huis"
        EXCUSED = "excused", "Verwittigd"
        ABSENT = "absent", "Afwezig"
        CLEARED = "cleared", "Nog niet gezien"

    CAME = [State.PRESENT, State.LEFT]

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="attendances", editable=False, verbose_name="moment"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, related_name="attendances", verbose_name="deelnemer"
    )
    state = models.CharField("toestand", max_length=10, choices=State)
    at = models.DateTimeField("om", default=timezone.now)
    # Rows of one and the same tap share this instant: that is how the tap can be taken back.
    noted_at = models.DateTimeField("genoteerd om", default=timezone.now, editable=False)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="door")
    # Each tick carries a number of its own: sent twice, it counts once.
    tick = models.UUIDField("nummer", unique=True, default=uuid.uuid4, editable=False)
    fetched_by = models.ForeignKey(
        PickupPerson, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="opgehaald door"
    )
    fetched_by_carer = models.ForeignKey(
        Carer, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="opgehaald door zorgfiguur"
    )
    went_alone = models.BooleanField("ging alleen", default=False)
    # Who let a child go with someone who is not on the list, and why.
    allowed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="toegestaan door"
    )
    allowed_because = FreeLine("waarom", max_length=200, blank=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = "aanwezigheid"
        verbose_name_plural = "aanwezigheden"
        indexes = [models.Index(fields=["session", "participant", "-at", "-id"], name="attendance_latest")]
        constraints = [
            models.CheckConstraint(
                name="attendance_fetched_only_when_left",
                condition=Q(state="left") | Q(fetched_by=None, fetched_by_carer=None, went_alone=False),
            ),
            models.CheckConstraint(
                name="attendance_allowed_with_a_reason", condition=Q(allowed_by=None) | ~Q(allowed_because="")
            ),
            models.CheckConstraint(
                name="attendance_known_state",
                condition=Q(state__in=["present", "left", "excused", "absent", "cleared"]),
            ),
        ]

    def __str__(self):
        return f"{self.participant or 'iemand'}: {self.get_state_display()}"

    @property
    def came_in_late(self):
        """Whether it was noted long after it happened: from paper, or from a phone without internet."""
        return self.noted_at - self.at > LATE


class HeadCount(models.Model):
    """How many there were, without a name. The newest row of a moment counts."""

    append_only = True

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="head_counts", editable=False, verbose_name="moment"
    )
    children = models.PositiveSmallIntegerField("kinderen", default=0)
    teens = models.PositiveSmallIntegerField("tieners", default=0)
    adults = models.PositiveSmallIntegerField("volwassenen", default=0)
    first_time = models.PositiveSmallIntegerField("voor het eerst", default=0)
    at = models.DateTimeField("om", default=timezone.now)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="door")
    tick = models.UUIDField("nummer", unique=True, default=uuid.uuid4, editable=False)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = "telling"
        verbose_name_plural = "tellingen"
        indexes = [models.Index(fields=["session", "-at", "-id"], name="head_count_latest")]
        constraints = [
            models.CheckConstraint(
                name="head_count_first_timers_among_them",
                condition=Q(first_time__lte=models.F("children") + models.F("teens") + models.F("adults")),
                violation_error_message="Er waren minder mensen dan er voor het eerst kwamen.",
            ),
        ]

    def __str__(self):
        return f"{self.total} mensen"

    @property
    def total(self):
        return self.children + self.teens + self.adults
