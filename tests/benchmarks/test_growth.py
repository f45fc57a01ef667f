"""The pages of families with a history that grows: rows, queries and milliseconds must stay flat.

Run with `uv run pytest tests/benchmarks/test_growth.py -s -n0`. A number of milliseconds says something beside the
other numbers of the same run, and nothing by itself.
"""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.database import as_owner
from buurtwerk.demo.bulk import load_bulk
from households.models import Contact

# Families and contacts: the last is a team that exists for years.
SIZES = [(100, 1_000), (700, 10_000), (5_000, 150_000)]
REPEATS = 15
NO_QUESTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT set_config")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("families", "contacts"), SIZES)
def test_growth(families, contacts):
    started = time.monotonic()
    with asking_everything():
        bulk = load_bulk(families=families, contacts=contacts)
        longest = Contact.objects.filter(household=bulk.longest).count()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"\n{families} families, {contacts} contacts, {longest} of one family; made in", end=" ")
    print(f"{time.monotonic() - started:.1f} s")
    coordinator, worker = bulk.workers[:2]
    for label, user, ask in pages(bulk, coordinator, worker):
        queries, milliseconds, rows = measure(user, ask)
        print(f"{label:<34}{queries:>4} queries {milliseconds:>8.1f} ms {rows:>5} rows on the page")


def pages(bulk, coordinator, worker):
    family, search = bulk.longest, {"search": "Fatuma"}
    typed = {"nickname": "Gezin van Oksana 12", "first_name": "Oksana", "phone": "0470 00 0042"}
    yield "Vandaag", worker, lambda client: client.get("/team/")
    yield "families", worker, lambda client: client.get(reverse("households:list"))
    yield "families, longest not reached", worker, lambda client: client.get("/team/gezinnen/?order=bereikt")
    yield "family, newest", coordinator, lambda client: client.get(family.get_absolute_url())
    yield "family, a year back", coordinator, lambda client: client.get(f"{family.get_absolute_url()}?voor=2025-11-01")
    yield "family of a colleague", worker, lambda client: client.get(family.get_absolute_url())
    yield "follow-ups", worker, lambda client: client.get(reverse("households:follow-up-list"))
    yield "note", worker, lambda client: client.get(reverse("households:note"))
    yield (
        "search while typing (note)",
        worker,
        lambda client: client.post(reverse("households:note-search"), search, headers={"HX-Request": "true"}),
    )
    yield (
        "search while typing (new family)",
        worker,
        lambda client: client.post(reverse("households:create-candidates"), typed, headers={"HX-Request": "true"}),
    )


def measure(user, ask):
    """Queries, milliseconds for one, and how many rows of lists the page shows."""
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        response = ask(client)
    assert response.status_code == 200
    queries = [query for query in captured if not query["sql"].startswith(NO_QUESTION)]
    started = time.perf_counter()
    for _ in range(REPEATS):
        ask(client)
    return len(queries), (time.perf_counter() - started) / REPEATS * 1000, response.content.count(b"<li")
