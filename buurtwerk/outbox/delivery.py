"""Delivering mails. Several workers may do this at once; each mail is held by one.

A mail is sent while its row is locked, and marked in the same transaction. A worker that is killed loses its lock
with its connection, so another one sends that mail at its next pass; what was marked is never sent again.
"""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.outbox.models import Message

# How long we wait after each failure; after the last one a colleague must look.
PATIENCE = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6)]


def deliver_due():
    """Send every mail that is due. Returns how many left and how many did not."""
    left = stayed = 0
    with asking_everything():
        while (is_sent := _deliver_one()) is not None:
            left, stayed = left + is_sent, stayed + (not is_sent)
    return left, stayed


def _deliver_one():
    """Take the mail that waits longest and that nobody else holds. None when there is none."""
    # Each a block of its own: who asks is told to the database once per transaction.
    with transaction.atomic():
        return _send(Message.objects.due().select_for_update(of=["self"], skip_locked=True).first())


def _send(message):
    if message is None:
        return None
    message.tries, message.tried_at = message.tries + 1, timezone.now()
    try:
        EmailMessage(subject=message.subject, body=message.body, to=[message.to], headers=_headers(message)).send()
    except Exception as problem:
        return _failed(message, problem)
    message.problem = ""
    message.save(update_fields=["tries", "tried_at", "problem"])
    message.settle(Message.Fate.SENT)
    return True


def _headers(message):
    """The same number at every try, so that a mailbox knows a second copy after a broken connection."""
    return {"Message-ID": f"<bericht-{message.pk}@buurtwerk>", "Content-Language": message.locale}


def _failed(message, problem):
    # The kind of problem and not its words: a mail server repeats addresses in them.
    message.problem = type(problem).__name__
    if message.tries > len(PATIENCE):
        message.settle(Message.Fate.FAILED)
    else:
        message.send_after = timezone.now() + PATIENCE[message.tries - 1]
    message.save(update_fields=["tries", "tried_at", "problem", "send_after"])
    return False
