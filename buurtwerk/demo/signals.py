"""Invented signals in the words of residents, spread over what can become of a signal."""

from datetime import timedelta

from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.demo.facts import rows
from buurtwerk.demo.people import HOOGLAND, MAARTENSDAL
from buurtwerk.places.models import Centre, Neighbourhood
from buurtwerk.places.numbering import next_code
from signals.actions import LOOK_AGAIN, first_look_by
from signals.codes import Resolution, Status, What
from signals.forms import proposed_summary
from signals.models import Signal, SignalEvent

NEW, TRIAGED, ASSIGNED, WAITING = Status.NEW, Status.TRIAGED, Status.ASSIGNED, Status.WAITING
CLOSED, REOPENED = Status.CLOSED, Status.REOPENED

# What becomes of a signal by its age in days: rows of that age take these in turn.
PATHS = [
    (6, [[]]),
    (12, [[], [TRIAGED]]),
    (30, [[TRIAGED, ASSIGNED], [TRIAGED, CLOSED], [TRIAGED, ASSIGNED, WAITING], [TRIAGED, CLOSED]]),
    (70, [[TRIAGED, CLOSED], [TRIAGED, ASSIGNED], [TRIAGED, ASSIGNED, CLOSED], [TRIAGED, ASSIGNED, WAITING]]),
    (149, [[TRIAGED, ASSIGNED, CLOSED], [TRIAGED, CLOSED]]),
    (999, [[TRIAGED, ASSIGNED, CLOSED, REOPENED]]),
]
DAYS_LATER = {TRIAGED: 1, ASSIGNED: 2, WAITING: 6, CLOSED: 12, REOPENED: 65}
WAITING_ON = ["de dienst openbare ruimte", "de huisvestingsmaatschappij", "de school"]
ENDINGS = [
    (Resolution.HELPED, "We gingen samen langs de dienst."),
    (Resolution.ANSWERED, "We gaven uitleg en een folder."),
    (Resolution.REFERRED, "Een partner neemt het over."),
    (Resolution.NOT_POSSIBLE, "Er is geen plaats meer dit schooljaar."),
]


def load_signals():
    """Add the signals that are missing, counted back from today; leave the others as people changed them."""
    demo = _Demo()
    known = set(Signal.objects.exclude(source_key=None).values_list("source_key", flat=True))
    for number, row in enumerate(rows("invented_signals"), start=1):
        if f"demo-{number}" not in known:
            demo.add(number, row)


class _Demo:
    def __init__(self):
        self.centres = {centre.slug: centre for centre in Centre.objects.filter(slug__in=[HOOGLAND, MAARTENSDAL])}
        self.buurten = {buurt.slug: buurt for buurt in Neighbourhood.objects.all()}
        team = {user.username: user for user in User.objects.filter(username__in=["els", "noor", "youssef"])}
        self.coordinator = team["els"]
        self.workers = {HOOGLAND: team["noor"], MAARTENSDAL: team["youssef"]}
        self.now = timezone.now()

    def add(self, number, row):
        where = MAARTENSDAL if row["neighbourhood"] == "sint-maartensdal" else HOOGLAND
        path = _path(number, int(row["days_ago"]))
        signal = self._signal(number, row, where, path)
        signal.save(force_insert=True)
        self._tell(signal, number, path, worker=self.workers[where])

    def _signal(self, number, row, where, path):
        received_at = self.now - timedelta(days=int(row["days_ago"]), hours=number % 6)
        received_on = timezone.localdate(received_at)
        theme, *extra = row["themes"].split(",")
        return Signal(
            centre=self.centres[where],
            reference=next_code("S", received_on.year),
            source_key=f"demo-{number}",
            received_at=received_at,
            moved_at=received_at,
            channel=row["channel"],
            kind=row["kind"],
            body=row["body_nl"],
            summary=proposed_summary(row["body_nl"]) if path else "",
            theme=theme,
            extra_themes=extra[:2],
            neighbourhood=self.buurten[row["neighbourhood"]],
            urgency=row["urgency"],
            told_by=row["told_by"],
            repeats="yes" if row["demo_cluster"] else "unknown",
            due_on=first_look_by(row["urgency"], received_on),
            created_by=self.workers[where],
            version=1 + len(path),
            **self._outcome(number, path, worker=self.workers[where]),
        )

    def _outcome(self, number, path, *, worker):
        status = path[-1] if path else NEW
        outcome = {"status": status}
        if ASSIGNED in path:
            outcome["assigned_to"] = worker
        if status == WAITING:
            outcome["waiting_on"] = WAITING_ON[number % len(WAITING_ON)]
        if status == CLOSED:
            outcome["resolution"] = ENDINGS[number % len(ENDINGS)][0]
        return outcome

    def _tell(self, signal, number, path, *, worker):
        """The events of the whole path; the last step of what is still going on lies some days back."""
        before, at, by = "", signal.received_at, worker
        events = [_event(signal, What.LOGGED, "", NEW, at, by)]
        for before, after in zip([NEW, *path], path, strict=False):
            at = signal.received_at + timedelta(days=DAYS_LATER[after])
            if after in (ASSIGNED, WAITING, REOPENED) and after == path[-1]:
                at = self.now - timedelta(days=1 + number % 8)
            by = self.coordinator if after in (TRIAGED, ASSIGNED) else worker
            events.append(_event(signal, What.MOVED, before, after, at, by, why=_why(signal, number, after)))
        SignalEvent.objects.bulk_create(events)
        signal.moved_at = at
        if signal.status in (ASSIGNED, WAITING, REOPENED):
            signal.due_on = timezone.localdate(at) + LOOK_AGAIN
        signal.save()


def _path(number, days):
    choices = next(paths for oldest, paths in PATHS if days <= oldest)
    return choices[number % len(choices)]


def _why(signal, number, status):
    if status == CLOSED:
        return ENDINGS[number % len(ENDINGS)][1]
    return {WAITING: signal.waiting_on, REOPENED: "Het probleem is er opnieuw."}.get(status, "")


def _event(signal, what, before, after, at, by, *, why=""):
    to = signal.assigned_to if after == ASSIGNED else None
    return SignalEvent(
        signal=signal, centre_id=signal.centre_id, what=what, before=before, after=after, at=at, by=by, to=to, why=why
    )
