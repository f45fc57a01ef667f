from datetime import timedelta

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.models.participant import OfCentreQuerySet, Participant
from activities.models.series import ActivitySeries
from activities.models.session import Session, new_code
from buurtwerk.interface.text import FreeLine


class Channel(models.TextChoices):
    WEB = "web", "Site"
    PHONE = "phone", "Telefoon"
    DESK = "desk", "Balie"
    PAPER = "paper", "Papier"


@pghistory.track()
class RegistrationGroup(models.Model):
    """What came in together: the children of one family, and how we reach who registered them."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    series = models.ForeignKey(
        ActivitySeries,
        on_delete=models.PROTECT,
        related_name="registration_groups",
        editable=False,
        verbose_name="activiteit",
    )
    code = models.CharField("code", max_length=12, unique=True, default=new_code, editable=False)
    # Empty once the term of keeping names is over.
    contact_name = FreeLine("wie schrijft in", max_length=120, blank=True)
    phone = FreeLine("telefoon", max_length=40, blank=True)
    email = models.EmailField("e-mail", blank=True)
    locale = models.CharField("taal", max_length=5, default="nl")
    channel = models.CharField("langs waar", max_length=5, choices=Channel)
    keep_together = models.BooleanField("samen of niet", default=True)
    created_at = models.DateTimeField("ingeschreven op", default=timezone.now, editable=False)
    # Of the form it came with: the same form sent twice is one registration.
    form_token = models.UUIDField(unique=True, null=True, editable=False)
    by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="genoteerd door",
    )

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = "inschrijving van een groep"
        verbose_name_plural = "inschrijvingen van groepen"
        constraints = [
            models.CheckConstraint(
                name="registration_group_known_channel", condition=Q(channel__in=["web", "phone", "desk", "paper"])
            ),
            models.CheckConstraint(
                name="registration_group_noted_by_someone", condition=Q(channel="web") | Q(by__isnull=False)
            ),
        ]

    def __str__(self):
        return self.code


class RegistrationQuerySet(OfCentreQuerySet):
    def live(self):
        return self.filter(status__in=Registration.LIVE)

    def holding_a_seat(self):
        """Confirmed, or offered: that seat is nobody else's until the offer expires."""
        return self.filter(status__in=Registration.HOLDING)

    def waiting(self):
        """The waiting list, who is next first."""
        return self.filter(status=Registration.Status.WAITLISTED).order_by("-is_priority", "rank", "pk")

    def for_moment(self, session):
        """Everyone registered for this moment: for itself, for its block, or for the whole series."""
        whole = Q(session=None, block=None) | Q(session=None, block=block_of(session))
        return self.filter(Q(session=session) | Q(series=session.series_id) & whole)


@pghistory.track()
class Registration(models.Model):
    """One person's place: in a moment, in a block (the week of that Monday) or in a whole series."""

    class Status(models.TextChoices):
        REQUESTED = "requested", "Aangevraagd"
        CONFIRMED = "confirmed", "Ingeschreven"
        WAITLISTED = "waitlisted", "Wachtlijst"
        OFFERED = "offered", "Plaats aangeboden"
        EXPIRED = "expired", "Vervallen"
        DECLINED = "declined", "Geweigerd"
        WITHDRAWN = "withdrawn", "Uitgeschreven"
        CENTRE_CANCELLED = "centre_cancelled", "Geannuleerd door ons"

    class PriceTier(models.TextChoices):
        """At the till only the letter stands: nobody reads there why someone pays less."""

        NORMAL = "normal", "Gewone prijs"
        SOCIAL = "social", "Kansentarief"
        CHILD = "child", "Prijs voor een kind"
        FREE = "free", "Gratis"

    LIVE = [Status.REQUESTED, Status.CONFIRMED, Status.WAITLISTED, Status.OFFERED]
    HOLDING = [Status.CONFIRMED, Status.OFFERED]

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    group = models.ForeignKey(
        RegistrationGroup, on_delete=models.PROTECT, related_name="registrations", verbose_name="ingeschreven met"
    )
    # None once the term of keeping names is over: the count stays.
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, related_name="registrations", verbose_name="deelnemer"
    )
    series = models.ForeignKey(
        ActivitySeries, on_delete=models.PROTECT, related_name="registrations", verbose_name="activiteit"
    )
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, related_name="registrations", verbose_name="moment"
    )
    block = models.DateField("week van", null=True)
    status = models.CharField("toestand", max_length=20, choices=Status)
    status_at = models.DateTimeField("sinds", default=timezone.now)
    price_tier = models.CharField("tarief", max_length=10, choices=PriceTier, default=PriceTier.NORMAL)
    amount = models.DecimalField("te betalen", max_digits=6, decimal_places=2, null=True)
    is_priority = models.BooleanField("voorrang", default=False)
    # The order of the waiting list: the instant of asking, or the number that was drawn. In microseconds, or drawn.
    rank = models.BigIntegerField("volgorde")
    offered_until = models.DateTimeField("aangeboden tot", null=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "pk"]
        verbose_name = "inschrijving"
        verbose_name_plural = "inschrijvingen"
        indexes = [
            models.Index(fields=["session", "status"], name="registration_of_a_session"),
            models.Index(fields=["series", "status"], name="registration_of_a_series"),
            models.Index(fields=["offered_until"], name="registration_offers", condition=Q(status="offered")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "session", "block", "participant"],
                name="registration_once",
                nulls_distinct=False,
                condition=Q(status__in=["requested", "confirmed", "waitlisted", "offered"], participant__isnull=False),
                violation_error_message="Deze deelnemer is al ingeschreven.",
            ),
            models.CheckConstraint(
                name="registration_for_a_moment_or_a_block", condition=Q(session=None) | Q(block=None)
            ),
            models.CheckConstraint(
                name="registration_offer_has_an_end",
                condition=Q(status="offered", offered_until__isnull=False)
                | ~Q(status="offered") & Q(offered_until=None),
            ),
            models.CheckConstraint(
                name="registration_known_codes",
                condition=Q(
                    status__in=[
                        "requested",
                        "confirmed",
                        "waitlisted",
                        "offered",
                        "expired",
                        "declined",
                        "withdrawn",
                        "centre_cancelled",
                    ],
                    price_tier__in=["normal", "social", "child", "free"],
                ),
            ),
            models.CheckConstraint(
                name="registration_amount_not_below_zero", condition=Q(amount=None) | Q(amount__gte=0)
            ),
        ]

    def __str__(self):
        return f"{self.participant or 'iemand'}: {self.get_status_display()}"

    @property
    def tier_letter(self):
        """What the till and the lists show."""
        return TIER_LETTERS[self.price_tier]

    @property
    def is_live(self):
        return self.status in self.LIVE

    @property
    def is_offered_now(self):
        """Whether there is still time to say yes."""
        return self.status == self.Status.OFFERED and timezone.now() < self.offered_until


TIER_LETTERS = {"normal": "A", "social": "B", "child": "C", "free": "D"}


def block_of(session):
    """The Monday of the week a moment was first planned in: its block."""
    day = session.original_start.date()
    return day - timedelta(days=day.weekday())
