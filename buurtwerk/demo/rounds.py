"""Two invented rounds through Hoogland: one of last week with what it brought, one that still has to be walked."""

import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.demo.people import HOOGLAND
from buurtwerk.places.models import Centre
from households.actions import contacts as actions
from households.doors import doors_for
from households.models import Contact, OutreachRound, RoundDoor

NAMESPACE = uuid.UUID("0d9f6c1e-52a7-4c55-9d0e-6d8a1f0b7a21")
WALKED, PLANNED = "Het plein en de blokken erachter", "De binnentuinen en het speelplein"
COUNTS = {
    "children_seen": 14,
    "children_spoken": 6,
    "teens_seen": 9,
    "teens_spoken": 4,
    "adults_seen": 17,
    "adults_spoken": 8,
    "seniors_seen": 5,
    "seniors_spoken": 3,
}
OBSERVED = "Twee lampen aan het plein zijn stuk. Aan de zandbak ligt glas. Veel volk op de banken, ook na vijf uur."
AT_THE_DOORS = [("door", "talked", 20), ("door", "brief", 5), ("door", "no_answer", None), ("card", "card_left", None)]
WITHOUT_A_NAME = [("senior", "mental_wellbeing", 15), ("teen", "youth_leisure", 10)]


def load_rounds():
    """Add the rounds that were never here; one that was, stays as people left it."""
    with asking_everything():
        centre = Centre.objects.select_related("neighbourhood").get(slug=HOOGLAND)
        noor, els = User.objects.get(username="noor"), User.objects.get(username="els")
        today = timezone.localdate()
        walked = _plan(centre, WALKED, today - timedelta(days=6), workers=[noor, els], doors=len(AT_THE_DOORS))
        if walked:
            _walk(walked, noor)
        friday = today + timedelta(days=(4 - today.weekday()) % 7)
        _plan(centre, PLANNED, friday, workers=[noor], doors=6)


def _plan(centre, place, on, *, workers, doors):
    """The round, or None when it was ever here; the history knows."""
    if OutreachRound.pgh_event_model.objects.filter(centre=centre, place=place).exists():
        return None
    outreach = OutreachRound.objects.create(
        centre=centre,
        neighbourhood=centre.neighbourhood,
        place=place,
        on=on,
        starts=time(14),
        ends=time(16, 30),
        created_by=workers[0],
    )
    outreach.workers.set(workers)
    # Only families of who walks, so that nobody reads here what is closed to them.
    offered, _ = doors_for(outreach, user=workers[0])
    own = [
        door.family for door in offered if door.family.primary_worker_id == workers[0].pk and not door.family.restricted
    ]
    for order, family in enumerate(own[:doors], start=1):
        RoundDoor.objects.create(round=outreach, centre=centre, household=family, order=order)
    return outreach


def _walk(outreach, worker):
    OutreachRound.objects.filter(pk=outreach.pk).update(status="walked", observed=OBSERVED, version=2, **COUNTS)
    for number, (door, row) in enumerate(zip(outreach.doors.select_related("household"), AT_THE_DOORS, strict=False)):
        mode, outcome, minutes = row
        door.contact = _contact(
            outreach, worker, f"door{number}", household=door.household, mode=mode, outcome=outcome, minutes=minutes
        )
        door.save()
    for number, (age_group, theme, minutes) in enumerate(WITHOUT_A_NAME):
        _contact(
            outreach,
            worker,
            f"nobody{number}",
            mode="street",
            outcome="talked",
            age_group=age_group,
            themes=[theme],
            minutes=minutes,
        )


def _contact(outreach, worker, key, **fields):
    contact = Contact(
        centre=outreach.centre,
        round=outreach,
        happened_on=outreach.on,
        place=outreach.place,
        client_uuid=uuid.uuid5(NAMESPACE, f"{outreach.pk}{key}"),
        created_at=timezone.make_aware(datetime.combine(outreach.on, time(17))),
        **fields,
    )
    actions.note(contact, by=worker)
    return contact
