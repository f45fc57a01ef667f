"""Papers come and go: with a way back, and for good only a day later."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from buurtwerk.daily.work import every_day
from buurtwerk.drafts.undo import undoable
from households.models import Attachment

KEPT_AFTER_REMOVAL = timedelta(days=1)


def add(paper, *, by, household=None, contact=None, compartment=None):
    """Keep a file with a contact, or with the file of a family itself."""
    household = household and household.held()
    subject = contact or household
    return Attachment.objects.create(
        centre_id=subject.centre_id,
        household_id=contact.household_id if contact else household.pk,
        contact=contact,
        compartment=compartment,
        name=paper.name,
        kind=paper.kind,
        size=len(paper.content),
        sha256=paper.sha256,
        content=paper.content,
        uploaded_by=by,
    )


def remove(attachment, *, by):
    """Off every screen at once; the file itself goes a day later, so that it can still come back."""
    attachment.removed_by, attachment.removed_at = by, timezone.now()
    attachment.save(update_fields=["removed_by", "removed_at"])


@undoable("households.attachment-added")
@transaction.atomic
def take_back_added(attachment_id, *, by):
    papers = Attachment.objects.readable_by(by).filter(uploaded_by=by).select_for_update(of=["self"])
    attachment = papers.get(pk=attachment_id)
    attachment.delete()
    return "Ongedaan gemaakt. Het bestand is weg."


@undoable("households.attachment-removed")
@transaction.atomic
def take_back_removed(attachment_id, *, by):
    attachment = Attachment.objects.defer("content").select_for_update().get(pk=attachment_id, removed_by=by)
    attachment.removed_by = attachment.removed_at = None
    attachment.save(update_fields=["removed_by", "removed_at"])
    # Who may not read it any more, may not bring it back either: the request is undone with it.
    Attachment.objects.readable_by(by).get(pk=attachment_id)
    return "Ongedaan gemaakt. Het bestand staat er weer."


@every_day("Weggehaalde bijlagen wissen")
def erase_removed():
    return Attachment.objects.filter(removed_at__lt=timezone.now() - KEPT_AFTER_REMOVAL).delete()[0]
