"""What is past its term comes on the list of its centre; a colleague decides, line by line; then it is erased."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.daily.work import every_day
from buurtwerk.notices.models import Notice
from buurtwerk.places.models import Centre
from households import closing
from households.actions.erasing import erase
from households.actions.erasing_person import texts_to_review
from households.models import (
    Contact,
    DestructionBatch,
    DestructionLine,
    HelpRequest,
    Household,
    Plan,
    Referral,
    RetentionHold,
    RetentionTerm,
)

Kind, Rule, Decision = RetentionTerm.Kind, DestructionLine.Rule, DestructionLine.Decision


@dataclass(frozen=True)
class Term:
    kind: str
    months: int
    ground: str
    # Whether the centre chose it, or it is where we start from.
    is_chosen: bool = True

    @property
    def label(self):
        return Kind(self.kind).label


# Where a centre starts from until it chose.
USUAL = {
    Kind.CONTACT: Term(
        Kind.CONTACT, 24, "Twee jaar na het laatste contact is er geen doel meer om het te bewaren.", is_chosen=False
    ),
    Kind.CLOSED: Term(
        Kind.CLOSED, 60, "Vijf jaar na het afronden kan niemand nog iets van ons vragen over de hulp.", is_chosen=False
    ),
}


@dataclass(frozen=True)
class Past:
    """A family whose term ends within the notice, and by which rule."""

    household: Household
    term: Term
    last_contact_on: date
    due_on: date


class Overtaken(Exception):
    """It cannot be decided (any more); the words say why."""


def terms_of(centre, day=None):
    """Which term counts on this day, per kind of family."""
    chosen = RetentionTerm.objects.filter(centre=centre, since__lte=day or timezone.localdate())
    terms = dict(USUAL)
    for row in chosen.order_by("since", "pk"):
        terms[row.kind] = Term(row.kind, row.months, row.ground)
    return terms


def past_term(centre, *, only=None):
    """The families whose term ends within the notice. Who has something that still waits, is not past anything."""
    terms, limit = terms_of(centre), timezone.localdate() + DestructionLine.NOTICE
    families = Household.objects.filter(centre=centre, merged_into=None).exclude(status=Household.Status.ERASED)
    if only is not None:
        families = families.filter(pk=only)
    newest = Contact.objects.filter(household=OuterRef("pk")).order_by().values("household")
    families = families.annotate(
        newest_contact=Subquery(newest.annotate(day=Max("happened_on")).values("day")),
        has_plan=Exists(Plan.objects.filter(household=OuterRef("pk")))
        | Exists(Referral.objects.filter(household=OuterRef("pk"))),
    )
    # Roughly, so that only those few come out of the database.
    shortest = {kind: limit - relativedelta(months=terms[kind].months, days=-3) for kind in terms}
    quiet = Q(has_plan=False, created_at__date__lte=shortest[Kind.CONTACT]) & (
        Q(newest_contact=None) | Q(newest_contact__lte=shortest[Kind.CONTACT])
    )
    closed = Q(has_plan=True, status=Household.Status.CLOSED, closed_on__lte=shortest[Kind.CLOSED])
    found = [_past(family, terms) for family in families.filter(quiet | closed)]
    return [each for each in found if each.due_on <= limit and not closing.obstacles(each.household)]


def _past(family, terms):
    term = terms[Kind.CLOSED if family.has_plan else Kind.CONTACT]
    start = family.closed_on if family.has_plan else family.newest_contact or timezone.localdate(family.created_at)
    return Past(family, term, family.newest_contact, start + relativedelta(months=term.months))


@transaction.atomic
def propose(centre):
    """Put what is past its term on the list. Returns the new lines."""
    known = DestructionLine.objects.standing().filter(centre=centre).values_list("household", flat=True)
    held = RetentionHold.objects.standing().filter(centre=centre).values_list("household", flat=True)
    new = [each for each in past_term(centre) if each.household.pk not in {*known, *held}]
    if not new:
        return []
    notice_ends = timezone.localdate() + DestructionLine.NOTICE
    lines = [
        DestructionLine(
            batch=_open_list(centre),
            centre=centre,
            household=each.household,
            rule=each.term.kind,
            ground=f"{each.term.months} maanden. {each.term.ground}",
            last_contact_on=each.last_contact_on,
            due_on=max(each.due_on, notice_ends),
        )
        for each in new
    ]
    return DestructionLine.objects.bulk_create(lines)


def _open_list(centre):
    batch, _ = DestructionBatch.objects.get_or_create(centre=centre, closed_at=None)
    return batch


@transaction.atomic
def propose_on_request(request, *, by):
    """A resident asks to be erased: the same list and the same second pair of eyes, with a ground of its own."""
    household = request.household
    if DestructionLine.objects.standing().filter(household=household).exists():
        raise Overtaken("Dit gezin staat al op de vernietigingslijst.")
    if closing.obstacles(household):
        raise Overtaken("Er wacht nog iets voor dit gezin. Rond dat eerst af.")
    newest = household.contacts.order_by("-happened_on").first()
    line = DestructionLine.objects.create(
        batch=_open_list(household.centre),
        centre_id=household.centre_id,
        household=household,
        rule=Rule.REQUEST,
        ground=f"Vraag om te wissen van {request.received_on:%d/%m/%Y} (AVG artikel 17).",
        last_contact_on=newest and newest.happened_on,
        due_on=timezone.localdate(),
        proposed_by=by,
    )
    _tell_reviewers(household.centre, f"{household.code} staat op de vernietigingslijst, op vraag.", by=by)
    return line


@transaction.atomic
def propose_person(person, household, *, ground, by):
    """One person of a family that stays, by the same list and the same second pair of eyes."""
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if DestructionLine.objects.standing().filter(household=household).exists():
        raise Overtaken("Dit gezin staat al op de vernietigingslijst. Beslis dat eerst.")
    if _waits_for(person):
        raise Overtaken("Er wacht nog iets voor deze persoon. Rond dat eerst af.")
    newest = person.contacts.order_by("-happened_on").first()
    line = DestructionLine.objects.create(
        batch=_open_list(household.centre),
        centre_id=household.centre_id,
        household=household,
        person=person,
        rule=Rule.PERSON,
        ground=ground,
        last_contact_on=newest and newest.happened_on,
        due_on=timezone.localdate(),
        proposed_by=by,
    )
    _tell_reviewers(household.centre, f"{household.code}: één persoon staat op de vernietigingslijst.", by=by)
    return line


def _waits_for(person):
    """A bike that is out, a referral that is on its way, a question that is open."""
    ended = [*Referral.ENDED, Referral.Status.DRAFT]
    return (
        person.bike_loans.open().exists()
        or person.referrals.exclude(status__in=ended).exists()
        or HelpRequest.objects.filter(person=person).open().exists()
    )


@transaction.atomic
def approve(line, *, by, keep=()):
    """By someone else than who proposed it. The constraint on the table says the same.

    `keep` are the texts that may go on naming the person of the line, by their key.
    """
    line = _locked(line)
    if line.decision != Decision.WAITING:
        raise Overtaken("Over deze regel is intussen beslist.")
    if line.proposed_by_id == by.pk:
        raise Overtaken("Je stelde dit zelf voor. Een collega moet het goedkeuren.")
    line.decision, line.decided_by, line.decided_at = Decision.APPROVED, by, timezone.now()
    if line.rule == Rule.PERSON:
        with asking_everything():
            shown, _ = texts_to_review(line)
        line.kept_texts = [text.key for text in shown if text.key in keep]
    line.save()
    household = line.household
    who = "Iemand van " if line.rule == Rule.PERSON else ""
    text = f"{who}{household.code} wordt gewist vanaf {line.due_on:%d/%m/%Y}."
    Notice.objects.tell(household.primary_worker, text=text, url=household.get_absolute_url(), by=by)


@transaction.atomic
def keep(line, *, reason, until, by):
    """Keep the family longer: a hold with a reason. Possible until it is erased."""
    line = _locked(line)
    if line.decision not in DestructionLine.STANDING or line.erased_at:
        raise Overtaken("Over deze regel is intussen beslist.")
    if line.rule != Rule.PERSON:
        RetentionHold.objects.create(
            centre_id=line.centre_id, household_id=line.household_id, reason=reason, until=until, by=by
        )
    line.decision, line.reason, line.decided_by, line.decided_at = Decision.KEPT, reason, by, timezone.now()
    line.save()
    _close_lists()


def _locked(line):
    return DestructionLine.objects.select_for_update(of=["self"]).select_related("household").get(pk=line.pk)


@transaction.atomic
def erase_ready(lines=None):
    """Erase what was approved and whose day has come. Whatever came back to life meanwhile, is let go."""
    lines = DestructionLine.objects.all() if lines is None else lines
    let_go_of_living(lines)
    done = 0
    for line in DestructionLine.objects.filter(pk__in=lines.values("pk")).ready():
        # A contact that was being saved meanwhile is waited for, and counts.
        Household.objects.select_for_update().filter(pk=line.household_id).first()
        if not let_go_of_living(DestructionLine.objects.filter(pk=line.pk)):
            done += bool(erase(line))
    _close_lists()
    return done


def let_go_of_living(lines):
    """A contact, a plan or a reopened file since: then the family is not past its term."""
    gone = 0
    standing = (
        DestructionLine.objects.filter(pk__in=lines.values("pk")).standing().select_related("household", "centre")
    )
    for line in standing:
        alive = line.household.merged_into_id is not None or (
            line.rule not in (Rule.REQUEST, Rule.PERSON) and not past_term(line.centre, only=line.household_id)
        )
        if alive or line.household.status == Household.Status.ERASED:
            line.decision = Decision.LAPSED
            line.save(update_fields=["decision"])
            gone += 1
    return gone


def _close_lists():
    standing = DestructionLine.objects.standing().filter(batch=OuterRef("pk"))
    done = DestructionBatch.objects.filter(~Exists(standing), closed_at=None)
    done.filter(lines__isnull=False).distinct().update(closed_at=timezone.now())


def _tell_reviewers(centre, text, *, by=None):
    roles = RIGHTS["files.review"].roles
    reviewing = User.objects.filter(membership__role__in=roles, membership__centre=centre, is_active=True).distinct()
    Notice.objects.tell(*reviewing, text=text, url=reverse("households:destruction-list"), by=by)


@every_day("Vernietigingslijst: wat over zijn termijn gaat")
def propose_everywhere():
    number = 0
    for centre in Centre.objects.all():
        if lines := propose(centre):
            number += len(lines)
            _tell_reviewers(centre, f"{len(lines)} nieuw op de vernietigingslijst. Kijk elke regel na.")
    return number


@every_day("Vernietigingslijst: wissen wat goedgekeurd is")
def erase_everywhere():
    return erase_ready()
