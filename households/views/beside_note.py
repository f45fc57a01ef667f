"""What the page of a contact shows beside its note: papers, what was added later, and what one may still do."""

from households.models import Attachment


def beside_note(contact, user, *, is_readable):
    if not is_readable:
        return {"attachments": [], "may_attach": False}
    return {
        "attachments": Attachment.objects.readable_by(user).filter(contact=contact).in_lists(),
        "may_attach": user.may("contacts.log", contact.centre_id),
        "may_remove_all": user.may("contacts.read_files", contact.centre_id),
    }
