"""Invented homes that share a child, whom families lean on, and what to know before a visit."""

import uuid
from datetime import timedelta

from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.demo.people import HOOGLAND
from buurtwerk.places.models import Centre, Neighbourhood
from households.actions import contacts as actions
from households.models import Contact, HomeVisitNote, Household, Member, Person, SupportLink
from partners.models import Organisation

NAMESPACE = uuid.UUID("7a2c4f0e-8a0b-4f5e-9d0b-6d0f5f3a1c55")
AT_MAMA, AT_PAPA = "Ilse en Warre", "Papa van Warre"

# Nickname, first name, and a number that belongs to nobody.
PHONES = [
    ("Gezin van Samira", "Samira", "0470 00 00 11"),
    ("Debby en de jongens", "Debby", "0470 00 00 12"),
    ("Willy van de hoek", "Willy", "0470 00 00 13"),
    ("Roger en Godelieve", "Godelieve", "0470 00 00 14"),
]
# Nickname; then name or slug of an organisation, of whom, kind, quality, note, ended so many days ago.
FIGURES = [
    ("Gezin van Samira", "Tante Karima", "", "family", "strong", "Belt elke avond.", None),
    ("Gezin van Samira", "Rosa van hiernaast", "Bilal", "neighbour", "strong", "Past op als Samira weg moet.", None),
    ("Gezin van Samira", "Juf Els", "Ilyas", "school", "strong", "", None),
    ("Gezin van Samira", "De huisbaas", "", "other", "tense", "Over de vochtplekken.", None),
    ("Gezin van Samira", "Broer in Gent", "Samira", "family", "weak", "", None),
    ("Gezin van Samira", "kirikou", "", "help", "unknown", "", None),
    ("Gezin van Samira", "Collega van de poets", "Samira", "work", "weak", "", 40),
    ("Willy van de hoek", "Zoon Peter", "", "family", "broken", "Sinds de verhuis.", None),
    ("Willy van de hoek", "Marleen van de eettafel", "", "friend", "strong", "", None),
]
# Nickname, kind, fact, source, measure, days until the review.
NOTES = [
    (
        "Willy van de hoek",
        "message_first",
        "Willy hoort de bel slecht en schrikt van kloppen.",
        "Gezegd door Willy zelf",
        "Eerst bellen, dan doet hij zelf open.",
        9,
    ),
    (
        "Debby en de jongens",
        "dog",
        "Jonge hond in de gang, springt op.",
        "Zelf gezien",
        "Aan de deur wachten tot de hond in de keuken zit.",
        120,
    ),
]


def load_networks():
    """Add what was never here. What people changed or took away stays that way: the history knows."""
    with asking_everything():
        noor = User.objects.get(username="noor")
        families = {each.nickname: each for each in Household.objects.filter(centre__slug=HOOGLAND)}
        _load_two_homes(noor)
        _load_phones(families)
        _load_figures(families, noor)
        _load_notes(families, noor)


def _load_two_homes(noor):
    """Warre lives week-about with his mother and his father, who may not know where the other lives."""
    if Household.pgh_event_model.objects.filter(nickname__in=[AT_MAMA, AT_PAPA]).exists():
        return
    centre = Centre.objects.get(slug=HOOGLAND)
    mama, papa = (
        _home(centre, nickname, slug, noor) for nickname, slug in [(AT_MAMA, "kessel-lo"), (AT_PAPA, "heverlee")]
    )
    ilse = _member(mama, "Ilse", "parent", phone="0470 00 00 21", birth_year=1988, is_contact_person=True)
    _member(papa, "Steven", "parent", phone="0470 00 00 22", birth_year=1985, is_contact_person=True)
    warre = _member(mama, "Warre", "child", stays="part_time", birth_year=2016)
    since = timezone.localdate() - timedelta(days=200)
    Member.objects.create(
        household=papa, person=warre.person, centre=centre, role="child", stays="part_time", since=since
    )
    talk = Contact(
        centre=centre,
        household=mama,
        happened_on=timezone.localdate() - timedelta(days=4),
        mode="centre",
        outcome="talked",
        themes=["mobility"],
        note="Warre wil graag een fiets om naar school te rijden. Ilse vraagt hoe dat gaat met VELOKadee.",
        client_uuid=uuid.uuid5(NAMESPACE, AT_MAMA),
        created_at=timezone.now() - timedelta(days=4),
    )
    actions.note(talk, by=noor, present=[ilse.person, warre.person])


def _home(centre, nickname, slug, noor):
    return Household.objects.create(
        centre=centre,
        nickname=nickname,
        neighbourhood=Neighbourhood.objects.get(slug=slug),
        languages=["nl"],
        has_compartments=True,
        primary_worker=noor,
        created_by=noor,
    )


def _member(household, first_name, role, *, stays="always", is_contact_person=False, **fields):
    person = Person.objects.create(centre=household.centre, first_name=first_name, **fields)
    return Member.objects.create(
        household=household,
        person=person,
        centre=household.centre,
        role=role,
        stays=stays,
        is_contact_person=is_contact_person,
        since=timezone.localdate() - timedelta(days=200),
    )


def _load_phones(families):
    for nickname, first_name, phone in PHONES:
        person = _person(families.get(nickname), first_name)
        if person is None or Person.pgh_event_model.objects.filter(pgh_obj=person).exclude(phone="").exists():
            continue
        if person.version == 1:
            person.phone = phone
            person.save()


def _load_figures(families, noor):
    had_some = set(SupportLink.pgh_event_model.objects.values_list("household_id", flat=True))
    for nickname, who, of_whom, kind, quality, note, ended in FIGURES:
        household = families.get(nickname)
        if household is None or household.pk in had_some:
            continue
        organisation = Organisation.objects.filter(slug=who).first()
        SupportLink.objects.create(
            household=household,
            centre=household.centre,
            person=_person(household, of_whom),
            name="" if organisation else who,
            organisation=organisation,
            kind=kind,
            quality=quality,
            note=note,
            until=ended and timezone.localdate() - timedelta(days=ended),
            noted_by=noor,
        )


def _load_notes(families, noor):
    had_some = set(HomeVisitNote.pgh_event_model.objects.values_list("household_id", flat=True))
    for nickname, kind, fact, source, measure, days in NOTES:
        household = families.get(nickname)
        if household is None or household.pk in had_some:
            continue
        HomeVisitNote.objects.create(
            household=household,
            centre=household.centre,
            kind=kind,
            fact=fact,
            source=source,
            measure=measure,
            review_on=timezone.localdate() + timedelta(days=days),
            noted_by=noor,
        )


def _person(household, first_name):
    if household is None or not first_name:
        return None
    return Person.objects.filter(memberships__household=household, first_name=first_name).first()
