"""Everything that the database refuses is refused in a test, and each row of a centre is behind the second lock.

The list is read from the database itself. What a person named (constraints, unique indexes, triggers) must be named
in a test that uses `breaks`; what Django and pghistory name by themselves is broken here, table by table.
"""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from buurtwerk.database import APPLICATION_ROLE, as_owner
from buurtwerk.places.models import Closure, OpeningHours
from buurtwerk.places.public import current_version
from tests.activities.factories import make_series, make_session
from tests.factories import make_centre, make_neighbourhood
from tests.partners.factories import make_organisation, make_service

TESTS = Path(__file__).parent
OURS = {
    "accounts",
    "places",
    "trail",
    "drafts",
    "notices",
    "daily",
    "outbox",
    "partners",
    "households",
    "signals",
    "activities",
}
MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS]
TABLES = {model._meta.db_table for model in MODELS}

# Each row: table, name, and its columns for what is unique as it stands.
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('c', 'u', 'x')
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, 'u', pg_get_indexdef(indexrelid) FROM pg_index
WHERE indisunique AND NOT indisprimary AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
TRIGGERS = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
# What pghistory adds to each table that it follows; tests/trail/test_history.py shows that it does.
HISTORY = {"insert_insert", "update_update", "delete_delete"}

# Triggers that refuse nothing, but keep a column right whatever is written.
KEEP_RIGHT = {
    "partners_service.derive_verified_on": "partners/test_models.py::test_no_edit_can_set_the_day_of_the_check",
    "partners_verification.dates_the_card": "partners/test_models.py::test_a_check_dates_the_card",
}
# Triggers that tell the public pages that something changed.
PUBLISHED = {
    "activities_activityseries.publishes": make_series,
    "activities_session.publishes": make_session,
    "partners_organisation.publishes": make_organisation,
    "partners_service.publishes": make_service,
    "partners_servicearea.publishes": lambda: make_service(neighbourhoods=[make_neighbourhood()]).servicearea_set.get(),
    "places_centre.publishes": make_centre,
    "places_closure.publishes": lambda: Closure.objects.create(
        centre=make_centre(), first_day="2026-07-01", last_day="2026-07-31"
    ),
    "places_openinghours.publishes": lambda: OpeningHours.objects.create(
        centre=make_centre(), weekday=1, opens="09:00", closes="12:00"
    ),
}

# Tables with a centre that everyone reads, and why.
OPEN = {
    "accounts_membership": "says of which centres someone is, before the lock can know it",
    "activities_activityseries": "the agenda is public",
    "activities_activityseriesevent": "the agenda is public",
    "activities_session": "the agenda is public",
    "activities_sessionevent": "the agenda is public",
    "places_closure": "the page of a centre is public",
    "places_openinghours": "the page of a centre is public",
}


@pytest.fixture
def owner(django_db_setup, django_db_blocker):
    """A cursor of the owner of the tables, who may loosen them; nothing of it stays."""
    with django_db_blocker.unblock(), as_owner(), transaction.atomic(), connection.cursor() as cursor:
        yield cursor
        transaction.set_rollback(True)


# The list


def test_each_constraint_and_trigger_is_broken_in_a_test(owner):
    held = set(constraints(owner)) | triggers(owner)
    by_themselves = {name for names in (counts(), uniques(owner), append_only()) for name in names}

    assert by_themselves <= held
    assert sorted(held - by_themselves - KEEP_RIGHT.keys() - PUBLISHED.keys() - named_in_tests()) == []


def constraints(cursor):
    """name: (table, kind, definition)"""
    cursor.execute(CONSTRAINTS)
    return {name.strip('"'): (table, *rest) for table, name, *rest in cursor.fetchall() if table in TABLES}


