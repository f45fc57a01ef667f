"""Queries and processor time of the pages people open all day, at two sizes of the centre."""

import time
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from buurtwerk.accounts.models import Role
from tests.activities.factories import make_series, make_session
from tests.factories import make_centre, make_user
from tests.households.factories import make_contact, make_follow_up, make_household, make_member
from tests.partners.factories import make_service
from tests.signals.factories import make_signal

pytestmark = pytest.mark.django_db
REPEATS = 20


def fill(centre, worker, size):
    households = [make_household(centre=centre, worker=worker, nickname=f"Gezin {n}") for n in range(size)]
    for household in households:
        make_member(household)
        make_follow_up(household)
        make_signal(by=worker, centre=centre)
        make_service()
    for number in range(2 * size):
        make_contact(households[0], happened_on=timezone.localdate() - timedelta(days=number))
    series = make_series(centre=centre)
    for number in range(size):
        make_session(series, day=timezone.localdate() + timedelta(days=number % 7), start=clock(number))
    return households[0]


def clock(number):
    return (timezone.datetime(2026, 1, 1, 8) + timedelta(minutes=number)).time()


def measure(client, path, *, fresh=False):
    """Queries without savepoints, and milliseconds of processor time per request."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        if fresh:
            caches["pages"].clear()
        assert client.get(path).status_code == 200
    queries = [query for query in captured if "SAVEPOINT" not in query["sql"]]
    started = time.process_time()
    for _ in range(REPEATS):
        if fresh:
            caches["pages"].clear()
        client.get(path)
    return len(queries), (time.process_time() - started) / REPEATS * 1000


@pytest.mark.parametrize("size", [25, 250])
def test_pages(client, settings, size):
    settings.ROOT_URLCONF = "tests.benchmarks.urls"
    centre = make_centre()
    worker = make_user(Role.COORDINATOR, centre=centre)
    household = fill(centre, worker, size)
    _, empty = measure(client, "/leeg/")
    print(f"\n{size} families, {2 * size} contacts in one, {size} signals, services and moments")
    print(f"{'empty view':<24}{empty:>8.1f} ms")
    for path in ("/", "/wegwijzer/"):
        report(path, measure(client, path, fresh=True), empty)
    client.force_login(worker)
    for path in (
        "/team/",
        "/team/noteer/",
        household.get_absolute_url(),
        "/team/gezinnen/",
        "/team/signalen/",
        "/team/partners/",
        "/team/opvolging/",
        "/team/doorverwijzingen/",
    ):
        report(path, measure(client, path), empty)


def report(path, measured, empty):
    queries, milliseconds = measured
    print(f"{path:<34}{queries:>4} queries {milliseconds:>8.1f} ms {milliseconds / empty:>7.1f} x empty")
