"""What people who registered hear from us, and when. One function: the rest of the house need not know how."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from buurtwerk.accounts.models import SecureLink
from buurtwerk.outbox import models as outbox
from buurtwerk.outbox.models import Message

LINK = "registration"

QUIET_FROM, QUIET_UNTIL = 21, 8


def next_decent_hour(now):
    """Now, or 8 o'clock when it is night: nobody is woken up for a seat."""
    local = timezone.localtime(now)
    if QUIET_UNTIL <= local.hour < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=1 if local.hour >= QUIET_FROM else 0)
    return timezone.make_aware(datetime.combine(day, time(QUIET_UNTIL)))


def tell(target, group, what, *, send_after=None, knows=False):
    """Let whoever registered this group know what happened, by mail; without a mail address a colleague calls.

    Written in the transaction of the change and delivered after it. A sentence and a link: no name, no reason.

    Args:
        what: a key of SENTENCES.
        knows: they are at the page or the desk now, and need no call.
    """
    if not group.email and (knows or not group.phone):
        return
    now = timezone.now()
    with translation.override(group.locale):
        subject, body = _words(target, group, what)
    outbox.tell(
        centre=group.centre,
        channel=Message.Channel.MAIL if group.email else Message.Channel.CALL,
        to=group.email or group.phone,
        subject=subject,
        body=body,
        key=f"registration.{what} {group.code} {now.timestamp():.6f}",
        locale=group.locale,
        after=send_after,
        about=f"moment {target.session.code}" if target.session else f"reeks {target.series.slug}"[:60],
        whom=group.code,
    )


SENTENCES = {
    "confirmed": gettext_lazy("Je inschrijving is bevestigd."),
    "waitlisted": gettext_lazy("Het is volzet. Je staat op de wachtlijst."),
    "requested": gettext_lazy("Je aanvraag is goed aangekomen. Na de loting hoor je meer."),
    "offered": gettext_lazy("Er is een plaats voor je vrij. Antwoord op tijd, anders gaat ze naar iemand anders."),
    "withdrawn": gettext_lazy("Je bent uitgeschreven."),
}


def _words(target, group, what):
    """A series that nobody should learn of from a mail on a table is not named in it."""
    title = group.centre.name if target.series.is_sensitive else target.series.title
    lines = [str(SENTENCES[what])]
    if not target.series.is_sensitive:
        lines.append(f"{target.series.title}, {target.when}, {group.centre.name}.")
    if group.email:
        path = reverse("activities:registration", args=[link_to(group, target)])
        lines += [gettext("Kijk, verander of schrijf uit langs deze link. De link is enkel voor jou:")]
        lines += [f"{settings.SITE_URL.rstrip('/')}{path}"]
    return f"{title}: {SENTENCES[what]}", "\n\n".join(lines)


def link_to(group, target):
    """A private address to see, change or cancel it, until the day after. It cannot be shown again."""
    ends_at = target.ends_at or timezone.now()
    valid_for = max(ends_at - timezone.now(), timedelta(0)) + timedelta(days=1)
    return SecureLink.objects.give_out(purpose=LINK, subject_id=group.pk, valid_for=valid_for)
