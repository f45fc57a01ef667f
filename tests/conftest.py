import pytest
from django.conf import settings
from django.test import override_settings

from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.database import as_owner


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_blocker, django_db_keepdb, django_db_modify_db_settings
):
    """The test database is made by the owner; the tests themselves run as the application role."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock(), as_owner() as connection:
        _end_sessions(connection)
        made = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb)
    yield
    with django_db_blocker.unblock(), as_owner() as connection:
        _end_sessions(connection)
        teardown_databases(made, verbosity=0, keepdb=django_db_keepdb)


def _end_sessions(connection):
    """Nobody may be in the test database while it is dropped: not a thread of a test, not an earlier run."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [connection.creation._get_test_db_name()],
        )


@pytest.fixture(autouse=True)
def _tests_see_everything(request):
    """Builders and assertions look over the shoulder of every centre; requests never do."""
    if (
        "db" not in request.fixturenames
        and "transactional_db" not in request.fixturenames
        and not request.node.get_closest_marker("django_db")
    ):
        yield
        return
    with asking_everything():
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_and_quiet():
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], STORAGES=storages):
        yield
