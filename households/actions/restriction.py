"""Who may know of a family, and what must move along when that changes."""

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.notices.models import Notice
from households.models import Contact
from households.readers import readers_of


def may_restrict(user, household):
    """The file team and the coordinator; never who only broke the glass."""
    return household.is_in_file_team(user) or user.may("families.oversee", household.centre_id)


@transaction.atomic
def change_readers(form, *, by):
    """Keep who sees this family. Returns how many open follow-ups went to the vaste buurtwerker."""
    before = set(form.instance.colleagues.values_list("pk", flat=True))
    household = form.save()
    # What was known of it before is asked anew.
    household.__dict__.pop("colleague_ids", None)
    household.__dict__.pop("given_colleagues", None)
    Notice.objects.tell(
        *[colleague for colleague in household.colleagues.all() if colleague.pk not in before],
        text=f"{household.code}: je leest dit dossier nu mee.",
        url=reverse("households:detail", args=[household.code]),
        by=by,
    )
    if not household.restricted:
        return 0
    readers = {reader.user.pk for reader in readers_of(household, Contact.Visibility.FILE)}
    _silence_notices(household, readers)
    _end_offers(household, readers)
    taken = _take_over(household.follow_ups.open(), "assigned_to", household, readers)
    _take_over(household.help_requests.open(), "owner", household, readers)
    return taken


def _end_offers(household, readers):
    """Who may not know of the family any more, cannot take anything of it over."""
    for open_ones in (household.follow_ups.open(), household.help_requests.open()):
        offered = open_ones.exclude(offered_to=None).exclude(offered_to__in=readers)
        offered.update(offered_to=None, version=F("version") + 1)


def _take_over(open_ones, owner, household, readers):
    """Nothing open may belong to who does not see it any more: the vaste buurtwerker takes it over.

    At once and unasked: it is their file, and until they said yes it would be with someone who cannot see it.
    """
    taken = list(open_ones.exclude(**{f"{owner}__in": readers}).select_for_update())
    for subject in taken:
        subject.handed_over_by_id = getattr(subject, f"{owner}_id")
        setattr(subject, f"{owner}_id", household.primary_worker_id)
        subject.offered_to = None
        subject.version += 1
    open_ones.model.objects.bulk_update(taken, ["handed_over_by", owner, "offered_to", "version"])
    return len(taken)


def _silence_notices(household, readers):
    """What still waits on somebody's Vandaag must not go on telling that the family exists."""
    about = Q(text__contains=household.code) | Q(url__contains=household.code)
    others = Notice.objects.unseen().filter(about).exclude(to__in=readers)
    with asking_everything():
        others.update(seen_at=timezone.now())
