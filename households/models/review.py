from django.db import models
from django.db.models import Q
from django.utils import timezone

from buurtwerk.interface.text import FreeText
from households.models.household import Household, OfFamilyQuerySet


class ReviewQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        """What was reviewed is for who reads the file."""
        return self.of_own_files(user)


class Review(models.Model):
    """Herbekijkmoment: someone looked again at how closely we follow, or rounded off."""

    class Kind(models.TextChoices):
        LEVEL = "level", "Herbekeken"
        CLOSING = "closing", "Afgerond"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="reviews", verbose_name="gezin")
    kind = models.CharField("soort", max_length=10, choices=Kind, default=Kind.LEVEL)
    before = models.PositiveSmallIntegerField("ervoor", choices=Household.Intensity)
    after = models.PositiveSmallIntegerField("erna", choices=Household.Intensity)
    text = FreeText("wat we zagen", max_length=3000, blank=True)
    next_on = models.DateField("herbekijken op", null=True, blank=True)
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="wie"
    )
    at = models.DateTimeField("wanneer", default=timezone.now, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "herbekijkmoment"
        verbose_name_plural = "herbekijkmomenten"
        constraints = [
            models.CheckConstraint(
                name="review_closing_says_what_was_reached", condition=~Q(kind="closing") | ~Q(text="")
            ),
        ]
        indexes = [models.Index(fields=["household", "-at"], name="review_of_household")]

    def __str__(self):
        if self.kind == self.Kind.CLOSING:
            return "Afgerond"
        if self.before == self.after:
            return f"Herbekeken: blijft {self.get_after_display().lower()}"
        return f"Van {self.get_before_display().lower()} naar {self.get_after_display().lower()}"

    @property
    def kept(self):
        return self.kind == self.Kind.LEVEL and self.before == self.after
