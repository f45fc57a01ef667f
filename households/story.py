"""What families themselves add to their story: contacts, follow-ups, referrals."""

from datetime import datetime, time

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.urls import reverse
from django.utils import timezone

from households import timeline
from households.models import Contact, ContactAddition, FollowUp, Referral
from households.models.household import readers_beside

SAME_SAVE = 2
# As many as the first page of the story asks for.
NEWEST = timeline.PAGE_SIZE + 1

CONTACT_ICONS = {
    Contact.Mode.HOME: "house",
    Contact.Mode.DOOR: "door-open",
    Contact.Mode.CENTRE: "building-2",
    Contact.Mode.STREET: "map-pin",
    Contact.Mode.PHONE: "phone",
    Contact.Mode.MESSAGE: "message-circle",
    Contact.Mode.EMAIL: "mail",
    Contact.Mode.CARD: "mail-open",
    Contact.Mode.ACCOMPANY: "footprints",
    Contact.Mode.PARTNER_TALK: "handshake",
    Contact.Mode.ONLINE: "laptop",
    Contact.Mode.GROUP: "users",
}


HIDDEN_WORDS = {
    Contact.Visibility.NAMED: "Nota voor wie genoemd is",
    Contact.Visibility.PERSONAL: "Nota enkel voor wie ze schreef",
}


@timeline.register(knows_compartments=True)
def contacts(household, *, user, limit, before):
    found = told(household, user=user)
    if before:
        found = found.filter(happened_on__lt=before)
    return entries_of(found[:limit], household, user=user)


def told(household, *, user):
    """The contacts of this story that this user may know of, the newest first."""
    contacts = Contact.objects.visible_to(user).told_in(household, household.compartment)
    added = ContactAddition.objects.filter(contact=OuterRef("pk"))
    contacts = contacts.annotate(together=_co_workers(), was_added_to=Exists(added))
    contacts = contacts.prefetch_related("sealed_note__readers")
    if not household.has_compartments and household.shared_people:
        # Another family tells along: who reads what it tells, in the same query.
        contacts = contacts.select_related("household").annotate(**readers_beside(user, "household"))
    return contacts.select_related("author", "sealed_note", "work_note").newest_first()


def entries_of(contacts, household, *, user):
    """Contacts of `told` as lines of this story."""
    contacts = list(contacts)
    for contact in contacts:
        if contact.household_id == household.pk:
            contact.household = household
        else:
            contact.household.given_colleagues = contact.given_colleagues
            contact.household.given_glass = contact.given_glass
            contact.household.given_notes_from = contact.given_notes_from
    return [_contact_entry(contact, user, household) for contact in contacts]


@timeline.register(knows_compartments=True)
def follow_ups(household, *, user, limit, before):
    if before is None and limit <= NEWEST and household.newest_follow_ups is not None:
        return [_follow_up_entry(follow_up) for follow_up in household.newest_follow_ups[:limit]]
    found = _follow_ups_of(household, user)
    if before:
        found = found.filter(created_at__lt=_start_of(before))
    return [_follow_up_entry(follow_up) for follow_up in found[:limit]]


def open_follow_ups(household, *, user):
    """What is to be done, first what comes first; in one query with the newest that the story tells."""
    told = _follow_ups_of(household, user)
    newest = told.order_by("-created_at").values("pk")[:NEWEST]
    found = list(told.filter(Q(pk__in=newest) | Q(status__in=FollowUp.OPEN)))
    household.newest_follow_ups = found
    return sorted((each for each in found if each.is_open), key=lambda each: (each.due_on, each.pk))


def _follow_ups_of(household, user):
    found = household.follow_ups.visible_to(user).told_in(household, household.compartment)
    return found.select_related("assigned_to", "created_by").order_by("-created_at")


def _referral_entries(told, household):
    yield timeline.entry_at(
        told["at"],
        kind="referral",
        icon="send",
        title=f"Doorverwijzing van {told['person']} naar {told['organisation']}",
        by=told["by"],
        url=reverse("households:referral-detail", args=[told["id"]]),
        tags=(Referral.Status(told["status"]).label,),
    )


