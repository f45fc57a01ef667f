"""Three times nobody reached: another hour, another way or another person, instead of a fourth identical try."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from households.agreements import CHANNEL_OF, allowed_channels, allowed_parts, part_of, rests
from households.models import Contact, ContactAgreement, Person
from households.readers import may_read_files

CLOSED_DOORS = 3
LOOK_BACK = 20
Channel, Part = ContactAgreement.Channel, Contact.PartOfDay

AT_PART = {Part.MORNING: "in de ochtend", Part.AFTERNOON: "in de namiddag", Part.EVENING: "in de avond"}
# The lightest way first. What is not here, needs the family to come to us.
TRY = {
    Channel.MESSAGE: "Stuur een bericht.",
    Channel.PHONE: "Bel eens.",
    Channel.EMAIL: "Stuur een mail.",
    Channel.LETTER: "Steek een kaartje in de bus.",
    Channel.HOME: "Ga eens langs.",
    Channel.CENTRE: "Nodig het gezin uit in het buurtcentrum.",
}
NEEDS = {Channel.MESSAGE: "phone", Channel.PHONE: "phone", Channel.EMAIL: "email"}


@dataclass(frozen=True)
class Proposal:
    """What to try instead. A part is empty when there is nothing left of its kind."""

    hour: str = ""
    channel: str = ""
    person: str = ""

    @property
    def sentences(self):
        return [sentence for sentence in (self.hour, self.channel, self.person) if sentence]

    def __str__(self):
        return " ".join(["Drie keer niemand bereikt.", *(self.sentences or ["Bespreek dit in het team."])])


def proposal(household):
    """What to try now, or None while there were no three closed doors in a row. No query when it was just reached."""
    if not _was_tried_in_vain(household) or rests(household):
        return None
    newest = list(_with_who_went(household.contacts.newest_first())[:CLOSED_DOORS])
    if [contact.outcome for contact in newest] != [Contact.Outcome.NO_ANSWER] * CLOSED_DOORS:
        return None
    tried = {CHANNEL_OF.get(contact.mode) for contact in newest}
    return Proposal(
        hour=_another_hour(household, newest),
        channel=_another_channel(household, tried),
        person=_another(household, newest),
    )


def _was_tried_in_vain(household):
    attempt, reached = household.last_attempt_on, household.last_reached_on
    # On one day both can have happened.
    return attempt is not None and (reached is None or attempt >= reached)


def _another_hour(household, tried):
    parts = {_part_of(contact) for contact in tried}
    left = [AT_PART[Part(part)] for part in allowed_parts(household) if part not in parts]
    return f"Probeer het eens {' of '.join(left)}." if left else ""


def _part_of(contact):
    """As noted; else the hour at which it was written down, when that was the same day."""
    if contact.at_time:
        return part_of(contact.at_time)
    written = timezone.localtime(contact.created_at)
    if not contact.part_of_day and written.date() == contact.happened_on:
        return part_of(written)
    return contact.part_of_day


def _another_channel(household, tried):
    people = Person.objects.filter(memberships__in=household.members.current())
    known = {"phone": False, "email": False}
    for person in people:
        known = {name: known[name] or bool(getattr(person, name)) for name in known}
    for channel, sentence in TRY.items():
        possible = channel not in NEEDS or known[NEEDS[channel]]
        if channel in allowed_channels(household) and channel not in tried and possible:
            return sentence
    return ""


def _with_who_went(contacts):
    """Who came along, in the same query."""
    together = Contact.co_workers.through.objects.filter(contact=OuterRef("pk")).values("user_id")
    return contacts.annotate(together=ArraySubquery(together))


def _another(household, tried):
    """The back-up, the vaste buurtwerker, or a colleague who reached the family before."""
    went = {person for contact in tried for person in (contact.author_id, *contact.together)}
    if household.backup_worker_id and household.backup_worker_id not in went:
        return f"Vraag het aan {household.backup_worker}, de back-up."
    if household.primary_worker_id and household.primary_worker_id not in went:
        return f"Vraag het aan {household.primary_worker}, de vaste buurtwerker."
    reached = _with_who_went(household.contacts.filter(outcome__in=Contact.REACHED).newest_first())[:LOOK_BACK]
    ids = [person for contact in reached for person in (contact.author_id, *contact.together) if person not in went]
    here = may_read_files(household.centre_id).in_bulk(ids) if ids else {}
    known = next((here[person] for person in ids if person in here), None)
    return f"Vraag het aan {known}, die het gezin al bereikte." if known else ""
