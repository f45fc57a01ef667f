"""Reading a spreadsheet in: all that is good in one transaction, and nothing of it stays when it is done."""

from datetime import timedelta

from django.db import transaction
from django.db.models import DateField, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from buurtwerk.daily.work import every_day
from buurtwerk.interface.text import search_key
from buurtwerk.places.numbering import next_codes
from households.intake import look
from households.models import Contact, Household, Member, Person, UploadedSheet

KEPT_FOR = timedelta(hours=24)


@transaction.atomic
def take_in(sheet, *, by, as_new=()):
    """Save what is good, as it is judged now. Returns what happened with each row."""
    outcome = look(sheet, user=by, as_new=as_new)
    _save_families(outcome.families)
    _save_contacts(outcome.contacts)
    people = sum(len(draft.people) for draft in outcome.families)
    sheet.result = {"families": len(outcome.families), "people": people, "contacts": len(outcome.contacts)}
    sheet.done_at = timezone.now()
    sheet.headings, sheet.rows, sheet.columns = [], [], []
    sheet.save()
    return outcome


def _save_families(drafts):
    """In a few statements, so that a sheet of thousands is read in within the patience of who waits."""
    if not drafts:
        return
    for draft, code in zip(drafts, next_codes("HH", len(drafts)), strict=True):
        household = draft.household
        household.code = code
        household.search_key = search_key(household.nickname, code, household.address)
    Household.objects.bulk_create([draft.household for draft in drafts], batch_size=500)
    members = []
    for draft in drafts:
        for place, (person, role) in enumerate(draft.people):
            digits = "".join(filter(str.isdigit, person.phone))
            person.search_key = search_key(person.first_name, person.last_name, digits)
            member = Member(household=draft.household, centre_id=person.centre_id, role=role, person=person)
            member.is_contact_person = place == 0
            members.append(member)
    Person.objects.bulk_create([member.person for member in members], batch_size=500)
    Member.objects.bulk_create(members, batch_size=500)


def _save_contacts(contacts):
    Contact.objects.bulk_create(contacts, batch_size=500)
    last = {}
    for contact in contacts:
        tried, reached = last.get(contact.household_id, (None, None))
        tried = max(filter(None, (tried, contact.happened_on)))
        if contact.reached:
            reached = max(filter(None, (reached, contact.happened_on)))
        last[contact.household_id] = tried, reached
    # Only forward: a visit of last year, read in today, changes nothing.
    for household, (tried, reached) in last.items():
        moved = {"last_attempt_on": Greatest("last_attempt_on", Value(tried, DateField()))}
        if reached:
            moved["last_reached_on"] = Greatest("last_reached_on", Value(reached, DateField()))
        Household.objects.filter(pk=household).update(**moved)


@every_day("Opgeladen rekenbladen weggooien")
def throw_away_old_sheets():
    old = UploadedSheet.objects.filter(uploaded_at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[0]
