"""Two files of one family become one, and for thirty days two again."""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.daily.work import every_day
from buurtwerk.drafts.models import Draft
from buurtwerk.notices.models import Notice
from households.actions.contacts import settle_rhythm
from households.models import ContactAgreement, Household, Member, MergeRecord, NotDouble, Person
from households.models.merge import as_kept
from households.moving import move_all, move_rows, named

# Which of the two counts, is chosen per line; the fields of one line stay together.
CHOSEN = {
    "nickname": ("nickname",),
    "address": ("address",),
    "neighbourhood": ("neighbourhood",),
    "dwelling": ("dwelling_type",),
    "languages": ("languages",),
    "level": ("intensity", "intensity_reason", "rhythm_days"),
    "review": ("next_review_on",),
    "primary_worker": ("primary_worker",),
    "backup_worker": ("backup_worker",),
    "status": ("status", "paused_until", "pause_reason", "closed_on", "closure_reason"),
    "found_via": ("found_via",),
}
# Whatever one of both has, the family has.
EITHER = ["restricted", "restricted_reason", "has_compartments"]
LATEST = ["last_reached_on", "last_attempt_on"]
# What belongs to the file and not to the family.
OF_THE_FILE = ["id", "code", "centre", "created_by", "created_at", "search_key", "version", "merged_into"]
AGREED = ["channels", "hours", "via", "rather_not"]


def both_locked(*ids):
    """Both files, in one order for everybody, so that two coordinators never wait for each other."""
    households = Household.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {household.pk: household for household in households}


@transaction.atomic
def merge(kept, gone, *, by, chosen, same_people=(), agreement_of_gone=False, reads_on=True):
    """Everything of `gone` moves to `kept`, whose fields become what was chosen. Both are locked by the caller.

    Args:
        chosen: the values of the fields of CHOSEN, by name of the field.
        same_people: pairs of ids: this person of `gone` is that person of `kept`.
        agreement_of_gone: when both have a contact agreement, the one of `gone` counts.
        reads_on: a vaste buurtwerker who is no longer one, still reads the file.
    """
    record = MergeRecord(centre_id=kept.centre_id, kept=kept, gone=gone, by=by)
    workers = {household.primary_worker_id: household.primary_worker for household in (kept, gone)}
    # In the name of nobody: a text for others alone moves along, unread.
    with asking_everything():
        twins = [person for person, _ in same_people]
        for person, same_as in same_people:
            _become_one(person, same_as, gone=gone, record=record)
        leave = {Member: Q(person__in=twins)}
        record.moved += _move(gone, kept, leave)
        _settle_members(kept, gone, dict(same_people), record)
        _settle_agreement(kept, gone, record, agreement_of_gone)
        _settle_fields(kept, gone, record, chosen)
        if reads_on:
            record.added = _let_read_on(kept, [worker for worker in workers.values() if worker])
        record.save()
    _tell(workers.values(), kept, gone, by=by)
    return record


def _move(gone, kept, leave):
    moved = move_all(Household, from_id=gone.pk, to_id=kept.pk, leave=leave)
    # Of the family itself, or of one luik or one person of it: then the number of that one stands behind the code.
    drafts = Draft.objects.filter(Q(subject=gone.code) | Q(subject__startswith=f"{gone.code} "))
    for subject in drafts.order_by("subject").values_list("subject", flat=True).distinct():
        to = kept.code + subject.removeprefix(gone.code)
        if ids := move_rows(Draft.objects.filter(subject=subject), Draft._meta.get_field("subject"), to):
            moved.append({"field": "drafts.Draft.subject", "from": subject, "to": to, "ids": ids})
    return moved


def _let_read_on(kept, workers):
    """The ids of who became a named colleague by this."""
    already = {kept.primary_worker_id, kept.backup_worker_id, *kept.colleagues.values_list("pk", flat=True)}
    added = sorted({worker.pk for worker in workers} - already)
    kept.colleagues.add(*added)
    return added


