"""Three times nobody reached: another hour, another way or another person, instead of a fourth identical try."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from households.agreements import CHANNEL_OF, allowed_channels, allowed_parts, part_of, rests
from households.models import Contact, ContactAgreement, Person

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
    known = list(_with_who_went(household.contacts.newest_first().defer("note"))[:LOOK_BACK])
    newest = known[:CLOSED_DOORS]
    if [contact.outcome for contact in newest] != [Contact.Outcome.NO_ANSWER] * CLOSED_DOORS:
        return None
    tried = {CHANNEL_OF.get(contact.mode) for contact in newest}
    return Proposal(
        hour=_another_hour(household, newest),
        channel=_another_channel(household, tried),
        person=_another(household, newest, known),
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
    """Who noted it and who came along, in the same query."""
    together = Contact.co_workers.through.objects.filter(contact=OuterRef("pk"), user__is_active=True)
    together = together.order_by("user_id").annotate(
        name=Coalesce(NullIf("user__first_name", Value("")), "user__username")
    )
    return contacts.select_related("author").annotate(
        together=ArraySubquery(together.values("user_id")), their_names=ArraySubquery(together.values("name"))
    )


def _who_went(contact):
    """Pairs of who went and their name, without who left since."""
    author = [(contact.author_id, str(contact.author))] if contact.author.is_active else []
    return [*author, *zip(contact.together, contact.their_names, strict=True)]


def _another(household, tried, known):
    """The back-up, the vaste buurtwerker, or a colleague who reached the family before."""
    went = {person for contact in tried for person, _ in _who_went(contact)}
    if household.backup_worker_id and household.backup_worker_id not in went:
        return f"Vraag het aan {household.backup_worker}, de back-up."
    if household.primary_worker_id and household.primary_worker_id not in went:
        return f"Vraag het aan {household.primary_worker}, de vaste buurtwerker."
    for contact in (each for each in known if each.reached):
        for person, name in _who_went(contact):
            if person not in went:
                return f"Vraag het aan {name}, die het gezin al bereikte."
    return ""
