"""The database in a wheel: starts anywhere, stops with us, and survives being killed."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

PREPARE = """
    import sys
    from pathlib import Path
    import psycopg
    from buurtwerk.database import start_embedded_server

    socket = start_embedded_server(Path(sys.argv[1]) / "postgres")
    connection = psycopg.connect(host=socket, dbname="buurtwerk", user="buurtwerk_owner", autocommit=True)
"""


def run(script, folder, *, check=True):
    """Run a script in a process of its own, which starts the server and stops it on leaving."""
    environment = {name: value for name, value in os.environ.items() if name != "BUURTWERK_EMBEDDED_SOCKET"}
    program = textwrap.dedent(PREPARE) + textwrap.dedent(script)
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, str(folder)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parent.parent,
        timeout=90,
    )
    assert result.returncode == 0 or not check, result.stderr
    return result


def postmaster(folder):
    file = folder / "postgres" / "postmaster.pid"
    return int(file.read_text().split()[0]) if file.exists() else None


@pytest.fixture
def folder(tmp_path_factory):
    """A folder that only we may enter, at the end of a long path."""
    base = tmp_path_factory.mktemp("only-us")
    base.chmod(0o700)
    deep = base / ("een-lange-weg-" * 7) / "en-nog-wat-verder"
    deep.mkdir(parents=True)
    yield deep
    if (pid := postmaster(deep)) and psutil.pid_exists(pid):
        os.kill(pid, signal.SIGQUIT)


def test_it_starts_in_a_folder_of_ours_with_a_long_path_and_stops_with_us(folder):
    result = run("print(connection.execute('SHOW server_version_num').fetchone()[0])", folder)

    assert int(result.stdout) >= 180000
    assert postmaster(folder) is None


def test_what_was_acknowledged_survives_a_kill_of_everything(folder):
    run(
        """
        import os, signal
        connection.execute("CREATE TABLE kept (line text)")
        connection.execute("INSERT INTO kept VALUES ('bewaard')")
        os.kill(int((Path(sys.argv[1]) / "postgres/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
        """,
        folder,
        check=False,
    )

    again = run("print(connection.execute('SELECT line FROM kept').fetchone()[0])", folder)

    assert again.stdout.strip() == "bewaard"
    assert postmaster(folder) is None


def test_a_killed_process_does_not_keep_the_server_from_stopping_later(folder):
    run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", folder, check=False)
    assert psutil.pid_exists(postmaster(folder))

    run("pass", folder)

    assert postmaster(folder) is None


def test_the_roles_of_the_application_and_of_the_owner_are_ordinary(folder):
    result = run(
        'print(connection.execute("SELECT bool_or(rolsuper OR rolbypassrls) FROM pg_roles '
        "WHERE rolname LIKE 'buurtwerk%'\").fetchone()[0])",
        folder,
    )

    assert result.stdout.strip() == "False"
