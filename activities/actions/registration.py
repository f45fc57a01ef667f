"""Registering: who comes in together stays together, and the last seat goes to exactly one."""

from dataclasses import dataclass, field

from django.db import transaction

from activities.actions.waiting import NotPossible, log, opened, settle, waiting_units
from activities.messages import LINK, tell
from activities.models import Carer, Participant, Registration, RegistrationGroup, RegistrationMove
from buurtwerk.accounts.models import SecureLink
from buurtwerk.interface.text import search_key

Status = Registration.Status
What = RegistrationMove.What


@dataclass
class Person:
    """Someone to register, as typed; or who is known already."""

    first_name: str = ""
    last_name: str = ""
    birth_year: int | None = None
    participant: Participant | None = None


@dataclass
class Contact:
    """How we reach who registers."""

    name: str
    phone: str = ""
    email: str = ""
    language: str = "nl"


@dataclass
class Enrolled:
    """What came of it."""

    group: RegistrationGroup
    registrations: list = field(default_factory=list)
    is_news: bool = True


class AlreadyThere(NotPossible):
    def __init__(self, person):
        self.person = person
        super().__init__(
            f"{person.first_name} staat hier al ingeschreven. Wil je iets veranderen? Gebruik je link of bel ons."
        )


@transaction.atomic
def enrol(target, *, people, contact, price_tier="normal", keep_together=True, channel="web", form_token=None, by=None):
    """Register these people for this; on the waiting list when there is too little room. Returns what came of it."""
    target = opened(target)
    if form_token and (earlier := RegistrationGroup.objects.filter(form_token=form_token).first()):
        return Enrolled(earlier, list(earlier.registrations.all()), is_news=False)
    if not target.is_open:
        raise NotPossible("Inschrijven kan hier niet meer.")
    group = RegistrationGroup.objects.create(
        centre_id=target.series.centre_id,
        series=target.series,
        contact_name=contact.name,
        phone=contact.phone,
        email=contact.email,
        locale=contact.language,
        channel=channel,
        keep_together=keep_together,
        form_token=form_token,
        by=by,
    )
    participants = [_participant(person, contact, target) for person in people]
    statuses = _statuses(target, len(people), keep_together)
    rows = [
        _register(target, group, participant, status, price_tier)
        for participant, status in zip(participants, statuses, strict=True)
    ]
    for status in dict.fromkeys(statuses):
        log(target, [row for row in rows if row.status == status], What(status), by=by)
    settle(target)
    tell(target, group, statuses[0], knows=True)
    return Enrolled(group, rows)


def _statuses(target, count, keep_together):
    """How each of them stands: all in, all waiting, or as many in as fit when they need not stay together."""
    if target.awaits_draw:
        return [Status.REQUESTED] * count
    free = min(target.room().left_for_all, count)
    if free == count:
        return [Status.CONFIRMED] * count
    if not target.series.has_waiting_list:
        raise NotPossible("Net volzet. Er is hier geen wachtlijst." if free <= 0 else _too_few(free))
    inside = 0 if keep_together else max(free, 0)
    return [Status.CONFIRMED] * inside + [Status.WAITLISTED] * (count - inside)


def _too_few(free):
    return "Er is nog maar 1 plaats vrij." if free == 1 else f"Er zijn nog maar {free} plaatsen vrij."


def _register(target, group, participant, status, price_tier):
    return Registration.objects.create(
        centre_id=group.centre_id,
        group=group,
        participant=participant,
        status=status,
        price_tier=price_tier,
        amount=amount_of(target.series, price_tier),
        rank=int(group.created_at.timestamp() * 1_000_000),
        **target.key,
    )


def amount_of(series, price_tier):
    prices = {"normal": series.price_eur, "social": series.price_social_eur, "child": series.price_child_eur}
    return prices.get(price_tier)


def _participant(person, contact, target):
    """Who this is: known when a name, a year and a phone number all agree, else someone new."""
    found = person.participant or _known(person, contact, target.series.centre_id)
    if found is None:
        found = Participant.objects.create(
            centre_id=target.series.centre_id,
            first_name=person.first_name,
            last_name=person.last_name,
            birth_year=person.birth_year,
            language=contact.language,
        )
    elif target.registrations.live().filter(participant=found).exists():
        raise AlreadyThere(found)
    if contact.phone and contact.name and found.is_child:
        Carer.objects.get_or_create(
            participant=found,
            name=contact.name,
            phone=contact.phone,
            defaults={"centre_id": found.centre_id, "email": contact.email},
        )
    return found


def _known(person, contact, centre_id):
    key = search_key(person.first_name, person.last_name)
    same = Participant.objects.filter(centre=centre_id, search_key=key, birth_year=person.birth_year)
    phone = digits(contact.phone)
    if not phone:
        return None
    for participant in same.prefetch_related("carers", "registrations__group")[:20]:
        numbers = [carer.phone for carer in participant.carers.all()]
        numbers += [registration.group.phone for registration in participant.registrations.all()]
        if phone in map(digits, numbers):
            return participant
    return None


def digits(phone):
    """A number as it is dialled inside the country: 0470 12 34 56 and +32 470 12 34 56 are the same."""
    found = "".join(character for character in phone if character.isdigit())
    return found.removeprefix("0032").removeprefix("32").removeprefix("0")


def group_of_link(token):
    """The group that a living link is about, or None: no hint why."""
    link = SecureLink.objects.open(token, purpose=LINK)
    if link is None:
        return None
    return RegistrationGroup.objects.select_related("centre", "series__centre").filter(pk=link.subject_id).first()


def places_in_line(target):
    """On which place each waiting registration stands: 1 is next."""
    return {one.pk: place for place, unit in enumerate(waiting_units(target), start=1) for one in unit}


@transaction.atomic
def change_contact(group, contact):
    """Another number or address to reach them."""
    RegistrationGroup.objects.select_for_update().get(pk=group.pk)
    group.contact_name, group.phone, group.email, group.locale = (
        contact.name,
        contact.phone,
        contact.email,
        contact.language,
    )
    group.save(update_fields=["contact_name", "phone", "email", "locale"])
    return group
