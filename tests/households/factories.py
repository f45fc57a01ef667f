from datetime import time, timedelta

from django.db.models import F
from django.utils import timezone

from households.actions.bikes import lend
from households.actions.contacts import save_with_text
from households.actions.handovers import propose
from households.actions.plans import save_version
from households.models import (
    Attachment,
    Bike,
    BikeService,
    BreakGlass,
    Contact,
    FollowUp,
    HandedFamily,
    Handover,
    HelpRequest,
    HomeVisitNote,
    Household,
    Member,
    OutreachRound,
    Person,
    PlanStep,
    RightCheck,
    RoundDoor,
    SupportLink,
)
from tests.factories import make_centre, make_neighbourhood, make_user


def make_household(*, centre=None, worker=None, **fields):
    centre = centre or (worker and worker.membership_set.first().centre) or make_centre()
    worker = worker or make_user(centre=centre)
    fields = {"nickname": "Gezin van Samira", "created_by": worker, "primary_worker": worker, **fields}
    if fields.get("restricted"):
        fields.setdefault("restricted_reason", "Een ex-partner zoekt het adres.")
    return Household.objects.create(centre=centre, **fields)


def make_member(household, *, first_name="Samira", role=Member.Role.PARENT, **fields):
    member_fields = {
        name: fields.pop(name) for name in ("since", "until", "stays", "has_compartment") if name in fields
    }
    person = Person.objects.create(centre=household.centre, first_name=first_name, **fields)
    return Member.objects.create(
        household=household, person=person, centre=household.centre, role=role, **member_fields
    )


def make_contact(household=None, *, author=None, **fields):
    author = author or (household.primary_worker if household else make_user())
    centre = fields.pop("centre", None) or (household.centre if household else author.membership_set.first().centre)
    readers = fields.pop("readers", ())
    fields = {"mode": Contact.Mode.HOME, "outcome": Contact.Outcome.TALKED, **fields}
    contact = Contact(household=household, author=author, centre=centre, **fields)
    save_with_text(contact, readers=readers)
    return contact


def make_follow_up(household, *, assigned_to=None, **fields):
    worker = assigned_to or household.primary_worker
    fields = {"what": "Bel over de inschrijving", "due_on": timezone.localdate(), "created_by": worker, **fields}
    return FollowUp.objects.create(household=household, centre=household.centre, assigned_to=worker, **fields)


def make_attachment(household=None, *, contact=None, by=None, **fields):
    subject = contact or household
    content = fields.pop("content", b"%PDF-1.4 een papier %%EOF")
    fields = {"name": "papier.pdf", "kind": "pdf", "size": len(content), "sha256": "", "content": content, **fields}
    return Attachment.objects.create(
        centre=subject.centre,
        household=contact.household if contact else household,
        contact=contact,
        uploaded_by=by or (contact.author if contact else household.primary_worker),
        **fields,
    )


def make_help_request(household, *, owner=None, **fields):
    worker = owner or household.primary_worker
    fields = {"words": "Ik wil weg van die schimmel.", "theme": "housing", "created_by": worker, **fields}
    fields.setdefault("next_on", timezone.localdate())
    return HelpRequest.objects.create(household=household, centre=household.centre, owner=worker, **fields)


ONE_GOAL = [("Een droge kamer", ["Bel de huisbaas"])]


def make_plan(household, *, goals=ONE_GOAL, compartment=None, by=None, own_words=""):
    """Goals with the texts of their steps; each step is of the family together."""
    by = by or household.primary_worker
    agreed = [(what, [PlanStep(what=step, who="resident") for step in steps]) for what, steps in goals]
    return save_version(household, compartment=compartment, own_words=own_words, goals=agreed, by=by)


def make_right_check(household, right, state="declined", *, person=None, by=None, **fields):
    by = by or household.primary_worker
    fields = {"household": household, "centre": household.centre, "right": right, "person": person, "by": by, **fields}
    return RightCheck.objects.create(state=state, **fields)


def make_support_link(household, **fields):
    targets = {"other", "organisation", "name"}
    fields = {"kind": "neighbour", **({} if targets & set(fields) else {"name": "Rosa van hiernaast"}), **fields}
    return SupportLink.objects.create(
        household=household, centre=household.centre, noted_by=household.primary_worker, **fields
    )


def make_visit_note(household, **fields):
    usual = {"kind": "dog", "fact": "Grote hond in de gang", "source": "Zelf gezien", "measure": "Eerst bellen"}
    usual |= {"review_on": timezone.localdate() + timedelta(days=60), "noted_by": household.primary_worker}
    return HomeVisitNote.objects.create(household=household, centre=household.centre, **{**usual, **fields})


def make_round(worker, *, doors=(), **fields):
    """A round of this worker today, with these families to pass by."""
    centre = fields.pop("centre", None) or worker.membership_set.first().centre
    fields = {"on": timezone.localdate(), "starts": time(14), "created_by": worker, **fields}
    fields.setdefault("neighbourhood", make_neighbourhood())
    outreach = OutreachRound.objects.create(centre=centre, **fields)
    outreach.workers.add(worker)
    for order, household in enumerate(doors, start=1):
        RoundDoor.objects.create(round=outreach, household=household, centre=centre, order=order)
    return outreach


def make_glass(household, user, *, minutes_ago=60, **fields):
    """Noodtoegang of an hour ago; `minutes_ago=0` is still open."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    fields = {"ground": BreakGlass.Ground.DANGER, "reason": "Er klopte een buur aan in paniek.", **fields}
    until = at + timedelta(minutes=BreakGlass.MINUTES)
    return BreakGlass.objects.create(
        centre=household.centre, household=household, user=user, at=at, until=until, **fields
    )


def make_bike(centre, *, number, wheel=16, **fields):
    """A bike of a centre that lends them itself."""
    BikeService.objects.get_or_create(centre=centre, defaults={"mode": BikeService.Mode.OWN})
    return Bike.objects.create(centre=centre, number=number, wheel=wheel, **fields)


def make_loan(bike, child, *, by, **fields):
    """This child (a member of a family) rides this bike."""
    household = child.household
    fields = {"since": timezone.localdate(), "deposit_cents": 2000, **fields}
    return lend(bike=bike, child=child.person, household=household, by=by, **fields)


def make_handover(household, *, to, giver=None, **fields):
    """A proposal for one family. The giver is its back-up, unless it is said who."""
    if giver is None:
        giver = household.backup_worker or make_user(centre=household.centre)
        if household.backup_worker is None and household.primary_worker == to:
            Household.objects.filter(pk=household.pk).update(backup_worker=giver)
    handover = Handover(centre=household.centre, from_user=giver, to_user=to)
    return propose(handover, families=[HandedFamily(household=household, **fields)], by=giver)


def leave_nothing_open():
    """Nobody has anything on their name any more: before that, the database takes no role and ends no account."""
    now = {"version": 9}
    Household.objects.update(primary_worker=None, **now)
    FollowUp.objects.open().update(
        status="done", closed_at=timezone.now(), closed_by=F("assigned_to"), offered_to=None, **now
    )
    HelpRequest.objects.open().update(
        status="solved", ended_at=timezone.now(), ended_by=F("owner"), owner=None, next_on=None, offered_to=None, **now
    )
