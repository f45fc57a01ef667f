import logging

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from buurtwerk.interface.logs import WithoutRows
from partners.models import Service
from tests.partners.factories import make_service

MARKER = "De verwarming is stuk.\n\nEn de huisbaas neemt niet op."


@pytest.fixture
def refused():
    """The log line of a row that the database refused. Under row-level security it hides the row by itself."""
    service = make_service(description=MARKER)
    try:
        with transaction.atomic():
            Service.objects.filter(pk=service.pk).update(age_min=12, age_max=6)
    except IntegrityError as error:
        return logging.LogRecord(
            "django", logging.ERROR, "", 1, "Fout", None, (type(error), error, error.__traceback__)
        )


@pytest.mark.django_db
def test_a_log_line_says_what_was_refused_and_not_what_someone_wrote(refused):
    assert "verwarming" in logging.Formatter().format(refused)

    line = WithoutRows().format(refused)

    assert "violates check constraint" in line
    assert "verwarming" not in line
    assert "huisbaas" not in line


def test_every_handler_leaves_rows_out():
    handlers = settings.LOGGING["handlers"].values()

    assert {handler["formatter"] for handler in handlers} == {"without_rows"}
