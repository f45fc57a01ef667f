"""A talk without a name gets one later: the family it turned out to be with."""

from django.db import transaction
from django.utils import timezone

from buurtwerk.drafts.undo import undoable
from households.actions.contacts import settle_rhythm
from households.models import Attachment, Contact, ContactAddition


def may_link(user, contact):
    """Its author, and the coordinator who reads it."""
    if contact.household_id is not None or not user.may("contacts.log", contact.centre_id):
        return False
    return contact.author_id == user.pk or (
        user.may("contacts.correct", contact.centre_id) and contact.is_readable_by(user)
    )


@transaction.atomic
def link(contact, household, *, by, present=()):
    """The same contact, from now on with this family: it stays one contact in every figure."""
    household = household.held()
    contact.household, contact.age_group = household, ""
    contact.linked_by, contact.linked_at = by, timezone.now()
    contact.version += 1
    contact.save()
    contact.present.add(*present)
    _take_along(contact)
    settle_rhythm(household)


def _take_along(contact):
    """What hangs on a contact is as hidden as its family."""
    Attachment.objects.filter(contact=contact).update(household=contact.household)
    ContactAddition.objects.filter(contact=contact).update(household=contact.household)


@undoable("households.contact-linked")
@transaction.atomic
def take_back(contact_id, *, by):
    contacts = Contact.objects.visible_to(by).filter(linked_by=by, household__isnull=False)
    contact = contacts.select_for_update(of=["self"]).select_related("household").get(pk=contact_id)
    before = Contact.pgh_event_model.objects.filter(pgh_obj_id=contact.pk, household=None).order_by("pgh_id").last()
    household = contact.household
    contact.household, contact.age_group = None, before.age_group
    contact.linked_by = contact.linked_at = None
    contact.version += 1
    contact.save()
    contact.present.clear()
    _take_along(contact)
    settle_rhythm(household)
    return "Ongedaan gemaakt. Het contact staat weer bij de gesprekken zonder naam."
