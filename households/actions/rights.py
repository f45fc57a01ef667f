"""Going through the rights of a family, and what that says about a neighbourhood."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from buurtwerk.drafts.undo import undoable
from buurtwerk.interface.figures import HIDDEN, suppress_small_cells
from households.models import Household, Right, RightCheck

State = RightCheck.State
UNDO_ANSWERED = "households.rights-answered"
WITHOUT_BUURT = "zonder"


@dataclass
class Line:
    """One right of one family: what they last said, as a family and for each person."""

    right: Right
    answers: list = field(default_factory=list)

    @property
    def is_to_ask(self):
        return any(answer.is_to_ask for answer in self.answers)


def overview(household, *, user):
    """Every right of the list with its last answers; rights to ask again first."""
    answers = {}
    found = RightCheck.objects.visible_to(user).told_in(household, household.compartment).current()
    for check in found.select_related("person", "by"):
        answers.setdefault(check.right_id, []).append(check)
    shown = Right.objects.active() | Right.objects.filter(pk__in=answers)
    lines = [Line(right, answers.get(right.pk, [])) for right in shown]
    return sorted(lines, key=lambda line: not line.is_to_ask)


def newest_of(household, *, person=None):
    """The last answer for each right, of the family or of one person of it."""
    checks = RightCheck.objects.filter(household=household, person=person)
    return {check.right_id: check for check in checks.current().select_related("by")}


def rights_to_ask(user):
    """What this colleague may ask again today, in their own families."""
    return RightCheck.objects.to_ask(user).select_related("right", "household", "person")


@transaction.atomic
def answer(household, *, person=None, answers, by):
    """Keep what changed. `answers` are dicts with right, state, reason and next_ask_on. Returns the rows."""
    now, today = timezone.now(), timezone.localdate()
    checks = [
        RightCheck(
            centre_id=household.centre_id,
            household=household,
            person=person,
            answered_on=today,
            at=now,
            by=by,
            **each,
        )
        for each in answers
    ]
    return RightCheck.objects.bulk_create(checks)


@undoable(UNDO_ANSWERED)
@transaction.atomic
def take_back_answers(check_id, *, by):
    """All that was answered in one save, as long as nobody answered since."""
    last = RightCheck.objects.visible_to(by).filter(pk=check_id, by=by).first()
    if last is None:
        return "Dat gaat niet meer."
    same_list = RightCheck.objects.filter(household=last.household_id, person=last.person_id)
    if same_list.filter(at__gt=last.at).exists():
        return "Dat gaat niet meer: er kwam intussen een antwoord bij."
    same_list.filter(at=last.at, by=by).delete()
    return "Ongedaan gemaakt. De rechten staan weer zoals ze waren."


# For policy: how it stands in a neighbourhood


@dataclass
class Figures:
    """How many families say what, with nothing small enough to point at one of them."""

    states: dict
    reasons: dict
    families: int | None


def families_for_figures(user):
    """The families that count: followed, of the centres that this user oversees."""
    overseen = Household.objects.visible_to(user).filter(centre__in=user.centres_where("families.oversee"))
    return overseen.followed()


def figures(families):
    """Right by state and right by reason. The last answer of a family counts, whoever of them gave it."""
    rights = list(Right.objects.active())
    total = families.count()
    states, reasons = Counter(), Counter()
    checks = RightCheck.objects.filter(household__in=families, right__in=rights)
    checks = checks.order_by("household_id", "right_id", "-at", "-pk").distinct("household_id", "right_id")
    for right, state, reason in checks.values_list("right", "state", "reason"):
        states[right, state] += 1
        reasons[right, reason] += state == State.DECLINED
    for right in rights:
        answered = sum(states[right.pk, state] for state in State.values if state != State.NOT_DISCUSSED)
        states[right.pk, State.NOT_DISCUSSED] = total - answered
    by_state = suppress_small_cells(_table(rights, State.values, states))
    by_reason = suppress_small_cells(_table(rights, [*RightCheck.Reason.values, ""], reasons))
    for right in rights:
        # A hidden count may not come back as the sum of its reasons.
        if by_state[right][State.DECLINED] is HIDDEN:
            by_reason[right] = dict.fromkeys(by_reason[right], HIDDEN)
    return Figures(by_state, by_reason, total if total == 0 or total >= 5 else HIDDEN)


def _table(rights, columns, counts):
    return {right: {column: counts[right.pk, column] for column in columns} for right in rights}
