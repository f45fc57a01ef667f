"""Starting the server that people use, in the demo and in production."""

from django.core.management import CommandError
from django.db import connection


def serve(*, address, port, workers, threads=4):
    """Serve until stopped. Raises CommandError when the database role could look past row-level security."""
    refuse_powerful_role()
    # The workers open connections of their own; this process only watches them.
    connection.close()

    from granian import Granian

    Granian(
        "buurtwerk.wsgi:application",
        interface="wsgi",
        address=address,
        port=port,
        workers=workers,
        blocking_threads=threads,
        backlog=1024,
        websockets=False,
        respawn_failed_workers=True,
        log_access=False,
        log_level="warning",
    ).serve()


def refuse_powerful_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        powerful = cursor.fetchone()[0]
        cursor.execute("SELECT 1 FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public'")
        owner = cursor.fetchone() is not None
    if powerful or owner:
        raise CommandError(
            "Deze databaserol ziet alle rijen of bezit de tabellen. Geef in DATABASE_URL een gewone rol, "
            "en in DATABASE_OWNER_URL de eigenaar."
        )
