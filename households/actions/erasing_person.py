"""Erasing one person out of a family that stays: their data, their name in the words of others, the history of both."""

from collections import Counter

from django.db import connection
from django.db.models import BinaryField, F, Q
from django.utils import timezone

from buurtwerk.accounts.models import SecureLink, User
from buurtwerk.drafts.models import Draft, SavedOnce
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households.drafts_about import About, forget_drafts
from households.erasable_person import (
    UNREAD,
    erasable_person,
    events_naming,
    json_fields,
    models_with_texts,
    naming_of,
    texts_naming,
)
from households.models import (
    Attachment,
    Consent,
    Contact,
    ContactAddition,
    DestructionLine,
    ErasureRecord,
    Household,
    Person,
    Referral,
    SealedNote,
    SubjectRequest,
    UploadedSheet,
    WorkNote,
)
from households.naming import Naming

ERASED = "iemand (gewist)"
OWN_WORDS = ["note", "place", "override_reason"]


def texts_to_review(line):
    """Texts of others with the name in them, for who approves; and how many there are that only some may read."""
    found = erasable_person(line.person)
    named = texts_naming(found, naming_of(line.person, found.households))
    named = [text for text in named if not (text.model is Contact and text.pk in found.own_contacts)]
    return (
        [text for text in named if text.model.__name__ not in UNREAD],
        sum(text.model.__name__ in UNREAD for text in named),
    )


def erase_person(line):
    """The person of an approved line that is locked. Returns the rows per table. Asked in the name of nobody."""
    # Whoever is saving something about this person, comes first; whoever comes later, finds nobody.
    person = Person.objects.select_for_update().get(pk=line.person_id)
    first = erasable_person(person)
    list(Household.objects.select_for_update().filter(pk__in=first.households).order_by("pk"))
    found = erasable_person(person)
    naming = naming_of(person, found.households)
    rows = _forget_loose_ends(found, person, naming)
    _empty_own_contacts(line, found, rows)
    _mask(line, found, naming)
    Contact.objects.filter(pk__in=found.contacts).update(
        erased_present=F("erased_present") + 1, version=F("version") + 1
    )
    for column, ids in found.emptied:
        column.model._base_manager.filter(pk__in=ids).update(**{column.attname: None})
    _erase_history(line, found, person, rows)
    _empty_what_stays(line, person)
    for model, ids in reversed(found.gone.items()):
        if ids and not getattr(model, "append_only", False):
            model._base_manager.filter(pk__in=ids)._raw_delete(connection.alias)
            rows[model._meta.db_table] += len(ids)
    rows[Consent._meta.db_table] += Consent.objects.filter(pk__in=found.consents).delete()[0]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    ErasureRecord.objects.bulk_create(
        ErasureRecord(centre_id=line.centre_id, table=table, rows=number) for table, number in rows.items() if number
    )
    # A number and no name: so that a backup from before can be erased again.
    ErasureRecord.objects.create(centre_id=line.centre_id, table=Person._meta.db_table, rows=1, code=f"P-{person.pk}")
    return dict(rows)


def _empty_what_stays(line, person):
    """What proves that a question was answered, and what was decided: the days, and not the words."""
    asked = SubjectRequest.objects.filter(person=person)
    asked.update(person=None, words="", answer="", refusal="", package=None)
    lines, decision = DestructionLine.objects.filter(person=person), DestructionLine.Decision
    lines.exclude(pk=line.pk).filter(decision__in=DestructionLine.STANDING).update(decision=decision.LAPSED)
    lines.filter(decision=decision.KEPT).update(reason="(gewist)")
    lines.filter(pk=line.pk).update(erased_at=timezone.now(), person=None, kept_texts=[])
    lines.update(person=None)


def _forget_loose_ends(found, person, naming):
    """What names the person without a link."""
    here = User.objects.filter(membership__centre=person.centre_id)
    families = Q(households__in=found.households) | Q(households_as_backup__in=found.households)
    near = here.filter(families | Q(households_as_colleague__in=found.households)).values("pk")
    full = Naming({str(person)} if person.last_name else set(), {person.phone})
    rows = Counter()
    rows[Draft._meta.db_table] += forget_drafts(About(naming), Draft.objects.filter(user__in=near))
    rows[Draft._meta.db_table] += forget_drafts(About(full), Draft.objects.filter(user__in=here.values("pk")))
    led_to, url = Q(pk=None), Q(pk=None)
    for model, ids in found.gone.items():
        if hasattr(model, "get_absolute_url") and model is not Person:
            defer = [each.name for each in model._meta.concrete_fields if isinstance(each, BinaryField)]
            for row in model._base_manager.defer(*defer).filter(pk__in=ids):
                led_to |= Q(result__startswith=row.get_absolute_url())
                url |= Q(url__startswith=row.get_absolute_url())
    sheets = UploadedSheet.objects.filter(centre=person.centre_id)
    with_name = [sheet.pk for sheet in sheets if full.is_in(" ".join(str(cell) for row in sheet.rows for cell in row))]
    loose = [
        SavedOnce.objects.filter(led_to),
        Notice.objects.filter(url),
        UploadedSheet.objects.filter(pk__in=with_name),
        SecureLink.objects.filter(purpose="referral", subject_id__in=found.ids(Referral)),
    ]
    for each in loose:
        rows[each.model._meta.db_table] += each.delete()[0]
    return rows


