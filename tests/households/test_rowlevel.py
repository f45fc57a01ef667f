"""Row-level security, with the Python layer switched off: plain SQL as the application role."""

import pytest
from django.db import DatabaseError, connection, transaction

from buurtwerk.accounts.rowlevel import asking
from households.models import Contact, Household
from tests.factories import make_centre
from tests.households.factories import make_contact, make_follow_up, make_household, make_member

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
    open_to_all = {"places_openinghours", "places_closure", "accounts_membership", "trail_access"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE a.attname = 'centre_id' AND c.relkind = 'r' AND NOT c.relrowsecurity"
        )
        unprotected = {row[0] for row in cursor.fetchall()}

    assert {table for table in unprotected - open_to_all if not table.startswith("activities_")} == set()
