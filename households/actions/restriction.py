"""Who may know of a family, and what must move along when that changes."""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.notices.models import Notice
from households.models import Contact, FollowUp
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
    return _take_over_follow_ups(household, readers)


def _take_over_follow_ups(household, readers):
    """Nothing open may belong to who does not see it any more: the vaste buurtwerker takes it over."""
    lost = household.follow_ups.open().exclude(assigned_to__in=readers).select_for_update()
    taken = list(lost)
    for follow_up in taken:
        follow_up.handed_over_by_id, follow_up.assigned_to_id = follow_up.assigned_to_id, household.primary_worker_id
        follow_up.version += 1
    FollowUp.objects.bulk_update(taken, ["handed_over_by", "assigned_to", "version"])
    return len(taken)


def _silence_notices(household, readers):
    """What still waits on somebody's Vandaag must not go on telling that the family exists."""
    about = Q(text__contains=household.code) | Q(url__contains=household.code)
    Notice.objects.unseen().filter(about).exclude(to__in=readers).update(seen_at=timezone.now())
