"""Overdracht: families that go from one colleague to another, proposed by one and accepted by the other."""

from datetime import timedelta

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
from households.models.glass import BreakGlass
from households.models.household import Household, OfFamilyQuerySet

CLOSED_FOR = timedelta(days=90)


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The two it is between, whoever proposed it, and who oversees the centre."""
        own = Q(from_user=user) | Q(to_user=user) | Q(proposed_by=user)
        return self.filter(
            own & Q(centre__in=user.centres_where("handovers.make"))
            | Q(centre__in=user.centres_where("families.oversee"))
        )

    def waiting(self):
        return self.filter(status=Handover.Status.PROPOSED)


@pghistory.track()
class Handover(Versioned):
    """It changes nothing until it is accepted: until then the families stay with whom they are."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Voorgesteld"
        ACCEPTED = "accepted", "Aanvaard"
        REFUSED = "refused", "Geweigerd"
        WITHDRAWN = "withdrawn", "Ingetrokken"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    from_user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="handovers_given", verbose_name="van"
    )
    to_user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="handovers_taken", verbose_name="naar"
    )
    message = FreeText("bericht", max_length=1000, blank=True)
    status = models.CharField("toestand", max_length=10, choices=Status, default=Status.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="voorgesteld door"
    )
    proposed_at = models.DateTimeField("voorgesteld", default=timezone.now, editable=False)
    answered_at = models.DateTimeField("beantwoord", null=True, editable=False)
    answer = FreeLine("waarom", max_length=300, blank=True, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = "overdracht"
        verbose_name_plural = "overdrachten"
        constraints = [
            models.CheckConstraint(
                name="handover_to_someone_else",
                condition=~Q(from_user=F("to_user")),
                violation_error_message="Kies een andere collega.",
            ),
            models.CheckConstraint(
                name="handover_answered_or_waiting",
                condition=Q(status="proposed", answered_at=None) | ~Q(status="proposed") & Q(answered_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["to_user", "status"], name="handover_of_worker")]

    def __str__(self):
        return f"Van {self.from_user} naar {self.to_user}"

    def get_absolute_url(self):
        return reverse("households:handover-detail", args=[self.pk])

    @property
    def is_waiting(self):
        return self.status == self.Status.PROPOSED


class HandedFamilyQuerySet(OfFamilyQuerySet):
    def closing(self, part, *, to):
        """The families of which this part of the past is closed to this user, as it did not go along to them.

        Only to the successor: what a coordinator or a back-up reads is no matter of a handover. What came after it is
        open. The rest opens by breaking the glass, and not before ninety days.
        """
        opened = Q(
            moved_at__lt=timezone.now() - CLOSED_FOR,
            household__in=BreakGlass.objects.open_for(to).values("household"),
        )
        mine = self.filter(handover__to_user=to, household__primary_worker=to, moved_at__isnull=False)
        return mine.exclude(goes_along__contains=[part]).exclude(opened)

    def closing_row(self, part, *, to, written_at):
        """For a queryset of rows of families: whether a row is closed to this user. `written_at` is a field."""
        return Exists(
            self.closing(part, to=to).filter(household=OuterRef("household"), moved_at__gt=OuterRef(written_at))
        )


@pghistory.track()
class HandedFamily(models.Model):
    """One family in a handover, and what of its past goes along, as the resident chose."""

    class Part(models.TextChoices):
        NOTES = "notes", "Nota's van vroeger"
        PAPERS = "papers", "Papieren"
        NETWORK = "network", "Netwerk"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    handover = models.ForeignKey(
        Handover, on_delete=models.CASCADE, related_name="families", editable=False, verbose_name="overdracht"
    )
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="handed_over", verbose_name="gezin", editable=False
    )
    goes_along = ArrayField(
        models.CharField(max_length=10, choices=Part), default=list, blank=True, verbose_name="wat meegaat"
    )
    introduction_on = models.DateField("samen kennismaken op", null=True, blank=True)
    # Repeated here, so that the database keeps a family out of two handovers at a time.
    is_waiting = models.BooleanField(default=True, editable=False)
    moved_at = models.DateTimeField("overgedragen", null=True, editable=False)

    objects = HandedFamilyQuerySet.as_manager()

    class Meta:
        ordering = ["household__nickname", "pk"]
        verbose_name = "gezin in een overdracht"
        verbose_name_plural = "gezinnen in een overdracht"
        constraints = [
            models.UniqueConstraint(
                fields=["household"], name="handed_family_waits_once", condition=Q(is_waiting=True)
            ),
            models.UniqueConstraint(fields=["handover", "household"], name="handed_family_once_in_handover"),
        ]

    def __str__(self):
        return f"{self.household_id} in {self.handover_id}"

    @property
    def part_labels(self):
        return [self.Part(code).label for code in self.goes_along]

    @property
    def closed_until(self):
        """The last day on which even a reason does not open what did not go along."""
        return timezone.localdate(self.moved_at) + CLOSED_FOR if self.moved_at else None
