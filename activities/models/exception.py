import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.models.series import ActivitySeries
from activities.models.session import LocalDateTimeField
from buurtwerk.interface.text import FreeLine


@pghistory.track()
class SeriesException(models.Model):
    """What people decided about one date of a series, whatever its rule and the holidays say."""

    class Action(models.TextChoices):
        SKIP = "skip", "Overslaan"
        ADD = "add", "Toevoegen"
        RESTORE = "restore", "Toch laten doorgaan"

    series = models.ForeignKey(
        ActivitySeries, on_delete=models.CASCADE, related_name="exceptions", editable=False, verbose_name="activiteit"
    )
    original_start = LocalDateTimeField("dag en uur")
    action = models.CharField("wat", max_length=10, choices=Action)
    reason = FreeLine("waarom", max_length=200, blank=True)
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, editable=False, related_name="+", verbose_name="door"
    )
    at = models.DateTimeField("op", default=timezone.now, editable=False)

    class Meta:
        ordering = ["original_start"]
        verbose_name = "uitzondering"
        verbose_name_plural = "uitzonderingen"
        constraints = [
            models.UniqueConstraint(
                fields=["series", "original_start"],
                name="series_exception_once",
                violation_error_message="Over deze datum is al iets beslist.",
            ),
            models.CheckConstraint(
                name="series_exception_skips_for_a_reason", condition=~Q(action="skip") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="series_exception_known_action", condition=Q(action__in=["skip", "add", "restore"])
            ),
        ]

    def __str__(self):
        return f"{self.get_action_display()}: {self.original_start:%d/%m/%Y}"
