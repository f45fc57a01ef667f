"""Numbers that people can say on the phone: HH-2026-0042, S-2026-0042. Never the same one twice."""

from django.db import connection, models
from django.utils import timezone


class NumberSeries(models.Model):
    key = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField()

    class Meta:
        app_label = "places"
        verbose_name = "nummerreeks"
        verbose_name_plural = "nummerreeksen"

    def __str__(self):
        return f"{self.key}: {self.last}"


def next_code(prefix, year=None):
    """The next free code of a year, this one by default: prefix, year, number.

    Whoever else needs one waits for the end of our transaction; if that fails, the number is given again.
    """
    key = f"{prefix}-{year or timezone.localdate().year}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_numberseries (key, last) VALUES (%s, 1) "
            "ON CONFLICT (key) DO UPDATE SET last = places_numberseries.last + 1 RETURNING last",
            [key],
        )
        return f"{key}-{cursor.fetchone()[0]:04d}"
