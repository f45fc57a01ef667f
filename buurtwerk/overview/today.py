"""What one person has on their plate today, looked up across the apps."""

from datetime import timedelta

from django.db.models import Case, F, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from activities.models import Session
from buurtwerk.drafts.models import Draft
from buurtwerk.notices.models import Notice
from households import offers
from households.actions.follow_ups import grouped
from households.days import next_week
from households.models import BreakGlass, FollowUp
from signals.models import Signal

# Longer lists have pages of their own; Vandaag shows where to begin.
AT_MOST = 6


def follow_ups_of(user):
    """My open follow-ups until the end of the week: te laat, vandaag, deze week.

    Returns the groups, and whether there are more than Vandaag shows.
    """
    today = timezone.localdate()
    mine = FollowUp.objects.visible_to(user).open().of(user).due_by(next_week(today) - timedelta(days=1))
    # So many of each: what is late never pushes away what is for today.
    when = Case(When(due_on__lt=today, then=Value(0)), When(due_on=today, then=Value(1)), default=Value(2))
    place = Window(RowNumber(), partition_by=when, order_by=[F("due_on").asc(), F("pk").asc()])
    first = mine.annotate(place=place).filter(place__lte=AT_MOST + 1)
    first = list(first.select_related("household", "handed_over_by", "offered_to"))
    groups = grouped([follow_up for follow_up in first if follow_up.place <= AT_MOST], today)
    return groups, any(follow_up.place > AT_MOST for follow_up in first)


def offers_to(user):
    """What colleagues ask me to take over: follow-ups and help requests."""
    return _first(offers.to(user, AT_MOST + 1))


def moments_for(user):
    return _first(Session.objects.visible_to(user).on(timezone.localdate()).select_related("series", "centre"))


def posted_today(user):
    """The moments of today where I stand myself."""
    today = Session.objects.visible_to(user).on(timezone.localdate())
    return list(today.filter(postings__user=user).exclude(status=Session.Status.SKIPPED))


def new_signals_for(user):
    return _first(Signal.objects.visible_to(user).waiting_for_triage(AT_MOST + 1))


def drafts_of(user):
    return _first(Draft.objects.shown_to(user))


def notices_of(user):
    return _first(Notice.objects.visible_to(user).unseen())


def glass_to_review_by(user):
    """Noodtoegang that nobody looked at yet: it stays here until someone does."""
    return BreakGlass.objects.to_review_by(user).select_related("user", "household")[:AT_MOST]


def _first(found):
    """The first few, and whether there are more."""
    found = list(found[: AT_MOST + 1])
    return {"first": found[:AT_MOST], "more": len(found) > AT_MOST}
