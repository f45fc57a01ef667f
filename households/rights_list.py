"""The list of rights that every centre begins with; coordinators change it from there."""

import csv
from pathlib import Path

from django.apps import apps as now

START = Path(__file__).parent / "data" / "rights.csv"


def load_rights(*, using, apps=now, **kwargs):
    """After each migration: add what was never in the list. What a coordinator changed, is left alone."""
    try:
        Right = apps.get_model("households", "Right")
    except LookupError:
        # Migrated back to before there were rights.
        return
    rights = Right.objects.using(using)
    known = set(rights.values_list("code", flat=True))
    rights.bulk_create((Right(**fields) for fields in _rows() if fields["code"] not in known), ignore_conflicts=True)


def _rows():
    with START.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            yield {
                "code": row["code"],
                "label": row["label_nl"],
                "theme": row["theme"],
                "hint": row["hint_nl"],
                "hint_checked": row["hint_checked"] == "yes",
                "source": row["source"],
                "order": int(row["order"]),
            }
