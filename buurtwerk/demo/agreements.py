"""What some invented families agreed with us about contact, and contacts with more in them than four taps."""

import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.demo.families import NAMESPACE
from buurtwerk.demo.people import HOOGLAND, MAARTENSDAL
from buurtwerk.places.models import Centre
from households.actions.contacts import note
from households.models import Contact, ContactAgreement, Household, Person

REST = timedelta(days=20)
AGREEMENTS = {
    "Rosa": {"channels": ["message", "centre"], "rather_not": "Laat me even gerust. Ik kom zelf wel."},
    "Marleen": {
        "channels": ["phone"],
        "parts_of_day": ["morning"],
        "weekdays": [1, 2, 3, 4, 5],
        "hours": "Na 9 uur, dan is de verpleging weg.",
        "rather_not": "Niet aan de deur: de hond schrikt.",
    },
    "Hassan en Leila": {
        "channels": ["message", "home", "centre"],
        "via": "Eerst een bericht naar Leila.",
        "rather_not": "Niet onverwacht aanbellen.",
    },
    "Luc van het tweede": {"channels": ["home"], "parts_of_day": ["afternoon"], "weekdays": [2, 4]},
}
RESTING = "Rosa"
# Invented, in the range that nobody has.
PHONES = {"Marleen": "016 00 00 31"}

CONTACTS = [
    {
        "days_ago": 17,
        "where": HOOGLAND,
        "mode": "group",
        "themes": ["food", "living_together"],
        "minutes": 120,
        "place": "De keuken van het buurtcentrum",
        "note": "Samen soep gemaakt. Twee mensen bleven napraten over de huur.",
        "visibility": "team",
        "counts": {"children": 4, "adults": 9, "seniors": 3},
        "with": ["els"],
        "also_present": ["volunteer"],
    },
    {
        "days_ago": 19,
        "where": MAARTENSDAL,
        "mode": "group",
        "themes": ["youth_leisure"],
        "minutes": 45,
        "place": "Het pleintje",
        "note": "Ze willen graag een doel dat blijft staan.",
        "visibility": "team",
        "counts": {"teens": 11},
    },
    {
        "days_ago": 23,
        "family": "Hassan en Leila",
        "where": HOOGLAND,
        "mode": "accompany",
        "themes": ["admin_rights"],
        "at_time": time(10, 15),
        "minutes": 75,
        "place": "Het stadskantoor",
        "note": "Samen de aanvraag ingediend. Leila deed zelf het woord.",
        "visibility": "file",
        "present": ["Leila"],
        "with": ["els"],
        "also_present": ["interpreter"],
    },
    {
        "days_ago": 26,
        "family": "Hamid en Zahra",
        "where": HOOGLAND,
        "mode": "home",
        "themes": ["family_parenting"],
        "note": "Zahra vertelde iets dat ze voorlopig enkel met ons twee deelt.",
        "visibility": "named",
        "readers": ["els"],
        "present": ["Zahra"],
    },
    {
        "days_ago": 28,
        "family": "Rosa",
        "where": HOOGLAND,
        "mode": "phone",
        "initiative": "resident",
        "note": "Zelf nog eens nadenken: wat kan haar nicht doen?",
        "visibility": "personal",
    },
    {
        "days_ago": 31,
        "family": "Marleen",
        "where": HOOGLAND,
        "mode": "door",
        "initiative": "us",
        "note": "Alles in orde. Haar telefoon lag in de kast.",
        "visibility": "file",
        "override_reason": "Ze nam drie dagen niet op en een buur was ongerust.",
    },
]


def load_agreements():
    """Add what was never here. An agreement or a contact that people changed or removed stays as they left it."""
    centres = {centre.slug: centre for centre in Centre.objects.filter(slug__in=[HOOGLAND, MAARTENSDAL])}
    families = Household.objects.filter(centre__in=centres.values()).select_related("primary_worker")
    families = {family.nickname: family for family in families}
    _load_contacts(centres, families)
    _load_agreements(families)


def _load_agreements(families):
    ever_agreed = set(ContactAgreement.pgh_event_model.objects.values_list("household_id", flat=True))
    for nickname, agreed in AGREEMENTS.items():
        family = families.get(nickname)
        if family is None or family.pk in ever_agreed:
            continue
        today = timezone.localdate()
        rest = {"pause_from": today - timedelta(days=2), "pause_until": today + REST} if nickname == RESTING else {}
        ContactAgreement.objects.create(household=family, centre=family.centre, **agreed, **rest)
        if phone := PHONES.get(nickname):
            _give_phone(family, phone)


def _give_phone(family, phone):
    """To who has none, and was never changed."""
    person = Person.objects.filter(memberships__household=family, phone="", version=1).first()
    if person:
        person.phone = phone
        person.save()


def _load_contacts(centres, families):
    numbers = {uuid.uuid5(NAMESPACE, f"{row['days_ago']}|{row['note']}"): row for row in CONTACTS}
    history = Contact.pgh_event_model.objects.filter(client_uuid__in=numbers)
    ever_here = set(history.values_list("client_uuid", flat=True))
    for number, row in numbers.items():
        family = families.get(row.get("family"))
        if number not in ever_here and ("family" not in row or family):
            _load_contact(number, row, family, centres[row["where"]])


def _load_contact(number, row, family, centre):
    workers = {HOOGLAND: "noor", MAARTENSDAL: "youssef"}
    author = family.primary_worker if family else User.objects.get(username=workers[row["where"]])
    day = timezone.localdate() - timedelta(days=row["days_ago"])
    given = ("mode", "themes", "minutes", "place", "note", "visibility", "at_time", "initiative", "also_present")
    contact = Contact(
        centre=centre,
        household=family,
        happened_on=day,
        outcome=Contact.Outcome.TALKED,
        override_reason=row.get("override_reason", ""),
        client_uuid=number,
        created_at=timezone.make_aware(datetime.combine(day, time(16, 30))),
        **{name: row[name] for name in given if name in row},
        **row.get("counts", {}),
    )
    people = Person.objects.filter(memberships__household=family, first_name__in=row.get("present", []))
    note(contact, by=author, present=people, co_workers=_team(row, "with"), readers=_team(row, "readers"))


def _team(row, name):
    return list(User.objects.filter(username__in=row.get(name, [])))
