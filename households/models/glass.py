import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from buurtwerk.interface.text import FreeLine


class BreakGlassQuerySet(models.QuerySet):
    def open_for(self, user):
        return self.filter(user=user, until__gt=timezone.now())

    def visible_to(self, user):
        """Who reviews the centre, and the vaste buurtwerker of the family."""
        return self.filter(Q(centre__in=user.centres_where("files.review")) | Q(household__primary_worker=user))

    def to_review_by(self, user):
        """What a coordinator still has to look at; one's own is for a colleague."""
        return self.filter(centre__in=user.centres_where("files.review"), seen_at=None).exclude(user=user)

    def unseen(self):
        return self.filter(seen_at=None)


@pghistory.track()
class BreakGlass(models.Model):
    """Noodtoegang: someone opened a file that is not theirs, said why, and had half an hour."""

    class Ground(models.TextChoices):
        DANGER = "danger", "Er is gevaar voor iemand"
        ABSENT = "absent", "De vaste buurtwerker is er niet en het kan niet wachten"
        RESIDENT = "resident", "De bewoner vraagt het mij zelf"
        HANDOVER = "handover", "Ik nam dit gezin over en heb meer nodig"
        REVIEW = "review", "Een klacht of een nazicht"

    MINUTES = 30

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(
        "households.Household", on_delete=models.PROTECT, related_name="openings", verbose_name="gezin"
    )
    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="glass_broken", editable=False, verbose_name="wie"
    )
    ground = models.CharField("waarom", max_length=10, choices=Ground)
    reason = FreeLine("wat is er aan de hand", max_length=300)
    at = models.DateTimeField("wanneer", default=timezone.now, editable=False)
    until = models.DateTimeField("tot", editable=False)
    seen_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="gezien door",
    )
    seen_at = models.DateTimeField("gezien", null=True, editable=False)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "noodtoegang"
        verbose_name_plural = "noodtoegangen"
        constraints = [
            models.CheckConstraint(name="break_glass_ends", condition=Q(until__gt=F("at"))),
            models.CheckConstraint(
                name="break_glass_seen_by_someone",
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
            ),
            models.CheckConstraint(
                name="break_glass_seen_by_someone_else", condition=Q(seen_by=None) | ~Q(seen_by=F("user"))
            ),
        ]
        indexes = [models.Index(fields=["user", "until"], name="break_glass_open")]

    def __str__(self):
        return f"{self.user}: {self.get_ground_display()}"

    def give_review(self, user):
        """The same, knowing whether this user may say that it was looked at: not who broke the glass."""
        self.may_be_seen = self.seen_at is None and self.user_id != user.pk
        return self
