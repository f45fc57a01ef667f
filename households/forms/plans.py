"""What a family and we agree: goals with their steps, on one simple page that works without scripts."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.sensitive import GuardedText
from households.days import FURTHEST
from households.forms.follow_ups import colleagues
from households.models import Plan, PlanGoal, PlanStep
from partners.models import Organisation

Who = PlanStep.Who
MOST_GOALS, MOST_STEPS = 6, 8
GOAL, STEP = re.compile(r"g(\d)-what"), re.compile(r"g(\d)s(\d)-what")
FAMILY, PARTNER = "family", "partner"


def _line_of(model, name, label):
    """The field of the model, with its own checks; a row may stay empty."""
    field = model._meta.get_field(name)
    return field.formfield(label=label, required=False, validators=field.validators)


class GoalForm(GuardedText, forms.Form):
    what = _line_of(PlanGoal, "what", "Wat wil het gezin")

    def clean(self):
        cleaned = super().clean()
        has_steps = any(step.data.get(step.add_prefix("what"), "").strip() for step in self.steps)
        if has_steps and not cleaned.get("what") and "what" not in self.errors:
            self.add_error("what", "Schrijf bij deze stappen wat het gezin wil.")
        return cleaned


class StepForm(GuardedText, forms.Form):
    what = _line_of(PlanStep, "what", "Wat")
    who = forms.ChoiceField(label="Wie", required=False)
    partner = forms.CharField(
        label="Welke partner", max_length=120, required=False, widget=forms.TextInput({"list": "partners"})
    )
    due_on = forms.DateField(
        label="Tegen wanneer",
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"invalid": "Kies een dag, zoals 24/12/2026."},
    )
    done = forms.BooleanField(label="Gedaan", required=False)

    def __init__(self, *args, people, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.people, self.partners = people, partners
        self.fields["who"].choices = [("", "Kies"), *people.choices]
        self.fields["who"].error_messages["invalid_choice"] = "Kies iemand uit de lijst."

    def clean_due_on(self):
        day, today = self.cleaned_data["due_on"], timezone.localdate()
        if day and not today - FURTHEST <= day <= today + FURTHEST:
            raise ValidationError("Kies een dag binnen de twee jaar.")
        return day

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("what"):
            if (cleaned.get("partner") or cleaned.get("due_on")) and "what" not in self.errors:
                self.add_error("what", "Schrijf wat er gebeurt, of maak de hele regel leeg.")
            return cleaned
        if not cleaned.get("who") and "who" not in self.errors:
            self.add_error("who", "Kies wie dit doet.")
        if cleaned.get("who") == PARTNER and "partner" not in self.errors:
            cleaned["organisation"] = self.partners.get(cleaned["partner"].casefold())
            if cleaned["organisation"] is None:
                self.add_error("partner", "Kies een organisatie uit de lijst.")
        return cleaned

    def step(self, *, by, before):
        """The step that was typed, not saved yet; None for an empty row. Who ticked it before, stays who did."""
        cleaned = self.cleaned_data
        if not cleaned["what"]:
            return None
        step = PlanStep(what=cleaned["what"], due_on=cleaned["due_on"], **self._owner())
        if cleaned["done"]:
            earlier = next((each for each in before if each.what == step.what and each.is_done), None)
            step.done_on = earlier.done_on if earlier else timezone.localdate()
            step.done_by = earlier.done_by if earlier else by
        return step

    def _owner(self):
        who = self.cleaned_data["who"]
        if who == PARTNER:
            return {"who": Who.PARTNER, "organisation": self.cleaned_data["organisation"]}
        return self.people.owner_of(who)


class People:
    """Who can take a step: the residents, the colleagues, or a partner."""

    def __init__(self, household, *, plan, compartment):
        # What is shared is agreed with all of them; in a luik the other adults have no step.
        hidden = household.people_with_compartment - {compartment.person_id} if compartment else set()
        members = household.members.current().select_related("person").exclude(person__in=hidden)
        residents = {member.person_id: member.person for member in members}
        workers = {user.pk: user for user in colleagues(household.centre_id)}
        # Who left meanwhile stays with the step they took.
        for step in plan.steps if plan else []:
            residents |= {step.resident_id: step.resident} if step.resident else {}
            workers |= {step.worker_id: step.worker} if step.worker else {}
        self.residents, self.workers = residents, workers

    @property
    def choices(self):
        return [
            (FAMILY, "Het gezin"),
            *((f"p{pk}", person.first_name) for pk, person in self.residents.items()),
            *((f"w{pk}", str(user)) for pk, user in self.workers.items()),
            (PARTNER, "Een partner"),
        ]

    def owner_of(self, code):
        if code == FAMILY:
            return {"who": Who.RESIDENT}
        number = int(code[1:])
        if code.startswith("p"):
            return {"who": Who.RESIDENT, "resident": self.residents[number]}
        return {"who": Who.WORKER, "worker": self.workers[number]}

    @staticmethod
    def code_of(step):
        if step.who == Who.PARTNER:
            return PARTNER
        if step.who == Who.WORKER:
            return f"w{step.worker_id}"
        return f"p{step.resident_id}" if step.resident_id else FAMILY


class PlanForm(SaveOnceForm):
    """The whole page. `typed` is what stands in a draft, or what was typed before asking for one more row."""

    own_words = Plan._meta.get_field("own_words").formfield(
        label="In eigen woorden",
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Een zin van de bewoner zelf. Ze komt bovenaan op het blad.",
        validators=Plan._meta.get_field("own_words").validators,
    )
    loaded = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Laad de pagina opnieuw."})

    def __init__(self, data=None, *, household, plan, compartment=None, typed=None, more=""):
        super().__init__(data)
        self.plan, self.theirs = plan, []
        self.fields["own_words"].initial = plan.own_words if plan else ""
        self.fields["loaded"].initial = _stamp(plan)
        if typed:
            self.initial = {name: typed[name][-1] for name in ("own_words", "loaded") if typed.get(name)}
        self.people = People(household, plan=plan, compartment=compartment)
        self.partners = {each.name.casefold(): each for each in self._organisations(plan)}
        lines = _lines_typed(data if data is not None else typed) if data is not None or typed else _lines_of(plan)
        if data is None:
            lines = _with_room(lines, more)
        self.goals = [self._goal(number, goal, data) for number, goal in enumerate(lines)]
        if not self.is_bound and more:
            self._focus(more)

    def _organisations(self, plan):
        kept = [step.organisation_id for step in plan.steps] if plan else []
        return (Organisation.objects.active() | Organisation.objects.filter(pk__in=kept)).order_by("name")

    def _goal(self, number, line, data):
        goal = GoalForm(data, prefix=f"g{number}", initial=line)
        goal.number = number
        goal.steps = [
            StepForm(data, prefix=f"g{number}s{place}", initial=step, people=self.people, partners=self.partners)
            for place, step in enumerate(line["steps"])
        ]
        goal.has_room = len(goal.steps) < MOST_STEPS
        return goal

    def _focus(self, more):
        goal = self.goals[-1] if more == "goal" else next((g for g in self.goals if f"g{g.number}" == more), None)
        if goal:
            field = goal.fields["what"] if more == "goal" else goal.steps[-1].fields["what"]
            field.widget.attrs["autofocus"] = True

    @property
    def has_room(self):
        return len(self.goals) < MOST_GOALS

    @property
    def parts(self):
        return [part for goal in self.goals for part in (goal, *goal.steps)]

    @property
    def wrong(self):
        """The fields of goals and steps with a problem, for the summary above."""
        return [part[name] for part in self.parts if part.is_bound for name in part.errors if name in part.fields]

    def is_valid(self):
        parts = [part.is_valid() for part in self.parts]
        return super().is_valid() and all(parts) and self._says_something()

    def _says_something(self):
        if self.cleaned_data["own_words"] or any(goal.cleaned_data["what"] for goal in self.goals):
            return True
        self.add_error(None, "Schrijf minstens één afspraak op, of een zin van de bewoner.")
        return False

    def is_overtaken(self):
        """Someone else saved or ticked meanwhile: show what stands there now, and ask once more."""
        if self.cleaned_data["loaded"] == _stamp(self.plan):
            return False
        self.theirs = _in_words(self.plan)
        self.data = self.data.copy()
        self.data["loaded"] = _stamp(self.plan)
        self.add_error(
            None, "Iemand anders bewaarde dit intussen. Wat jij typte, staat er nog. Vergelijk en bewaar opnieuw."
        )
        return True

    def agreed(self, *, by):
        """The goals with their steps, as `actions.plans.save_version` takes them; empty rows are left out."""
        before = self.plan.steps if self.plan else []
        goals = []
        for goal in self.goals:
            steps = [step for form in goal.steps if (step := form.step(by=by, before=before))]
            if goal.cleaned_data["what"]:
                goals.append((goal.cleaned_data["what"], steps))
        return goals


def _stamp(plan):
    """Which version, and whether something was ticked in it since."""
    return f"{plan.pk}.{plan.version}" if plan else "0"


def _lines_of(plan):
    def line(step):
        return {
            "what": step.what,
            "who": People.code_of(step),
            "partner": str(step.organisation or ""),
            "due_on": step.due_on,
            "done": step.is_done,
        }

    goals = plan.goals.all() if plan else []
    return [{"what": goal.what, "steps": [line(step) for step in goal.steps.all()]} for goal in goals]


def _lines_typed(typed):
    """The rows that a page sent, however many; empty ones too, so that nothing jumps."""
    values = {name: (typed.getlist(name) if hasattr(typed, "getlist") else typed[name]) for name in typed}
    last = {name: texts[-1] if texts else "" for name, texts in values.items()}
    goals = sorted({int(found[1]) for name in last if (found := GOAL.fullmatch(name))})[:MOST_GOALS]
    lines = []
    for goal in range(max(goals, default=0) + 1 if goals else 1):
        steps = [int(found[2]) for name in last if (found := STEP.fullmatch(name)) and int(found[1]) == goal]
        rows = [_row(last, f"g{goal}s{place}") for place in range(min(max(steps, default=0) + 1, MOST_STEPS))]
        lines.append({"what": last.get(f"g{goal}-what", ""), "steps": rows})
    return lines[:MOST_GOALS]


def _row(last, prefix):
    return {name: last.get(f"{prefix}-{name}", "") for name in ("what", "who", "partner", "due_on", "done")}


def _with_room(lines, more):
    """One empty step below each goal, and a goal to begin with; `more` says what someone asked for."""
    for number, line in enumerate(lines):
        is_asked = more == f"g{number}"
        if len(line["steps"]) < MOST_STEPS and (is_asked or not line["steps"] or line["steps"][-1]["what"]):
            line["steps"].append({})
    if (not lines or more == "goal") and len(lines) < MOST_GOALS:
        lines.append({"what": "", "steps": [{}, {}]})
    return lines


def _in_words(plan):
    if plan is None:
        return [("Afspraken", "Er staan geen afspraken meer.")]
    said = [("In eigen woorden", plan.own_words)] if plan.own_words else []
    for goal in plan.goals.all():
        steps = [f"{'✓ ' if step.is_done else ''}{step.what} ({step.owner})" for step in goal.steps.all()]
        said.append((goal.what, "\n".join(steps) or "Nog geen stappen"))
    return said
