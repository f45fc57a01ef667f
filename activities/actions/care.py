"""The card of a child: who belongs around it, what it needs, and what was said yes or no to."""

from django.db import connection, transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from activities.models import CareChange, CareConsent, Carer, CareSheet, Participant, PickupPerson
from buurtwerk.accounts.models import SecureLink
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.drafts.models import Draft
from buurtwerk.drafts.undo import undoable
from buurtwerk.interface.text import search_key
from buurtwerk.notices.models import Notice

LINK, DRAFT = "care", "zorgfiche"
CARER_REMOVED, PICKUP_REMOVED, CONSENT_WITHDRAWN = (
    "activities.carer-removed",
    "activities.pickup-removed",
    "activities.consent-withdrawn",
)
Purpose = CareConsent.Purpose


def note_change(participant, *what, by=None, by_name=""):
    """Who changed what, in words that hold nothing of it."""
    if what:
        kind = CareChange.Kind.TEAM if by else CareChange.Kind.PARENT
        CareChange.objects.create(
            participant=participant, centre_id=participant.centre_id, kind=kind, by=by, by_name=by_name, what=list(what)
        )


def lock(participant):
    """Whoever changes the card of a child waits for who is changing it."""
    return Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)


def sheet_of(participant):
    """The sheet, or a fresh one that was never saved: version 0 in the form that shows it."""
    sheet = CareSheet.objects.filter(participant=participant).first()
    return sheet or CareSheet(participant=participant, centre_id=participant.centre_id, version=0)


def may_keep_medical(participant):
    return CareConsent.objects.given().filter(participant=participant, purpose=Purpose.MEDICAL).exists()


@transaction.atomic
def save_sheet(sheet, *, changed, by=None, by_name=""):
    """Keep a sheet that someone went through, changed or not: from today on it is up to date."""
    sheet.version = max(sheet.version, 1)
    sheet.checked_on = timezone.localdate()
    sheet.save()
    labels = [f"Zorgfiche: {CareSheet._meta.get_field(name).verbose_name}" for name in changed]
    note_change(sheet.participant, *(labels or ["Zorgfiche nagekeken"]), by=by, by_name=by_name)


@transaction.atomic
def answer(participant, answers, *, given_by, given_on, how, by=None):
    """Write a new row for each purpose (yes is True) of which the answer is new. Returns those rows."""
    lock(participant)
    standing = {row.purpose: row for row in CareConsent.objects.standing().filter(participant=participant)}
    new = []
    for purpose, is_given in answers.items():
        earlier = standing.get(purpose)
        if earlier and earlier.is_given == is_given:
            continue
        if earlier:
            _end(earlier)
        new.append(
            CareConsent.objects.create(
                participant=participant,
                centre_id=participant.centre_id,
                purpose=purpose,
                is_given=is_given,
                given_by=given_by,
                given_on=given_on,
                how=how,
                noted_by=by,
            )
        )
    words = [f"{row.get_purpose_display()}: {'ja' if row.is_given else 'nee'}" for row in new]
    note_change(participant, *words, by=by, by_name="" if by else given_by)
    if not may_keep_medical(participant):
        erase_medical(participant)
    return new


@transaction.atomic
def withdraw(consent, *, by):
    """Take back a yes: from this moment on, for everyone. What was kept by it, goes with it."""
    participant = lock(consent.participant)
    consent = CareConsent.objects.standing().filter(pk=consent.pk, is_given=True).first()
    if consent is None:
        return False
    _end(consent)
    note_change(participant, f"Ingetrokken: {consent.get_purpose_display()}", by=by)
    if consent.purpose == Purpose.MEDICAL:
        erase_medical(participant)
    return True


def _end(consent):
    consent.withdrawn_on = max(timezone.localdate(), consent.given_on)
    consent.save(update_fields=["withdrawn_on"])


def erase_medical(participant):
    """From the sheet, from what was typed and not sent, and from the history of both."""
    sheet = CareSheet.objects.filter(participant=participant).first()
    if sheet and sheet.has_medical:
        empty = {"allergens": [], "other_allergies": "", "medication": "", "attention": ""}
        for name, nothing in empty.items():
            setattr(sheet, name, nothing)
        sheet.version += 1
        sheet.save()
    if sheet:
        with connection.cursor() as cursor:
            cursor.execute("SELECT forget_medical(%s)", [participant.pk])
    # What colleagues were typing is theirs alone, so it is taken away in the name of nobody.
    with asking_everything():
        Draft.objects.filter(form=DRAFT, subject=participant.code).delete()


@transaction.atomic
def add(person, *, by=None, by_name=""):
    """A new zorgfiguur or afhaler."""
    person.save()
    note_change(person.participant, f"{_kind_of(person)} erbij", by=by, by_name=by_name)


@transaction.atomic
def change(person, *, by):
    person.save()
    note_change(person.participant, f"{_kind_of(person)} aangepast", by=by)


@transaction.atomic
def remove(person, *, by=None, by_name=""):
    """Off the card at once. The row stays behind what was written down at the door."""
    person.removed_at = timezone.now()
    person.version += 1
    person.save(update_fields=["removed_at", "version"])
    note_change(person.participant, f"{_kind_of(person)} weggehaald", by=by, by_name=by_name)


