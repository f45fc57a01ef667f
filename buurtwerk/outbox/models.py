"""What leaves the house: one row for each mail and each call, with what became of it.

Whoever changes something tells it in the same transaction (`tell`): no change without its message, and no message
about a change that was rolled back. A worker delivers after that (delivery.py).
"""

from datetime import timedelta

import pghistory
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from buurtwerk.languages import Language

# After so long without a delivery, the worker must be standing still.
LATE = timedelta(minutes=10)


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("messages.check"))

    def about(self, about):
        return self.filter(about=about)

    def mails(self):
        return self.filter(channel=Message.Channel.MAIL)

    def calls(self):
        return self.filter(channel=Message.Channel.CALL)

    def queued(self):
        return self.filter(fate=Message.Fate.QUEUED)

    def failed(self):
        return self.filter(fate=Message.Fate.FAILED)

    def due(self):
        """Mails that may leave now, the longest waiting first."""
        return self.mails().queued().filter(send_after__lte=timezone.now()).order_by("send_after", "pk")

    def late(self):
        return self.mails().queued().filter(send_after__lt=timezone.now() - LATE)

    def take_back(self):
        """What did not leave yet, leaves no more. Returns how many; one that is leaving this instant is gone."""
        return self.queued().update(fate=Message.Fate.NOT_NEEDED, fate_at=timezone.now())


# The history keeps what became of it and who called, not whose address it was.
@pghistory.track(exclude=["to", "subject", "body"])
class Message(models.Model):
    class Channel(models.TextChoices):
        MAIL = "mail", "Mail"
        CALL = "call", "Bellen"

    class Fate(models.TextChoices):
        QUEUED = "queued", "Wacht"
        SENT = "sent", "Verstuurd"
        FAILED = "failed", "Mislukt"
        CALLED = "called", "Gebeld"
        NOT_NEEDED = "not_needed", "Niet meer nodig"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    channel = models.CharField("langs waar", max_length=4, choices=Channel)
    to = models.CharField("naar", max_length=254)
    locale = models.CharField("taal", max_length=5, choices=Language, default=Language.NL)
    subject = models.CharField("onderwerp", max_length=200)
    body = models.TextField("tekst", max_length=4000)
    # What this message is, in a few words: "activities.cancelled abc123 4 groep-x". The same key leaves once.
    key = models.CharField("kenmerk", max_length=120, unique=True)
    # What it is about ("moment abc123") and who is told (the code of a registration): for the lists of those pages.
    about = models.CharField("waarover", max_length=60, blank=True)
    whom = models.CharField("wie", max_length=40, blank=True)
    created_at = models.DateTimeField("gemaakt", default=timezone.now, editable=False)
    send_after = models.DateTimeField("niet voor", default=timezone.now)
    fate = models.CharField("wat ervan werd", max_length=10, choices=Fate, default=Fate.QUEUED)
    fate_at = models.DateTimeField("wanneer", null=True, editable=False)
    tries = models.PositiveSmallIntegerField("pogingen", default=0)
    tried_at = models.DateTimeField("laatst geprobeerd", null=True, editable=False)
    problem = models.CharField("wat er misging", max_length=120, blank=True)
    called_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="gebeld door",
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "bericht"
        verbose_name_plural = "berichten"
        indexes = [
            models.Index(fields=["send_after", "id"], name="message_due", condition=Q(fate="queued", channel="mail")),
            models.Index(fields=["about", "id"], name="message_about"),
            models.Index(fields=["centre", "-created_at", "-id"], name="message_of_a_centre"),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_known_codes",
                condition=Q(
                    channel__in=["mail", "call"],
                    fate__in=["queued", "sent", "failed", "called", "not_needed"],
                    locale__in=Language.values,
                ),
            ),
            models.CheckConstraint(name="message_to_someone", condition=~Q(to="")),
            models.CheckConstraint(
                name="message_fate_of_its_channel",
                condition=(~Q(fate="called") | Q(channel="call"))
                & (~Q(fate__in=["sent", "failed"]) | Q(channel="mail")),
            ),
            models.CheckConstraint(
                name="message_fate_has_an_instant",
                condition=Q(fate="queued", fate_at=None) | ~Q(fate="queued") & Q(fate_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_called_by_someone",
                condition=Q(fate="called", called_by__isnull=False) | ~Q(fate="called") & Q(called_by=None),
            ),
        ]

    def __str__(self):
        return f"{self.get_channel_display()}: {self.subject}"

    @property
    def is_queued(self):
        return self.fate == self.Fate.QUEUED

    @property
    def masked(self):
        """Enough to recognise an address, for who keeps the mail running and need not know whose it is."""
        name, at, place = self.to.rpartition("@")
        return f"{name[:1]}…{at}{place}" if at else f"…{self.to[-2:]}"

    def settle(self, fate, *, called_by=None):
        self.fate, self.fate_at, self.called_by = fate, timezone.now(), called_by
        self.save(update_fields=["fate", "fate_at", "called_by"])


def tell(*, centre, to, subject, body, key, channel=Message.Channel.MAIL, locale=Language.NL, after=None, **about):
    """Let someone outside know. Returns the message, or None when this key was told before.

    Call it in the transaction of the change that it tells. A sentence and a link: no name of a resident, and nothing
    that was noted about anyone, in `subject` or `body`.

    Args:
        to: a mail address; with `channel="call"` a telephone number, for a list of whom a colleague calls.
        after: the instant before which nothing leaves, so that an undo can still take it back.
        about: `about` and `whom`, codes that find the message again.
    """
    message = Message(
        centre=centre,
        channel=channel,
        to=to,
        locale=locale if locale in Language.values else Language.NL,
        subject=" ".join(subject.split())[:200],
        body=body,
        key=key,
        send_after=after or timezone.now(),
        **about,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return Message.objects.filter(key=key, created_at=message.created_at).first()


@transaction.atomic
def note_call(message_id, *, answered, by):
    """Someone was called: that counts as told. Nobody picked up: it stays on the list, with the try. None: no news."""
    message = Message.objects.calls().queued().select_for_update(of=["self"]).filter(pk=message_id).first()
    if message is None:
        return None
    message.tries, message.tried_at = message.tries + 1, timezone.now()
    message.save(update_fields=["tries", "tried_at"])
    if answered:
        message.settle(Message.Fate.CALLED, called_by=by)
    return message


@transaction.atomic
def take_back_call(message_id):
    """The tick was a slip: this person stands on the list again. Returns the message, or None: no news."""
    called = Message.objects.filter(fate=Message.Fate.CALLED).select_for_update(of=["self"])
    message = called.filter(pk=message_id).first()
    if message is not None:
        message.fate, message.fate_at, message.called_by = Message.Fate.QUEUED, None, None
        message.tries = max(message.tries - 1, 0)
        message.save(update_fields=["fate", "fate_at", "called_by", "tries"])
    return message


@transaction.atomic
def try_again(messages):
    """Failed mails leave again, with all their tries. Returns how many."""
    return messages.failed().update(
        fate=Message.Fate.QUEUED, fate_at=None, tries=0, problem="", send_after=timezone.now()
    )
