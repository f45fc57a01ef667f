"""What a family asks, agrees and has a right to, as lines of its story."""

from datetime import date, datetime, time

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Case, F, When
from django.db.models.functions import Greatest, JSONArray, JSONObject, TruncDate
from django.urls import reverse
from django.utils import timezone

from buurtwerk.themes import Theme
from households import timeline
from households.models import HelpRequest, Plan, RightCheck
from households.story import name_of

SAME_SAVE = 2


def _start_of(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def _help_entries(told, household):
    asked_at, status = timeline.moment(told["at"]), HelpRequest.Status(told["status"])
    url = reverse("households:help-request-detail", args=[told["id"]])
    is_open = told["ended_at"] is None
    yield timeline.Entry(
        on=date.fromisoformat(told["on"]),
        order=int(asked_at.timestamp()) - SAME_SAVE,
        kind="help-request",
        icon="message-circle-question-mark",
        title=f"Hulpvraag van {told['person']}" if told["person"] else "Hulpvraag",
        by=told["by"],
        text=told["words"],
        url=url,
        tags=(Theme(told["theme"]).label, *((status.label,) if is_open else ())),
    )
    if not is_open:
        yield timeline.entry_at(
            told["ended_at"],
            kind="help-request-ended",
            icon="circle-check",
            title=f"Hulpvraag {status.label.lower()}: {HelpRequest(words=told['words']).short}",
            by=told["ended_by"],
            text=told["outcome"],
            url=url,
        )


@timeline.register_light(entries=_help_entries, knows_compartments=True)
def help_requests(household, *, user, before):
    """When something was asked, and when it ended."""
    found = HelpRequest.objects.visible_to(user).told_in(household, household.compartment)
    ended = TruncDate("ended_at")
    if before:
        # Of what ended later, the question itself may still be on this page.
        found = found.filter(asked_on__lt=before)
        ended = Case(When(ended_at__date__lt=before, then=ended))
    told = JSONObject(
        id="pk",
        on="asked_on",
        at="created_at",
        person="person__first_name",
        words="words",
        theme="theme",
        status="status",
        outcome="outcome",
        ended_at="ended_at",
        by=name_of("created_by"),
        ended_by=name_of("ended_by"),
    )
    return found.annotate(told=told, newest=Greatest("asked_on", ended))


def _plan_entries(told, household):
    whose = told["person"]
    yield timeline.entry_at(
        told["at"],
        kind="plan",
        icon="handshake",
        title=f"Nieuwe afspraken met {whose}" if whose else "Nieuwe afspraken",
        by=told["by"],
        text=f"“{told['own_words']}”" if told["own_words"] else "",
        url=reverse("households:plan-version", args=[household.code, told["id"]]) + _luik(told["compartment"]),
    )


@timeline.register_light(entries=_plan_entries, knows_compartments=True)
def plans(household, *, user, before):
    found = Plan.objects.visible_to(user).told_in(household, household.compartment)
    if before:
        found = found.filter(made_at__lt=_start_of(before))
    told = JSONObject(
        id="pk",
        at="made_at",
        person="compartment__person__first_name",
        compartment="compartment_id",
        own_words="own_words",
        by=name_of("made_by"),
    )
    return found.annotate(told=told, newest=F("made_at"))


def _rights_entries(told, household):
    lines = [f"{right}: {RightCheck.State(state).label.lower()}" for right, state in told["said"]]
    whose = f" van {told['person']}" if told["person"] else ""
    yield timeline.Entry(
        on=date.fromisoformat(told["on"]),
        order=int(timeline.moment(told["at"]).timestamp()),
        kind="rights",
        icon="clipboard-check",
        title=f"Rechten{whose} overlopen",
        by=told["by"],
        text="\n".join(lines),
        url=reverse("households:help", args=[household.code]),
    )


@timeline.register_light(entries=_rights_entries, knows_compartments=True)
def rights(household, *, user, before):
    """Each time someone went through the list: one line, however much was answered."""
    found = RightCheck.objects.visible_to(user).told_in(household, household.compartment)
    if before:
        found = found.filter(answered_on__lt=before)
    said = JSONBAgg(JSONArray("right__label", "state"), order_by="right__order")
    told = JSONObject(on="answered_on", at="at", person="person__first_name", by=name_of("by"), said=said)
    one_save = found.values("answered_on", "at", "by", "by__first_name", "by__username", "person__first_name")
    return one_save.annotate(told=told, newest=F("at"))


def _luik(member_id):
    return f"?luik={member_id}" if member_id else ""