def _become_one(person_id, same_as_id, *, gone, record):
    """What hangs on a person moves to who they turn out to be, who also gets what we did not know yet.

    That they stood in the old file, stays there: so the person is back when the file is.
    """
    person, same_as = (Person.objects.select_for_update().get(pk=pk) for pk in (person_id, same_as_id))
    known = {}
    for field in Person._meta.concrete_fields:
        mine, theirs = (getattr(each, field.attname) for each in (same_as, person))
        if field.editable and theirs not in field.empty_values and mine in field.empty_values:
            known[field.name] = theirs
    if same_as.interpreter == Person.Interpreter.NO:
        known["interpreter"] = person.interpreter
    _change(same_as, known, record)
    record.moved += move_all(Person, from_id=person_id, to_id=same_as_id, leave={Member: Q(household=gone)})


def _settle_members(kept, gone, same_people, record):
    """Who stood in both files is a member once; what hangs on the other membership (a luik) goes along."""
    here = {member.person_id: member for member in kept.members.order_by("-since")}
    for double in gone.members.all():
        member = here.get(same_people.get(double.person_id, double.person_id))
        if member:
            record.moved += move_all(Member, from_id=double.pk, to_id=member.pk)
            _change(member, {"has_compartment": member.has_compartment or double.has_compartment}, record)


def _settle_agreement(kept, gone, record, of_gone):
    """When there are two, the chosen one counts; the longest rest that was asked for is kept in any case."""
    mine, theirs = (ContactAgreement.objects.filter(household=each).first() for each in (kept, gone))
    if mine is None or theirs is None:
        return
    known = {name: getattr(theirs, name) for name in AGREED} if of_gone else {}
    rests = [day for day in (mine.pause_until, theirs.pause_until) if day]
    _change(mine, {**known, "pause_until": max(rests, default=None)}, record)


def _settle_fields(kept, gone, record, chosen):
    either = {name: getattr(kept, name) or getattr(gone, name) for name in EITHER}
    days = {name: [day for day in (getattr(kept, name), getattr(gone, name)) if day] for name in LATEST}
    latest = {name: max(both, default=None) for name, both in days.items()}
    _change(kept, {**chosen, **either, **latest}, record)
    # The old file is as hidden as the one that it is now part of.
    hidden = {name: either[name] for name in ("restricted", "restricted_reason")}
    _change(gone, {"merged_into": kept, **hidden}, record)


def _change(subject, values, record):
    """Give it these values, and remember what stood there. A form that is open on it somewhere is overtaken."""
    fields = {subject._meta.get_field(name) for name in values}
    before = {field.attname: as_kept(getattr(subject, field.attname)) for field in fields}
    for name, value in values.items():
        setattr(subject, name, value)
    after = {field.attname: as_kept(getattr(subject, field.attname)) for field in fields}
    touched = {name for name in after if after[name] != before[name]}
    _save(subject)
    record.changed.append(
        {
            "model": subject._meta.label,
            "id": subject.pk,
            "before": {name: before[name] for name in sorted(touched)},
            "after": {name: after[name] for name in sorted(touched)},
        }
    )


def _tell(workers, kept, gone, *, by):
    """Both vaste buurtwerkers; who does not read the file that is left, only hears of their own."""
    for worker in workers:
        if worker is None:
            continue
        knows = not kept.restricted or kept.is_read_by(worker)
        text = f"{gone.code} en {kept.code} zijn nu één dossier: {kept.code}."
        Notice.objects.tell(
            worker,
            text=text if knows else f"{gone.code} is samengevoegd met een ander dossier.",
            url=kept.get_absolute_url() if knows else reverse("households:list"),
            by=by,
        )


class Overtaken(Exception):
    """It cannot be taken back now; the words say why."""


@transaction.atomic
def take_apart(record, *, by):
    """Two files again, as they were. Returns sentences about what could not go back, or was left as it is.

    What was added to the kept file since, stays there.
    """
    both = both_locked(record.kept_id, record.gone_id)
    record = MergeRecord.objects.select_for_update().get(pk=record.pk)
    kept, gone = both[record.kept_id], both[record.gone_id]
    _check_possible(record, kept)
    with asking_everything():
        workers = [kept.primary_worker]
        missing = sum(_move_back(entry) for entry in reversed(record.moved))
        left = [name for entry in reversed(record.changed) for name in _change_back(entry)]
        kept.colleagues.remove(*record.added)
        if missing or not set(LATEST).isdisjoint(left):
            # A contact since, or one that is gone by now: then the contacts themselves say when it was.
            settle_rhythm(kept)
            settle_rhythm(gone)
        kept.refresh_from_db()
        gone.refresh_from_db()
    record.undone_at, record.undone_by = timezone.now(), by
    record.moved, record.changed, record.added = [], [], []
    record.save()
    text = f"{gone.code} en {kept.code} zijn weer twee dossiers."
    Notice.objects.tell(*workers, gone.primary_worker, text=text, url=kept.get_absolute_url(), by=by)
    return _said(missing, [name for name in left if name not in LATEST])


