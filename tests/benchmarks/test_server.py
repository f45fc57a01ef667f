"""Requests per second of public pages beside an empty view, on the same granian, with the demo centre."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psutil
import pytest

SECONDS, CONNECTIONS = 4, 8
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The demo in a data folder of its own. Yields its port and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "BUURTWERK_EMBEDDED_SOCKET"}
    environment |= {
        "BUURTWERK_DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
    }
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    while not answers(port):
        time.sleep(0.05)
    print(f"\nfirst start until the first answer: {time.monotonic() - started:.1f} s")
    yield port, process
    process.terminate()
    process.wait(30)


def connect(port):
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10))


def answers(port):
    with connect(port) as connection:
        try:
            return ask(connection, "/health/")[0] == 200
        except OSError:
            return False


def ask(connection, path, headers=None):
    connection.request("GET", path, headers={"Accept-Encoding": "br", **(headers or {})})
    response = connection.getresponse()
    return response.status, response.headers, response.read()


def app_cpu(process):
    """Seconds of processor time of the server's workers."""
    workers = psutil.Process(process.pid).children(recursive=True)
    return sum(sum(worker.cpu_times()[:2]) for worker in workers if "postgres" not in worker.name())


def load(server, path, headers=None):
    """Requests per second and milliseconds of application processor time per request."""
    port, process = server
    counts = []

    def hammer():
        count, until = 0, time.monotonic() + SECONDS
        with connect(port) as connection:
            while time.monotonic() < until:
                ask(connection, path, headers)
                count += 1
        counts.append(count)

    before, threads = app_cpu(process), [threading.Thread(target=hammer) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS, (app_cpu(process) - before) / sum(counts) * 1000


def test_public_pages_beside_an_empty_view(server):
    port, _ = server
    with connect(port) as connection:
        _, headers, body = ask(connection, "/")
    print(f"agenda on the wire: {len(body) / 1024:.1f} KB ({headers['Content-Encoding']})")
    unchanged = {"If-None-Match": headers["ETag"]}
    empty, empty_cpu = load(server, "/leeg/")
    print(f"{'empty view':<28}{empty:>8.0f} requests/s {empty_cpu:>7.2f} ms app CPU")
    for name, path, given in [
        ("agenda, kept", "/", None),
        ("agenda, 304", "/", unchanged),
        ("wegwijzer, kept", "/wegwijzer/", None),
        ("calendar feed, kept", "/kalender.ics", None),
    ]:
        rate, cpu = load(server, path, given)
        print(f"{name:<28}{rate:>8.0f} requests/s {cpu:>7.2f} ms app CPU   {rate / empty:.2f} of empty")


def sign_in(port, username):
    """The cookie of someone of the demo's team."""
    opener = build_opener(HTTPCookieProcessor(jar := CookieJar()))
    address = f"http://127.0.0.1:{port}/team/aanmelden/"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', opener.open(address).read().decode())[1]
    fields = {"username": username, "password": "buurtwerk-demo", "csrfmiddlewaretoken": token}
    opener.open(Request(address, urlencode(fields).encode(), {"Referer": address})).close()
    return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)}


def test_the_pages_of_a_working_day(server):
    port, _ = server
    noor = sign_in(port, "noor")
    for path in ("/team/", "/team/noteer/", "/team/gezinnen/", "/team/signalen/", "/team/partners/"):
        with connect(port) as connection:
            status, _, body = ask(connection, path, noor)
            assert status == 200
        rate, cpu = load(server, path, noor)
        print(f"{path:<28}{rate:>8.0f} requests/s {cpu:>7.2f} ms app CPU {len(body) / 1024:>7.1f} KB of HTML")
