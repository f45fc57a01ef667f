import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
from households.models.contact import Contact
from households.models.household import Household, OfFamilyQuerySet

# Who was seen, by age; the names are those of the fields.
AGES = ["children", "teens", "adults", "seniors"]


def count_field(label):
    return models.PositiveSmallIntegerField(label, default=0)


class OutreachRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("rounds.walk"))

    def walked(self):
        return self.filter(status=OutreachRound.Status.WALKED)

    def in_month(self, day):
        return self.filter(on__year=day.year, on__month=day.month)


@pghistory.track()
class OutreachRound(Versioned):
    """Colleagues go through a buurt to be there: at the doors of families they know, and for whoever they meet.

    Who was seen is kept as counts. They never become people.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", "Gepland"
        WALKED = "walked", "Gelopen"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    neighbourhood = models.ForeignKey(
        "places.Neighbourhood", on_delete=models.PROTECT, related_name="rounds", verbose_name="buurt"
    )
    place = FreeLine("waar in de buurt", max_length=120, blank=True)
    workers = models.ManyToManyField("accounts.User", related_name="rounds", verbose_name="wie gaat mee")
    on = models.DateField("wanneer")
    starts = models.TimeField("van")
    ends = models.TimeField("tot", null=True, blank=True)
    status = models.CharField("toestand", max_length=10, choices=Status, default=Status.PLANNED, editable=False)
    children_seen = count_field("kinderen gezien")
    children_spoken = count_field("kinderen gesproken")
    teens_seen = count_field("jongeren gezien")
    teens_spoken = count_field("jongeren gesproken")
    adults_seen = count_field("volwassenen gezien")
    adults_spoken = count_field("volwassenen gesproken")
    seniors_seen = count_field("65-plussers gezien")
    seniors_spoken = count_field("65-plussers gesproken")
    # About the place, not about people.
    observed = FreeText("wat we zagen", max_length=2000, blank=True)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="gepland door"
    )
    created_at = models.DateTimeField("gepland op", default=timezone.now, editable=False)

    objects = OutreachRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-starts", "-pk"]
        verbose_name = "ronde"
        verbose_name_plural = "rondes"
        constraints = [
            models.CheckConstraint(
                name="round_ends_after_start",
                condition=Q(ends=None) | Q(ends__gt=F("starts")),
                violation_error_message="Het einde komt na het begin.",
            ),
            *(
                models.CheckConstraint(
                    name=f"round_{age}_spoken_were_seen",
                    condition=Q(**{f"{age}_spoken__lte": F(f"{age}_seen")}),
                    violation_error_message="Je kan niet met meer mensen spreken dan je er zag.",
                )
                for age in AGES
            ),
            models.CheckConstraint(
                name="round_counts_when_walked",
                condition=Q(status="walked") | Q(**{f"{age}_seen": 0 for age in AGES}, observed=""),
            ),
        ]
        indexes = [models.Index(fields=["centre", "-on"], name="round_of_centre")]

    def __str__(self):
        return f"Ronde {self.neighbourhood}"

    def get_absolute_url(self):
        return reverse("households:round-detail", args=[self.pk])

    @property
    def is_walked(self):
        return self.status == self.Status.WALKED

    @property
    def can_be_noted(self):
        """A round that still has to come brings no contacts yet."""
        return self.on <= timezone.localdate()

    @property
    def seen(self):
        return sum(getattr(self, f"{age}_seen") for age in AGES)

    @property
    def spoken(self):
        return sum(getattr(self, f"{age}_spoken") for age in AGES)


class RoundDoorQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("rounds.walk")).of_known_families(user)


@pghistory.track()
class RoundDoor(models.Model):
    """A family to pass by on a round, and the contact that came of it."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    round = models.ForeignKey(OutreachRound, on_delete=models.CASCADE, related_name="doors", verbose_name="ronde")
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="round_doors", verbose_name="gezin")
    order = models.PositiveSmallIntegerField("volgorde")
    contact = models.OneToOneField(
        Contact,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="door",
        verbose_name="contactmoment",
    )

    objects = RoundDoorQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = "deur van een ronde"
        verbose_name_plural = "deuren van een ronde"
        constraints = [models.UniqueConstraint(fields=["round", "household"], name="round_door_once")]

    def __str__(self):
        return f"{self.order}. {self.household.code}"
