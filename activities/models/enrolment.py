from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.models.participant import OfCentreQuerySet
from activities.models.registration import RegistrationGroup
from activities.models.series import ActivitySeries
from activities.models.session import Session


class RegistrationMove(models.Model):
    """What happened to a group on the list: so that a waiting list can be explained. No names, the code is enough."""

    append_only = True

    class What(models.TextChoices):
        REQUESTED = "requested", "aangevraagd voor de loting"
        CONFIRMED = "confirmed", "ingeschreven"
        WAITLISTED = "waitlisted", "op de wachtlijst"
        OFFERED = "offered", "plaats aangeboden"
        SKIPPED = "skipped", "overgeslagen: er was te weinig plaats voor iedereen samen"
        ACCEPTED = "accepted", "plaats aanvaard"
        DECLINED = "declined", "plaats geweigerd"
        EXPIRED = "expired", "aanbod vervallen"
        WITHDRAWN = "withdrawn", "uitgeschreven"
        PLACED = "placed", "met de hand geplaatst"
        PRIORITY = "priority", "voorrang gegeven"
        NO_PRIORITY = "no_priority", "voorrang weggenomen"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    group = models.ForeignKey(
        RegistrationGroup, on_delete=models.PROTECT, related_name="moves", verbose_name="ingeschreven met"
    )
    series = models.ForeignKey(ActivitySeries, on_delete=models.PROTECT, related_name="+", verbose_name="activiteit")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="moment")
    block = models.DateField("week van", null=True)
    what = models.CharField("wat", max_length=12, choices=What)
    seats = models.PositiveSmallIntegerField("plaatsen", default=1)
    until = models.DateTimeField("aangeboden tot", null=True)
    at = models.DateTimeField("op", default=timezone.now)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="door")

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "stap van een inschrijving"
        verbose_name_plural = "stappen van inschrijvingen"
        indexes = [models.Index(fields=["series", "session", "-at"], name="registration_moves")]
        constraints = [
            models.CheckConstraint(
                name="registration_move_known_what",
                condition=Q(
                    what__in=[
                        "requested",
                        "confirmed",
                        "waitlisted",
                        "offered",
                        "skipped",
                        "accepted",
                        "declined",
                        "expired",
                        "withdrawn",
                        "placed",
                        "priority",
                        "no_priority",
                    ]
                ),
            )
        ]

    def __str__(self):
        return f"{self.group}: {self.get_what_display()}"


class Draw(models.Model):
    """A draw of lots: whoever has the seed can sort the codes again and finds the same order."""

    append_only = True

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    series = models.ForeignKey(
        ActivitySeries, on_delete=models.PROTECT, related_name="draws", verbose_name="activiteit"
    )
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="moment")
    block = models.DateField("week van", null=True)
    seed = models.CharField("lot", max_length=64)
    outcome = models.JSONField("volgorde", default=list)
    drawn_at = models.DateTimeField("geloot op", default=timezone.now)

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        ordering = ["-drawn_at"]
        verbose_name = "loting"
        verbose_name_plural = "lotingen"
        constraints = [
            models.UniqueConstraint(
                fields=["series", "session", "block"],
                name="draw_once",
                nulls_distinct=False,
                violation_error_message="Hiervoor is al geloot.",
            )
        ]

    def __str__(self):
        return f"Loting van {self.series}"
