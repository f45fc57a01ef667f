from datetime import timedelta

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeText
from households.models.household import Household, OfFamilyQuerySet
from households.models.person import Person


class SubjectRequestQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        """Of the centres one reviews; and the vaste buurtwerker, who may be the second reader."""
        here = Q(centre__in=user.centres_where("files.review"))
        own = Q(household__primary_worker=user, centre__in=user.centres_where("families.open"))
        return self.filter(here | own).of_known_families(user)

    def running(self):
        return self.filter(status__in=SubjectRequest.RUNNING)


# The package itself stands in the row of the request alone: a second copy in the history would outlive it.
@pghistory.track(exclude=["package"])
class SubjectRequest(Versioned):
    """What a resident may ask of us: to read, correct, erase, or to stop. Answered within thirty days."""

    class Kind(models.TextChoices):
        ACCESS = "access", "Inzage: lezen wat we bewaren"
        CORRECTION = "correction", "Verbetering: iets klopt niet"
        ERASURE = "erasure", "Wissen"
        OBJECTION = "objection", "Bezwaar: iets niet meer doen"

    class Status(models.TextChoices):
        OPEN = "open", "Te doen"
        IN_REVIEW = "in_review", "Bij de tweede lezer"
        READY = "ready", "Klaar om te geven"
        GIVEN = "given", "Gegeven"
        REFUSED = "refused", "Geweigerd"

    class Identity(models.TextChoices):
        KNOWN = "known", "We kennen de persoon"
        CARD = "card", "Identiteitskaart gezien, niet gekopieerd"
        CALLED_BACK = "called_back", "Teruggebeld op het nummer dat we kennen"
        REPRESENTATIVE = "representative", "Iemand met een geschreven volmacht"

    RUNNING = [Status.OPEN, Status.IN_REVIEW, Status.READY]
    ANSWER_WITHIN = timedelta(days=30)
    WARN_BEFORE = timedelta(days=7)
    # How long we keep the package ourselves after it was given.
    PACKAGE_KEPT_FOR = timedelta(days=30)

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="subject_requests", editable=False, verbose_name="gezin"
    )
    # Nobody any more, once the person was erased.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="subject_requests", verbose_name="wie vraagt het"
    )
    kind = models.CharField("wat", max_length=12, choices=Kind)
    received_on = models.DateField("gekregen op", default=timezone.localdate)
    due_on = models.DateField("antwoord tegen", editable=False)
    identity = models.CharField("hoe weten we wie het is", max_length=15, choices=Identity)
    words = FreeText("wat wordt er precies gevraagd", max_length=1000, blank=True)
    status = models.CharField("toestand", max_length=10, choices=Status, default=Status.OPEN, editable=False)
    answer = FreeText("wat we deden of antwoorden", max_length=2000, blank=True)
    refusal = FreeText("waarom niet", max_length=1000, blank=True)
    # For the request to read: exactly what the second reader signed for.
    package = models.JSONField("pakket", null=True, editable=False)
    made_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="gemaakt door",
    )
    made_at = models.DateTimeField("gemaakt", null=True, editable=False)
    signed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="nagelezen door",
    )
    signed_at = models.DateTimeField("nagelezen", null=True, editable=False)
    ended_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="afgehandeld door",
    )
    ended_at = models.DateTimeField("afgehandeld", null=True, editable=False)
    noted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, editable=False, related_name="+", verbose_name="genoteerd door"
    )
    noted_at = models.DateTimeField("genoteerd", default=timezone.now, editable=False)

    objects = SubjectRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = "vraag over eigen gegevens"
        verbose_name_plural = "vragen over eigen gegevens"
        constraints = [
            models.CheckConstraint(
                name="subject_request_answered_in_thirty_days",
                condition=Q(due_on__gt=F("received_on"), due_on__lte=F("received_on") + timedelta(days=30)),
            ),
            models.CheckConstraint(
                name="subject_request_signed_by_someone_else",
                condition=Q(signed_by=None) | Q(made_by__isnull=False) & ~Q(signed_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="subject_request_given_after_signing",
                condition=~Q(status__in=["ready", "given"]) | Q(signed_by__isnull=False, signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="subject_request_refused_with_reason",
                condition=~Q(status="refused") | (~Q(refusal="") | Q(person=None)),
            ),
            models.CheckConstraint(
                name="subject_request_ended_by_someone",
                condition=Q(status__in=["given", "refused"], ended_by__isnull=False, ended_at__isnull=False)
                | Q(status__in=["open", "in_review", "ready"], ended_by=None, ended_at=None),
            ),
        ]
        indexes = [models.Index(fields=["centre", "status", "due_on"], name="subject_request_running")]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.household.code})"

    def save(self, **options):
        self.due_on = self.due_on or self.received_on + self.ANSWER_WITHIN
        super().save(**options)

    def get_absolute_url(self):
        return reverse("households:subject-request", args=[self.pk])

    @property
    def is_running(self):
        return self.status in self.RUNNING

    @property
    def days_left(self):
        return (self.due_on - timezone.localdate()).days

    @property
    def is_late(self):
        return self.is_running and self.days_left < 0
