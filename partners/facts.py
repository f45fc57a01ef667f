"""What a card says, line by line. Worked out here and not in the template: a page shows twenty of them."""

from dataclasses import dataclass

from buurtwerk.interface.templatetags.look import day, dialled


@dataclass(frozen=True, slots=True)
class Fact:
    """The icon is one of templates/partners/_pictures.html."""

    icon: str
    text: str
    link: str = ""


def facts_of(service, *, asked=None):
    """For whom, where, how to enter, what it costs and how sure we are; what was asked stands elsewhere."""
    facts = [
        Fact("users", service.meant_for),
        Fact("cake", "" if asked and asked.age is not None else service.ages.capitalize()),
        Fact("map-pin", "" if asked and asked.area else _capital(service.where)),
        Fact("languages", ", ".join(service.language_labels)),
        Fact("door-open", ". ".join(filter(None, [service.get_access_mode_display(), service.how_to_enter]))),
        Fact("euro", service.cost),
        Fact("calendar-check", _checked(service)),
    ]
    return [fact for fact in facts if fact.text]


def contacts_of(organisation):
    """Who to call, write to or look up."""
    contacts = [
        Fact("phone", organisation.phone, f"tel:{dialled(organisation.phone)}"),
        Fact("mail", organisation.email, f"mailto:{organisation.email}"),
        Fact("globe", organisation.website_shown, organisation.website),
    ]
    return [contact for contact in contacts if contact.text]


def _checked(service):
    said = f"Nagekeken op {day(service.verified_on)}." if service.verified_on else "Nog niet nagekeken."
    return said if service.is_current else f"{said} Vraag eerst of dit nog klopt."


def _capital(text):
    return text[:1].upper() + text[1:]
