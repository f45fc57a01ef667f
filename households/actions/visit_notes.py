"""What happens with notes for home visits, in one transaction each."""

from django.db import transaction
from django.utils import timezone

from buurtwerk.drafts.undo import undoable
from households.models import Contact, HomeVisitNote

VISIT_NOTE_ENDED = "households.visit-note-ended"
AT_THE_HOME = [Contact.Mode.HOME, Contact.Mode.DOOR]


def notes_to_review(user):
    """For Vandaag: what this vaste buurtwerker looks at again within two weeks, or it leaves the screens."""
    return HomeVisitNote.objects.visible_to(user).to_review(user).select_related("household")


def notes_for_visit(household, mode):
    """What whoever notes a visit or a talk at the door must know, whether or not they are of the file team."""
    if mode not in AT_THE_HOME:
        return HomeVisitNote.objects.none()
    return HomeVisitNote.objects.current().filter(household=household)


@transaction.atomic
def renew(note, *, by):
    """Still true: what stands in it now counts again, until the new day."""
    note.agreed_on, note.renewed_by = timezone.localdate(), by
    note.save()


@transaction.atomic
def end(note, *, by):
    note.ended_at, note.ended_by = timezone.now(), by
    note.version += 1
    note.save(update_fields=["ended_at", "ended_by", "version"])


@undoable(VISIT_NOTE_ENDED)
def bring_back(note_id, *, by):
    notes = HomeVisitNote.objects.visible_to(by).filter(centre__in=by.centres_where("families.change"))
    note = notes.of_own_files(by).select_for_update(of=["self"]).filter(pk=note_id).first()
    if note is None:
        return "Dat kan niet meer."
    note.ended_at, note.ended_by = None, None
    note.version += 1
    note.save(update_fields=["ended_at", "ended_by", "version"])
    return "Dit aandachtspunt staat er weer bij."
