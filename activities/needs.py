"""What who stands with a group must know of its children: allergies, medication, who may fetch them, whom to call.

The one door to the cards of a group: for who reads care sheets in the centre, and for who is posted at the moment.
"""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from activities.models import (
    Attendance,
    CareConsent,
    Carer,
    CareSheet,
    Participant,
    PickupPerson,
    Posting,
    Registration,
)
from activities.models.presence import OPEN_AROUND
from buurtwerk.trail.models import Access

PHOTOS = [CareConsent.Purpose.PHOTO_INSIDE, CareConsent.Purpose.PHOTO_SITE, CareConsent.Purpose.PHOTO_SOCIAL]


@dataclass(frozen=True)
class Mark:
    """A word with a picture behind a name on the roll-call."""

    word: str
    icon: str


@dataclass
class Needs:
    """One child of the group. Without `sees_care` only the phones and who may fetch it are known."""

    participant: Participant
    sees_care: bool
    carers: list = field(default_factory=list)
    pickup_people: list = field(default_factory=list)
    consents: dict = field(default_factory=dict)
    sheet: CareSheet | None = None

    @property
    def medical(self):
        """The sheet, when its medical part may be read at all."""
        return self.sheet if self.consents.get(CareConsent.Purpose.MEDICAL) else None

    @property
    def allergies(self):
        return self.medical.allergies if self.medical else []

    @property
    def medication(self):
        return self.medical.medication if self.medical else ""

    @property
    def attention(self):
        return self.medical.attention if self.medical else ""

    @property
    def swims(self):
        return self.sheet.swims if self.sheet else None

    @property
    def alone_from(self):
        return self.sheet.may_go_alone_from if self.sheet else None

    @property
    def forbidden(self):
        return [person for person in self.pickup_people if person.is_forbidden]

    @property
    def fetchers(self):
        return [person for person in self.pickup_people if person.may_fetch]

    @property
    def no_photos(self):
        """Somebody said no to a picture, or nobody was asked: both are no."""
        return self.sees_care and not any(self.consents.get(purpose) for purpose in PHOTOS)

    @property
    def marks(self):
        marks = []
        if self.allergies:
            marks.append(Mark("Allergie", "wheat-off"))
        if self.medication:
            marks.append(Mark("Medicatie", "pill"))
        if self.attention:
            marks.append(Mark("Let op", "info"))
        if self.forbidden:
            marks.append(Mark("Niet met iedereen mee", "shield-alert"))
        if self.alone_from:
            marks.append(Mark(f"Mag alleen vanaf {self.alone_from:%H.%M} uur", "footprints"))
        return marks


def is_posted(session, user, *, at=None):
    """Whether someone stands at this moment, from twelve hours before until twelve hours after."""
    now = at or timezone.now()
    around = session.starts_at - OPEN_AROUND < now < session.ends_at + OPEN_AROUND
    return around and user.may("presence.tick", session.centre_id) and _has_posting(session, user)


def _has_posting(session, user):
    """Asked a few times on one page: a yes is remembered with the moment that was fetched for it."""
    known = session.__dict__.setdefault("_posted", set())
    if user.pk not in known and Posting.objects.filter(session=session, user=user).exists():
        known.add(user.pk)
    return user.pk in known


def may_open_group(session, user):
    """Whether someone may know who is in the group of this moment, and whom to call."""
    return user.may("participants.read", session.centre_id) or is_posted(session, user)


def may_read_care(session, user):
    """Whether someone may know what these children need: reception calls parents and reads no care."""
    return user.may("care.read", session.centre_id) or is_posted(session, user)


def in_the_group(session):
    """Who is registered for the moment or was seen there."""
    registered = Registration.objects.for_moment(session).holding_a_seat().filter(participant__isnull=False)
    seen = Attendance.objects.filter(session=session, participant__isnull=False)
    ids = Q(pk__in=registered.values("participant")) | Q(pk__in=seen.values("participant"))
    return Participant.objects.filter(ids, centre=session.centre_id)


def what_the_group_needs(session, user, participants=None):
    """`Needs` by the id of each child of this moment; nothing for who has no business there. Always five queries.

    With `participants` only those, of this moment or not: what may be known is the same.
    """
    if not may_open_group(session, user):
        return {}
    people = list(in_the_group(session) if participants is None else participants)
    return needs_of(people, sees_care=may_read_care(session, user))


def needs_of(people, *, sees_care):
    needs = {person.pk: Needs(person, sees_care) for person in people}
    for carer in Carer.objects.filter(participant__in=needs):
        needs[carer.participant_id].carers.append(carer)
    for person in PickupPerson.objects.filter(participant__in=needs):
        needs[person.participant_id].pickup_people.append(person)
    if not sees_care:
        return needs
    for consent in CareConsent.objects.standing().filter(participant__in=needs):
        needs[consent.participant_id].consents[consent.purpose] = consent.is_given
    for sheet in CareSheet.objects.filter(participant__in=needs):
        needs[sheet.participant_id].sheet = sheet
    return needs


def record_needs(request, session, needs, *, action=Access.Action.LIST):
    """The line in the trail for a list that shows these marks or cards."""
    if needs:
        Access.objects.record(
            request,
            action=action,
            record_type="care_sheet" if any(each.sees_care for each in needs.values()) else "participant",
            ids=sorted(needs),
            centre_id=session.centre_id,
        )
