"""Organisations and their services, with quiet defaults."""

from datetime import timedelta
from itertools import count

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import Organisation, Service, Verification
from tests.factories import make_user

_number = count(1)


def make_organisation(**fields):
    number = next(_number)
    fields = {"slug": f"organisatie-{number}", "name": f"Organisatie {number}", "kind": "ngo", **fields}
    return Organisation.objects.create(**fields)


def make_service(*, neighbourhoods=(), checked_days_ago=None, **fields):
    number = next(_number)
    fields.setdefault("organisation", fields.pop("organisation", None) or make_organisation())
    service = Service.objects.create(**{"slug": f"aanbod-{number}", "name": f"Aanbod {number}", **fields})
    service.neighbourhoods.set(neighbourhoods)
    if checked_days_ago is not None:
        check(service, days_ago=checked_days_ago)
    return service


def check(service, *, days_ago=0, result="correct", by=None):
    at = timezone.now() - timedelta(days=days_ago)
    Verification.objects.create(service=service, by=by or make_user(), at=at, method="phone", result=result)
    service.refresh_from_db()
    return service


def count_queries(client, page, asked=None):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page, asked).status_code == 200
    return len(queries)
