"""Neighbourhoods, centres and holidays: facts that every centre shares."""

from datetime import date, time

from buurtwerk.demo.facts import rows
from buurtwerk.places.computed import keep_holidays
from buurtwerk.places.models import Centre, Neighbourhood, OpeningHours, PublicHoliday, SchoolHoliday

# Invented, like the demo week they belong to: weekday, opens, closes.
HOOGLAND_HOURS = [
    (0, time(9), time(12)),
    (0, time(13, 30), time(17)),
    (1, time(13, 30), time(17)),
    (2, time(13, 30), time(19, 30)),
    (3, time(11), time(17)),
    (4, time(9), time(12)),
    (4, time(13, 30), time(17)),
]


def load_places():
    """Add what is missing; leave what is there as people changed it."""
    _load_neighbourhoods()
    _load_centres()
    _load_holidays()


def _load_neighbourhoods():
    given = rows("neighbourhoods")
    Neighbourhood.objects.bulk_create(
        [
            Neighbourhood(slug=row["slug"], name=row["name"], kind=row["kind"], description=row["description_nl"])
            for row in given
        ],
        ignore_conflicts=True,
    )
    by_slug = {neighbourhood.slug: neighbourhood for neighbourhood in Neighbourhood.objects.all()}
    for row in given:
        if row["part_of"] and by_slug[row["slug"]].part_of_id is None:
            Neighbourhood.objects.filter(slug=row["slug"], part_of=None).update(part_of=by_slug[row["part_of"]])


def _load_centres():
    neighbourhoods = dict(Neighbourhood.objects.values_list("slug", "pk"))
    known = set(Centre.objects.values_list("slug", flat=True))
    new = [
        Centre(
            slug=row["slug"],
            name=row["name"],
            kind=row["kind"],
            neighbourhood_id=neighbourhoods.get(row["neighbourhood"]),
            address=row["address"],
            description=row["facts_nl"],
            status=row["status"],
            website=row["website"],
        )
        for row in rows("centres")
        if row["slug"] not in known
    ]
    Centre.objects.bulk_create(new)
    if "buurtcentrum-hoogland" not in known:
        _open_hoogland()


def _open_hoogland():
    Centre.objects.filter(slug="buurtcentrum-hoogland").update(
        phone="016 00 00 69", email="hoogland@voorbeeld.be", hours_note="Uren en telefoon zijn verzonnen voor de demo."
    )
    hoogland = Centre.objects.get(slug="buurtcentrum-hoogland")
    OpeningHours.objects.bulk_create(
        OpeningHours(centre=hoogland, weekday=weekday, opens=opens, closes=closes)
        for weekday, opens, closes in HOOGLAND_HOURS
    )


def _load_holidays():
    SchoolHoliday.objects.bulk_create(
        [
            SchoolHoliday(
                community=row["community"],
                school_year=row["school_year"],
                kind=row["kind"],
                name=row["label_nl"],
                first_day=date.fromisoformat(row["from"]),
                last_day=date.fromisoformat(row["to"]),
                source=row["source"],
            )
            for row in rows("school_holidays")
        ],
        ignore_conflicts=True,
    )
    PublicHoliday.objects.bulk_create(
        [
            PublicHoliday(
                day=date.fromisoformat(row["date"]),
                name=row["label_nl"],
                is_legal=row["legal"] == "yes",
                source=row["source"],
            )
            for row in rows("public_holidays")
        ],
        ignore_conflicts=True,
    )
    keep_holidays()
