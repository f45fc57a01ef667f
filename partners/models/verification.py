import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from buurtwerk.interface.text import FreeText
from partners.models.codes import CheckMethod, CheckResult, known_code
from partners.models.service import Service


class Verification(models.Model):
    """Someone checked a card with the world outside. The card takes its date from here, and from nowhere else."""

    # The application role may only add and read: see accounts/rowlevel.py.
    append_only = True

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="verifications", verbose_name="aanbod")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name="door")
    at = models.DateTimeField("wanneer", default=timezone.now)
    method = models.CharField("hoe", max_length=10, choices=CheckMethod)
    result = models.CharField("resultaat", max_length=10, choices=CheckResult)
    note = FreeText("nota", max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "nazicht"
        verbose_name_plural = "nazichten"
        indexes = [models.Index(fields=["service", "-at"], name="verification_newest")]
        constraints = [
            models.CheckConstraint(name="verification_known_method", condition=known_code("method", CheckMethod)),
            models.CheckConstraint(name="verification_known_result", condition=known_code("result", CheckResult)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="dates_the_card",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                # The card has a trigger of its own that finds the day: it only has to be touched.
                func="UPDATE partners_service SET verified_on = NULL WHERE id = NEW.service_id; RETURN NULL;",
            )
        ]

    def __str__(self):
        return f"{self.service}: {self.get_result_display()}"
