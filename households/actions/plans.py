"""What happens with the agreements of a family: each save is a new version, and every version is kept."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.undo import undoable
from buurtwerk.interface.templatetags.look import day as in_words
from households.models import Plan, PlanGoal, PlanStep

UNDO_SAVED, UNDO_TICKED = "households.plan-saved", "households.plan-step-ticked"
TOO_LATE_TO_UNDO = "Dat gaat niet meer: de afspraken zijn intussen aangepast."


def current(household, *, user, compartment=None):
    """The plan that counts now, of what is shared or of one luik; None when nothing was agreed yet."""
    plans = Plan.objects.visible_to(user).filter(household=household, compartment=compartment)
    return plans.with_steps().select_related("made_by").newest_first().first()


@transaction.atomic
def save_version(household, *, compartment=None, own_words, goals, by):
    """Keep what was agreed as a new version. `goals` are pairs of a text and the steps, not saved yet."""
    plan = Plan.objects.create(
        centre_id=household.centre_id, household=household, compartment=compartment, own_words=own_words, made_by=by
    )
    made = [PlanGoal(plan=plan, place=place, what=what) for place, (what, _) in enumerate(goals)]
    PlanGoal.objects.bulk_create(made)
    steps = []
    for goal, (_, of_goal) in zip(made, goals, strict=True):
        for place, step in enumerate(of_goal):
            step.goal, step.place = goal, place
            steps.append(step)
    PlanStep.objects.bulk_create(steps)
    return plan


@transaction.atomic
def tick(step, *, by):
    """Done; or not done after all."""
    done = step.done_on is None
    step.done_on, step.done_by = (timezone.localdate(), by) if done else (None, None)
    step.save(update_fields=["done_on", "done_by"])
    # Who has the page open to change it, is told.
    plan = step.goal.plan
    plan.version += 1
    plan.save(update_fields=["version"])


@undoable(UNDO_TICKED)
@transaction.atomic
def take_back_tick(step_id, *, by):
    steps = PlanStep.objects.filter(goal__plan__in=Plan.objects.visible_to(by)).select_related("goal__plan")
    step = steps.select_for_update(of=["self"]).filter(pk=step_id).first()
    if step is None or not _is_newest(step.goal.plan):
        return TOO_LATE_TO_UNDO
    tick(step, by=by)
    return "Ongedaan gemaakt."


@undoable(UNDO_SAVED)
@transaction.atomic
def take_back_version(plan_id, *, by):
    """The version before it counts again, as long as nothing was ticked or saved since."""
    plan = Plan.objects.visible_to(by).filter(pk=plan_id, made_by=by, version=1).select_related("household").first()
    if plan is None or not _is_newest(plan):
        return TOO_LATE_TO_UNDO
    plan.delete()
    return "Ongedaan gemaakt. De vorige afspraken gelden weer.", reverse("households:plan", args=[plan.household.code])


def _is_newest(plan):
    return plan == Plan.objects.filter(household=plan.household_id, compartment=plan.compartment_id).first()


def differences(before, after):
    """What changed from one version to the next, in sentences."""
    old, new = _lines(before), _lines(after)
    said = [f"Weg: {what}" for what in old if what not in new]
    said += [f"Nieuw: {what}" for what in new if what not in old]
    for what in (what for what in new if what in old):
        said += _changes_of(what, old[what], new[what])
    if before.own_words != after.own_words:
        said.append("De eigen woorden zijn aangepast.")
    return said


def _lines(plan):
    """Goals and steps by what they say; a goal has nobody."""
    lines = {goal.what: None for goal in plan.goals.all()}
    return lines | {step.what: step for step in plan.steps}


def _changes_of(what, old, new):
    if old is None or new is None:
        return
    if old.owner != new.owner:
        yield f"{what}: nu {new.owner} in plaats van {old.owner}"
    if old.due_on != new.due_on:
        yield f"{what}: tegen {in_words(new.due_on)}" if new.due_on else f"{what}: zonder dag"
    if old.is_done != new.is_done:
        yield f"Gedaan: {what}" if new.is_done else f"Toch nog te doen: {what}"
