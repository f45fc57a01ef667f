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
    """The next free code of a year, this one by default: prefix, year, number."""
    return next_codes(prefix, 1, year)[0]


def next_codes(prefix, number, year=None):
    """So many codes in one row.

    Whoever else needs one waits for the end of our transaction; if that fails, the numbers are given again.
    """
    key = f"{prefix}-{year or timezone.localdate().year}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_numberseries (key, last) VALUES (%s, %s) "
            "ON CONFLICT (key) DO UPDATE SET last = places_numberseries.last + %s RETURNING last",
            [key, number, number],
        )
        last = cursor.fetchone()[0]
    return [f"{key}-{each:04d}" for each in range(last - number + 1, last + 1)]
