"""The waiting list: who is next, who was passed by and why. The target is locked from first to last."""

import hashlib
import secrets
from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from activities.messages import next_decent_hour, tell
from activities.models import Draw, Registration, RegistrationMove
from activities.targets import Target

Status = Registration.Status
What = RegistrationMove.What
# An offer that would leave less than this to answer is no offer.
SHORTEST = timedelta(minutes=5)


class NotPossible(Exception):
    """The message can be read by whoever tried."""


def opened(target):
    """The target, locked and with everything that was due by the clock done first."""
    target = target.locked()
    expired = _expire(target)
    drawn = _draw(target)
    if expired or drawn:
        settle(target)
    return target


def settle(target):
    """After any change: give free seats to who waits, and keep the count."""
    _offer_free_seats(target)
    target.count()


def units(registrations):
    """Who must get a seat together, who is next first: families, or each child apart when they said so."""
    rows = sorted(registrations, key=lambda one: (one.group_id, one.pk))
    of_group = [list(rows) for _, rows in groupby(rows, key=lambda one: one.group_id)]
    made = []
    for members in of_group:
        made += [members] if members[0].group.keep_together else [[one] for one in members]
    return sorted(made, key=_turn)


def _turn(unit):
    return not any(one.is_priority for one in unit), unit[0].rank, unit[0].pk


def waiting_units(target):
    return units(target.registrations.filter(status=Status.WAITLISTED).select_related("group"))


def _offer_free_seats(target):
    if not target.registrations.filter(status=Status.WAITLISTED).exists():
        return
    begins, until = offer_window(target)
    room, passed_by = target.room(), []
    for unit in waiting_units(target) if until else []:
        if room.left <= 0:
            break
        if not room.fits(unit):
            passed_by.append(unit)
            continue
        room.take(unit)
        give_seats(target, unit, passed_by=passed_by, until=until, begins=begins)
        passed_by = []


def offer_window(target, now=None):
    """When an offer begins and ends: by day, and with at most half of the time that is left until the moment."""
    begins = next_decent_hour(now or timezone.now())
    span = timedelta(hours=target.series.offer_hours)
    if target.begins_at:
        span = min(span, (target.begins_at - begins) / 2)
    return (begins, begins + span) if span >= SHORTEST else (begins, None)


def give_seats(target, unit, *, passed_by=(), until=None, begins=None, by=None):
    """Seats for who waited: offered until then, or theirs at once. The same for the clock and for a colleague."""
    for other in passed_by:
        log(target, other, What.SKIPPED, by=by)
    move(unit, Status.OFFERED if until else Status.CONFIRMED, until=until)
    log(target, unit, What.OFFERED if until else What.PLACED, until=until, by=by)
    tell(target, unit[0].group, "offered" if until else "confirmed", send_after=begins)


def move(unit, status, *, until=None):
    for registration in unit:
        registration.status, registration.status_at, registration.offered_until = status, timezone.now(), until
        registration.save(update_fields=["status", "status_at", "offered_until"])


def log(target, unit, what, *, until=None, by=None):
    group = unit[0].group
    RegistrationMove.objects.create(
        centre_id=group.centre_id, group=group, what=what, seats=len(unit), until=until, by=by, **target.key
    )


@transaction.atomic
def accept(target, registrations, *, by=None):
    """Say yes to an offer: by link, by phone or at the desk. Returns whether it still held."""
    target = opened(target)
    unit = _of(target, registrations, Status.OFFERED)
    if not unit:
        return False
    move(unit, Status.CONFIRMED)
    log(target, unit, What.ACCEPTED, by=by)
    settle(target)
    tell(target, unit[0].group, "confirmed", knows=True)
    return True


@transaction.atomic
def decline(target, registrations, *, by=None):
    """Say no to an offer: the seat goes to who is next. Returns whether it still held."""
    target = opened(target)
    unit = _of(target, registrations, Status.OFFERED)
    if not unit:
        return False
    move(unit, Status.DECLINED)
    log(target, unit, What.DECLINED, by=by)
    settle(target)
    return True


