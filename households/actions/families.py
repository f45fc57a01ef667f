"""What happens with families, in one transaction each."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.undo import undoable
from buurtwerk.notices.models import Notice
from households.models import Household, Member, Person

FAMILY_CREATED = "households.family-created"
MEMBER_ADDED = "households.member-added"
MEMBER_LEFT = "households.member-left"
# What may hang on a family beside its people.
HANGS_ON_IT = [
    "contacts",
    "follow_ups",
    "referrals",
    "consents",
    "help_requests",
    "plans",
    "right_checks",
    "support_links",
    "visit_notes",
]


@transaction.atomic
def create_family(household, *, by, first_person=None, role=""):
    """Save a new family, with the first person when we know one already."""
    household.created_by = by
    household.save()
    if first_person:
        member = Member(household=household, centre=household.centre, role=role, is_contact_person=True)
        add_person(first_person, member=member)
    return household


def tell_colleagues(household, *, before, by):
    """Who reads along from now on, and who no longer does, hears it from us and not from a closed page."""
    after = set(household.colleagues.all())
    url = household.get_absolute_url()
    Notice.objects.tell(*(after - before), text=f"{household.code}: je leest nu mee in dit dossier.", url=url, by=by)
    Notice.objects.tell(
        *(before - after), text=f"{household.code}: je leest niet meer mee in dit dossier.", url=url, by=by
    )


@transaction.atomic
def add_person(person, *, member):
    """Save a new person and how they belong to the family."""
    person.centre = member.centre
    person.save()
    member.person = person
    member.save()


@transaction.atomic
def add_known_person(member, *, by):
    """Somebody of another family belongs to this one as well. Who follows that one hears it, in codes.

    From now on another file team reads how to reach them: that never happens in silence.
    """
    member.save()
    elsewhere = Member.objects.current().filter(person=member.person).exclude(household=member.household_id)
    for other in elsewhere.select_related("household__primary_worker"):
        family = other.household
        if not family.is_read_by(by):
            text = f"{by} voegde iemand van {family.code} toe aan een ander gezin."
            Notice.objects.tell(family.primary_worker, text=text, url=family.get_absolute_url(), by=by)


@transaction.atomic
def leave(member):
    """This person no longer belongs to the family, from today on."""
    # A period has at least one day: who came today belongs to the family until tomorrow.
    member.until = max(timezone.localdate(), member.since + timedelta(days=1))
    member.save(update_fields=["until"])
    _outdate(member)


@undoable(FAMILY_CREATED)
def forget_family(household_id, *, by):
    """Take back a family that was just made, while nothing hangs on it."""
    families = Household.objects.read_by(by).filter(centre__in=by.centres_where("families.change"))
    household = families.select_for_update(of=["self"]).filter(pk=household_id).first()
    if household is None or _has_more_than_its_start(household):
        return "Er hangt al iets aan dit gezin. Het blijft staan."
    people = list(household.members.values_list("person_id", flat=True))
    household.members.all().delete()
    _forget_loose_people(people)
    household.delete()
    return "Het gezin is weer weg.", reverse("households:list")


@undoable(MEMBER_ADDED)
def take_out(member_id, *, by):
    """Take back that someone was just added; a person whom we know from nowhere else goes as well."""
    member = _member(member_id, by)
    if member is None:
        return "Deze persoon is al weg uit het gezin."
    if member.plans.exists():
        return "Met deze persoon zijn intussen afspraken gemaakt. Die blijft in het gezin."
    person_id = member.person_id
    member.delete()
    _forget_loose_people([person_id])
    return "Deze persoon is niet toegevoegd."


@undoable(MEMBER_LEFT)
def bring_back(member_id, *, by):
    member = _member(member_id, by)
    if member is None:
        return "Dat kan niet meer."
    member.until = None
    again = Member.objects.filter(household=member.household_id, person=member.person_id, since__gte=member.since)
    if again.exclude(pk=member.pk).exists():
        return "Deze persoon hoort intussen opnieuw bij het gezin."
    member.save(update_fields=["until"])
    _outdate(member)
    return f"{member.person.first_name} hoort weer bij het gezin."


def _member(member_id, by):
    """Of a family whose file this colleague still reads."""
    families = Household.objects.read_by(by).filter(centre__in=by.centres_where("families.change"))
    return Member.objects.filter(household__in=families, pk=member_id).first()


def _outdate(member):
    """An edit form of this person that is open somewhere must not put the old dates back."""
    Person.objects.filter(pk=member.person_id).update(version=F("version") + 1)


def _has_more_than_its_start(household):
    """Whether anything came after making it: an edit, an agreement, a second person or a piece of its story."""
    return (
        household.version > 1
        or household.members.count() > 1
        or hasattr(household, "agreement")
        or any(getattr(household, name).exists() for name in HANGS_ON_IT)
    )


def _forget_loose_people(ids):
    loose = Person.objects.filter(pk__in=ids, memberships=None, contacts=None, referrals=None)
    loose = loose.filter(help_requests=None, right_checks=None, plan_steps=None)
    loose.filter(support_links=None, supports=None).delete()
