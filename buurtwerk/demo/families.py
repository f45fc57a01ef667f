"""The invented families, their people, contacts and follow-up; as if the centre worked with them for months."""

import json
import uuid
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.demo.facts import rows
from buurtwerk.demo.people import HOOGLAND, MAARTENSDAL
from buurtwerk.interface.text import search_key
from buurtwerk.places.models import Centre, Neighbourhood
from buurtwerk.places.numbering import NumberSeries, next_code
from households.models import Contact, FollowUp, Household, Member, Person

NAMESPACE = uuid.UUID("5b0e6a52-6f0f-4b6b-9b53-1f1d7d8b6c11")
# When the open follow-up is due, seen from the day of loading: some late, some today, most this week.
DUE = [-6, -3, -1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 9, 12]
REVIEW_AFTER = {0: None, 1: timedelta(days=180), 2: timedelta(days=90), 3: timedelta(days=42)}


def load_families():
    """Add the families that were never here. One that was, is left alone with everything that hangs on it."""
    with asking_everything():
        centres = {centre.slug: centre for centre in Centre.objects.filter(slug__in=[HOOGLAND, MAARTENSDAL])}
        workers = {
            centres[HOOGLAND].pk: User.objects.get(username="noor"),
            centres[MAARTENSDAL].pk: User.objects.get(username="youssef"),
        }
        households = _load_households(centres, workers)
        _load_people(households)
        _load_story(households)


def _load_households(centres, workers):
    """The new families by nickname, saved in one go."""
    neighbourhoods = {buurt.slug: buurt for buurt in Neighbourhood.objects.all()}
    ever_here = _every_nickname_of(centres.values())
    households = []
    for row in rows("invented_people"):
        centre = centres[MAARTENSDAL if row["neighbourhood"] == "sint-maartensdal" else HOOGLAND]
        if (centre.pk, row["nickname_nl"]) not in ever_here:
            households.append(_household(row, centre, workers[centre.pk], neighbourhoods[row["neighbourhood"]]))
    _number(households)
    Household.objects.bulk_create(households)
    return {household.nickname: household for household in households}


def _every_nickname_of(centres):
    """Also the nicknames that people changed since: the history knows."""
    history = Household.pgh_event_model.objects.filter(centre__in=centres)
    return set(history.values_list("centre_id", "nickname"))


def _household(row, centre, worker, neighbourhood):
    intensity = int(row["intensity"])
    review = REVIEW_AFTER[intensity]
    household = Household(
        centre=centre,
        nickname=row["nickname_nl"],
        neighbourhood=neighbourhood,
        languages=row["languages"].split(","),
        intensity=intensity,
        intensity_reason=row["intensity_reason_nl"],
        next_review_on=review and timezone.localdate() + review,
        primary_worker=worker,
        created_by=worker,
    )
    household.people = json.loads(row["members"])
    return household


def _number(households):
    """Codes in one row: the first as always, the rest by moving the series on at once."""
    if not households:
        return
    prefix, _, first = next_code("HH").rpartition("-")
    NumberSeries.objects.filter(key=prefix).update(last=int(first) + len(households) - 1)
    for number, household in enumerate(households, start=int(first)):
        household.code = f"{prefix}-{number:04d}"
        household.search_key = search_key(household.nickname, household.code)


def _load_people(households):
    members = []
    for household in households.values():
        since = timezone.localdate() - timedelta(days=400)
        for place, someone in enumerate(household.people):
            person = Person(
                centre=household.centre,
                first_name=someone["first_name"],
                birth_year=someone["birth_year"],
                search_key=search_key(someone["first_name"]),
            )
            members.append(
                Member(
                    centre=household.centre,
                    household=household,
                    person=person,
                    role=someone["role"],
                    since=max(since, date(someone["birth_year"], 1, 1)),
                    is_contact_person=place == 0,
                )
            )
    Person.objects.bulk_create([member.person for member in members])
    Member.objects.bulk_create(members)


def _load_story(households):
    told = [row for row in rows("invented_contacts") if row["household_nickname"] in households]
    contacts = [_contact(number, row, households) for number, row in enumerate(told)]
    Contact.objects.bulk_create(contacts, ignore_conflicts=True)
    keys = [contact.client_uuid for contact in contacts]
    saved = {contact.client_uuid: contact for contact in Contact.objects.filter(client_uuid__in=keys)}
    pairs = [(saved[contact.client_uuid], row) for contact, row in zip(contacts, told, strict=True)]
    _load_follow_ups([(contact, row) for contact, row in pairs if row["follow_up_nl"]], households)
    remember_last_contact(households.values())


def _contact(number, row, households):
    household = households[row["household_nickname"]]
    day = timezone.localdate() - timedelta(days=int(row["days_ago"]))
    words = f"{row['household_nickname']}|{row['days_ago']}|{row['mode']}|{row['note_nl']}"
    return Contact(
        centre=household.centre,
        household=household,
        happened_on=day,
        minutes=int(row["minutes"]) if row["minutes"] else None,
        mode=row["mode"],
        outcome=row["outcome"],
        themes=[theme for theme in row["themes"].split(",") if theme],
        note=row["note_nl"],
        author=household.primary_worker,
        client_uuid=uuid.uuid5(NAMESPACE, words),
        created_at=_afternoon_of(day, number),
    )


def _load_follow_ups(pairs, households):
    """Closed ones as they went; open ones around today, so that Vandaag has something to show."""
    open_pairs = sorted(
        (pair for pair in pairs if pair[1]["follow_up_state"] == "open"),
        key=lambda pair: pair[0].happened_on + timedelta(days=int(pair[1]["follow_up_in_days"])),
    )
    due = {
        contact.pk: timezone.localdate() + timedelta(days=days)
        for (contact, _), days in zip(open_pairs, DUE, strict=False)
    }
    follow_ups = [_follow_up(contact, row, households, due.get(contact.pk)) for contact, row in pairs]
    FollowUp.objects.bulk_create(follow_ups)
    # Django writes the moment of saving itself; the story needs the moment of the contact.
    for follow_up in follow_ups:
        follow_up.created_at = follow_up.born_from.created_at
    FollowUp.objects.bulk_update(follow_ups, ["created_at"])


def _follow_up(contact, row, households, open_until):
    household = households[row["household_nickname"]]
    due = contact.happened_on + timedelta(days=int(row["follow_up_in_days"]))
    closed = None if row["follow_up_state"] == "open" else _afternoon_of(min(due, timezone.localdate()), 0)
    return FollowUp(
        centre=household.centre,
        household=household,
        what=row["follow_up_nl"],
        due_on=open_until or due,
        assigned_to=household.primary_worker,
        status=row["follow_up_state"],
        born_from=contact,
        created_by=household.primary_worker,
        closed_at=closed,
        closed_by=household.primary_worker if closed else None,
    )


def remember_last_contact(households):
    """The day each family was last reached, and the last day we tried."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE households_household SET last_reached_on = last.reached, last_attempt_on = last.tried FROM "
            "(SELECT household_id, max(happened_on) FILTER (WHERE outcome = ANY(%s)) AS reached, "
            "max(happened_on) AS tried FROM households_contact GROUP BY household_id) AS last "
            "WHERE last.household_id = households_household.id AND households_household.id = ANY(%s)",
            [Contact.REACHED, [household.pk for household in households]],
        )


def _afternoon_of(day, number):
    """Somewhere in the afternoon of that day, and never later than now."""
    moment = timezone.make_aware(datetime.combine(day, time(13, number % 60)))
    return min(moment, timezone.now())
