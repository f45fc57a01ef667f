"""What a family asks, agrees and has a right to, as lines of its story."""

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Value, When
from django.db.models.functions import Concat, Greatest, TruncDate
from django.urls import reverse
from django.utils import timezone

from households import timeline
from households.models import HelpRequest, Plan, RightCheck

SAME_SAVE = 2


@timeline.register(knows_compartments=True)
def help_requests(household, *, user, limit, before):
    """When something was asked, and when it ended."""
    found = HelpRequest.objects.visible_to(user).told_in(household, household.compartment)
    found = found.select_related("created_by", "owner", "ended_by", "person")
    ended = TruncDate("ended_at")
    if before:
        # Of what ended later, the question itself may still be on this page.
        found = found.filter(asked_on__lt=before)
        ended = Case(When(ended_at__date__lt=before, then=ended))
    found = found.annotate(last=Greatest("asked_on", ended)).order_by("-last", "-pk")
    entries = [entry for asked in found[:limit] for entry in _help_entries(asked)]
    return [entry for entry in entries if before is None or entry.on < before]


@timeline.register(knows_compartments=True)
def plans(household, *, user, limit, before):
    found = Plan.objects.visible_to(user).told_in(household, household.compartment).newest_first()
    found = found.select_related("made_by", "compartment__person")
    if before:
        found = found.filter(made_at__date__lt=before)
    return [_plan_entry(plan, household) for plan in found[:limit]]


@timeline.register(knows_compartments=True)
def rights(household, *, user, limit, before):
    """Each time someone went through the list: one line, however much was answered."""
    found = RightCheck.objects.visible_to(user).told_in(household, household.compartment)
    if before:
        found = found.filter(answered_on__lt=before)
    found = found.values("answered_on", "at", "by__first_name", "by__username", "person__first_name")
    found = found.annotate(said=ArrayAgg(Concat("right__label", Value("|"), "state"), order_by="right__order"))
    return [_rights_entry(save, household) for save in found.order_by("-at")[:limit]]


def _help_entries(asked):
    yield timeline.Entry(
        on=asked.asked_on,
        order=int(asked.created_at.timestamp()) - SAME_SAVE,
        kind="help-request",
        icon="message-circle-question-mark",
        title=f"Hulpvraag van {asked.person.first_name}" if asked.person else "Hulpvraag",
        by=str(asked.created_by),
        text=asked.words,
        url=asked.get_absolute_url(),
        tags=(asked.theme_label, *((asked.get_status_display(),) if asked.is_open else ())),
    )
    if asked.ended_at:
        yield timeline.Entry(
            on=timezone.localdate(asked.ended_at),
            order=int(asked.ended_at.timestamp()),
            kind="help-request-ended",
            icon="circle-check",
            title=f"Hulpvraag {asked.get_status_display().lower()}: {asked.short}",
            by=str(asked.ended_by),
            text=asked.outcome,
            url=asked.get_absolute_url(),
        )


def _plan_entry(plan, household):
    whose = f" met {plan.compartment.person.first_name}" if plan.compartment else ""
    return timeline.Entry(
        on=timezone.localdate(plan.made_at),
        order=int(plan.made_at.timestamp()),
        kind="plan",
        icon="handshake",
        title=f"Nieuwe afspraken{whose}",
        by=str(plan.made_by),
        text=f"“{plan.own_words}”" if plan.own_words else "",
        url=reverse("households:plan-version", args=[household.code, plan.pk]) + _luik(plan.compartment_id),
    )


def _rights_entry(save, household):
    said = (each.rpartition("|") for each in save["said"])
    lines = [f"{right}: {RightCheck.State(state).label.lower()}" for right, _, state in said]
    whose = f" van {save['person__first_name']}" if save["person__first_name"] else ""
    return timeline.Entry(
        on=save["answered_on"],
        order=int(save["at"].timestamp()),
        kind="rights",
        icon="clipboard-check",
        title=f"Rechten{whose} overlopen",
        by=save["by__first_name"] or save["by__username"],
        text="\n".join(lines),
        url=reverse("households:help", args=[household.code]),
    )


def _luik(member_id):
    return f"?luik={member_id}" if member_id else ""
