"""Reading a spreadsheet in: all that is good in one transaction, and nothing of it stays when it is done."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import DateField, Max, Value
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.daily.work import every_day
from buurtwerk.drafts.undo import undoable
from buurtwerk.interface.text import search_key
from buurtwerk.places.numbering import next_codes
from households.intake import look
from households.models import Contact, Household, Member, Person, UploadedSheet
from households.untouched import changed_since, hung_on_since

KEPT_FOR = timedelta(hours=24)
TAKEN_BACK_WITHIN = timedelta(minutes=30)
TAKEN_IN = "households.sheet-taken-in"
NAMED_AT_MOST = 10


@transaction.atomic
def take_in(sheet, *, by, as_new=()):
    """Save what is good, as it is judged now. Returns what happened with each row."""
    outcome = look(sheet, user=by, as_new=as_new)
    _save_families(outcome.families)
    rhythm = _rhythm_before(outcome.contacts)
    _save_contacts(outcome.contacts)
    people = sum(len(draft.people) for draft in outcome.families)
    sheet.result = {"families": len(outcome.families), "people": people, "contacts": len(outcome.contacts)}
    # What to take back, when someone chose the wrong file.
    households = [draft.household.pk for draft in outcome.families]
    members = Member.objects.filter(household__in=households)
    sheet.result["made"] = {
        "households": households,
        "people": list(members.values_list("person", flat=True)),
        "members": list(members.values_list("pk", flat=True)),
        "contacts": [contact.pk for contact in outcome.contacts],
        "rhythm": rhythm,
    }
    sheet.done_at = timezone.now()
    sheet.headings, sheet.rows, sheet.columns = [], [], []
    sheet.save()
    return outcome


def _rhythm_before(contacts):
    """When the families of these contacts were last tried and last reached, before them."""
    families = Household.objects.filter(pk__in={contact.household_id for contact in contacts})
    days = families.values_list("pk", "last_attempt_on", "last_reached_on")
    return [[pk, tried and tried.isoformat(), reached and reached.isoformat()] for pk, tried, reached in days]


@undoable(TAKEN_IN)
@transaction.atomic
def take_back(sheet_id, *, by):
    """All that one upload brought goes, as long as nobody did anything with any of it."""
    sheet = UploadedSheet.objects.visible_to(by).select_for_update().filter(pk=sheet_id).first()
    if sheet is None or sheet.done_at is None or sheet.done_at < timezone.now() - TAKEN_BACK_WITHIN:
        return "Dat gaat niet meer: het is langer dan een half uur geleden ingelezen."
    made = sheet.result["made"]
    # Also what hangs on them and this colleague may not see keeps them here.
    with asking_everything():
        list(Household.objects.select_for_update().filter(pk__in=made["households"]).order_by("pk"))
        list(Contact.objects.select_for_update().filter(pk__in=made["contacts"]).order_by("pk"))
        if touched := _touched(made):
            return _said_touched(touched)
        Contact.objects.filter(pk__in=made["contacts"]).delete()
        Member.objects.filter(pk__in=made["members"]).delete()
        Person.objects.filter(pk__in=made["people"]).delete()
        Household.objects.filter(pk__in=made["households"]).delete()
        _put_rhythm_back(made["rhythm"])
    sheet.delete()
    return "Ongedaan gemaakt. Alles wat uit het bestand kwam, is weg.", reverse("households:sheet-upload")


def _touched(made):
    """What was changed since, or has something hanging on it, in codes."""
    along = {Member: made["members"]}
    families = changed_since(Household, made["households"])
    families |= hung_on_since(Household, made["households"], along=along)
    people = changed_since(Person, made["people"]) | hung_on_since(Person, made["people"], along=along)
    families |= set(
        Member.objects.filter(pk__in=made["members"], person__in=people).values_list("household", flat=True)
    )
    members = changed_since(Member, made["members"]) | hung_on_since(Member, made["members"], along={})
    events = Member.pgh_event_model.objects.filter(pgh_obj_id__in=members)
    families |= set(events.values_list("household", flat=True))
    contacts = changed_since(Contact, made["contacts"]) | hung_on_since(Contact, made["contacts"], along={})
    told = Contact.pgh_event_model.objects.filter(pgh_obj_id__in=contacts, pgh_label="insert").order_by("happened_on")
    codes = Household.objects.filter(pk__in=families).order_by("code").values_list("code", flat=True)
    return [*codes, *(f"het contact van {day:%d/%m/%Y} bij {code}" for day, code in _days_and_codes(told))]


def _days_and_codes(events):
    rows = list(events.values_list("happened_on", "household"))
    codes = dict(Household.objects.filter(pk__in={pk for _, pk in rows}).values_list("pk", "code"))
    return [(day, codes[pk]) for day, pk in rows]


def _said_touched(touched):
    more = len(touched) - NAMED_AT_MOST
    listed = ", ".join(touched[:NAMED_AT_MOST]) + (f" en nog {more}" if more > 0 else "")
    return f"Dat gaat niet meer, er is niets weggehaald. Hier is intussen iets aan veranderd: {listed}."


def _put_rhythm_back(rhythm):
    """As it was, or as what was noted since says."""
    for household, *before in rhythm:
        left = Contact.objects.filter(household=household)
        tried = left.aggregate(last=Max("happened_on"))["last"]
        reached = left.filter(outcome__in=Contact.REACHED).aggregate(last=Max("happened_on"))["last"]
        days = [
            max(filter(None, (day and date.fromisoformat(day), since)), default=None)
            for day, since in zip(before, (tried, reached), strict=True)
        ]
        Household.objects.filter(pk=household).update(last_attempt_on=days[0], last_reached_on=days[1])


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
