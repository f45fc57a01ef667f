"""What happens with support figures, in one transaction each."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from buurtwerk.drafts.undo import undoable
from households.models import SupportLink

SUPPORT_ADDED = "households.support-added"
SUPPORT_ENDED = "households.support-ended"


@transaction.atomic
def end(link):
    """No longer somebody to lean on, from today on; what was, stays to be read."""
    link.until = timezone.localdate()
    if link.since:
        link.since = min(link.since, link.until)
    link.version += 1
    link.save(update_fields=["since", "until", "version"])


@undoable(SUPPORT_ADDED)
def take_away(link_id, *, by):
    link = _link(link_id, by)
    if link is None:
        return "Deze steunfiguur is al weg."
    link.delete()
    return "Deze steunfiguur is niet toegevoegd."


@undoable(SUPPORT_ENDED)
def bring_back(link_id, *, by):
    link = _link(link_id, by)
    if link is None:
        return "Dat kan niet meer."
    SupportLink.objects.filter(pk=link.pk).update(until=None, version=F("version") + 1)
    return "Deze steunfiguur staat er weer bij."


def _link(link_id, by):
    links = SupportLink.objects.visible_to(by).filter(centre__in=by.centres_where("families.change"))
    return links.select_for_update(of=["self"]).filter(pk=link_id).first()
