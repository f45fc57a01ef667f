"""What one person has on their plate today, looked up across the apps."""

from datetime import timedelta

from django.utils import timezone

from activities.models import Session
from buurtwerk.drafts.models import Draft
from buurtwerk.notices.models import Notice
from households.actions.follow_ups import grouped
from households.days import next_week
from households.models import FollowUp, Referral
from signals.models import Signal

# Longer lists have pages of their own; Vandaag shows where to begin.
AT_MOST = 20
AT_MOST_TO_DO = 12


def follow_ups_of(user):
    """My open follow-ups until the end of the week: te laat, vandaag, deze week.

    Returns the groups, and whether there are more than Vandaag shows.
    """
    today = timezone.localdate()
    mine = FollowUp.objects.visible_to(user).open().of(user).due_by(next_week(today) - timedelta(days=1))
    first = list(mine.select_related("household", "handed_over_by")[: AT_MOST_TO_DO + 1])
    return grouped(first[:AT_MOST_TO_DO], today), len(first) > AT_MOST_TO_DO


def moments_for(user):
    return Session.objects.visible_to(user).on(timezone.localdate()).select_related("series", "centre")[:AT_MOST]


def new_signals_for(user):
    return Signal.objects.visible_to(user).waiting_for_triage(AT_MOST)


def referrals_waiting_for(user):
    waiting = Referral.objects.visible_to(user).waiting().waiting_longest_first()
    return waiting.select_related("household", "organisation")[:AT_MOST]


def drafts_of(user):
    return Draft.objects.filter(user=user)[:AT_MOST]


def notices_of(user):
    return Notice.objects.visible_to(user).unseen()[:AT_MOST]
