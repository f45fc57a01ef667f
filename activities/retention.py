"""The card of a child is erased three months after the school year in which it last took part. Counts stay."""

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from activities.actions.care import school_year_began
from activities.models import (
    Attendance,
    CareChange,
    CareConsent,
    Carer,
    CareSheet,
    Participant,
    PickupPerson,
    Registration,
    Session,
)
from buurtwerk.accounts.models import SecureLink
from buurtwerk.daily.work import every_day
from households import fixed_terms

KEPT_FOR = relativedelta(months=3)
LABEL = "Kindfiches: zorg, afhalers, zorgfiguren en toestemmingen"
GROUND = "Drie maanden na het schooljaar waarin het kind laatst was ingeschreven of aanwezig was. De tellingen blijven."

fixed_terms.register(LABEL, ground=GROUND)


def first_day_that_counts(today=None):
    """Who took part on this day or later, keeps its card: three months after a school year, that year is over."""
    return school_year_began((today or timezone.localdate()) - KEPT_FOR)


def past_their_term(today=None):
    """The participants with something on their card, who did nothing since the first day that counts."""
    day = first_day_that_counts(today)
    parts = [
        CareSheet.objects,
        CareConsent.objects,
        CareChange.objects,
        Carer._base_manager,
        PickupPerson._base_manager,
    ]
    has_card = Q()
    for rows in parts:
        has_card |= Exists(rows.filter(participant=OuterRef("pk")))
    since = Q(session__starts_at__date__gte=day)
    seen = Attendance.objects.filter(since, participant=OuterRef("pk"))
    later = Session.objects.filter(series=OuterRef("series"), starts_at__date__gte=day)
    of_series = Q(session=None, block=None) & Exists(later)
    asked = Q(status_at__date__gte=day) | since | Q(block__gte=day) | Q(status__in=Registration.LIVE) & of_series
    registered = Registration.objects.filter(asked, participant=OuterRef("pk"))
    # Whose card somebody went through meanwhile, is about to take part.
    touched = CareChange.objects.filter(participant=OuterRef("pk"), at__date__gte=day)
    old = Participant.objects.filter(has_card, created_at__date__lt=day)
    return old.exclude(Exists(seen)).exclude(Exists(registered)).exclude(Exists(touched))


@every_day("Kindfiches gewist na hun termijn")
def erase_cards():
    people = list(past_their_term())
    for participant in people:
        SecureLink.objects.revoke(purpose="care", subject_id=participant.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT erase_card(%s)", [participant.pk])
    return len(people)