def _empty_own_contacts(line, found, rows):
    """That there was a talk stays, for the rhythm and the figures; what was said goes."""
    own = found.own_contacts
    Contact.objects.filter(pk__in=own).update(**dict.fromkeys(OWN_WORDS, ""), version=F("version") + 1)
    for model in (SealedNote, WorkNote, ContactAddition, Attachment):
        of_contact = model._base_manager.filter(contact__in=own)
        found.gone.setdefault(model, set()).update(of_contact.values_list("pk", flat=True))
    SealedNote.readers.through.objects.filter(sealednote__contact__in=own).delete()
    events = Contact.pgh_event_model.objects.filter(pgh_obj_id__in=own).values_list("pgh_id", flat=True)
    for name in OWN_WORDS:
        _change_history(line, Contact, name, [(pk, "") for pk in events])


def _mask(line, found, naming):
    """In the words of others, and in what they were before: someone, instead of the name."""
    kept = set(line.kept_texts)
    for text in texts_naming(found, naming):
        if text.key in kept and text.model.__name__ not in UNREAD:
            continue
        row = text.model._base_manager.get(pk=text.pk)
        length = text.model._meta.get_field(text.field).max_length
        setattr(row, text.field, naming.replaced(text.text, ERASED)[:length])
        changed = [text.field]
        if hasattr(row, "version"):
            # Who has it open in a form, must not put the name back.
            row.version, changed = row.version + 1, [text.field, "version"]
        row.save(update_fields=None if text.model is Household else changed)
    for model, path in models_with_texts(json_fields):
        for row in model._base_manager.filter(**{f"{path}__in": found.households}).distinct():
            for name in json_fields(model):
                setattr(row, name, _without(getattr(row, name), naming))
            row.save(update_fields=json_fields(model))
    of_field = {}
    for model, name, pgh_id, pk, text in events_naming(found, naming):
        if f"{model.__name__}.{name}:{pk}" not in kept:
            length = model._meta.get_field(name).max_length
            of_field.setdefault((model, name), []).append((pgh_id, naming.replaced(text, ERASED)[:length]))
    for (model, name), pairs in of_field.items():
        _change_history(line, model, name, pairs)
    _mask_trail(line, found, naming)


def _without(value, naming):
    if isinstance(value, dict):
        return {key: _without(each, naming) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, naming) for each in value]
    return naming.replaced(value, ERASED) if isinstance(value, str) else value


def _mask_trail(line, found, naming):
    """Why someone broke the glass of the family."""
    looks = Access.objects.filter(action="break_glass", record_ids__overlap=sorted(found.households))
    pairs = [(look.pk, naming.replaced(look.reason, ERASED)[:300]) for look in looks if naming.is_in(look.reason)]
    _call("SELECT change_history(%s, 'trail_access', 'reason', %s, %s)", line, pairs)


def _change_history(line, model, name, pairs):
    table, column = model.pgh_event_model._meta.db_table, model._meta.get_field(name).column
    _call(f"SELECT change_history(%s, '{table}', '{column}', %s, %s)", line, pairs)


def _call(sql, line, pairs):
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(sql, [line.pk, [pk for pk, _ in pairs], [text for _, text in pairs]])


def _erase_history(line, found, person, rows):
    requests = SubjectRequest.pgh_event_model
    rows["history"] += _erase(
        line, requests, requests.objects.filter(person=person.pk).values_list("pgh_id", flat=True)
    )
    for model, ids in {**found.gone, Consent: found.consents}.items():
        if getattr(model, "append_only", False):
            rows[model._meta.db_table] += _erase(line, model, ids)
        if event := getattr(model, "pgh_event_model", None):
            about = Q(pgh_obj_id__in=ids)
            for each in event._meta.concrete_fields:
                if each.is_relation and each.related_model is Person and each.name != "pgh_obj":
                    about |= Q(**{each.name: person.pk})
            rows["history"] += _erase(line, event, event.objects.filter(about).values_list("pgh_id", flat=True))


def _erase(line, model, ids):
    ids = list(ids)
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_history_of_person(%s, %s, %s)", [line.pk, model._meta.db_table, ids])
        return cursor.fetchone()[0]
