"""Who is expected at a moment and who is there: the one list behind the roll-call, the print sheet and the counts.

Being registered is not being there: rows come from both, and only a tick says that someone is present.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import cached_property

from activities.codes import Audience
from activities.models import Attendance, Registration
from activities.models.participant import ADULT_AT
from activities.needs import Needs, what_the_group_needs

State = Attendance.State
NOT_SEEN = (None, State.CLEARED)


@dataclass
class Row:
    """One participant of this moment."""

    participant: object
    is_expected: bool = False
    latest: Attendance | None = None
    needs: Needs | None = None

    @property
    def code(self):
        return self.participant.code

    @property
    def state(self):
        return self.latest.state if self.latest else None

    @property
    def is_here(self):
        return self.state == State.PRESENT

    @property
    def came(self):
        return self.state in Attendance.CAME

    @property
    def is_open(self):
        """Nobody said anything of this one yet."""
        return self.state in NOT_SEEN

    @property
    def marks(self):
        """Words with a picture: what a monitor must know at a glance."""
        return self.needs.marks if self.needs else []

    @property
    def alone_from(self):
        return self.needs.alone_from if self.needs else None

    @property
    def words(self):
        """What stands beside the name when there is more to say than a tick."""
        if self.is_here or self.is_open:
            return "" if self.is_expected else "niet verwacht"
        return self.latest.get_state_display().lower()


class Roll:
    def __init__(self, session, rows):
        self.session, self.rows = session, rows

    def find(self, code):
        return next((row for row in self.rows if row.code == code), None)

    @cached_property
    def here(self):
        return [row for row in self.rows if row.is_here]

    @cached_property
    def gone(self):
        return [row for row in self.rows if row.state == State.LEFT]

    @cached_property
    def not_come(self):
        return [row for row in self.rows if not row.came]

    @cached_property
    def to_fill_in(self):
        """Whom *Iedereen die verwacht is* would tick: never someone of whom something is known."""
        return [row for row in self.rows if row.is_expected and row.is_open]

    @property
    def expected(self):
        return sum(row.is_expected for row in self.rows)

    @property
    def says(self):
        """19 van 25 aanwezig"""
        more = [f"{len(self.gone)} naar huis"] if self.gone else []
        for state in (State.EXCUSED, State.ABSENT):
            count = sum(row.state == state for row in self.rows)
            more += [f"{count} {state.label.lower()}"] if count else []
        return ", ".join([f"{len(self.here)} van {len(self.rows)} aanwezig", *more])

    @property
    def newest(self):
        """The number of the newest row: an answer that was overtaken on the way is older than this."""
        return max((row.latest.pk for row in self.rows if row.latest), default=0)

    @property
    def codes_here(self):
        return " ".join(row.code for row in self.here)

    @property
    def codes(self):
        return " ".join(row.code for row in self.rows)

    @property
    def participant_ids(self):
        return [row.participant.pk for row in self.rows]


def roll_of(session):
    """The list of a moment, in the order of screen and paper: by first name. Two queries."""
    expected = Registration.objects.for_moment(session).filter(
        status=Registration.Status.CONFIRMED, participant__isnull=False
    )
    rows = {}
    for registration in expected.select_related("participant"):
        rows[registration.participant_id] = Row(registration.participant, is_expected=True)
    ticks = Attendance.objects.filter(session=session, participant__isnull=False)
    for tick in ticks.latest().select_related("participant", "by"):
        row = rows.get(tick.participant_id)
        if row:
            row.latest = tick
        elif tick.state != State.CLEARED:
            # Someone who dropped in; unticked again, the name leaves the list.
            rows[tick.participant_id] = Row(tick.participant, latest=tick)
    return Roll(session, sorted(rows.values(), key=lambda row: (row.participant.search_key, row.participant.pk)))


def mark(roll, user, rows=None):
    """Add to each row what this user must know of it: allergies, medication, who may fetch, from when alone."""
    rows = roll.rows if rows is None else rows
    needs = what_the_group_needs(roll.session, user, [row.participant for row in rows]) if rows else {}
    for row in rows:
        row.needs = needs.get(row.participant.pk)
    return roll


def goes_alone(row, series):
    """Whether this one needs nobody to go home now: grown-ups, and a child from the hour that its parents gave."""
    participant, hour = row.participant, row.alone_from
    if not participant.is_child and (participant.birth_year is not None or is_for_adults(series)):
        return True
    return hour is not None and timezone.localtime().time() >= hour


def is_for_adults(series):
    return series.age_min >= ADULT_AT or series.audience in (Audience.ADULTS, Audience.PARENTS, Audience.COMMITTEE)
