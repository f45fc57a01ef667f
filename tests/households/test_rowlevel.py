"""Row-level security, with the Python layer switched off: plain SQL as the application role."""

import pytest
from django.db import DatabaseError, connection, transaction

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking, asking_as
from buurtwerk.database import as_owner
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households.models import Contact, Household
from tests.factories import make_centre, make_user
from tests.households.factories import make_contact, make_follow_up, make_glass, make_household, make_member

CASE_TABLES = [
    f"households_{table}{history}"
    for table in ("household", "person", "member", "contact", "followup", "contactagreement")
    for history in ("", "event")
]

pytestmark = pytest.mark.django_db


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


@pytest.fixture
def two_centres():
    households = []
    for _ in range(2):
        household = make_household()
        member = make_member(household)
        contact = make_contact(household)
        contact.present.add(member.person)
        make_follow_up(household)
        household.agreement = household._meta.get_field("agreement").related_model.objects.create(
            household=household, centre=household.centre
        )
        households.append(household)
    return households


@pytest.mark.parametrize("table", [*CASE_TABLES, "households_contact_present"])
def test_plain_sql_shows_only_the_rows_of_ones_own_centre(two_centres, table):
    everything = count(table)

    with asking(centres=[two_centres[0].centre_id]):
        own = count(table)

    assert everything == 2 * own > 0


@pytest.mark.parametrize("table", CASE_TABLES)
def test_someone_without_a_centre_sees_no_row_at_all(two_centres, table):
    with asking(centres=[]):
        assert count(table) == 0


def test_a_row_of_another_centre_cannot_be_changed(two_centres):
    mine, theirs = two_centres

    with asking(centres=[mine.centre_id]):
        changed = Household.objects.filter(pk=theirs.pk).update(nickname="Van ons")

    assert changed == 0
    theirs.refresh_from_db()
    assert theirs.nickname != "Van ons"


def test_a_row_cannot_be_put_into_another_centre(two_centres):
    mine, theirs = two_centres

    with asking(centres=[mine.centre_id]), pytest.raises(DatabaseError), transaction.atomic():
        Contact.objects.create(
            centre=theirs.centre, household=theirs, author=theirs.primary_worker, mode="home", outcome="talked"
        )


@pytest.mark.django_db(transaction=True)
def test_asking_without_a_context_is_an_error_and_not_an_empty_list():
    make_household()
    wrappers, connection.execute_wrappers = connection.execute_wrappers, []

    try:
        with pytest.raises(DatabaseError, match="without a context"):
            count("households_household")
    finally:
        connection.execute_wrappers = wrappers


@pytest.mark.django_db(transaction=True)
def test_the_context_is_gone_with_the_transaction():
    centre = make_centre()
    with asking(centres=[centre.pk]), transaction.atomic():
        Household.objects.count()

    wrappers, connection.execute_wrappers = connection.execute_wrappers, []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('buurtwerk.centres', true)")
            assert cursor.fetchone()[0] in (None, "")
    finally:
        connection.execute_wrappers = wrappers


def test_history_can_be_added_to_but_not_rewritten(two_centres):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE households_householdevent SET nickname = 'iets anders'")


def test_the_trail_can_be_added_to_but_not_rewritten():
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM trail_access")


def test_every_table_with_a_centre_and_people_in_it_is_protected():
    """A new case table that nobody protected fails here."""
    open_to_all = {"places_openinghours", "places_closure", "accounts_membership"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE a.attname = 'centre_id' AND c.relkind = 'r' AND NOT c.relrowsecurity"
        )
        unprotected = {row[0] for row in cursor.fetchall()}

    assert {table for table in unprotected - open_to_all if not table.startswith("activities_")} == set()


def seen(table, user):
    with asking_as(user):
        return count(table)


def test_for_whom_a_note_is_sealed_is_told_to_its_readers_alone():
    household = make_household()
    author, centre = household.primary_worker, household.centre
    reader, other, coordinator = (
        make_user(role, centre=centre) for role in (Role.WORKER, Role.WORKER, Role.COORDINATOR)
    )
    make_contact(household, visibility="named", readers=[reader, make_user(centre=centre)])

    table = "households_sealednote_readers"
    assert [seen(table, user) for user in (author, reader)] == [2, 2]
    assert [seen(table, user) for user in (other, coordinator, make_user(Role.COORDINATOR))] == [0, 0, 0]
    make_glass(household, other, minutes_ago=0)
    make_glass(household, coordinator, minutes_ago=0)
    assert [seen(table, user) for user in (other, coordinator)] == [0, 2]
    with asking_as(other), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO households_sealednote_readers (sealednote_id, user_id) "
            "SELECT max(pgh_obj_id), %s FROM (SELECT 1 AS pgh_obj_id) AS guess",
            [other.pk],
        )


def test_a_notice_is_seen_by_whom_it_is_for_also_by_who_left_it():
    household = make_household()
    noor, colleague = household.primary_worker, make_user(centre=household.centre)
    with asking_as(colleague):
        Notice.objects.tell(noor, text="HH: iets nieuws", url="/team/", by=colleague)

    assert [seen("notices_notice", user) for user in (noor, colleague, make_user())] == [1, 0, 0]
    with asking_as(colleague), connection.cursor() as cursor:
        cursor.execute("UPDATE notices_notice SET seen_at = now()")
        assert cursor.rowcount == 0


def looked(user, household, kind="household", ids=None):
    return Access.objects.create(
        user=user, action="view", record_type=kind, record_ids=ids or [household.pk], centre=household.centre
    )


def test_who_looked_is_told_to_who_reads_the_file_and_to_who_oversees_the_centre():
    household = make_household()
    noor, centre = household.primary_worker, household.centre
    looker, other, coordinator = (
        make_user(role, centre=centre) for role in (Role.WORKER, Role.WORKER, Role.COORDINATOR)
    )
    member, contact = make_member(household), make_contact(household)
    looked(looker, household)
    looked(looker, household, "person", [member.person_id])
    looked(looker, household, "contact", [contact.pk])
    looked(looker, household, "household", [make_household(centre=centre, worker=looker).pk])

    assert [seen("trail_access", user) for user in (noor, looker, coordinator)] == [3, 4, 4]
    assert [seen("trail_access", user) for user in (other, make_user(Role.COORDINATOR))] == [0, 0]
    household.colleagues.add(other)
    assert seen("trail_access", other) == 3


def test_nobody_leaves_a_line_in_the_trail_in_the_name_of_a_colleague():
    household = make_household()
    with asking_as(household.primary_worker), pytest.raises(DatabaseError), transaction.atomic():
        looked(make_user(centre=household.centre), household)


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_the_tables_is_held_to_the_rule_of_notices_as_well():
    household = make_household()
    Notice.objects.tell(household.primary_worker, text="Iets", url="/team/")

    with as_owner():
        assert seen("notices_notice", make_user(centre=household.centre)) == 0
        assert seen("notices_notice", household.primary_worker) == 1
