"""What happens with contacts, in one transaction each, and with work notes by the clock."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from buurtwerk.daily.work import every_day
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import undoable
from buurtwerk.notices.models import Notice
from households.models import Contact, FollowUp, Household, Person, SealedNote, WorkNote

EDITABLE_FOR = timedelta(days=7)


def may_edit(user, contact):
    """The author, in the first seven days. Later text is added; what stands there stays."""
    return contact.author_id == user.pk and timezone.now() - contact.created_at < EDITABLE_FOR


@transaction.atomic
def note(contact, *, by, present=(), co_workers=(), readers=(), next_what="", next_on=None):
    """Keep a contact, who was there, and what we do next; the rhythm of the family moves along."""
    contact.author = by
    if contact.household:
        contact.household = contact.household.held()
    save_with_text(contact, readers=readers)
    if present:
        contact.present.add(*_still_there(present))
    if co_workers:
        contact.co_workers.add(*co_workers)
    if contact.household:
        _move_rhythm(contact)
    if contact.override_reason:
        _tell_about_override(contact, by=by)
    if next_on:
        FollowUp.objects.create(
            centre_id=contact.centre_id,
            household=contact.household,
            what=next_what,
            due_on=next_on,
            assigned_to=by,
            created_by=by,
            born_from=contact,
        )


@transaction.atomic
def correct(contact, *, present=None, co_workers=None, readers=(), overrides_now=False):
    """Save what the author changed. It may have been a talk that turns out to be an attempt.

    `present` and `co_workers` stay as they are when they are not given.
    """
    save_with_text(contact, readers=readers)
    if present is not None:
        contact.present.set(_still_there(present))
    if co_workers is not None:
        contact.co_workers.set(co_workers)
    if contact.household:
        settle_rhythm(contact.household)
    if overrides_now:
        _tell_about_override(contact, by=contact.author)


def _still_there(people):
    """Without who was erased since the page was opened; nobody is erased before this transaction ends."""
    ids = [getattr(person, "pk", person) for person in people]
    return list(Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _tell_about_override(contact, *, by):
    """The vaste buurtwerker hears of a contact that the family had asked us not to make (R10)."""
    household = contact.household
    text = f"{household.code}: {by} had contact tegen de contactafspraak ({contact.get_mode_display().lower()})."
    Notice.objects.tell(household.primary_worker, text=text, url=contact.get_absolute_url(), by=by)


def save_with_text(contact, *, readers=()):
    """Keep a contact; what only some may read (or nobody else) goes into a table of its own."""
    text, is_new = contact.note, contact.pk is None
    readers = readers or contact.sealed_readers()
    if contact.visibility in Contact.CLOSED:
        contact.note = ""
    contact.save()
    if not is_new:
        WorkNote.objects.filter(contact=contact).delete()
        SealedNote.objects.filter(contact=contact).delete()
    if contact.visibility == Contact.Visibility.PERSONAL and text:
        # Its ninety days begin with the contact, and not again with each change.
        WorkNote.objects.create(contact=contact, user=contact.author, text=text, created_at=contact.created_at)
    elif contact.visibility == Contact.Visibility.NAMED:
        sealed = SealedNote.objects.create(
            contact=contact, centre=contact.centre, household=contact.household, author=contact.author, text=text
        )
        sealed.readers.set(readers)


def _move_rhythm(contact):
    """Only forward: a visit of last month, noted today, changes nothing."""
    moved = {"last_attempt_on": Greatest("last_attempt_on", contact.happened_on)}
    if contact.reached:
        moved["last_reached_on"] = Greatest("last_reached_on", contact.happened_on)
    Household.objects.filter(pk=contact.household_id).update(**moved)


def settle_rhythm(household):
    """From the contacts themselves, when one of them changed or went away."""
    last = household.contacts.aggregate(
        attempt=Max("happened_on"), reached=Max("happened_on", filter=Q(outcome__in=Contact.REACHED))
    )
    Household.objects.filter(pk=household.pk).update(last_attempt_on=last["attempt"], last_reached_on=last["reached"])


@undoable("households.contact-saved")
@transaction.atomic
def take_back_contact(contact_id, *, by):
    """The contact and its follow-ups leave every screen; the history keeps them.

    A follow-up that somebody worked on meanwhile stays, as it is theirs by now.
    """
    contact = Contact.objects.visible_to(by).filter(author=by, pk=contact_id).select_for_update().first()
    if contact is None:
        return "Dit contact is al weg."
    contact.follow_ups.filter(version=1).delete()
    stays = contact.follow_ups.update(born_from=None)
    # The same form may be corrected and sent again.
    SavedOnce.objects.filter(token=contact.client_uuid).delete()
    household = contact.household
    contact.delete()
    if household:
        settle_rhythm(household)
    if stays:
        return "Ongedaan gemaakt. De opvolging blijft staan, want er is al aan gewerkt."
    return "Ongedaan gemaakt. Het contact is weg."


@every_day("Werknota's van meer dan 90 dagen gewist")
def erase_outdated_work_notes():
    """That there was a contact stays; what its author wrote for nobody else goes, and no history kept it."""
    erased, _ = WorkNote.objects.outdated().delete()
    return erased
