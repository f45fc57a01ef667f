"""What the clock does with registrations: offers that ran out, draws, seats set free, and names that go."""

from datetime import timedelta

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from activities.actions.waiting import opened, settle, targets_due
from activities.messages import LINK
from activities.models import Attendance, Participant, Registration, RegistrationGroup, Session
from activities.targets import Target
from buurtwerk.accounts.models import SecureLink
from buurtwerk.daily.work import every_day

KEPT_FOR = timedelta(days=365)


@every_day("Wachtlijsten: aanbod dat voorbij is, lotingen en vrije plaatsen")
def turn_the_waiting_lists():
    """All are locked before the first is changed, so that this and a parent never wait for each other."""
    due, releasing = targets_due(), _releasing()
    for target in [*due, *releasing]:
        target.locked()
    for target in due:
        settle(opened(target))
    for target in releasing:
        target.count()
    return len(due)


def _releasing():
    """Moments whose seats with priority may be open to everyone by now."""
    sessions = Session.objects.planned().coming().filter(series__priority_seats__gt=0, taken__gt=0)
    soon = sessions.filter(starts_at__lt=timezone.now() + timedelta(days=8)).select_related("series").order_by("pk")
    return list(dict.fromkeys(Target.of_session(session) for session in soon))


@every_day("Namen weg van inschrijvingen van meer dan een jaar geleden")
def take_names_off():
    """Twelve months after the moment nobody needs to know who it was; how many there were stays."""
    long_ago = timezone.now() - KEPT_FOR
    of_series = Session.objects.filter(series=OuterRef("series")).values("series").annotate(last=Max("ends_at"))
    rows = Registration.objects.alias(series_ended=of_series.values("last")[:1]).filter(
        Q(session__ends_at__lt=long_ago)
        | Q(session=None, block__lt=long_ago.date() - timedelta(days=7))
        | Q(session=None, block=None, series_ended__lt=long_ago)
    )
    named = rows.filter(participant__isnull=False)
    groups = list(rows.exclude(group__contact_name="").values_list("group", flat=True).distinct())
    count = named.update(participant=None)
    RegistrationGroup.objects.filter(pk__in=groups).update(contact_name="", phone="", email="")
    SecureLink.objects.filter(purpose=LINK, subject_id__in=groups).delete()
    _forget_participants(long_ago)
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_names_of_activities()")
    return count


def _forget_participants(long_ago):
    """Who is registered nowhere any more, came nowhere, and is of no family that we follow."""
    registered = Registration.objects.filter(participant=OuterRef("pk"))
    came = Attendance.objects.filter(participant=OuterRef("pk"))
    gone = Participant.objects.filter(created_at__lt=long_ago).exclude(Exists(registered)).exclude(Exists(came))
    gone.filter(person=None).delete()
