"""How many children there may be for each begeleider: a house rule, by age, from a day on."""

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from activities.codes import ActivityType, Audience


class Band(models.TextChoices):
    TODDLERS = "toddlers", "Kleuters"
    PRIMARY = "primary", "Lagere school"
    TEENS = "teens", "Tieners"
    OUTING = "outing", "Uitstap"


# No law says it for this work: this is what a centre starts from, until it writes down its own.
HOUSE_DEFAULTS = {Band.TODDLERS: 8, Band.PRIMARY: 12, Band.TEENS: 15, Band.OUTING: 6}
MOST_CHILDREN = 40


def band_of(series):
    """The age band of a series, by its youngest; None when adults come, or children with their parents."""
    is_young = series.age_max is not None and series.age_max < 18
    if series.audience not in (Audience.CHILDREN, Audience.TEENS) and not (
        series.audience == Audience.EVERYONE and is_young
    ):
        return None
    if series.type == ActivityType.OUTING:
        return Band.OUTING
    if series.age_min < 6 and is_young:
        return Band.TODDLERS
    if series.audience == Audience.TEENS or series.age_min >= 12:
        return Band.TEENS
    return Band.PRIMARY


class RatioQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("participants.read"))

    def on(self, day):
        """What holds on this day: of each centre and band the newest."""
        return (
            self.filter(valid_from__lte=day).order_by("centre_id", "band", "-valid_from").distinct("centre_id", "band")
        )


@pghistory.track()
class Ratio(models.Model):
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    band = models.CharField("voor wie", max_length=10, choices=Band)
    children = models.PositiveSmallIntegerField(
        "kinderen per begeleider", validators=[MinValueValidator(1), MaxValueValidator(MOST_CHILDREN)]
    )
    valid_from = models.DateField("vanaf")
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, editable=False, related_name="+", verbose_name="door"
    )

    objects = RatioQuerySet.as_manager()

    class Meta:
        ordering = ["centre", "band", "-valid_from"]
        verbose_name = "verhouding"
        verbose_name_plural = "verhoudingen"
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "band", "valid_from"],
                name="ratio_once_a_day",
                violation_error_message="Voor die dag staat er al een getal.",
            ),
            models.CheckConstraint(
                name="ratio_someone_to_look_after", condition=Q(children__gte=1, children__lte=MOST_CHILDREN)
            ),
            models.CheckConstraint(
                name="ratio_known_band", condition=Q(band__in=["toddlers", "primary", "teens", "outing"])
            ),
        ]

    def __str__(self):
        return f"1 op {self.children}"
