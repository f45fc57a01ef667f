import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from activities.models.series import ActivitySeries


@pghistory.track()
class SeriesPhase(models.Model):
    """From a day to come on, a series has other hours or places. Once that day is there, the series takes them over."""

    series = models.ForeignKey(
        ActivitySeries, on_delete=models.CASCADE, related_name="phases", editable=False, verbose_name="activiteit"
    )
    from_day = models.DateField("vanaf")
    local_start = models.TimeField("begint om")
    local_end = models.TimeField("eindigt om")
    capacity = models.PositiveSmallIntegerField(
        "aantal plaatsen", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, editable=False, related_name="+", verbose_name="door"
    )
    at = models.DateTimeField("op", default=timezone.now, editable=False)

    class Meta:
        ordering = ["from_day"]
        verbose_name = "uren vanaf een dag"
        verbose_name_plural = "uren vanaf een dag"
        constraints = [
            models.UniqueConstraint(fields=["series", "from_day"], name="series_phase_once"),
            models.CheckConstraint(
                name="series_phase_ends_after_it_starts", condition=Q(local_end__gt=F("local_start"))
            ),
            models.CheckConstraint(
                name="series_phase_room_for_someone", condition=Q(capacity=None) | Q(capacity__gte=1)
            ),
        ]

    def __str__(self):
        return f"Vanaf {self.from_day:%d/%m/%Y}: {self.hours}"

    @property
    def hours(self):
        """14.00 tot 16.30 uur"""
        return f"{self.local_start:%H.%M} tot {self.local_end:%H.%M} uur"