@transaction.atomic
def withdraw(target, registrations, *, by=None):
    """Out: one child or more of a group. Returns how many that was."""
    target = opened(target)
    unit = _of(target, registrations, *Registration.LIVE)
    if not unit:
        return 0
    move(unit, Status.WITHDRAWN)
    log(target, unit, What.WITHDRAWN, by=by)
    settle(target)
    tell(target, unit[0].group, "withdrawn", knows=True)
    return len(unit)


@transaction.atomic
def place(target, registration, *, by):
    """Give someone from the waiting list a seat by hand; who stands before them is named as passed by."""
    target = opened(target)
    waiting = waiting_units(target)
    unit = next((unit for unit in waiting if registration.pk in {one.pk for one in unit}), None)
    if unit is None:
        raise NotPossible("Deze inschrijving staat niet meer op de wachtlijst.")
    if target.room().left < len(unit):
        raise NotPossible("Er zijn niet genoeg plaatsen vrij. Maak eerst plaats, of geef meer plaatsen.")
    give_seats(target, unit, passed_by=waiting[: waiting.index(unit)], by=by)
    settle(target)


@transaction.atomic
def give_priority(target, registration, *, is_priority, by):
    target = opened(target)
    unit = list(_of(target, target.registrations.filter(group=registration.group_id), *Registration.LIVE))
    for one in unit:
        one.is_priority = is_priority
        one.save(update_fields=["is_priority"])
    if unit:
        log(target, unit, What.PRIORITY if is_priority else What.NO_PRIORITY, by=by)
        settle(target)


def _of(target, registrations, *statuses):
    """These registrations as they stand now, if they still stand like this."""
    ids = [one.pk for one in registrations]
    return list(target.registrations.filter(pk__in=ids, status__in=statuses).select_related("group").order_by("pk"))


def _expire(target):
    """Offers that nobody answered in time. Their seats are free again."""
    due = target.registrations.filter(status=Status.OFFERED, offered_until__lte=timezone.now())
    expired = units(due.select_related("group"))
    for unit in expired:
        move(unit, Status.EXPIRED)
        log(target, unit, What.EXPIRED)
    return bool(expired)


def _draw(target):
    """Once the hour of the draw has struck: lots for everyone who asked before it."""
    if target.series.draw_at is None or target.awaits_draw:
        return False
    asked = list(target.registrations.filter(status=Status.REQUESTED).select_related("group"))
    if not asked:
        return False
    seed, room, order = secrets.token_hex(16), target.room(), []
    for number, unit in enumerate(sorted(units(asked), key=lambda unit: (_turn(unit)[0], lot(seed, unit))), start=1):
        for one in unit:
            one.rank = number
            one.save(update_fields=["rank"])
        is_in = room.fits(unit)
        if is_in:
            room.take(unit)
        move(unit, Status.CONFIRMED if is_in else Status.WAITLISTED)
        log(target, unit, What.CONFIRMED if is_in else What.WAITLISTED)
        tell(target, unit[0].group, "confirmed" if is_in else "waitlisted", send_after=next_decent_hour(timezone.now()))
        order.append([unit[0].group.code, len(unit), is_in])
    Draw.objects.create(centre_id=target.series.centre_id, seed=seed, outcome=order, **target.key)
    return True


def lot(seed, unit):
    """The lot of a family: anyone with the seed can work it out again."""
    code = unit[0].group.code
    key = code if unit[0].group.keep_together else f"{code}-{unit[0].pk}"
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def targets_due():
    """Where an offer ran out, a draw is due, or someone waits while the clock may have freed a seat."""
    waits = Registration.objects.filter(status__in=[Status.OFFERED, Status.REQUESTED, Status.WAITLISTED])
    rows = waits.select_related("series", "session__series").order_by("series_id", "session_id", "block")
    rows = rows.distinct("series_id", "session_id", "block")
    found = [Target(row.session.series if row.session else row.series, row.session, row.block) for row in rows]
    return [target for target in found if target.is_open]
