import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from buurtwerk.accounts.models import User
from buurtwerk.demo.loading import load_demo
from households.models import Household
from partners.models import Organisation

pytestmark = pytest.mark.django_db


def everything_stored():
    """Per table its number of rows and a fingerprint of all of them."""
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if table != "django_session"]
        stored = {}
        for table in tables:
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t")
            stored[table] = cursor.fetchone()
    return stored


def test_a_second_load_changes_nothing_at_all():
    load_demo()
    before = everything_stored()

    load_demo()

    assert everything_stored() == before
    assert before["partners_organisation"][0] >= 36
    assert before["places_neighbourhood"][0] == 19
    assert before["places_centre"][0] == 15
    assert before["households_household"][0] >= 60
    assert before["households_contact"][0] >= 150
    assert before["signals_signal"][0] == 60


def test_what_people_changed_stays_as_they_changed_it():
    load_demo()
    User.objects.filter(username="noor").update(first_name="Noortje")
    Organisation.objects.filter(slug="kirikou").update(name="Kirikou, het depot")
    Household.objects.filter(nickname="Gezin van Samira").update(nickname="Samira en de kinderen")

    load_demo()

    assert User.objects.get(username="noor").first_name == "Noortje"
    assert Organisation.objects.get(slug="kirikou").name == "Kirikou, het depot"
    assert not Household.objects.filter(nickname="Gezin van Samira").exists()


def test_the_demo_and_its_password_are_refused_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="PRODUCTION=1"):
        call_command("demo", no_serve=True)

    assert not User.objects.exists()
