"""A restricted family exists for its file team and its coordinator, and for nobody else."""

import pytest
from django.db import DatabaseError, connection, transaction

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from households.models import Household, Person
from tests.factories import make_user
from tests.households.factories import make_contact, make_follow_up, make_glass, make_household, make_member

pytestmark = pytest.mark.django_db

TABLES = ["household", "householdevent", "person", "member", "memberevent", "contact", "contactevent", "followup"]
TABLES += ["contact_present", "household_colleagues"]


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM households_{table}")
        return cursor.fetchone()[0]


@pytest.fixture
def family():
    household = make_household(restricted=True)
    member = make_member(household)
    contact = make_contact(household, note="Vertrouwelijk")
    contact.present.add(member.person)
    make_follow_up(household)
    return household


@pytest.fixture
def people(family):
    people = {name: make_user(centre=family.centre) for name in ("backup", "colleague", "stranger")}
    people["primary"] = family.primary_worker
    people["coordinator"] = make_user(Role.COORDINATOR, centre=family.centre)
    people["reception"] = make_user(Role.RECEPTION, centre=family.centre)
    family.backup_worker = people["backup"]
    family.save()
    family.colleagues.add(people["colleague"])
    return people


@pytest.mark.parametrize("table", TABLES)
def test_the_database_shows_its_rows_to_the_file_team_and_the_coordinator_alone(people, table):
    seen = set()
    for name, user in people.items():
        with asking_as(user):
            if count(table):
                seen.add(name)

    assert seen == {"primary", "backup", "colleague", "coordinator"}


def test_the_querysets_say_the_same_as_the_database(people):
    def known_to(user):
        return bool(Household.objects.visible_to(user)), bool(Person.objects.visible_to(user))

    known = {name: known_to(user) for name, user in people.items()}

    assert known == {
        "primary": (True, True),
        "backup": (True, True),
        "colleague": (True, True),
        "coordinator": (True, True),
        "stranger": (False, False),
        "reception": (False, False),
    }


def test_someone_who_also_belongs_to_an_open_family_stays_known(people, family):
    child = make_member(family, first_name="Ilyas", role="child").person
    other = make_household(centre=family.centre, worker=people["stranger"])
    other.members.create(person=child, centre=family.centre, role="child")

    with asking_as(people["stranger"]):
        assert list(Person.objects.visible_to(people["stranger"])) == [child]


def test_why_someone_broke_the_glass_is_as_hidden_as_the_family(people, family):
    make_glass(family, people["stranger"], reason="Er is iets ergs gebeurd")
    another = make_user(centre=family.centre)

    for table in ("breakglass", "breakglassevent"):
        with asking_as(another):
            assert count(table) == 0
        with asking_as(people["coordinator"]):
            assert count(table) == 1


def test_whether_a_colleague_has_open_files_is_asked_by_the_database_alone(family):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT has_open_files(%s, NULL)", [family.primary_worker_id])


def test_each_function_that_looks_past_the_policies_has_a_fixed_search_path():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef AND NOT 'search_path=public, pg_temp' = ANY (proconfig)"
        )
        assert cursor.fetchall() == []
