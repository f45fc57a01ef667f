"""The worker that delivers mail, beside the server that it was started with."""

import subprocess
import sys
from contextlib import contextmanager
from threading import Event, Thread

from django.conf import settings

BEFORE_AGAIN = 5


@contextmanager
def delivering():
    """Have mail delivered for as long as this lasts, by a process of its own that is started again when it dies."""
    ended = Event()
    thread = Thread(target=_keep_alive, args=[ended], daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=10)


def _keep_alive(ended):
    while not ended.is_set():
        process = subprocess.Popen([sys.executable, settings.BASE_DIR / "manage.py", "deliver", "--watch"])
        while process.poll() is None and not ended.wait(0.5):
            pass
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=5)
        ended.wait(BEFORE_AGAIN)
