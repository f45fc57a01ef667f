"""Several workers at the same moment, and one that is killed: real connections, real transactions."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.outbox.delivery import deliver_due
from buurtwerk.outbox.models import Message, tell
from tests.factories import make_centre
from tests.outbox.factories import make_message

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    def run(work):
        try:
            with asking_everything():
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def test_with_three_workers_each_mail_leaves_once(monkeypatch):
    centre = make_centre()
    keys = {make_message(centre=centre).to for _ in range(12)}
    send = EmailBackend.send_messages

    def slowly(backend, messages):
        time.sleep(0.05)
        return send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", slowly)

    parts = at_once(deliver_due, deliver_due, deliver_due)

    assert sum(left for left, _ in parts) == 12
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(keys)
    assert min(left for left, _ in parts) > 0


def test_told_twice_at_once_is_one_message():
    centre = make_centre()

    def say():
        with transaction.atomic():
            told = tell(centre=centre, to="a@example.org", subject="x", body="x", key="samen")
            time.sleep(0.2)
            return told is not None

    assert sorted(at_once(say, say)) == [False, True]
    assert Message.objects.count() == 1


DYING = """
import os, django
django.setup()
from django.core.mail import EmailMessage
from django.db import connection
from buurtwerk.outbox import delivery
connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]

def hang(self):
    print("busy", flush=True)
    import time
    time.sleep(60)

EmailMessage.send = hang
delivery.deliver_due()
"""


def test_what_a_killed_worker_held_is_sent_by_the_next():
    make_message()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "buurtwerk.settings",
        "TEST_DATABASE": connection.settings_dict["NAME"],
        "BUURTWERK_DATA_DIR": str(settings.DATA_DIR),
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", DYING], cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout.readline() == "busy\n"
    assert deliver_due() == (0, 0)

    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()

    until = time.monotonic() + 20
    while deliver_due() == (0, 0) and time.monotonic() < until:
        time.sleep(0.1)
    assert len(mail.outbox) == 1
    assert Message.objects.get().fate == "sent"
