"""One's own files as rows of text: only what the reader may read, and nothing that belongs to one luik."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from households.models import Contact, FollowUp, Household, Member


@dataclass
class Export:
    title: str
    headings: list
    rows: list
    # The families that it tells of, for the trail.
    households: list
    # The codes of the families of which something was left out.
    left_out: list


def own_files(user):
    """One's own as file team; of the whole centre for who oversees it. Broken glass is for reading, not for taking."""
    named = Household.colleagues.through.objects.filter(user=user).values("household")
    own = Q(primary_worker=user) | Q(backup_worker=user) | Q(pk__in=named)
    files = Household.objects.visible_to(user).filter(centre__in=user.centres_where("families.move"))
    return files.filter(own | Q(centre__in=user.centres_where("families.oversee"))).exclude(
        status=Household.Status.ERASED
    )


def make(user, *, what, since=None, until=None, neighbourhood=None):
    files = own_files(user).select_related("neighbourhood", "primary_worker", "backup_worker")
    if neighbourhood:
        files = files.filter(neighbourhood=neighbourhood)
    files = list(files.with_readers(user).order_by("code"))
    export = {"families": _families, "contacts": _contacts, "follow_ups": _follow_ups}[what](
        {household.pk: household for household in files}, user, since, until
    )
    export.left_out = [household.code for household in files if household.compartments]
    return export


def _families(files, user, since, until):
    """Who was made in the period, with who belongs to it now; how to reach the people of luiken is left out."""
    chosen = [
        household
        for household in files.values()
        if (not since or timezone.localdate(household.created_at) >= since)
        and (not until or timezone.localdate(household.created_at) <= until)
    ]
    people = {}
    for member in _members(chosen):
        people.setdefault(member.household_id, []).append(member)
    headings = ["Code", "Roepnaam", "Adres", "Buurt", "Talen", "Toestand", "Hoe dicht", "Vaste buurtwerker", "Back-up"]
    headings += ["Laatst bereikt", "Herbekijken op", "Mensen", "Telefoons"]
    rows = [_family_row(household, people.get(household.pk, [])) for household in chosen]
    return Export("Gezinnen", headings, rows, chosen, [])


def _members(households):
    members = Member.objects.current().filter(household__in=households).select_related("person")
    return members.order_by("household", "-is_contact_person", "person__birth_year", "pk")


def _family_row(household, members):
    apart = bool(household.compartments)
    shared = [member for member in members if not (apart and member.has_compartment)]
    names = [f"{member.person} ({member.get_role_display().lower()})" for member in shared]
    return [
        household.code,
        household.nickname,
        "" if apart else household.address,
        household.neighbourhood,
        ", ".join(household.language_labels),
        household.get_status_display(),
        household.get_intensity_display(),
        household.primary_worker,
        household.backup_worker,
        _day(household.last_reached_on),
        _day(household.next_review_on),
        "; ".join(names),
        "; ".join(f"{member.person.first_name}: {member.person.phone}" for member in shared if member.person.phone),
    ]


def _contacts(files, user, since, until):
    """Each contact once, also one of another family where someone was present who belongs to both: as in the story."""
    elsewhere = _told_along(files)
    wanted = _shared(Contact, files) | Q(pk__in=elsewhere)
    contacts = Contact.objects.visible_to(user).filter(wanted).order_by("-happened_on", "-pk")
    contacts = _within(contacts, "happened_on", since, until)
    contacts = contacts.select_related("author", "sealed_note").prefetch_related("present", "sealed_note__readers")
    headings = ["Wanneer", "Gezin", "Code", "Vorm", "Resultaat", "Minuten", "Thema's", "Plaats", "Wie erbij", "Door"]
    headings += ["Wie mag dit lezen", "Nota"]
    rows, told = [], {}
    contacts = list(contacts)
    others = {contact.household_id for contact in contacts if contact.household_id not in files}
    homes = files | Household.objects.with_readers(user).in_bulk(others)
    for contact in contacts:
        contact.household = homes[contact.household_id]
        household = files.get(contact.household_id) or files[elsewhere[contact.pk]]
        told[household.pk] = household
        rows.append(
            [
                _day(contact.happened_on),
                household.nickname,
                household.code,
                contact.get_mode_display(),
                *(_how_it_went(contact) if contact.is_readable_by(user) else [""] * 5),
                contact.author,
                contact.get_visibility_display(),
                _text(contact, user),
            ]
        )
    return Export("Contacten", headings, rows, list(told.values()), [])


def _told_along(files):
    """Contacts of other families that the story of one of these tells along, each with that one."""
    plain = [pk for pk, household in files.items() if not household.has_compartments]
    belongs = Member.objects.current().filter(household__in=plain).values("person")
    present = Contact.present.through.objects.filter(person__in=belongs, contact__household__has_compartments=False)
    present = present.exclude(contact__household__in=files).values_list("contact", "person")
    home_of = dict(Member.objects.current().filter(household__in=plain).values_list("person", "household"))
    return {contact: home_of[person] for contact, person in present}


def _how_it_went(contact):
    """For who reads the contact: others may know that there was one, as on the page."""
    return [
        contact.get_outcome_display(),
        contact.minutes,
        ", ".join(contact.theme_labels),
        contact.place,
        ", ".join(map(str, contact.present.all())),
    ]


def _text(contact, user):
    """As on the page; a werknota is scratch of ninety days and never leaves."""
    if contact.visibility == Contact.Visibility.PERSONAL:
        return ""
    return contact.note_for(user) or ""


def _follow_ups(files, user, since, until):
    follow_ups = FollowUp.objects.visible_to(user).filter(_shared(FollowUp, files)).order_by("-due_on", "-pk")
    follow_ups = _within(follow_ups, "due_on", since, until).select_related("assigned_to")
    headings = ["Tegen wanneer", "Gezin", "Code", "Wat", "Wie", "Toestand", "Wacht op", "Keren verzet", "Afgerond"]
    rows, told = [], {}
    for each in follow_ups:
        household = told[each.household_id] = files[each.household_id]
        closed = _day(each.closed_at and timezone.localdate(each.closed_at))
        rows.append(
            [_day(each.due_on), household.nickname, household.code, each.what, each.assigned_to]
            + [each.get_status_display(), each.waiting_on, each.times_postponed, closed]
        )
    return Export("Opvolging", headings, rows, list(told.values()), [])


def _shared(model, files):
    """The rows of these families; of one with luiken only what is everybody's."""
    apart = [household for household in files.values() if household.compartments]
    wanted = Q(household__in=[pk for pk, household in files.items() if not household.compartments])
    for household in apart:
        wanted |= Q(pk__in=model.objects.told_in(household, None).filter(household=household).order_by().values("pk"))
    return wanted


def _within(rows, name, since, until):
    if since:
        rows = rows.filter(**{f"{name}__gte": since})
    return rows.filter(**{f"{name}__lte": until}) if until else rows


def _day(day):
    return f"{day:%d/%m/%Y}" if day else ""
