"""Erasing a family: its people, its words, its papers and the history of all that. Counts stay, and proof."""

from collections import Counter

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from buurtwerk.accounts.models import SecureLink, User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.drafts.models import Draft, SavedOnce
from buurtwerk.notices.models import Notice
from households.actions.erasing_person import erase_person
from households.drafts_about import About, forget_drafts
from households.erasable import LEFT_OF_FAMILY, erasable
from households.erasable_person import erasable_person
from households.models import (
    Contact,
    ContactFact,
    DestructionLine,
    ErasureRecord,
    Handover,
    Household,
    Person,
    Referral,
    SubjectRequest,
    UploadedSheet,
)
from households.naming import Naming

NAMELESS = "Geanonimiseerd"
MINUTES_UP_TO = [5, 15, 30, 45, 60, 90, 120, 240, 720]
# The first age of each group.
AGE_GROUPS = [(65, "senior"), (18, "adult"), (12, "teen"), (0, "child")]


class NotApproved(Exception):
    """Nobody approved it, it was taken back, or its day has not come."""


@transaction.atomic
def erase(line):
    """Erase the family or the person of an approved line, once: a second time finds nothing to do.

    Returns the rows per table.
    """
    # In the name of nobody: texts for others alone go along, unread.
    with asking_everything():
        # The family first, as who saves something for it does.
        household = Household.objects.select_for_update().get(pk=line.household_id)
        line = DestructionLine.objects.select_for_update(of=["self"]).get(pk=line.pk)
        if line.erased_at:
            return {}
        if not line.is_ready:
            raise NotApproved
        if line.rule == DestructionLine.Rule.PERSON:
            return erase_person(line)
        found = erasable(household)
        words = _words_of(found)
        _keep_counts(found)
        rows = _erase_loose_ends(found, words)
        rows[Draft._meta.db_table] += _forget_drafts(found, words)
        for field, ids in found.emptied:
            field.model._base_manager.filter(pk__in=ids).update(**{field.attname: None})
        # What hangs on a row before the row itself: without it, row-level security shows it to nobody any more.
        for model, ids in reversed(found.gone.items()):
            # What is append-only goes along with the history.
            if ids and not getattr(model, "append_only", False):
                model._base_manager.filter(pk__in=ids)._raw_delete(connection.alias)
                rows[model._meta.db_table] += len(ids)
        _empty_what_stays(found)
        # The constraints now, and not at the end of the request: whatever still names one of them, stops it here.
        with connection.cursor() as cursor:
            cursor.execute("SELECT erase_history(%s)", [household.pk])
            rows["history"] += cursor.fetchone()[0]
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        _write_down(household, rows)
        line.erased_at = timezone.now()
        line.save(update_fields=["erased_at"])
    return dict(rows)


# Counts


def _keep_counts(found):
    """What the figures of a month need, written before the contacts go (households/figures.py)."""
    contacts = Contact.objects.filter(pk__in=found.ids(Contact)).select_related("household")
    facts = [_fact(contact) for contact in contacts.prefetch_related("present")]
    # Of who was there with another family as well, that contact stays; only the number of people must not change.
    others = Contact.objects.filter(present__in=found.ids(Person)).exclude(pk__in=found.ids(Contact)).distinct()
    going = set(found.ids(Person))
    for contact in others.prefetch_related("present"):
        present = [person.pk for person in contact.present.all()]
        lost = _people(contact, len(present)) - _people(contact, len(set(present) - going))
        if lost:
            facts.append(_fact(contact, contacts=0, people=lost))
    ContactFact.objects.bulk_create(facts)


def _fact(contact, **counts):
    present = list(contact.present.all())
    return ContactFact(
        centre_id=contact.centre_id,
        neighbourhood_id=contact.household and contact.household.neighbourhood_id,
        month=contact.happened_on.replace(day=1),
        mode=contact.mode,
        outcome=contact.outcome,
        themes=contact.themes,
        minutes=_bucket(contact.minutes),
        age_group=_age_group(present, contact.happened_on),
        has_name=contact.household_id is not None,
        **{"contacts": 1, "people": _people(contact, len(present)), **counts},
    )


def _people(contact, present):
    """As households/figures.py counts who was reached."""
    counted = contact.children + contact.teens + contact.adults + contact.seniors
    return max(counted, present + contact.erased_present, 1) if contact.reached else 0


def _bucket(minutes):
    return minutes and next(each for each in MINUTES_UP_TO if minutes <= each)


def _age_group(people, day):
    """The group they were all in; empty when there was more than one, or nobody whose year of birth we knew."""
    years = [person.birth_year for person in people if person.birth_year]
    groups = {next((name for first, name in AGE_GROUPS if day.year - year >= first), "child") for year in years}
    return groups.pop() if len(groups) == 1 else ""


# Loose ends


