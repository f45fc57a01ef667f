"""What happens with rounds, in one transaction each."""

from django.db import transaction
from django.db.models import Count, F, Max, Q, Sum
from django.urls import reverse

from buurtwerk.drafts.undo import undoable
from households.actions import contacts
from households.actions.contacts import take_back_contact
from households.models import Contact, FollowUp, Household, OutreachRound, RoundDoor, SealedNote, WorkNote
from households.models.round import AGES
from households.untouched import changed_since, hung_on_since

ROUND_PLANNED, GRID_NOTED = "households.round-planned", "households.round-noted"


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


def first_of(rows):
    """The row of the history that a whole grid is taken back by: all of it was written down in one request."""
    first = min(row.contact.pk for row in rows)
    return Contact.pgh_event_model.objects.get(pgh_obj_id=first, pgh_label="insert").pgh_id


@undoable(GRID_NOTED)
@transaction.atomic
def take_back_grid(event_id, *, by):
    """Every contact of one save of the grid, as long as nobody did anything with any of them."""
    first = Contact.pgh_event_model.objects.get(pgh_id=event_id)
    outreach = OutreachRound.objects.visible_to(by).select_for_update().get(pk=first.round_id)
    together = Contact.pgh_event_model.objects.filter(
        pgh_context=first.pgh_context_id, pgh_label="insert", round=outreach.pk, author=by.pk
    )
    ids = list(together.order_by("pgh_id").values_list("pgh_obj_id", flat=True))
    contacts = list(Contact.objects.visible_to(by).select_for_update(of=["self"]).filter(pk__in=ids).order_by("pk"))
    if touched := _touched(ids):
        made = {event.pgh_obj_id: event for event in together}
        families = Household.objects.filter(pk__in=[event.household_id for event in made.values()])
        codes = dict(families.values_list("pk", "code"))
        named = ", ".join(codes.get(made[pk].household_id, "zonder naam") for pk in sorted(touched))
        return f"Dat gaat niet meer, alles staat er nog. Hier is intussen iets aan veranderd: {named}."
    for contact in contacts:
        take_back_contact(contact.pk, by=by)
    _walk_it_again(outreach, first)
    again = reverse("households:round-fill", args=[outreach.pk])
    return "Ongedaan gemaakt. De contacten die je samen bewaarde, zijn weg.", again


def _touched(ids):
    """What came along with a contact is a row of who was there, a promise that nobody worked on, and its text."""
    promised = FollowUp.objects.filter(born_from__in=ids, version=1).values_list("pk", flat=True)
    doors = RoundDoor.objects.filter(contact__in=ids).values_list("pk", flat=True)
    along = {FollowUp: promised, RoundDoor: doors}
    for model in (Contact.co_workers.through, Contact.present.through, SealedNote, WorkNote):
        along[model] = model._base_manager.filter(contact__in=ids).values_list("pk", flat=True)
    return changed_since(Contact, ids) | hung_on_since(Contact, ids, along=along)


def _walk_it_again(outreach, first):
    """Planned again, when it was this save that made it a round that was walked."""
    events = OutreachRound.pgh_event_model.objects.filter(pgh_obj_id=outreach.pk)
    walked = events.filter(pgh_context=first.pgh_context_id, status=OutreachRound.Status.WALKED)
    if walked.exists() and not outreach.contacts.exists() and not outreach.seen and not outreach.observed:
        outreach.status = OutreachRound.Status.PLANNED
        outreach.version += 1
        outreach.save(update_fields=["status", "version"])


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