def _check_possible(record, kept):
    if not record.can_be_undone:
        raise Overtaken("Deze samenvoeging kan niet meer ongedaan gemaakt worden.")
    if kept.merged_into_id:
        raise Overtaken(f"{kept.code} ging zelf op in een ander dossier. Maak dat eerst ongedaan.")
    later = MergeRecord.objects.filter(kept=kept, undone_at=None, pk__gt=record.pk).select_related("gone").first()
    if later:
        raise Overtaken(f"Daarna kwam {later.gone.code} erbij. Maak dat eerst ongedaan.")


def _move_back(entry):
    """How many rows were gone or elsewhere meanwhile: those stay as they are."""
    model, field = named(entry["field"])
    still = model._base_manager.filter(pk__in=entry["ids"], **{field.attname: entry["to"]})
    return len(entry["ids"]) - len(move_rows(still, field, entry["from"]))


def _change_back(entry):
    """Put back what stood there; the names of the fields that someone changed since, and that are left alone."""
    model, _ = named(f"{entry['model']}.id")
    subject = model._base_manager.select_for_update().filter(pk=entry["id"]).first()
    if subject is None:
        return []
    touched = {name for name, value in entry["after"].items() if as_kept(getattr(subject, name)) != value}
    left = _with_what_belongs_to_it(touched)
    for name in entry["before"].keys() - left:
        setattr(subject, name, model._meta.get_field(name).to_python(entry["before"][name]))
    _save(subject)
    return sorted(touched)


def _save(subject):
    if hasattr(subject, "version"):
        subject.version += 1
    subject.save()


def _with_what_belongs_to_it(names):
    """A level without its reason, or a reason without its level, would be a new thing that nobody chose."""
    together = [set(fields) for fields in CHOSEN.values() if len(fields) > 1]
    together[0] |= set(CHOSEN["review"])
    return names.union(*(fields for fields in together if fields & names))


def _said(missing, left):
    said = []
    if missing:
        said.append(
            "Eén ding dat verhuisde, is intussen weg of staat elders. Dat blijft zo."
            if missing == 1
            else f"{missing} dingen die verhuisden, zijn intussen weg of staan elders. Dat blijft zo."
        )
    if left:
        labels = sorted({str(_label(name)) for name in left})
        said.append(f"Intussen aangepast en zo gelaten: {', '.join(labels)}.")
    return said


def _label(attname):
    for model in (Household, ContactAgreement, Person):
        for field in model._meta.concrete_fields:
            if field.attname == attname:
                return field.verbose_name
    return attname


@transaction.atomic
def tell_apart(one, other, *, by):
    """Remember that these are two families, however much they look alike."""
    first, second = sorted((one, other), key=lambda household: household.pk)
    NotDouble.objects.get_or_create(
        one=first, other=second, defaults={"centre_id": first.centre_id, "by": by, "at": timezone.now()}
    )


@every_day("Oude samenvoegingen vergeten")
def forget_what_both_were():
    """After thirty days nothing can be put back: then what stood in the old file goes, and only its code is left."""
    over = MergeRecord.objects.filter(undone_at=None, at__lte=timezone.now() - MergeRecord.UNDO_WITHIN)
    old = over.exclude(changed=[]).select_related("gone")
    for record in old:
        gone = record.gone
        gone.nickname, gone.address, gone.found_via = gone.code, "", ""
        gone.intensity, gone.intensity_reason, gone.next_review_on = Household.Intensity.OPEN, "", None
        gone.save()
        record.moved, record.changed, record.added = [], [], []
        record.save()
    return len(old)
