"""What a card says, line by line. Worked out here and not in the template: a page shows twenty of them."""

from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from buurtwerk.interface.templatetags.look import day, dialled, dutch, ltr, translated


@dataclass(frozen=True, slots=True)
class Fact:
    """The icon is one of templates/partners/_pictures.html."""

    icon: str
    text: str
    link: str = ""


def facts_of(service, *, asked=None):
    """For whom, where, how to enter, what it costs and how sure we are; what was asked stands elsewhere."""
    facts = [
        Fact("users", dutch(service.meant_for)),
        Fact("cake", "" if asked and asked.age is not None else capfirst(service.ages)),
        Fact("map-pin", "" if asked and asked.area else _where(service)),
        Fact("languages", _(", ").join(map(translated, service.language_labels))),
        Fact("door-open", _entrance(service)),
        Fact("euro", dutch(service.cost)),
        Fact("calendar-check", _checked(service)),
    ]
    return [fact for fact in facts if fact.text]


def contacts_of(organisation):
    """Who to call, write to or look up."""
    contacts = [
        Fact("phone", ltr(organisation.phone), f"tel:{dialled(organisation.phone)}"),
        Fact("mail", ltr(organisation.email), f"mailto:{organisation.email}"),
        Fact("globe", ltr(organisation.website_shown), organisation.website),
    ]
    return [contact for contact in contacts if contact.text]


def _checked(service):
    checked = _("Nagekeken op %(day)s.") % {"day": day(service.verified_on)}
    said = checked if service.verified_on else _("Nog niet nagekeken.")
    return said if service.is_current else f"{said} {_('Vraag eerst of dit nog klopt.')}"


def _entrance(service):
    said = filter(None, [translated(service.get_access_mode_display()), dutch(service.how_to_enter)])
    return format_html_join(". ", "{}", ((each,) for each in said))


def _where(service):
    return _("Heel de stad") if service.city_wide else dutch(capfirst(service.where))
