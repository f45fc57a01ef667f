"""Whom a change of a moment concerns, and what they read: a sentence and a link, in their language."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef
from django.template.defaultfilters import date as format_date
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from activities.models import Registration, RegistrationGroup, SessionChange
from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.notices.models import Notice
from buurtwerk.outbox.models import Message, tell

# Nothing leaves before that: so long, an undo undoes all of it.
UNDONE_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True)
class Audience:
    groups: list
    staff: list

    @property
    def mails(self):
        return sum(1 for group in self.groups if group.email)

    @property
    def calls(self):
        return sum(1 for group in self.groups if group.phone and not group.email)

    @property
    def unreachable(self):
        return sum(1 for group in self.groups if not group.phone and not group.email)

    @property
    def people(self):
        return sum(group.people for group in self.groups)


def audience_of(session, *, freed=()):
    """Who registered, and who stands there; `freed` are the ids of colleagues that stood there before."""
    live = Registration.objects.for_moment(session).live()
    here = live.filter(group=OuterRef("pk")).order_by().values("group").annotate(number=Count("pk"))
    groups = RegistrationGroup.objects.filter(Exists(live.filter(group=OuterRef("pk"))))
    groups = groups.annotate(people=here.values("number")).order_by("contact_name", "pk")
    staff = User.objects.filter(is_active=True)
    staff = staff.filter(pk__in=freed) if freed else staff.filter(postings__session=session)
    return Audience(list(groups), list(staff.order_by("pk")))


def tell_of(change, audience, *, by):
    """Queue what this change tells everyone it concerns: once each, and not before it can no longer be undone."""
    session, after = change.session, change.at + UNDONE_WITHIN
    for group in audience.groups:
        to = group.email or group.phone
        if to:
            _tell(change, to, key=group.code, is_call=not group.email, locale=group.locale, after=after)
    colleagues = [colleague for colleague in audience.staff if by is None or colleague.pk != by.pk]
    for colleague in colleagues:
        if colleague.email:
            _tell(change, colleague.email, key=f"team-{colleague.pk}", is_call=False, locale="nl", after=after)
    Notice.objects.tell(*colleagues, text=notice_of(change), url=session.get_absolute_url(), by=by, after=after)


def _tell(change, to, *, key, is_call, locale, after):
    subject, body = words_of(change.session, change.kind, locale=locale, for_team=key.startswith("team-"))
    tell(
        centre=change.centre,
        channel=Message.Channel.CALL if is_call else Message.Channel.MAIL,
        to=to,
        subject=subject,
        body=body,
        key=change.key + key,
        locale=locale,
        after=after,
        about=change.about,
        whom=key,
    )


def messages_of(change):
    return Message.objects.filter(key__startswith=change.key)


def take_back_messages(change):
    """Nobody hears of this change any more. Returns False, and takes nothing back, when somebody already did."""
    mine = messages_of(change).select_for_update(of=["self"])
    if any(message.fate in (Message.Fate.SENT, Message.Fate.CALLED) for message in mine):
        return False
    messages_of(change).filter(fate=Message.Fate.FAILED).update(fate=Message.Fate.NOT_NEEDED)
    messages_of(change).take_back()
    # A notice is of whom it is for; this one, nobody has seen yet.
    with asking_everything():
        Notice.objects.filter(
            url=change.session.get_absolute_url(), text=notice_of(change), seen_at=None, at=change.at + UNDONE_WITHIN
        ).delete()
    return True


def forget_older_messages(session):
    """What waits about an earlier change is no longer true."""
    for change in session.changes.all():
        messages_of(change).take_back()


def words_of(session, kind, *, locale="nl", for_team=False):
    """Subject and body. Of a sensitive activity the mail names neither the activity nor the reason."""
    with translation.override(locale):
        hidden = session.series.is_sensitive
        subject = _SUBJECTS[kind]() % {"title": _("een activiteit") if hidden else session.series.title}
        lines = [subject.rstrip(".") + ".", "" if hidden else when_and_where(session)]
        if kind == SessionChange.Kind.CANCELLED and not hidden:
            lines.append(session.reason_public)
        if session.series.is_public or for_team:
            url = session.get_absolute_url() if for_team else session.public_url
            lines.append(_("Hoe het nu is, lees je hier: %(url)s") % {"url": settings.SITE_URL + url})
        if session.centre.phone and not for_team:
            lines.append(_("Vragen? Bel %(phone)s.") % {"phone": session.centre.phone})
        lines.append(session.centre.name)
        return subject, "\n\n".join(filter(None, lines))


# Functions, so that each is put in the language of who reads it.
_SUBJECTS = {
    SessionChange.Kind.CANCELLED: lambda: _("Gaat niet door: %(title)s"),
    SessionChange.Kind.REOPENED: lambda: _("Gaat toch door: %(title)s"),
    SessionChange.Kind.MOVED: lambda: _("Verplaatst: %(title)s"),
}


def when_and_where(session):
    """Nu op woensdag 2 december, van 14.00 tot 16.30 uur; with what it was before, when it was moved."""
    values = {"day": format_date(timezone.localtime(session.starts_at), "l j F"), "hours": session.hours}
    line = _("%(day)s van %(hours)s.") % values
    line = line[:1].upper() + line[1:]
    if session.is_moved:
        before = timezone.localtime(session.moved_from)
        was = {"day": format_date(before, "l j F"), "hour": f"{before:%H.%M}"}
        line = _("Was: %(day)s om %(hour)s uur.") % was + "\n" + _("Nu: %(line)s") % {"line": line}
    return line + ("\n" + _("Waar: %(place)s.") % {"place": session.place} if session.place else "")


def notice_of(change):
    was = format_date(timezone.localtime(change.starts_at), "j F")
    return f"{change.get_kind_display()}: {change.session.series.title} van {was}. Je staat daarbij."
