"""Breaking the glass: half an hour in one file, for a reason, and never in silence."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households.models import BreakGlass, Household, SealedNote

MOST_TRIES, TRIES_WITHIN = 5, timedelta(days=1)


def has_use_of_glass(user, household):
    """A colleague who does not read the file; a coordinator, for what was sealed."""
    if not user.may("files.break_glass", household.centre_id):
        return False
    return user.may("families.oversee", household.centre_id) or not household.is_read_by(user)


def find_anywhere(code, *, by):
    """The family with this code in the centres where one may break the glass, also when it is restricted.

    The only place that looks past what someone may know. Whatever it finds is told to the coordinators at once.
    """
    with asking_everything():
        families = Household.objects.filter(code=code, centre__in=by.centres_where("files.break_glass"))
        return families.filter(merged_into=None).exclude(status=Household.Status.ERASED).first()


def tried_too_often(user):
    """Whether someone typed too many codes that opened nothing."""
    tries = Access.objects.filter(user=user, action=Access.Action.BREAK_GLASS, record_ids=[])
    return tries.filter(at__gt=timezone.now() - TRIES_WITHIN).count() >= MOST_TRIES


@transaction.atomic
def break_glass(request, household, *, ground, reason):
    """Open one file for half an hour, and tell everyone it concerns."""
    by, now = request.user, timezone.now()
    glass = BreakGlass.objects.create(
        centre_id=household.centre_id,
        household=household,
        user=by,
        ground=ground,
        reason=reason,
        at=now,
        until=now + timedelta(minutes=BreakGlass.MINUTES),
    )
    _record(request, [household.pk], household.centre_id, f"{glass.get_ground_display()}: {reason}")
    text = f"{by} opende {household.code} met noodtoegang: {glass.get_ground_display().lower()}."
    coordinators = coordinators_of([household.centre_id])
    Notice.objects.tell(*coordinators, text=text, url=reverse("households:digest"), by=by)
    file_team = {household.primary_worker, household.backup_worker} - set(coordinators)
    Notice.objects.tell(*file_team, text=text, url=reverse("households:access", args=[household.code]), by=by)
    if by.may("families.oversee", household.centre_id):
        _tell_authors_of_sealed_notes(household, text, by)
    return glass


@transaction.atomic
def note_failed_try(request, *, code, reason):
    """A code that opened nothing leaves as much behind as one that did: nobody finds out in silence what exists."""
    centres = request.user.centres_where("files.break_glass")
    for centre_id in centres:
        _record(request, [], centre_id, reason)
    shown = code if code.startswith("HH-") and code[3:].replace("-", "").isdigit() else "een onbekende code"
    Notice.objects.tell(
        *coordinators_of(centres),
        text=f"{request.user} vroeg noodtoegang met {shown}. Er ging geen dossier open.",
        url=reverse("households:digest"),
        by=request.user,
    )


def close(glass):
    """Put an end to it before the half hour is over."""
    glass.until = timezone.now()
    glass.save(update_fields=["until"])


@transaction.atomic
def mark_seen(glass, *, by):
    if glass.seen_at is None:
        glass.seen_at, glass.seen_by = timezone.now(), by
        glass.save(update_fields=["seen_at", "seen_by"])


def coordinators_of(centres):
    """Who reviews these centres."""
    roles = RIGHTS["files.review"].roles
    reviewing = User.objects.filter(membership__centre__in=centres, membership__role__in=roles, is_active=True)
    return list(reviewing.distinct())


def _record(request, ids, centre_id, reason):
    Access.objects.record(
        request,
        action=Access.Action.BREAK_GLASS,
        record_type="household",
        ids=ids,
        centre_id=centre_id,
        reason=reason[:300],
    )


def _tell_authors_of_sealed_notes(household, text, by):
    """With the glass broken, the coordinator sees which notes were sealed; who sealed them must know it now."""
    authors = User.objects.filter(pk__in=SealedNote.objects.filter(household=household).values("author"))
    told = {household.primary_worker_id, household.backup_worker_id}
    Notice.objects.tell(
        *authors.exclude(pk__in=told - {None}),
        text=f"{text} Ook een verzegelde nota van jou kan gelezen zijn.",
        url=reverse("overview:today"),
        by=by,
    )