def triggers(cursor):
    """table.name of each trigger, but for those that write history; the names as a person wrote them."""
    cursor.execute(TRIGGERS)
    found = ((table, re.sub(r"^pgtrigger_(\w+)_[0-9a-f]{5}$", r"\1", name)) for table, name in cursor.fetchall())
    return {f"{table}.{name}" for table, name in found if table in TABLES and name not in HISTORY}


def named_in_tests():
    """Every text in a test (its parameters too) that breaks something."""
    return {
        text.value
        for path in TESTS.rglob("test_*.py")
        for test in ast.parse(path.read_text()).body
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
        if any(isinstance(call, ast.Call) and getattr(call.func, "id", "") == "breaks" for call in ast.walk(test))
        for text in ast.walk(test)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    }


def test_what_keeps_a_column_right_names_a_test_that_is_there():
    for where in KEEP_RIGHT.values():
        path, name = where.split("::")
        assert f"def {name}(" in (TESTS / path).read_text()


# What has no name of a person


def test_no_count_goes_below_zero(owner):
    unbroken = []
    for name, (table, column) in counts().items():
        with transaction.atomic():
            loosen(owner, table, but=name)
            try:
                with transaction.atomic():
                    owner.execute(f'INSERT INTO {table} ("{column}") VALUES (-1)')
                unbroken.append(name)
            except IntegrityError as error:
                assert error.__cause__.diag.constraint_name == name
            transaction.set_rollback(True)

    assert not unbroken


def counts():
    """name: (table, column) of each number that cannot be negative, in the histories too."""
    return {
        f"{model._meta.db_table}_{field.column}_check": (model._meta.db_table, field.column)
        for model in MODELS
        for field in model._meta.local_concrete_fields
        if field.db_check(connection)
    }


def test_what_is_unique_by_itself_stands_once(owner):
    unbroken = []
    for name, (table, columns) in uniques(owner).items():
        with transaction.atomic():
            loosen(owner, table, but=name)
            values = ", ".join(VALUES[kind] for kind in columns.values())
            try:
                with transaction.atomic():
                    owner.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values}), ({values})")
                unbroken.append(name)
            except IntegrityError as error:
                assert error.__cause__.diag.constraint_name == name
            transaction.set_rollback(True)

    assert not unbroken


VALUES = {
    "bigint": "1",
    "date": "'2026-01-01'",
    "integer": "1",
    "uuid": "'00000000-0000-0000-0000-000000000001'",
    "varchar": "'x'",
}


def uniques(cursor):
    """name: (table, {column: type}) of what is unique in its field, or as a pair of a list."""
    held = {(table, told.split("(")[-1].rstrip(")")): name for name, (table, kind, told) in constraints(cursor).items()}
    found = {}
    for model in MODELS:
        fields = model._meta.local_concrete_fields
        pairs = model._meta.unique_together or [
            (field.name,) for field in fields if field.unique and not field.primary_key
        ]
        for pair in pairs:
            columns = {
                model._meta.get_field(name).column: model._meta.get_field(name).db_type(connection).split("(")[0]
                for name in pair
            }
            found[held[model._meta.db_table, ", ".join(columns)]] = (model._meta.db_table, columns)
    return found


def test_a_history_is_only_added_to(owner):
    unbroken = []
    for name, (table, key) in append_only().items():
        with transaction.atomic():
            loosen(owner, table, triggers="")
            owner.execute(f"INSERT INTO {table} DEFAULT VALUES")
            for statement in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):
                try:
                    with transaction.atomic():
                        owner.execute(statement)
                    unbroken.append((name, statement))
                except DatabaseError as error:
                    assert "append_only" in error.__cause__.diag.context
            transaction.set_rollback(True)

    assert not unbroken


def append_only():
    """trigger: (table, key) of each history."""
    return {
        f"{model._meta.db_table}.append_only": (model._meta.db_table, model._meta.pk.column)
        for model in MODELS
        if hasattr(model, "pgh_tracked_model")
    }


