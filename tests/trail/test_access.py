import pytest
from django.db import DatabaseError, connection, transaction

from buurtwerk.trail.models import Access
from tests.households.factories import make_household

pytestmark = pytest.mark.django_db


def test_opening_a_family_is_one_line_with_who_what_and_where(client):
    household = make_household()
    client.force_login(household.primary_worker)

    client.get(household.get_absolute_url())

    line = Access.objects.get()
    assert (line.user, line.action, line.record_type, line.record_ids, line.centre) == (
        household.primary_worker,
        Access.Action.VIEW,
        "household",
        [household.pk],
        household.centre,
    )


@pytest.mark.parametrize(
    "statement", ["UPDATE trail_access SET reason = ''", "DELETE FROM trail_access", "TRUNCATE trail_access"]
)
def test_nobody_who_uses_the_application_can_rewrite_the_trail(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
