from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from buurtwerk.accounts.policy import Role


class AccessManager(models.Manager):
    def record(self, request, *, action, record_type, ids, centre_id=None, reason=""):
        """Write down, in the request's own transaction, that someone looked at personal data."""
        return self.create(
            user=request.user,
            role=role_used(request.user, centre_id),
            action=action,
            record_type=record_type,
            record_ids=ids,
            centre_id=centre_id,
            reason=reason,
        )

    def record_shown(self, request, rows, *, action, record_type):
        """Write down what a list or a search showed: all of it, a row for each centre, in one statement."""
        of_centre = {}
        for row in rows:
            of_centre.setdefault(row.centre_id, []).append(row.pk)
        user = request.user
        self.bulk_create(
            self.model(
                user=user,
                role=role_used(user, centre_id),
                action=action,
                record_type=record_type,
                record_ids=ids,
                centre_id=centre_id,
            )
            for centre_id, ids in of_centre.items()
        )


def role_used(user, centre_id):
    """In which role someone looked, in words: roles change, and the statement for the resident must not."""
    here = {role for role, centre in user.roles if centre_id is None or centre == centre_id}
    return ", ".join(role.label for role in Role if role in here)


class Access(models.Model):
    """Who looked at what, when and why. Never the content, never the words of a search."""

    # The application role may only add and read: see accounts/rowlevel.py.
    append_only = True

    class Action(models.TextChoices):
        VIEW = "view", "Bekeken"
        LIST = "list", "In een lijst gezien"
        SEARCH = "search", "Gevonden bij het zoeken"
        FILE = "file", "Bijlage geopend"
        BREAK_GLASS = "break_glass", "Noodtoegang"
        EXPORT = "export", "Uitgevoerd"
        PRINT = "print", "Afgedrukt"

    at = models.DateTimeField("wanneer", auto_now_add=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, verbose_name="wie")
    role = models.CharField("in welke rol", max_length=120, blank=True)
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
