"""What one person has on their plate today, looked up across the apps."""

from datetime import timedelta

from django.utils import timezone

from activities.models import Session
from buurtwerk.drafts.models import Draft
from households.models import FollowUp, Referral
from signals.models import Signal

# Longer lists have pages of their own; Vandaag shows where to begin.
AT_MOST = 20


def follow_ups_of(user):
    """My open follow-ups until a week from now, in three groups that are named as people say them."""
    today = timezone.localdate()
    due = (
        FollowUp.objects.visible_to(user)
        .open()
        .of(user)
        .due_by(today + timedelta(days=7))
        .select_related("household", "handed_over_by")
        .only(
            "what",
            "due_on",
            "status",
            "waiting_on",
            "times_postponed",
            "version",
            "assigned_to_id",
            "centre_id",
            "household__code",
            "household__nickname",
            "handed_over_by__first_name",
            "handed_over_by__username",
        )
        .order_by("due_on", "pk")
    )
    due = list(due)
    return [
        ("Te laat", [each for each in due if each.due_on < today]),
        ("Vandaag", [each for each in due if each.due_on == today]),
        ("Deze week", [each for each in due if each.due_on > today]),
    ]


def moments_for(user):
    return Session.objects.visible_to(user).on(timezone.localdate()).select_related("series", "centre")[:AT_MOST]


def new_signals_for(user):
    return Signal.objects.visible_to(user).waiting_for_triage()[:AT_MOST]


def referrals_waiting_for(user):
    waiting = Referral.objects.visible_to(user).waiting().waiting_longest_first()
    return waiting.select_related("household", "organisation")[:AT_MOST]


def drafts_of(user):
    return Draft.objects.filter(user=user)[:AT_MOST]