def _kind_of(person):
    if isinstance(person, PickupPerson) and person.is_forbidden:
        return "Niet meegeven aan"
    return str(person._meta.verbose_name).capitalize()


@transaction.atomic
def call_first(carer, *, by):
    """Put one noodcontact on top; the others keep their order."""
    lock(carer.participant)
    carer.is_emergency = True
    others = [each for each in Carer.objects.filter(participant=carer.participant_id) if each.pk != carer.pk]
    for place, each in enumerate([carer, *others], start=1):
        each.call_order = place
        each.save(update_fields=["call_order", "is_emergency"])
    note_change(carer.participant, "Volgorde van de noodcontacten", by=by)


@undoable(CARER_REMOVED)
def put_back_carer(carer_id, *, by):
    return _put_back(Carer, carer_id, "participants.change", by=by)


@undoable(PICKUP_REMOVED)
def put_back_pickup(person_id, *, by):
    return _put_back(PickupPerson, person_id, "care.change", by=by)


def _put_back(model, pk, right, *, by):
    mine = model._base_manager.filter(centre__in=by.centres_where(right))
    person = get_object_or_404(mine.select_related("participant"), pk=pk)
    lock(person.participant)
    again = {"participant": person.participant, "name": person.name}
    again |= {"phone": person.phone} if model is Carer else {"relation": person.relation}
    if person.removed_at and not model.objects.filter(**again).exists():
        person.removed_at = None
        person.save(update_fields=["removed_at"])
        note_change(person.participant, f"{_kind_of(person)} teruggezet", by=by)
    return f"{person.name} staat er weer."


@undoable(CONSENT_WITHDRAWN)
def give_back_consent(consent_id, *, by):
    mine = CareConsent.objects.filter(centre__in=by.centres_where("care.change")).select_related("participant")
    consent = get_object_or_404(mine, pk=consent_id)
    lock(consent.participant)
    if CareConsent.objects.standing().filter(participant=consent.participant, purpose=consent.purpose).exists():
        return "Intussen is er opnieuw op geantwoord. Dat blijft staan."
    consent.withdrawn_on = None
    consent.save(update_fields=["withdrawn_on"])
    note_change(consent.participant, f"Toch niet ingetrokken: {consent.get_purpose_display()}", by=by)
    return "Teruggedraaid: de toestemming geldt weer."


# The link for parents


def school_year_began(today=None):
    today = today or timezone.localdate()
    return today.replace(year=today.year if today.month >= 9 else today.year - 1, month=9, day=1)


def needs_asking(participant):
    """Whether the parents should go through the card: nobody did, or not since this school year began."""
    return is_outdated(participant, CareSheet.objects.filter(participant=participant).first())


def is_outdated(participant, sheet):
    return participant.is_child and (sheet is None or sheet.checked_on < school_year_began())


@transaction.atomic
def give_link(participant, *, by=None):
    """A link for the parents to go through the card, 14 days long. An earlier link stops working.

    Without `by` it goes along with a registration. Returns the token: it cannot be shown again.
    """
    SecureLink.objects.revoke(purpose=LINK, subject_id=participant.pk)
    if by:
        CareChange.objects.create(
            participant=participant, centre_id=participant.centre_id, kind="link", by=by, what=["Link gegeven"]
        )
    return SecureLink.objects.give_out(purpose=LINK, subject_id=participant.pk)


def link_when_needed(participant):
    """For who registers a child: the token of a link, when its card is missing or of an earlier school year."""
    return give_link(participant) if needs_asking(participant) else ""


def of_link(token):
    """The child of a living link, or None."""
    link = SecureLink.objects.open(token, purpose=LINK)
    return link and Participant.objects.select_related("centre").filter(pk=link.subject_id).first()


def tell_who_gave_the_link(participant):
    given = CareChange.objects.filter(participant=participant, kind="link").select_related("by").first()
    if given:
        Notice.objects.tell(
            given.by, text="Een ouder keek een kindfiche na.", url=f"/team/deelnemers/{participant.code}/zorg/"
        )


@transaction.atomic
def save_by_link(form):
    """Everything a parent sent, in their name; and whoever gave the link is told."""
    participant, name = form.participant, form.cleaned_data["given_by"]
    # The answers first: what is medical may stand in the sheet only after a yes.
    given_on = timezone.localdate()
    answer(participant, form.answers, given_by=name, given_on=given_on, how=CareConsent.How.LINK)
    save_sheet(form.instance, changed=form.sheet_changes, by_name=name)
    for person in form.no_longer:
        remove(person, by_name=name)
    for who, relation, phone in form.new_people:
        _add_by_link(participant, who, relation, phone, by_name=name)
    tell_who_gave_the_link(participant)


def _add_by_link(participant, who, relation, phone, *, by_name):
    """Who may never fetch the child is not put on the list from outside: a colleague reads that it was tried."""
    standing = {search_key(each.name): each for each in PickupPerson.objects.filter(participant=participant)}
    known = standing.get(search_key(who))
    if known and known.is_forbidden:
        note_change(participant, "Vroeg ophalen door iemand met een verbod: bel de ouder", by_name=by_name)
    elif known is None:
        person = PickupPerson(
            participant=participant, centre_id=participant.centre_id, name=who, relation=relation, phone=phone
        )
        add(person, by_name=by_name)
