"""One family that was noted twice and is one file by now, and two that may be one."""

from datetime import timedelta

from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.demo.people import HOOGLAND
from buurtwerk.places.models import Centre
from households.actions.contacts import save_with_text
from households.actions.merge import both_locked, merge
from households.models import Contact, FollowUp, Household, Member, Person

PHONE, OTHER_PHONE = "0470 00 12 34", "0470 00 56 78"
# Nickname, address, phone, first name of the parent.
TWICE = [("El Amrani, Ridderbuurt", "Ridderstraat 12", PHONE, "Nadia"), ("Elamrani", "", PHONE, "Nadia")]
SUSPECTS = [
    ("Familie Haddad", "Ketteland 4", OTHER_PHONE, "Rania"),
    ("Haddad van blok C", "Ketteland 4 bus 2", OTHER_PHONE, "Raniya"),
]


def load_doubles():
    """Added once: what was here before is left alone, also after people changed, merged or took it apart."""
    centre, noor = Centre.objects.get(slug=HOOGLAND), User.objects.get(username="noor")
    ever_here = set(Household.pgh_event_model.objects.filter(centre=centre).values_list("nickname", flat=True))
    if TWICE[1][0] not in ever_here:
        kept, gone = (_family(centre, noor, *row) for row in TWICE)
        _tell(gone, noor)
        _make_one(kept, gone, by=User.objects.get(username="els"))
    if SUSPECTS[1][0] not in ever_here:
        for row in SUSPECTS:
            _family(centre, noor, *row)


def _family(centre, worker, nickname, address, phone, first_name):
    household = Household.objects.create(
        centre=centre, nickname=nickname, address=address, languages=["ar"], primary_worker=worker, created_by=worker
    )
    person = Person.objects.create(centre=centre, first_name=first_name, phone=phone, birth_year=1989)
    Member.objects.create(
        centre=centre, household=household, person=person, role=Member.Role.PARENT, is_contact_person=True
    )
    return household


def _tell(household, worker):
    """What was noted in the file that goes, so that something moves."""
    day = timezone.localdate() - timedelta(days=6)
    contact = Contact(
        centre_id=household.centre_id,
        household=household,
        happened_on=day,
        mode=Contact.Mode.CENTRE,
        outcome=Contact.Outcome.TALKED,
        note="Kwam langs in het buurtcentrum met een vraag over de schooltoelage.",
        author=worker,
    )
    save_with_text(contact)
    household.last_reached_on = household.last_attempt_on = day
    household.save()
    FollowUp.objects.create(
        centre_id=household.centre_id,
        household=household,
        what="Schooltoelage samen nakijken",
        due_on=timezone.localdate() + timedelta(days=8),
        assigned_to=worker,
        born_from=contact,
        created_by=worker,
    )


def _make_one(kept, gone, *, by):
    both = both_locked(kept.pk, gone.pk)
    same = tuple(household.members.get().person_id for household in (gone, kept))
    merge(both[kept.pk], both[gone.pk], by=by, chosen={}, same_people=[same])
