"""Twenty-five children for today, and weeks that were: invented, so that the roll-call and the forecast work."""

from datetime import timedelta

from django.utils import timezone

from activities.models import (
    ActivitySeries,
    Attendance,
    Carer,
    HeadCount,
    Participant,
    Posting,
    Registration,
    RegistrationGroup,
    SeriesException,
    Session,
)
from buurtwerk.accounts.models import User

SERIES, OPEN_SERIES = "speelnamiddag", "tieneravond"
CHILDREN = [
    ("Aya", "Bennani"), ("Bram", "Claes"), ("Cansu", "Demir"), ("Daan", "Peeters"), ("Ela", "Yildiz"),
    ("Farah", "Haddad"), ("Finn", "Maes"), ("Hamza", "Idrissi"), ("Ilias", "Tahiri"), ("Jana", "Wouters"),
    ("Kaan", "Aydin"), ("Lina", "Saidi"), ("Louis", "Jacobs"), ("Malika", "Omari"), ("Milan", "Goossens"),
    ("Nour", "Khalil"), ("Oumayma", "Ziani"), ("Pieter", "Smets"), ("Rayan", "Belkacem"), ("Salma", "Fassi"),
    ("Sem", "Willems"), ("Tess", "Hermans"), ("Umut", "Kaya"), ("Wout", "Lemmens"), ("Yasmina", "Cherif"),
]  # fmt: skip
WEEKS, REGULARS = 8, 12


def load_presence():
    """Once, for a series of which nobody ever noted anything."""
    series = ActivitySeries.objects.filter(slug=SERIES).first()
    tom = User.objects.filter(username="tom").first()
    if series is None or tom is None or Attendance.objects.filter(session__series=series).exists():
        return
    children = _children(series)
    series.staff.set([tom])
    _register(series, children, [_today(series, by=tom)], by=tom)
    past = list(series.sessions.planned().filter(ends_at__lt=timezone.now()).order_by("-starts_at")[: WEEKS + 1])
    past = [session for session in past if timezone.localdate(session.starts_at) < timezone.localdate()][:WEEKS]
    coming = list(series.sessions.planned().coming().order_by("starts_at")[:2])
    _register(series, children[:REGULARS], past + coming, by=tom)
    _post([tom], past + coming)
    for weeks, session in enumerate(past):
        # A few of those who registered stay away, a few others just come.
        _note(session, children[weeks % 3 : REGULARS + 4 + weeks % 4], by=tom)
    _count_teens(by=tom)


def _children(series):
    year = timezone.localdate().year
    children = []
    for number, (first, last) in enumerate(CHILDREN):
        child = Participant.objects.create(
            centre=series.centre, first_name=first, last_name=last, birth_year=year - 6 - number % 6
        )
        Carer.objects.create(
            centre=series.centre, participant=child, name=f"Ouder van {first}", phone=f"0470 00 02 {number:02d}"
        )
        children.append(child)
    return children


def _today(series, *, by):
    """Today's moment: the one there is, or one more."""
    today = series.sessions.planned().on(timezone.localdate()).first()
    if today is None:
        starts = timezone.localtime().replace(hour=11, minute=30, second=0, microsecond=0)
        original = starts.replace(tzinfo=None)
        today, _ = Session.objects.get_or_create(
            series=series,
            original_start=original,
            defaults={
                "centre": series.centre,
                "starts_at": starts,
                "ends_at": starts.replace(hour=17, minute=0),
                "overridden_fields": ["starts_at", "ends_at"],
            },
        )
        SeriesException.objects.get_or_create(
            series=series, original_start=original, defaults={"action": "add", "reason": "Extra speeldag", "by": by}
        )
    Session.objects.filter(pk=today.pk).update(capacity=30)
    _post([by], [today])
    return today


def _register(series, children, sessions, *, by):
    groups = RegistrationGroup.objects.bulk_create(
        RegistrationGroup(
            centre=series.centre,
            series=series,
            contact_name=f"Ouder van {child.first_name}",
            phone="0470 00 00 00",
            channel="desk",
            by=by,
        )
        for child in children
    )
    Registration.objects.bulk_create(
        [
            Registration(
                centre=series.centre,
                group=group,
                participant=child,
                series=series,
                session=session,
                status=Registration.Status.CONFIRMED,
                rank=rank,
            )
            for session in sessions
            for rank, (group, child) in enumerate(zip(groups, children, strict=True), start=1)
        ],
        ignore_conflicts=True,
    )


def _post(users, sessions):
    Posting.objects.bulk_create(
        [Posting(centre_id=session.centre_id, session=session, user=user) for session in sessions for user in users],
        ignore_conflicts=True,
    )


def _note(session, children, *, by):
    at = session.starts_at + timedelta(minutes=10)
    Attendance.objects.bulk_create(
        Attendance(
            centre_id=session.centre_id, session=session, participant=child, state="present", at=at, noted_at=at, by=by
        )
        for child in children
    )


def _count_teens(*, by):
    past = Session.objects.planned().filter(series__slug=OPEN_SERIES, ends_at__lt=timezone.now())
    HeadCount.objects.bulk_create(
        HeadCount(
            centre_id=session.centre_id,
            session=session,
            teens=11 + number % 4,
            adults=1,
            first_time=number % 3,
            at=session.starts_at + timedelta(hours=1),
            by=by,
        )
        for number, session in enumerate(past.order_by("-starts_at")[:WEEKS])
    )
