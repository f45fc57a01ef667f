"""What happens to the planning by the clock, and the heartbeat that shows that it happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from activities.actions.series import take_over_phase
from activities.generation import Facts, replan
from activities.models import ActivitySeries, SeriesPhase
from activities.wording import moments
from buurtwerk.daily.models import Run
from buurtwerk.daily.work import every_day

LABEL = "Momenten van de activiteiten gepland"
TOO_LONG = timedelta(days=2)


@every_day(LABEL)
def plan_moments():
    """Make what is missing up to the end of the school year, and follow closings and holidays that changed.

    Moments with people in them and those that someone changed by hand stay as they are.
    """
    today = timezone.localdate()
    for phase in SeriesPhase.objects.filter(from_day__lte=today).select_related("series"):
        take_over_phase(phase.series)
    facts, made, skipped, changed = Facts(), 0, 0, 0
    for series in ActivitySeries.objects.filter(Q(until=None) | Q(until__gte=today)).order_by("pk"):
        replanned = replan(series, rule_counts=False, facts=facts)
        made, skipped = made + replanned.added, skipped + replanned.skipped
        changed += replanned.changed
    if skipped or changed:
        return f"{made} gemaakt, {skipped} overgeslagen, {changed} aangepast"
    return made


@dataclass(frozen=True)
class Heartbeat:
    at: datetime | None = None
    made: str = ""
    failed: bool = False

    @property
    def outcome(self):
        return f"{moments(int(self.made))} gemaakt" if self.made.isdigit() else self.made

    @property
    def is_late(self):
        return self.failed or self.at is None or self.at < timezone.now() - TOO_LONG


def heartbeat():
    """When the planning was last done by the clock, and what it made."""
    run = Run.objects.first()
    part = next((part for part in run.done if part["label"] == LABEL), None) if run else None
    if part is None:
        return Heartbeat()
    return Heartbeat(run.at, str(part["result"]), part["failed"])
