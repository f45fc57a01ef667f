import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.models.session import Session
from buurtwerk.interface.text import FreeLine


class ChangeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("activities.read"))

    def standing(self):
        return self.filter(taken_back_at=None)


@pghistory.track()
class SessionChange(models.Model):
    """What people were told of: a moment that was moved, cancelled, or put back. What it was before stays here."""

    class Kind(models.TextChoices):
        MOVED = "moved", "Verplaatst"
        CANCELLED = "cancelled", "Gaat niet door"
        REOPENED = "reopened", "Gaat toch door"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="changes", editable=False, verbose_name="moment"
    )
    kind = models.CharField("wat", max_length=10, choices=Kind)
    at = models.DateTimeField("op", default=timezone.now, editable=False)
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name="door"
    )
    # How it was before.
    starts_at = models.DateTimeField("begon")
    ends_at = models.DateTimeField("eindigde")
    place = FreeLine("was waar", max_length=120, blank=True)
    moved_from = models.DateTimeField("was verplaatst van", null=True)
    overridden_fields = ArrayField(models.CharField(max_length=30), verbose_name="was aangepast", default=list)
    # Whom a cancelled moment set free: when it goes on after all, they stand there again.
    freed = ArrayField(models.BigIntegerField(), verbose_name="vrijgemaakt", default=list)
    taken_back_at = models.DateTimeField("ongedaan gemaakt op", null=True, editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "wijziging van een moment"
        verbose_name_plural = "wijzigingen van momenten"
        constraints = [
            models.CheckConstraint(
                name="session_change_known_kind", condition=Q(kind__in=["moved", "cancelled", "reopened"])
            ),
            models.CheckConstraint(
                name="session_change_taken_back_later",
                condition=Q(taken_back_at=None) | Q(taken_back_at__gte=models.F("at")),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.session}"

    def take_back(self):
        self.taken_back_at = timezone.now()
        self.save(update_fields=["taken_back_at"])

    @property
    def about(self):
        return about(self.session)

    @property
    def key(self):
        """How the key of each message about this change begins."""
        return f"{self.about} {self.pk} "


def about(session):
    """What messages about a moment are about."""
    return f"moment {session.code}"
