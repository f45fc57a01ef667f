from django.db import models
from django.utils import timezone


class UploadedSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user=user, centre__in=user.centres_where("families.move"))

    def waiting(self):
        return self.filter(done_at=None)

    def done_since(self, moment):
        return self.filter(done_at__gt=moment)


class UploadedSheet(models.Model):
    """A spreadsheet that someone is reading in: its cells, until it is confirmed, and for a day at most.

    Row-level security shows it to who uploaded it, and to nobody else.
    """

    class Kind(models.TextChoices):
        FAMILIES = "families", "Gezinnen en mensen"
        CONTACTS = "contacts", "Contacten"

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+", verbose_name="van")
    centre = models.ForeignKey("places.Centre", on_delete=models.CASCADE, verbose_name="centrum")
    kind = models.CharField("wat", max_length=10, choices=Kind)
    headings = models.JSONField("titels", default=list)
    rows = models.JSONField("rijen", default=list)
    # For each column the field that it fills, or nothing.
    columns = models.JSONField("kolommen", default=list)
    worker = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, null=True, related_name="+", verbose_name="vaste buurtwerker"
    )
    role = models.CharField("rol", max_length=20, blank=True)
    uploaded_at = models.DateTimeField("opgeladen", default=timezone.now, editable=False)
    done_at = models.DateTimeField("ingelezen", null=True, editable=False)
    result = models.JSONField("resultaat", default=dict)

    objects = UploadedSheetQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = "ingelezen rekenblad"
        verbose_name_plural = "ingelezen rekenbladen"

    def __str__(self):
        return f"{self.get_kind_display()} van {self.uploaded_at:%d/%m/%Y}"

    @property
    def brought(self):
        """Whether something came out of it."""
        return any(self.result.get(what) for what in ("families", "contacts"))
