import pytest
from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction

from buurtwerk.accounts.rowlevel import asking
from buurtwerk.database import as_owner
from buurtwerk.serving import refuse_powerful_role

pytestmark = pytest.mark.django_db


def setting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('buurtwerk.centres', true)")
        return cursor.fetchone()[0]


def test_the_application_connects_as_an_ordinary_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("buurtwerk_app", False, False)


def test_the_application_cannot_change_a_table():
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE households_household DISABLE ROW LEVEL SECURITY")


@pytest.mark.django_db(transaction=True)
def test_we_refuse_to_serve_as_the_owner_of_the_tables():
    refuse_powerful_role()

    with as_owner(), pytest.raises(CommandError):
        refuse_powerful_role()


def test_an_inner_context_gives_way_to_the_outer_one_again():
    assert setting() == "*"

    with asking(centres=[7, 8]):
        assert setting() == "7,8"

    assert setting() == "*"


@pytest.mark.django_db(transaction=True)
def test_every_transaction_is_told_anew():
    with asking(centres=[7]):
        with transaction.atomic():
            first = setting()
        with transaction.atomic():
            second = setting()

    assert (first, second) == ("7", "7")
