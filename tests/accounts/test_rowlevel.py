import pytest
from django.db import connection

from buurtwerk.accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_application_does_not_connect_as_a_superuser_or_owner(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("buurtwerk_app", False, False)


def test_signin(client):
    make_user(username="noor")
    assert User.objects.count() == 1
    assert client.login(username="noor", password="wachtwoord")
