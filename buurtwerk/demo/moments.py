"""One moment that was cancelled, with half of its calls made, and one that was moved. Everyone in it is invented."""

from datetime import timedelta

from django.utils import timezone

from activities.actions import cancel, move
from activities.models import Participant, Posting, Registration, RegistrationGroup, Session, SessionChange
from buurtwerk.accounts.models import User
from buurtwerk.outbox.models import Message, note_call

CANCELLED, MOVED = "computercursus", "computerhoek-digihulp"

# Who registered: name of the contact, mail, telephone, language.
CONTACTS = [
    ("Fatma D.", "fatma.d@example.org", "0470 00 10 01", "tr"),
    ("Piet V.", "piet.v@example.org", "", "nl"),
    ("Rosa M.", "", "0470 00 10 02", "nl"),
    ("Jef P.", "", "0470 00 10 03", "nl"),
    ("Aïcha B.", "", "0470 00 10 04", "fr"),
    ("Maria S.", "", "0470 00 10 05", "nl"),
]


def load_moments():
    """Only where nothing was cancelled or moved by a person yet."""
    if SessionChange.objects.filter(by__isnull=False).exists():
        return
    noor, rita = (User.objects.filter(username=name).first() for name in ("noor", "rita"))
    if noor and rita:
        _cancel(by=noor, caller=rita)
        _move(by=noor)


def _next_of(slug):
    """Far enough to be read in peace: not this week."""
    day = timezone.localdate() + timedelta(days=7)
    return Session.objects.planned().filter(series__slug=slug).from_day(day).select_related("series").first()


def _cancel(*, by, caller):
    session = _next_of(CANCELLED)
    if session is None:
        return
    for number, contact in enumerate(CONTACTS):
        _register(session, *contact, rank=number, by=caller)
    if mia := User.objects.filter(username="mia").first():
        Posting.objects.get_or_create(session=session, user=mia, defaults={"centre_id": session.centre_id})
    change = cancel(session, reason="De begeleider is ziek.", by=by)
    calls = Message.objects.calls().filter(key__startswith=change.key).order_by("pk")
    for call, answered in zip(calls, (True, True, False), strict=False):
        note_call(call.pk, answered=answered, by=caller)


def _register(session, name, email, phone, locale, *, rank, by):
    group = RegistrationGroup.objects.create(
        centre_id=session.centre_id,
        series=session.series,
        contact_name=name,
        email=email,
        phone=phone,
        locale=locale,
        channel="desk",
        by=by,
    )
    first, last = name.split(" ")
    participant = Participant.objects.create(centre_id=session.centre_id, first_name=first, last_name=last)
    Registration.objects.create(
        centre_id=session.centre_id,
        group=group,
        participant=participant,
        series=session.series,
        session=session,
        status=Registration.Status.CONFIRMED,
        rank=rank,
    )


def _move(*, by):
    session = _next_of(MOVED)
    if session:
        later = timedelta(hours=1)
        move(
            session,
            starts_at=session.starts_at + later,
            ends_at=session.ends_at + later,
            place="Bibliotheek, eerste verdieping",
            sequence=session.sequence,
            by=by,
        )