def _words_of(found):
    """What the family is called elsewhere: its codes, its addresses on the site, and the names in a spreadsheet."""
    households = Household.objects.filter(pk__in=found.households)
    codes = list(households.values_list("code", flat=True))
    addresses = [row.get_absolute_url() for row in households]
    for model, ids in found.gone.items():
        if hasattr(model, "get_absolute_url") and model is not Person:
            defer = [each.name for each in model._meta.concrete_fields if isinstance(each, models.BinaryField)]
            addresses += [row.get_absolute_url() for row in model._base_manager.defer(*defer).filter(pk__in=ids)]
    names = [*households.values_list("nickname", flat=True)]
    names += [str(person) for person in Person.objects.filter(pk__in=found.ids(Person))]
    return codes, addresses, names


def _erase_loose_ends(found, words):
    """What names the family without a link to it."""
    codes, addresses, names = words
    about_notice = Q()
    for code in codes:
        about_notice |= Q(text__contains=code) | Q(url__contains=code)
    led_to = Q()
    for address in addresses:
        about_notice |= Q(url__startswith=address)
        led_to |= Q(result__startswith=address)
    sheets = UploadedSheet.objects.filter(centre__in=Household.objects.filter(pk__in=found.households).values("centre"))
    with_name = [sheet.pk for sheet in sheets if any(name in _cells(sheet) for name in names)]
    links = SecureLink.objects.filter(purpose="referral", subject_id__in=found.ids(Referral))
    rows = Counter()
    loose = [
        Notice.objects.filter(about_notice),
        SavedOnce.objects.filter(led_to),
        UploadedSheet.objects.filter(pk__in=with_name),
        links,
    ]
    for each in loose:
        rows[each.model._meta.db_table] += each.delete()[0]
    # A message with a handover is about several families: who reads it later, does not need it.
    handed = Handover.objects.filter(families__household__in=found.households)
    Handover.objects.filter(pk__in=list(handed.values_list("pk", flat=True))).update(message="", answer="")
    return rows


def _forget_drafts(found, words):
    """What was typed and not saved. A first name alone says who is meant to who works with the family, and to nobody
    else: there are more people called Ali."""
    codes, addresses, names = words
    people = Person.objects.filter(pk__in=found.ids(Person))
    families = Household.objects.filter(pk__in=found.households)
    whole = {name for name in names if " " in name} | {person.last_name for person in people}
    phones = [person.phone for person in people]
    team = Q(households__in=families) | Q(households_as_backup__in=families) | Q(households_as_colleague__in=families)
    workers = User.objects.filter(team | Q(contacts__household__in=families)).values("pk")
    about = About(Naming(whole, phones), frozenset(codes), tuple(addresses))
    closer = About(Naming({*names, *(person.first_name for person in people)}))
    here = User.objects.filter(membership__centre__in=families.values("centre")).values("pk")
    of_elsewhere = About(Naming([]), about.codes, about.addresses)
    return (
        forget_drafts(of_elsewhere, Draft.objects.exclude(user__in=here))
        + forget_drafts(about, Draft.objects.filter(user__in=here))
        + forget_drafts(closer, Draft.objects.filter(user__in=workers))
    )


def _cells(sheet):
    """First and last name stand in two cells as often as in one."""
    return "\n".join(" ".join(str(cell) for cell in row) for row in sheet.rows)


def _empty_what_stays(found):
    """The file keeps its code and its centre; the proof of what was decided keeps its days and not its words."""
    for household in Household.objects.filter(pk__in=found.households):
        for field in Household._meta.concrete_fields:
            if field.name not in LEFT_OF_FAMILY and field.name != "nickname":
                setattr(household, field.attname, None if field.null else field.get_default())
        household.nickname, household.status = NAMELESS, Household.Status.ERASED
        household.closed_on = household.closed_on or timezone.localdate()
        household.version += 1
        household.save()
    DestructionLine.objects.filter(household__in=found.households).exclude(decision="kept").update(reason="")
    DestructionLine.objects.filter(household__in=found.households, decision="kept").update(reason="(gewist)")
    lines = DestructionLine.objects.filter(person__in=found.ids(Person))
    lines.filter(decision__in=DestructionLine.STANDING).update(decision=DestructionLine.Decision.LAPSED)
    lines.update(person=None, kept_texts=[])
    asked = SubjectRequest.objects.filter(Q(household__in=found.households) | Q(person__in=found.ids(Person)))
    asked.update(person=None, words="", answer="", refusal="", package=None)


def _write_down(household, rows):
    entries = [
        ErasureRecord(centre_id=household.centre_id, table=table, rows=number)
        for table, number in rows.items()
        if number
    ]
    entries.append(
        ErasureRecord(centre_id=household.centre_id, table=Household._meta.db_table, rows=1, code=household.code)
    )
    ErasureRecord.objects.bulk_create(entries)


def dry_run(line):
    """What would go, without touching anything: pairs of what and how many."""
    with asking_everything():
        return erasable_person(line.person).counts if line.person else erasable(line.household).counts
