"""A family that is past its term and waits on the list, and a resident who asked to read what we keep."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.demo.people import HOOGLAND
from buurtwerk.places.models import Centre
from households.actions.contacts import save_with_text
from households.actions.plans import save_version
from households.actions.retention import propose
from households.actions.subject_requests import register
from households.models import Contact, Household, Member, Person, PlanStep, SubjectRequest

NICKNAME, FIRST_NAME = "Familie Peeters van de Vaart", "Lydia"
ASKING, WHO_ASKS = "Gezin van Fatima", "Fatima"
MONTHS_AGO = 62


def load_privacy():
    """Added once: what people decided about it since, is left alone."""
    centre, noor, els = Centre.objects.get(slug=HOOGLAND), *_workers()
    # What was erased leaves no name: the request that stays, says that this was here before.
    if SubjectRequest.objects.filter(centre=centre).exists():
        return
    _past_its_term(centre, noor)
    propose(centre)
    family = _family(centre, noor, ASKING, WHO_ASKS, 1991)
    _talk(family, noor, timezone.localdate() - timedelta(days=20), "Vroeg wat we allemaal opschrijven.")
    asked = SubjectRequest(
        centre=centre,
        household=family,
        person=family.members.get().person,
        kind=SubjectRequest.Kind.ACCESS,
        identity=SubjectRequest.Identity.KNOWN,
        received_on=timezone.localdate() - timedelta(days=12),
        words="Ik wil graag lezen wat jullie over mij bijhouden.",
    )
    register(asked, by=els)


def _workers():
    return User.objects.get(username="noor"), User.objects.get(username="els")


def _past_its_term(centre, noor):
    family = _family(centre, noor, NICKNAME, FIRST_NAME, 1968)
    day = timezone.localdate() - relativedelta(months=MONTHS_AGO)
    _talk(family, noor, day, "Afscheid genomen. Alles loopt.")
    save_version(
        family,
        compartment=None,
        own_words="",
        goals=[("Een vast inkomen", [PlanStep(what="Leefloon aangevraagd", who="worker", worker=noor)])],
        by=noor,
    )
    family.status, family.closed_on = Household.Status.CLOSED, day
    family.closure_reason = Household.ClosureReason.GOAL
    family.save()


def _family(centre, worker, nickname, first_name, birth_year):
    household = Household.objects.create(
        centre=centre, nickname=nickname, languages=["nl"], primary_worker=worker, created_by=worker
    )
    person = Person.objects.create(centre=centre, first_name=first_name, birth_year=birth_year)
    Member.objects.create(
        centre=centre, household=household, person=person, role=Member.Role.PARENT, is_contact_person=True
    )
    return household


def _talk(household, worker, day, note):
    contact = Contact(
        centre_id=household.centre_id,
        household=household,
        happened_on=day,
        mode=Contact.Mode.CENTRE,
        outcome=Contact.Outcome.TALKED,
        note=note,
        author=worker,
    )
    save_with_text(contact)
    contact.present.set([household.members.get().person])
    household.last_reached_on = household.last_attempt_on = day
    household.save()
