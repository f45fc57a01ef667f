"""To break a constraint on purpose, and to be sure that it was that one."""

import re
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, transaction


@contextmanager
def breaks(name):
    """The database refuses what happens inside, by the constraint of this name, or by the trigger `table.name`.

    tests/test_every_constraint.py reads these names in the tests, and knows whether one is missing.
    """
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        yield
    told = refused.value.__cause__.diag
    assert (told.constraint_name or _trigger(told)) == name.rpartition(".")[2], told.message_primary


def _trigger(told):
    """Which trigger of ours raised this: those that pgtrigger writes carry no name of a constraint."""
    found = re.search(r"function pgtrigger_(\w+)_[0-9a-f]{5}\(", told.context or "")
    return found and found[1]
