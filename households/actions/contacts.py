"""What happens with contacts, in one transaction each."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import undoable
from households.models import Contact, FollowUp, Household, SealedNote, WorkNote

EDITABLE_FOR = timedelta(days=7)
CLOSED_DOORS = 3


def may_edit(user, contact):
    """The author, in the first seven days. Later text is added; what stands there stays."""
    return contact.author_id == user.pk and timezone.now() - contact.created_at < EDITABLE_FOR


@transaction.atomic
def note(contact, *, by, present=(), next_what="", next_on=None):
    """Keep a contact, who was there, and what we do next; the rhythm of the family moves along."""
    contact.author = by
    save_with_text(contact)
    if present:
        contact.present.add(*present)
    if contact.household:
        _move_rhythm(contact)
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
def correct(contact):
    """Save what the author changed. It may have been a talk that turns out to be an attempt."""
    save_with_text(contact)
    if contact.household:
        _settle_rhythm(contact.household)


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
        WorkNote.objects.create(contact=contact, user=contact.author, text=text)
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


def _settle_rhythm(household):
    """From the contacts themselves, when one of them changed or went away."""
    last = household.contacts.aggregate(
        attempt=Max("happened_on"), reached=Max("happened_on", filter=Q(outcome__in=Contact.REACHED))
    )
    Household.objects.filter(pk=household.pk).update(last_attempt_on=last["attempt"], last_reached_on=last["reached"])


def stands_before_closed_doors(contact):
    """Whether nobody was reached, three times in a row by now: then a fourth identical try is no plan."""
    if contact.household is None or contact.outcome != Contact.Outcome.NO_ANSWER:
        return False
    newest = contact.household.contacts.newest_first().values_list("outcome", flat=True)[:CLOSED_DOORS]
    return list(newest) == [Contact.Outcome.NO_ANSWER] * CLOSED_DOORS


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
        _settle_rhythm(household)
    if stays:
        return "Ongedaan gemaakt. De opvolging blijft staan, want er is al aan gewerkt."
    return "Ongedaan gemaakt. Het contact is weg."
