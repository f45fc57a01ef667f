"""The second lock: PostgreSQL itself shows a case row only to the centres of whoever is asking.

The asker is told to the database once per transaction and forgotten with it, so a pooled connection
can never carry one person's context to another. Without a context a case table raises an error
instead of looking empty.
"""

from contextlib import contextmanager

from django.db import connection, migrations, transaction

from buurtwerk.database import APPLICATION_ROLE

EVERYTHING = "*"

CONTEXT_FUNCTIONS = """
CREATE OR REPLACE FUNCTION asking_centres() RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE given text := current_setting('buurtwerk.centres', true);
BEGIN
    IF coalesce(given, '') = '' THEN
        RAISE EXCEPTION 'a case table was asked without a context' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF given = '*' THEN RETURN NULL; END IF;
    RETURN string_to_array(given, ',')::bigint[];
END $$;
CREATE OR REPLACE FUNCTION asking_user() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT nullif(nullif(current_setting('buurtwerk.user', true), ''), '*')::bigint
$$;
"""


class Context:
    """A database wrapper that tells PostgreSQL who asks, at the first statement of each transaction."""

    def __init__(self, *, centres, user="", overseen=()):
        """`centres` is a list of centre ids, or EVERYTHING for a command that serves no one in particular.

        `overseen` are the centres of which the user sees the restricted families too.
        """
        # A list of none must not look like no context at all.
        self.centres = centres if centres == EVERYTHING else ",".join(map(str, centres)) or "0"
        self.user = str(user)
        self.overseen = ",".join(map(str, overseen))
        self.transaction = None

    def __call__(self, execute, sql, params, many, context):
        connection = context["connection"]
        if self is not _innermost(connection):
            return execute(sql, params, many, context)
        if not connection.in_atomic_block:
            with transaction.atomic():
                return self(execute, sql, params, many, context)
        if connection.atomic_blocks[0] is not self.transaction:
            self.transaction = connection.atomic_blocks[0]
            self.tell(connection)
        return execute(sql, params, many, context)

    def tell(self, connection):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('buurtwerk.centres', %s, true), set_config('buurtwerk.user', %s, true), "
                "set_config('buurtwerk.overseen', %s, true)",
                [self.centres, self.user, self.overseen],
            )


def _innermost(connection):
    """The context that counts now, when one is opened inside another."""
    return next((each for each in reversed(connection.execute_wrappers) if isinstance(each, Context)), None)


@contextmanager
def asking(*, centres, user="", overseen=()):
    """Everything inside is asked in the name of these centres (and this user's id)."""
    around = _innermost(connection)
    with connection.execute_wrapper(Context(centres=centres, user=user, overseen=overseen)):
        yield
    if around and connection.in_atomic_block and not connection.needs_rollback:
        around.tell(connection)


def asking_everything():
    return asking(centres=EVERYTHING)


def protect(
    *tables,
    rule="(SELECT asking_centres()) IS NULL OR centre_id = ANY ((SELECT asking_centres())::bigint[])",
    force=False,
):
    """A migration operation that puts tables with a `centre_id` under row-level security.

    `rule` is the condition of the policy, for a table that is someone's own instead of a centre's. With `force` it
    holds the owner of the tables as well: not where one of our own functions in the database must look past it.
    """
    forward = "".join(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; CREATE POLICY own_rows ON {table} USING ({rule});"
        + (f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;" if force else "")
        for table in tables
    )
    backward = "".join(
        f"DROP POLICY own_rows ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;"
        for table in tables
    )
    return migrations.RunSQL(forward, backward)


def own_rows(column="user_id"):
    """The rule of what is one person's own, and of what the application does in the name of nobody."""
    return f"(SELECT asking_user()) IS NULL AND (SELECT asking_centres()) IS NULL OR {column} = (SELECT asking_user())"


OWN_ROWS = own_rows()


def asking_as(user):
    """Everything inside is asked in the name of this user, as in a request of theirs."""
    return asking(centres=user.centre_ids, user=user.pk, overseen=user.centres_where("families.oversee"))


def make_application_role(apps, schema_editor):
    """Make the role that serves, unless the server has it already."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {APPLICATION_ROLE} NOLOGIN")
        cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [APPLICATION_ROLE])
        if not cursor.fetchone()[0]:
            cursor.execute(f"GRANT {APPLICATION_ROLE} TO current_user")


def grant_rights(sender, using, **kwargs):
    """After each migration: the application role reads and writes rows, and may only add to what is append-only.

    A table is append-only when its model says so with `append_only = True`, or keeps the history of another.
    """
    from django.apps import apps

    append_only = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "append_only", False) or hasattr(model, "pgh_tracked_model")
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION_ROLE}")
        for table in append_only:
            cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {APPLICATION_ROLE}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APPLICATION_ROLE}")
