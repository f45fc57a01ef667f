"""What happens with rounds, in one transaction each."""

from django.db import transaction
from django.db.models import Count, F, Max, Q, Sum

from buurtwerk.drafts.undo import undoable
from households.actions import contacts
from households.models import Contact, OutreachRound, RoundDoor
from households.models.round import AGES

ROUND_PLANNED = "households.round-planned"


@transaction.atomic
def plan(outreach, *, workers, by):
    """Keep a new round with who goes along: at least one."""
    if not workers:
        raise ValueError("a round is walked by someone")
    outreach.created_by = by
    outreach.save()
    outreach.workers.set(workers)


@transaction.atomic
def choose_doors(outreach, *, added=(), removed=()):
    """Add these families and leave those out; what a colleague chose meanwhile stays. A noted door stays too."""
    OutreachRound.objects.select_for_update().get(pk=outreach.pk)
    outreach.doors.filter(household__in=removed, contact=None).delete()
    present = set(outreach.doors.values_list("household_id", flat=True))
    last = outreach.doors.aggregate(last=Max("order"))["last"] or 0
    # Street by street, as one walks.
    new = sorted((family for family in added if family.pk not in present), key=lambda each: (each.street, each.code))
    RoundDoor.objects.bulk_create(
        RoundDoor(round=outreach, centre_id=outreach.centre_id, household=family, order=order)
        for order, family in enumerate(new, start=last + 1)
    )


@transaction.atomic
def move_up(door):
    """One place sooner. Doors that were made with the same number get their own first."""
    doors = list(RoundDoor.objects.select_for_update().filter(round=door.round_id))
    place = doors.index(door)
    if place:
        doors[place - 1], doors[place] = doors[place], doors[place - 1]
    for order, each in enumerate(doors, start=1):
        if each.order != order:
            each.order = order
            each.save(update_fields=["order"])


@transaction.atomic
def note_rows(outreach, rows, *, by):
    """Keep each row as a contact of this round; the rhythm of its family moves along. Call it with the round locked."""
    others = [worker for worker in outreach.workers.all() if worker.pk != by.pk]
    for row in rows:
        with transaction.atomic():
            next_on = row.cleaned_data["next_on"]
            contacts.note(row.contact, by=by, co_workers=others, next_what=row.next_what, next_on=next_on)
            if row.door:
                row.door.contact = row.contact
                row.door.save(update_fields=["contact"])
        row.saved = row.contact
    if rows and not outreach.is_walked:
        walked = OutreachRound.Status.WALKED
        OutreachRound.objects.filter(pk=outreach.pk).update(status=walked, version=F("version") + 1)


def can_be_dropped(outreach):
    """A round that was planned and brought nothing yet."""
    return not outreach.is_walked and not outreach.contacts.exists()


@undoable(ROUND_PLANNED)
@transaction.atomic
def drop(outreach_id, *, by):
    """The round is off. The history keeps that it was planned."""
    outreach = OutreachRound.objects.visible_to(by).select_for_update().filter(pk=outreach_id).first()
    if outreach is None:
        return "Deze ronde is al weg.", "/team/rondes/"
    if not can_be_dropped(outreach):
        return "Deze ronde is al gelopen en blijft staan."
    outreach.delete()
    return "De ronde is geschrapt.", "/team/rondes/"


def figures_of_month(day, *, user):
    """What the rounds of a month brought, for the team: counts stay counts, and contacts are counted once."""
    rounds = OutreachRound.objects.visible_to(user).walked().in_month(day)
    counted = rounds.aggregate(
        rounds=Count("pk"),
        seen=sum((Sum(f"{age}_seen", default=0) for age in AGES[1:]), Sum(f"{AGES[0]}_seen", default=0)),
        spoken=sum((Sum(f"{age}_spoken", default=0) for age in AGES[1:]), Sum(f"{AGES[0]}_spoken", default=0)),
    )
    on_rounds = Contact.objects.visible_to(user).filter(round__in=rounds)
    return counted | on_rounds.aggregate(
        contacts=Count("pk"),
        reached=Count("pk", filter=Q(outcome__in=Contact.REACHED)),
        without_name=Count("pk", filter=Q(household=None)),
    )
