"""Two files that turned out to be one family, and two families that only look like one."""

import json
from datetime import datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from households.models.household import Household


class Exact(DjangoJSONEncoder):
    """Moments with all their digits, so that what is put back is what stood there."""

    def default(self, value):
        return value.isoformat() if isinstance(value, datetime) else super().default(value)


def as_kept(value):
    """A value as it stands in a record, to compare with what stands there now."""
    return json.loads(json.dumps(value, cls=Exact))


class MergeRecordQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("families.merge"))

    def undoable(self):
        return self.filter(undone_at=None, at__gt=timezone.now() - MergeRecord.UNDO_WITHIN)


class MergeRecord(models.Model):
    """What two files looked like before they became one: enough to take it back exactly, within thirty days.

    Without history of its own, as it holds what people may have asked us to forget.
    """

    UNDO_WITHIN = timedelta(days=30)

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    kept = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="merges", verbose_name="blijft")
    gone = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+", verbose_name="ging op in")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("wanneer", default=timezone.now, editable=False)
    # Each a list of {"field": "app.Model.field", "from": id, "to": id, "ids": [...]}, in the order of moving.
    moved = models.JSONField("wat verhuisde", default=list, editable=False)
    # Each a list of {"model": "app.Model", "id": id, "before": {...}, "after": {...}}.
    changed = models.JSONField("wat veranderde", default=list, encoder=Exact, editable=False)
    # The ids of who read the file on as a named colleague.
    added = models.JSONField("wie meeleest", default=list, editable=False)
    undone_at = models.DateTimeField("ongedaan gemaakt", null=True, editable=False)
    undone_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="ongedaan gemaakt door",
    )

    objects = MergeRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "samenvoeging"
        verbose_name_plural = "samenvoegingen"
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("gone"))),
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="merge_once_at_a_time"),
            models.CheckConstraint(
                name="merge_undone_by_someone",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.gone.code} in {self.kept.code}"

    @property
    def until(self):
        """The last moment at which it can be taken back."""
        return self.at + self.UNDO_WITHIN

    @property
    def can_be_undone(self):
        return self.undone_at is None and timezone.now() < self.until


class NotDouble(models.Model):
    """Somebody looked: these two families look alike, and are two."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    one = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+", verbose_name="gezin")
    other = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+", verbose_name="ander gezin")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("wanneer", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "geen dubbel"
        verbose_name_plural = "geen dubbels"
        constraints = [
            # One order, so that a pair is there once.
            models.CheckConstraint(name="not_double_in_order", condition=Q(one__lt=F("other"))),
            models.UniqueConstraint(fields=["one", "other"], name="not_double_once"),
        ]

    def __str__(self):
        return f"{self.one_id} en {self.other_id}"
