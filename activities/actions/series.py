"""Work on series and the moments that follow from them."""

from django.db import transaction
from django.utils import timezone

from activities.generation import at_any_hour, generate, locked, replan, start_of
from activities.models import SeriesException


@transaction.atomic
def plan_series(series, *, dates=(), staff=(), by=None):
    """Keep a new series, with who stands there and its typed dates, and make its moments of this school year."""
    series.save()
    series.staff.set(staff)
    name_dates(series, dates, by=by)
    return generate(series)


@transaction.atomic
def change_series(series, *, dates=None, with_people=False, by=None):
    """Keep a changed series and bring its coming moments in line; those with people in them only `with_people`."""
    series.save()
    if dates is not None:
        name_dates(series, dates, by=by)
    return replan(series, with_people=with_people)


def name_dates(series, dates, *, by):
    """These are the coming dates that people named for this series; what is past stays as it was."""
    add, today = SeriesException.Action.ADD, timezone.localdate()
    known = {one.original_start.date(): one for one in series.exceptions.all()}
    for day in sorted(set(dates)):
        if day not in known:
            series.exceptions.create(original_start=start_of(series, day), action=add, by=by)
        elif known[day].action != add:
            known[day].action, known[day].reason = add, ""
            known[day].save()
    for day, one in known.items():
        if one.action == add and day >= today and day not in dates:
            one.delete()


def what_if(do, *args, **options):
    """The outcome of an action of which nothing is kept."""
    with transaction.atomic():
        outcome = do(*args, **options)
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def take_over_phase(series):
    """Once the first day of other hours is there, they are the hours of the series."""
    series = locked(series)
    begun = series.phases.filter(from_day__lte=timezone.localdate())
    phase = begun.order_by("from_day").last()
    if phase:
        series.local_start, series.local_end = phase.local_start, phase.local_end
        series.capacity = phase.capacity or series.capacity
        series.version += 1
        series.save(update_fields=["local_start", "local_end", "capacity", "version"])
        begun.delete()


def exception_on(series, day):
    """What people decided about one date."""
    return series.exceptions.filter(original_start__range=at_any_hour(day)).first()


def moment_on(series, day):
    return series.sessions.filter(original_start__range=at_any_hour(day)).first()
