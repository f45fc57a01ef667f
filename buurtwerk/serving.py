"""Starting the server that people use, in the demo and in production."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import connection

# Parts of the libraries' static files that no page of ours asks for.
NOT_USED = [
    "*/gis/*",
    "*/select2/*",
    "*/xregexp/*",
    "account/*",
    "mfa/*",
    "*-4.js",
    "*-4.min.js",
    "*/htmax*",
    "*/ext/*",
]


def collect_static():
    """Collect and compress the static files, unless nothing changed since the last time."""
    stamp = settings.DATA_DIR / "static-collected"
    now = _fingerprint_of_static()
    if not stamp.exists() or stamp.read_text() != now:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=NOT_USED)
        stamp.write_text(now)


def _fingerprint_of_static():
    found = hashlib.sha256(str(NOT_USED).encode())
    for finder in get_finders():
        for path, storage in finder.list(["*.map"]):
            found.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}".encode())
    return found.hexdigest()


def serve(*, address, port, workers, threads=4):
    """Serve until stopped. Raises CommandError when the database role could look past row-level security."""
    refuse_powerful_role()
    # The workers open connections of their own; this process only watches them.
    connection.close()

    from granian import Granian

    from buurtwerk.outbox.companion import delivering

    server = Granian(
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
    )
    with delivering():
        server.serve()


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
