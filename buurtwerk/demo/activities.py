"""The invented week of Hoogland and Ketteland, as series with their moments of this school year."""

import re
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from activities.actions import cancel, plan_series
from activities.codes import Kind
from activities.models import ActivitySeries, Session
from buurtwerk.demo.facts import rows
from buurtwerk.places.models import Centre

KINDS = {
    "drop_in": Kind.ONTMOET,
    "computer_corner": Kind.HULP,
    "workshop": Kind.MAAK,
    "play_place": Kind.KIND,
    "talk_group": Kind.TAAL,
    "homework": Kind.KIND,
    "parenting_evening": Kind.ONTMOET,
    "play_afternoon": Kind.KIND,
    "youth": Kind.ONTMOET,
    "meal": Kind.ETEN,
    "meeting": Kind.ONTMOET,
    "advice_desk": Kind.HULP,
    "computer_course": Kind.HULP,
    "repair_cafe": Kind.MAAK,
    "outing": Kind.BEWEEG,
    "holiday_programme": Kind.KIND,
    "commemoration": Kind.ONTMOET,
    "neighbourhood_party": Kind.FEEST,
}

# Invented, so that a first look also shows what a cancelled moment looks like.
CANCELLED = {
    "naaiatelier": "De begeleider is ziek.",
    "spelen-na-school": "De zaal is niet vrij.",
}


def load_activities():
    """Add the series that are missing; leave those that are there as people changed them."""
    known = set(ActivitySeries.objects.values_list("slug", flat=True))
    centres = {centre.slug: centre for centre in Centre.objects.all()}
    for row in rows("demo_week"):
        if row["slug"] not in known:
            plan_series(_series(row, centres[row["centre"]]))
            _cancel_next(row["slug"])


def _series(row, centre):
    return ActivitySeries(
        centre=centre,
        slug=row["slug"],
        title=row["title_nl"],
        summary=row["summary_nl"],
        type=row["type"],
        audience=row["audience"],
        kind=KINDS[row["type"]],
        age_min=row["age_min"],
        age_max=row["age_max"] or None,
        rrule=row["rrule"],
        local_start=row["start"],
        local_end=row["end"],
        first_date=_first_of_september(timezone.localdate()),
        holiday_policy=row["holiday_policy"],
        registration=row["registration"],
        capacity=row["capacity"] or None,
        price=_price(row["price_nl"]),
        price_eur=_amount(row["price_eur"]),
        price_social_eur=_amount(row["price_social_eur"]),
        price_child_eur=_amount(row["price_child_eur"]),
        themes=row["themes"].split(","),
        languages=row["languages"].split(","),
        public_level=row["public_level"],
    )


def _first_of_september(today):
    return date(today.year if today.month >= 9 else today.year - 1, 9, 1)


def _price(words):
    """Without the mark that it is invented, and with a comma: volwassene € 6 · kansentarief € 1,20"""
    words = words.removesuffix("(demo)").strip()
    return "" if words == "gratis" else re.sub(r"(\d)\.(\d)", r"\1,\2", words)


def _amount(text):
    return Decimal(text) if text else None


def _cancel_next(slug):
    if slug not in CANCELLED:
        return
    coming = Session.objects.planned().filter(series__slug=slug).from_day(timezone.localdate() + timedelta(days=1))
    if session := coming.order_by("starts_at").first():
        cancel(session, reason=CANCELLED[slug])
