"""What happens to a contact after its author's first week: text is added, and a mistake is corrected with a reason."""

from django.db import transaction

from buurtwerk.drafts.undo import undoable
from buurtwerk.notices.models import Notice
from households.actions.contacts import may_edit, settle_rhythm
from households.models import Contact, ContactAddition


def may_add(user, contact):
    """Whoever reads the note and notes contacts; the author only when editing is over."""
    reads = contact.is_readable_by(user) and user.may("contacts.log", contact.centre_id)
    return reads and not may_edit(user, contact)


def may_correct(user, contact):
    """The coordinator, except of what only some or nobody else may read. One's own first week is simply edited."""
    return (
        contact.visibility not in Contact.CLOSED
        and user.may("contacts.correct", contact.centre_id)
        and contact.is_readable_by(user)
        and not may_edit(user, contact)
    )


def add(contact, *, text, by):
    """Write something more under a contact. What stands there stays."""
    return _keep(contact, ContactAddition.Kind.ADDITION, text, by)


@transaction.atomic
def correct(contact, *, reason, by):
    """Save what the coordinator changed, with why. The history keeps what stood there first."""
    contact.save()
    _keep(contact, ContactAddition.Kind.CORRECTION, reason, by)
    if contact.household:
        settle_rhythm(contact.household)
    about = contact.household.code if contact.household else "iemand zonder naam"
    text = f"{by} verbeterde wat je noteerde over {about}, en schreef waarom."
    Notice.objects.tell(contact.author, text=text, url=contact.get_absolute_url(), by=by)


def _keep(contact, kind, text, by):
    return ContactAddition.objects.create(
        centre_id=contact.centre_id, household_id=contact.household_id, contact=contact, kind=kind, text=text, by=by
    )


@undoable("households.addition-added")
def take_back(addition_id, *, by):
    additions = ContactAddition.objects.visible_to(by).filter(by=by, kind=ContactAddition.Kind.ADDITION)
    addition = additions.get(pk=addition_id)
    if not addition.contact.is_readable_by(by):
        raise ContactAddition.DoesNotExist
    addition.delete()
    return "Ongedaan gemaakt. De aanvulling is weg."