def loosen(cursor, table, *, but="", triggers="DISABLE TRIGGER USER"):
    """Take away everything that would refuse a bare row, but for one constraint."""
    cursor.execute(
        "SELECT format('ALTER COLUMN %%I DROP NOT NULL', attname) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull AND attidentity = '' AND NOT attisdropped",
        [table],
    )
    steps = [f"DROP CONSTRAINT {table}_pkey CASCADE", *(step for (step,) in cursor.fetchall())]
    steps += [
        f'DROP CONSTRAINT "{name}"'
        for name, (held, kind, _) in constraints(cursor).items()
        if held == table and kind == "c" and name != but
    ]
    if steps := ", ".join(filter(None, [*steps, triggers])):
        cursor.execute(f"ALTER TABLE {table} {steps}")


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", PUBLISHED)
def test_every_change_of_what_is_public_is_a_new_version(trigger):
    thing = PUBLISHED[trigger]()
    before = current_version()

    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {trigger.partition('.')[0]} SET id = id WHERE id = %s", [thing.pk])

    assert current_version() > before


# The second lock


def test_each_table_of_a_centre_is_behind_the_second_lock(owner):
    assert sorted(of_a_centre() - OPEN.keys() - locked(owner)) == []
    assert OPEN.keys() <= of_a_centre() - locked(owner)


def of_a_centre():
    """Tables with a centre or a family, and what hangs on a row of those."""
    found = set()
    for _ in MODELS:
        more = {
            model._meta.db_table
            for model in MODELS
            for field in model._meta.local_concrete_fields
            if field.column in ("centre_id", "household_id")
            or field.is_relation
            and field.related_model._meta.db_table in found - OPEN.keys()
        }
        if more == found:
            break
        found = more
    return found


def locked(cursor):
    cursor.execute(
        "SELECT relname FROM pg_class "
        "WHERE relrowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)"
    )
    return {table for (table,) in cursor.fetchall()}


def test_who_serves_the_pages_cannot_open_the_second_lock(owner):
    """It owns nothing, so no table needs to force its rules on its owner: his functions must look through them."""
    owner.execute(
        "SELECT rolsuper, rolbypassrls, pg_has_role(rolname, current_user, 'MEMBER'), "
        "(SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid) FROM pg_roles WHERE rolname = %s",
        [APPLICATION_ROLE],
    )

    assert owner.fetchone() == (False, False, False, 0)


def test_no_locked_table_shows_a_row_of_another_centre(owner):
    seen, hidden_from_all = [], []
    for table in sorted(locked(owner)):
        with transaction.atomic():
            loosen(owner, table)
            ask(owner, "*")
            has_centre = bare_row(owner, table)
            owner.execute(f"SET LOCAL ROLE {APPLICATION_ROLE}")
            if rows_for(owner, table, centres="1"):
                seen.append(table)
            if has_centre and not rows_for(owner, table, centres="*"):
                hidden_from_all.append(table)
            transaction.set_rollback(True)

    assert not seen
    # Its lock is that of its referral, and there is none here.
    assert hidden_from_all == ["households_referralmove"]


def bare_row(cursor, table):
    """A row of centre 2, if the table has centres. Says whether it has."""
    cursor.execute("SELECT count(*) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'centre_id'", [table])
    has_centre = cursor.fetchone()[0]
    cursor.execute(f"INSERT INTO {table} " + ("(centre_id) VALUES (2)" if has_centre else "DEFAULT VALUES"))
    return has_centre


def rows_for(cursor, table, *, centres):
    """What someone sees who asks for these centres."""
    ask(cursor, centres)
    cursor.execute(f"SELECT count(*) FROM {table}")
    return cursor.fetchone()[0]


def ask(cursor, centres):
    """As someone with an account that nobody has, or in the name of no one in particular."""
    user = "" if centres == "*" else "0"
    cursor.execute(
        "SELECT set_config('buurtwerk.centres', %s, true), set_config('buurtwerk.user', %s, true)", [centres, user]
    )
