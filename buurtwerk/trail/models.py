from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class AccessManager(models.Manager):
    def record(self, request, *, action, record_type, ids, centre_id=None, reason=""):
        """Write down, in the request's own transaction, that someone looked at personal data."""
        return self.create(
            user=request.user,
            action=action,
            record_type=record_type,
            record_ids=ids,
            centre_id=centre_id,
            reason=reason,
        )


class Access(models.Model):
    """Who looked at what, when and why. Never the content, never the words of a search."""

    # The application role may only add and read: see accounts/rowlevel.py.
    append_only = True

    class Action(models.TextChoices):
        VIEW = "view", "Bekeken"
        LIST = "list", "In een lijst gezien"
        EXPORT = "export", "Uitgevoerd"
        PRINT = "print", "Afgedrukt"

    at = models.DateTimeField("wanneer", auto_now_add=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name="wie")
    action = models.CharField("wat", max_length=20, choices=Action)
    record_type = models.CharField("soort", max_length=40)
    record_ids = ArrayField(models.BigIntegerField(), verbose_name="welke")
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, null=True, verbose_name="centrum")
    reason = models.CharField("waarom", max_length=300, blank=True)

    objects = AccessManager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "inzage"
        verbose_name_plural = "inzagen"
        indexes = [
            GinIndex(fields=["record_ids"], name="access_record_ids"),
            models.Index(fields=["centre", "-at"], name="access_centre_at"),
        ]

    def __str__(self):
        return f"{self.user} {self.get_action_display()} {self.record_type}"
