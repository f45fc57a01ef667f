"""What the page of a contact shows beside its note: papers, what was added later, and what one may still do."""

from households.actions import additions, linking
from households.models import Attachment, Contact


def beside_note(contact, user, *, is_readable):
    if not is_readable:
        return {"attachments": [], "additions": [], "may_attach": False, "may_add": False, "may_correct": False}
    found = list(contact.additions.visible_to(user).select_related("by"))
    return {
        "attachments": Attachment.objects.readable_by(user).filter(contact=contact).in_lists(),
        "additions": found,
        "was_changed": _was_changed(contact, found),
        "may_attach": user.may("contacts.log", contact.centre_id),
        "may_remove_all": user.may("contacts.read_files", contact.centre_id),
        "may_add": additions.may_add(user, contact),
        "may_correct": additions.may_correct(user, contact),
        "may_link": linking.may_link(user, contact),
    }


def _was_changed(contact, found):
    """Whether there is anything to read about how it was first."""
    return contact.visibility not in Contact.CLOSED and (
        contact.version > 1 or any(addition.is_correction for addition in found)
    )