@timeline.register_light(entries=_referral_entries, knows_compartments=True)
def referrals(household, *, user, before):
    found = household.referrals.visible_to(user).told_in(household, household.compartment)
    if before:
        found = found.filter(created_at__lt=_start_of(before))
    told = JSONObject(
        id="pk",
        at="created_at",
        person="person__first_name",
        organisation="organisation__name",
        status="status",
        by=name_of("made_by"),
    )
    return found.annotate(told=told, newest=F("created_at"))


def _co_workers():
    """Their names in the same query."""
    together = Contact.co_workers.through.objects.filter(contact=OuterRef("pk")).order_by("user__first_name")
    return ArraySubquery(together.annotate(name=name_of("user")).values("name"))


def name_of(user):
    """In a query, what `str(user)` says of the colleague at the end of this path."""
    return Coalesce(NullIf(f"{user}__first_name", Value("")), f"{user}__username")


def _handover_entries(told, household):
    yield timeline.entry_at(
        told["at"],
        kind="handover",
        icon="arrow-right-left",
        title=f"Overgenomen door {told['to']}",
        by=told["by"],
    )


@timeline.register_light(entries=_handover_entries, knows_compartments=True)
def handovers(household, *, user, before):
    """From whom to whom the family went."""
    found = household.handed_over.filter(moved_at__isnull=False)
    if before:
        found = found.filter(moved_at__lt=_start_of(before))
    told = JSONObject(at="moved_at", by=name_of("handover__from_user"), to=name_of("handover__to_user"))
    return found.annotate(told=told, newest=F("moved_at"))


def _merge_entries(told, household):
    yield timeline.entry_at(
        told["at"],
        kind="merge",
        icon="merge",
        title=f"Samengevoegd met {told['code']}",
        by=told["by"],
    )


@timeline.register_light(entries=_merge_entries, knows_compartments=True)
def merges(household, *, user, before):
    """Which file became part of this one, as long as nobody took them apart."""
    found = household.merges.filter(undone_at=None)
    if before:
        found = found.filter(at__lt=_start_of(before))
    told = JSONObject(at="at", by=name_of("by"), code="gone__code")
    return found.annotate(told=told, newest=F("at"))


def _contact_entry(contact, user, household):
    reads = contact.is_readable_by(user)
    late = ("achteraf genoteerd",) if contact.noted_late else ()
    more = ("later bijgeschreven",) if getattr(contact, "was_added_to", False) else ()
    if contact.round_id:
        late = ("op ronde", *late)
    closed = (contact.get_visibility_display(),) if contact.visibility in Contact.CLOSED else ()
    return timeline.Entry(
        on=contact.happened_on,
        order=int(contact.created_at.timestamp()),
        kind="contact",
        icon=CONTACT_ICONS[contact.mode],
        # So that nobody rings twice, everyone may know that there was a contact, when and how; not how it went.
        title=str(contact) if reads else contact.get_mode_display(),
        by=" en ".join([str(contact.author), *contact.together]),
        text=contact.note_for(user) if contact.note or contact.visibility in Contact.CLOSED else "",
        url=contact.get_absolute_url(),
        # As on its own page: that it was about debts is not for everyone either.
        tags=(*contact.theme_labels, *closed, *late, *more) if reads else late,
        hidden=HIDDEN_WORDS.get(contact.visibility, "Nota voor het dossierteam"),
        of_family=str(contact.household) if contact.household != household else "",
    )


def _follow_up_entry(follow_up):
    return timeline.Entry(
        on=timezone.localdate(follow_up.created_at),
        # Below the contact that it was saved with.
        order=int(follow_up.created_at.timestamp()) - SAME_SAVE,
        kind="follow-up",
        icon="list-checks",
        title=f"Opvolging: {follow_up.what}",
        by=f"{follow_up.created_by}, voor {follow_up.assigned_to}",
        url=follow_up.get_absolute_url(),
        tags=(follow_up.get_status_display(),),
    )


def _start_of(day):
    return timezone.make_aware(datetime.combine(day, time.min))
