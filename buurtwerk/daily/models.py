from django.db import models


class Run(models.Model):
    """One time that the daily work was done, with what each part said."""

    at = models.DateTimeField("wanneer", auto_now_add=True)
    done = models.JSONField("wat", default=list)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "dagelijkse beurt"
        verbose_name_plural = "dagelijkse beurten"

    def __str__(self):
        return f"{self.at:%d-%m-%Y %H:%M}"
