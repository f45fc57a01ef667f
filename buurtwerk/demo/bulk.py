"""A large invented data set, made by the database itself: one row as a pattern, copied with other values."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role, User
from buurtwerk.demo.families import remember_last_contact
from buurtwerk.places.models import Centre, Neighbourhood
from households.models import Contact, FollowUp, Household, Member, Person

WORKERS = 12
# One family in the data has a very long story: this part of all contacts.
LONG_STORY = 50
FIRST_NAMES = "Samira Willy Oksana Debby Hamid Fatuma Lucía Roger Emre Tekle Cindy Mihai Luc Fatna Nadia Bishnu"
LAST_NAMES = "Peeters Janssens Maes Amrani Yilmaz Popescu Diallo Nowak Claes Haddad Öztürk Willems Tesfaye Kovalenko"


@dataclass(frozen=True)
class Bulk:
    centre: Centre
    workers: list
    # The family with the longest story.
    longest: Household


@transaction.atomic
def load_bulk(*, families, contacts):
    """Add one centre with this many families and contacts. Every call adds a centre of its own."""
    _take_the_time()
    centre, workers = _make_team()
    family, person = _pattern_family(centre, workers[0]), _pattern_person(centre)
    first = _copy(family, times=families, **_of_a_family(workers))
    people = _copy(person, times=families * 3, **_of_a_person())
    _copy(_pattern_member(family, person), times=families * 3, **_of_a_member(first, people))
    _copy(_pattern_contact(family), times=contacts, **_of_a_contact(first, families, workers))
    _copy(_pattern_follow_up(family), times=families, **_of_a_follow_up(first, families, workers))
    remember_last_contact(Household.objects.filter(centre=centre))
    return Bulk(centre, workers, Household.objects.get(pk=first))


def _take_the_time():
    """One statement here does what people do in years: the limit for a page does not count.

    Foreign keys are checked at once. Kept for the end of the transaction, all of them are gone through again for
    each row whose history is written (its trigger catches an error inside): twice the rows take four times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _make_team():
    number = Centre.objects.filter(slug__startswith="bulk-").count() + 1
    buurt, _ = Neighbourhood.objects.get_or_create(
        slug="bulk", defaults={"name": "Proefbuurt", "kind": "neighbourhood"}
    )
    centre = Centre.objects.create(
        slug=f"bulk-{number}", name=f"Proefcentrum {number}", kind=Centre.Kind.CENTRE, neighbourhood=buurt
    )
    names = [f"bulk-{number}-{each}" for each in range(1, WORKERS + 1)]
    # Nobody can sign in with these: there is no password.
    users = User.objects.bulk_create(User(username=name, first_name=name, password="!") for name in names)
    roles = [Role.COORDINATOR, *[Role.WORKER] * (WORKERS - 1)]
    Membership.objects.bulk_create(
        Membership(user=user, centre=centre, role=role) for user, role in zip(users, roles, strict=True)
    )
    return centre, users


def _pattern_family(centre, worker):
    return Household.objects.create(
        centre=centre,
        nickname="Proefgezin",
        neighbourhood=centre.neighbourhood,
        primary_worker=worker,
        created_by=worker,
        intensity=2,
        languages=["nl"],
    )


def _pattern_person(centre):
    return Person.objects.create(centre=centre, first_name="Samira", last_name="Peeters", birth_year=1989)


def _pattern_member(household, person):
    return Member.objects.create(centre=household.centre, household=household, person=person, role=Member.Role.PARENT)


def _pattern_contact(household):
    return Contact.objects.create(
        centre=household.centre,
        household=household,
        author=household.primary_worker,
        mode=Contact.Mode.HOME,
        outcome=Contact.Outcome.TALKED,
        themes=["housing"],
        note="We overliepen de brieven en spraken af wie wat doet tegen volgende week.",
        minutes=30,
    )


def _pattern_follow_up(household):
    return FollowUp.objects.create(
        centre=household.centre,
        household=household,
        what="Bel over de inschrijving",
        due_on=timezone.localdate(),
        assigned_to=household.primary_worker,
        created_by=household.primary_worker,
    )


def _of_a_family(workers):
    return {
        "code": "'HB-' || pattern.id || '-' || number",
        "nickname": f"'Gezin van ' || {_one_of(FIRST_NAMES)} || ' ' || number",
        "search_key": f"lower('gezinvan' || {_one_of(FIRST_NAMES)} || number)",
        "primary_worker_id": _one_id_of(workers),
        "intensity": "CASE WHEN number % 4 = 3 THEN 2 ELSE number % 4 END",
    }


def _of_a_person():
    return {
        "first_name": _one_of(FIRST_NAMES),
        "last_name": _one_of(LAST_NAMES),
        "birth_year": "1940 + number % 84",
        "phone": "'0470 00 ' || lpad((number % 10000)::text, 4, '0')",
        "search_key": f"lower({_one_of(FIRST_NAMES)} || {_one_of(LAST_NAMES)}) || '047000'"
        " || lpad((number % 10000)::text, 4, '0')",
    }


def _of_a_member(first_family, first_person):
    return {
        "household_id": f"{first_family} + (number - 1) / 3",
        "person_id": f"{first_person} + number - 1",
        "role": "CASE number % 3 WHEN 1 THEN 'parent' ELSE 'child' END",
        "is_contact_person": "number % 3 = 1",
    }


def _of_a_contact(first_family, families, workers):
    # Spread over three years, with as many attempts as real work has.
    return {
        "household_id": f"CASE WHEN number % {LONG_STORY} = 0 THEN {first_family}"
        f" ELSE {first_family} + (number * 7919) % {families} END",
        "author_id": _one_id_of(workers),
        "happened_on": "current_date - number % 1095",
        "created_at": "now() - (number % 1095) * interval '1 day'",
        "outcome": "CASE WHEN number % 4 = 0 THEN 'no_answer' ELSE 'talked' END",
        "mode": "(ARRAY['home', 'door', 'centre', 'street', 'phone', 'message'])[1 + number % 6]",
        "client_uuid": "gen_random_uuid()",
    }


def _of_a_follow_up(first_family, families, workers):
    return {
        "household_id": f"{first_family} + number % {families}",
        "assigned_to_id": _one_id_of(workers),
        "due_on": "current_date + number % 60 - 5",
    }


def _one_of(words):
    words = words.split()
    listed = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[1 + number % {len(words)}]"


def _one_id_of(users):
    return f"(ARRAY[{', '.join(str(user.pk) for user in users)}])[1 + number % {len(users)}]"


def _copy(pattern, *, times, **columns):
    """Copies of one saved row, with some columns computed from `number` (1 to `times`). Returns the first new id."""
    table = pattern._meta.db_table
    names = [field.column for field in pattern._meta.concrete_fields if not field.primary_key]
    # A percent sign would be taken for a placeholder.
    values = [columns.get(name, f'pattern."{name}"').replace("%", "%%") for name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH copied AS (
                INSERT INTO {table} ({", ".join(f'"{name}"' for name in names)})
                SELECT {", ".join(values)} FROM {table} AS pattern, generate_series(1, %s) AS number
                WHERE pattern.id = %s ORDER BY number RETURNING id)
            SELECT min(id) FROM copied""",
            [times, pattern.pk],
        )
        return cursor.fetchone()[0]
