"""What we keep of one person, to give to them: in plain words, with the parts of others masked.

A table that comes later must be placed in IN_PACKAGE or in LEFT_OUT; a test fails until it is.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from buurtwerk.interface.templatetags.look import day
from buurtwerk.languages import Language
from households.compartments import belongs, shows_address
from households.looks import by_day, looks_at
from households.models import (
    Attachment,
    BikeLoan,
    Contact,
    ContactAddition,
    FollowUp,
    HelpRequest,
    HomeVisitNote,
    Member,
    Person,
    Plan,
    Referral,
    Review,
    RightCheck,
    SealedNote,
    SupportLink,
    WorkNote,
)
from households.naming import Naming

SOMEONE = "iemand anders"
WITH_SOMEONE = "Dit gesprek was met iemand anders. De tekst staat niet in dit pakket."
OF_SOMEONE = "Dit hoort bij iemand anders. De tekst staat niet in dit pakket."
LOCKED = "Deze nota heeft een apart slot. Wie ze naleest, beslist of ze meegaat."
LOOKS_SINCE = timedelta(days=730)

# Which tables are told, by model; and what is not, and why.
IN_PACKAGE = {
    "households.Member", "households.Contact", "households.Contact_present", "households.ContactAddition",
    "households.FollowUp", "households.HelpRequest", "households.Plan", "households.PlanStep",
    "households.RightCheck", "households.Referral", "households.Consent", "households.SupportLink",
    "households.HomeVisitNote", "households.BikeLoan", "households.Attachment", "households.ContactAgreement",
    "households.Review", "households.SealedNote", "households.BreakGlass", "households.SubjectRequest",
}  # fmt: skip
LEFT_OUT = {
    "households.Household": "een ouder dossier, dat in dit dossier opging",
    "households.Household_colleagues": "wie van ons het dossier leest, staat bij wie keek",
    "households.HandedFamily": "welke collega het overnam, gaat over ons werk",
    "households.MergeRecord": "hoe twee dossiers één werden; wat erin stond, staat in dit pakket",
    "households.NotDouble": "dat twee dossiers op elkaar lijken, gaat ook over een ander",
    "households.RoundDoor": "een adres op onze wandeling; het contact zelf staat erin",
    "households.RetentionHold": "staat bij hoe lang we bewaren",
    "households.DestructionLine": "staat bij hoe lang we bewaren",
    "activities.Participant": "inschrijvingen en zorgfiche worden bij de deelnemer afgedrukt",
}


class Masker:
    """Replaces the names, the phones and the addresses of others in a text."""

    def __init__(self, person, households):
        mine = {part.casefold() for part in _parts_of(person)}
        names, emails, numbers = set(), set(), set()
        others = Person.objects.exclude(pk=person.pk)
        near = others.filter(
            Q(memberships__household__in=households)
            | Q(contacts__household__in=households)
            | Q(contacts__present=person)
            | Q(supports__household__in=households)
        )
        for other in near.distinct():
            names |= {str(other), *_parts_of(other)}
            emails.add(other.email)
            numbers.add(other.phone)
        names |= set(
            SupportLink.objects.filter(household__in=households).exclude(name="").values_list("name", flat=True)
        )
        names = {name for name in names if name.casefold() not in mine}
        numbers = {each for each in numbers if each not in ("", person.phone)}
        names |= {each for each in emails if each not in ("", person.email)}
        self._naming = Naming(names, numbers)

    def __call__(self, text):
        return self._naming.replaced(text, SOMEONE)


def _parts_of(person):
    return [part for part in (person.first_name, person.last_name) if part]


def make(person, household):
    """Everything of this person: their own, and what is shared in this family. Asked in the name of who makes it."""
    return _Package(person, household).tell()


class _Package:
    def __init__(self, person, household):
        self.person, self.household = person, household
        own = {each.person_id: each for each in household.compartments}
        household.compartment = self.luik = own.get(person.pk)
        memberships = Member.objects.filter(person=person).values_list("household", flat=True)
        self.mask = Masker(person, {household.pk, *memberships})
        self.locked = []

    def tell(self):
        sections = [
            ("Wie je bent", self.about()),
            ("In welke gezinnen je staat", self.memberships()),
            ("Wat we afspraken over contact", self.agreement()),
            ("Gesprekken en andere contacten", self.contacts()),
            ("Wat we opvolgen", self.follow_ups()),
            ("Wat je vroeg", self.help_requests()),
            ("Onze afspraken", self.plans()),
            ("Je rechten", self.rights()),
            ("Doorverwijzingen en je toestemming", self.referrals()),
            ("Wie er rond je staat", self.support()),
            ("Waar we op letten bij een huisbezoek", self.visit_notes()),
            ("Hoe dicht we opvolgen", self.reviews()),
            ("Fietsen in huur", self.loans()),
            ("Papieren", self.papers()),
            ("Vragen over je gegevens", self.requests()),
            ("Wie keek in het dossier", self.looks()),
        ]
        return {
            "code": self.household.code,
            "name": str(self.person),
            "made_on": timezone.localdate().isoformat(),
            "sections": [{"title": title, "items": items} for title, items in sections],
            "locked": self.locked,
        }

    def item(self, title, *lines):
        """What is empty, is not told."""
        return {"title": title, "lines": [[label, str(value)] for label, value in lines if value not in (None, "", [])]}

    def about(self):
        person, household = self.person, self.household
        address = household.address if shows_address(household) else ""
        return [
            self.item(
                str(person),
                ("Geboortejaar", person.birth_year),
                ("Gender", person.get_gender_display() if person.gender else ""),
                ("Telefoon", person.phone),
                ("E-mail", person.email),
                ("Taal", Language(person.preferred_language).label if person.preferred_language else ""),
                ("Tolk", person.get_interpreter_display()),
                ("Leest Nederlands", person.get_reads_dutch_display() if person.reads_dutch else ""),
                ("Adres van het gezin", address),
            )
        ]

    def memberships(self):
        members = Member.objects.filter(person=self.person).select_related("household").order_by("since")
        return [
            self.item(
                each.household.code,
                ("Als", each.get_role_display()),
                ("Woont er", each.get_stays_display()),
                ("Sinds", day(each.since)),
                ("Tot", each.until and day(each.until)),
            )
            for each in members
        ]

    def agreement(self):
        agreed = getattr(self.household, "agreement", None)
        if agreed is None or self.household.compartments:
            return []
        return [
            self.item(
                "Contactafspraak",
                ("Wanneer het past", self.mask(agreed.hours)),
                ("Via wie", self.mask(agreed.via)),
                ("Liever niet", self.mask(agreed.rather_not)),
                ("Rust tot en met", agreed.pause_until and day(agreed.pause_until)),
            )
        ]

    def contacts(self):
        shared = Contact.objects.told_in(self.household, self.luik).order_by().values("pk")
        there = Contact.objects.filter(present=self.person).order_by().values("pk")
        found = Contact.objects.filter(Q(pk__in=shared) | Q(pk__in=there)).select_related("household")
        found = found.prefetch_related("present").newest_first()
        added = {}
        for each in ContactAddition.objects.filter(contact__in=found.order_by().values("pk")):
            added.setdefault(each.contact_id, []).append(each)
        return [self._contact(contact, added.get(contact.pk, [])) for contact in found]

    def _contact(self, contact, added):
        lines = [("Hoe het ging", contact.get_outcome_display()), ("Waarover", ", ".join(contact.theme_labels))]
        if not self._may_read(contact):
            lines = [("Nota", WITH_SOMEONE)]
        elif contact.visibility in Contact.CLOSED:
            self._lock(contact)
            lines.append(("Nota", LOCKED))
        else:
            lines.append(("Plaats", self.mask(contact.place)))
            lines.append(("Nota", self.mask(contact.note)))
            lines += [(each.get_kind_display(), self.mask(each.text)) for each in added]
        if contact.visibility not in Contact.CLOSED and self._may_read(contact) and contact.pk in self._with_work_note:
            self._lock(contact)
        return self.item(f"{day(contact.happened_on)}: {contact.get_mode_display()}", *lines)

    @property
    def _with_work_note(self):
        return set(WorkNote.objects.filter(contact__household=self.household).values_list("contact", flat=True))

    def _may_read(self, contact):
        """Where this person was, or nobody else; and never the luik of another."""
        present = [each.pk for each in contact.present.all()]
        if contact.household_id == self.household.pk and not belongs(present, self.household, self.luik):
            return False
        if contact.household_id != self.household.pk and contact.household and contact.household.has_compartments:
            own = next((each for each in contact.household.compartments if each.person_id == self.person.pk), None)
            if not belongs(present, contact.household, own):
                return False
        return not present or self.person.pk in present

    def _lock(self, contact):
        self.locked.append(
            {
                "contact": contact.pk,
                "on": contact.happened_on.isoformat(),
                "what": f"{contact.get_mode_display()}: {contact.get_visibility_display().lower()}",
                "given": False,
            }
        )

    def follow_ups(self):
        found = FollowUp.objects.filter(household=self.household).told_in(self.household, self.luik)
        found = found.select_related("born_from").prefetch_related("born_from__present").order_by("-due_on")
        return [
            self.item(
                self.mask(each.what) if not each.born_from or self._may_read(each.born_from) else OF_SOMEONE,
                ("Tegen", day(each.due_on)),
                ("Toestand", each.get_status_display()),
            )
            for each in found
        ]

    def help_requests(self):
        found = HelpRequest.objects.filter(household=self.household).told_in(self.household, self.luik)
        mine = found.filter(Q(person=self.person) | Q(person=None)).order_by("-asked_on")
        return [
            self.item(
                self.mask(each.words),
                ("Gevraagd op", day(each.asked_on)),
                ("Waarover", each.get_theme_display()),
                ("Toestand", each.get_status_display()),
                ("Wat het werd", self.mask(each.outcome)),
            )
            for each in mine
        ]

    def plans(self):
        items = []
        for plan in Plan.objects.told_in(self.household, self.luik).with_steps().newest_first():
            lines = [("In eigen woorden", self.mask(plan.own_words))]
            for goal in plan.goals.all():
                lines.append(("Doel", self.mask(goal.what)))
                lines += [("Stap", self.mask(step.what)) for step in goal.steps.all()]
            items.append(self.item(f"Afspraken van {day(timezone.localdate(plan.made_at))}", *lines))
        return items

    def rights(self):
        found = RightCheck.objects.filter(household=self.household).told_in(self.household, self.luik)
        mine = found.filter(Q(person=self.person) | Q(person=None)).select_related("right").order_by("-answered_on")
        return [
            self.item(
                each.right.label,
                ("Hoe het staat", each.get_state_display()),
                ("Waarom niet", each.get_reason_display() if each.reason else ""),
                ("Op", day(each.answered_on)),
            )
            for each in mine
        ]

    def referrals(self):
        items = []
        found = Referral.objects.filter(person=self.person).select_related("organisation", "consent")
        for each in found.order_by("-created_at"):
            consent = each.consent
            items.append(
                self.item(
                    f"Naar {each.organisation}",
                    ("De vraag", self.mask(each.need)),
                    ("Wat we doorgaven", self.mask(each.shared_text)),
                    ("Toestand", each.get_status_display()),
                    ("Doorgegeven", each.sent_at and day(timezone.localdate(each.sent_at))),
                    ("Zonder toestemming, omdat", self.mask(each.emergency_ground)),
                    ("Toestemming van", consent and self.mask(consent.given_by)),
                    ("Hoe gegeven", consent and consent.get_how_display()),
                    ("Gegeven op", consent and day(consent.given_on)),
                    ("Voor", consent and self.mask(consent.text)),
                    ("Ingetrokken", consent and consent.withdrawn_at and day(timezone.localdate(consent.withdrawn_at))),
                )
            )
        return items

    def support(self):
        found = SupportLink.objects.told_in(self.household, self.luik)
        mine = found.filter(Q(person=self.person) | Q(person=None) | Q(other=self.person))
        return [
            self.item(
                str(each.organisation) if each.organisation_id else SOMEONE.capitalize(),
                ("Wat voor iemand", each.get_kind_display()),
                ("Hoe is de band", each.get_quality_display()),
                ("In een zin", self.mask(each.note)),
            )
            for each in mine.select_related("organisation")
        ]

    def visit_notes(self):
        if self.household.compartments:
            return []
        return [
            self.item(
                each.get_kind_display(),
                ("Wat er is", self.mask(each.fact)),
                ("Wat we doen", self.mask(each.measure)),
                ("Herbekijken op", day(each.review_on)),
            )
            for each in HomeVisitNote.objects.filter(household=self.household)
        ]

    def reviews(self):
        if self.household.compartments:
            return []
        return [
            self.item(
                f"{day(timezone.localdate(each.at))}: {each.get_after_display()}", ("Waarom", self.mask(each.text))
            )
            for each in Review.objects.filter(household=self.household)
        ]

    def loans(self):
        mine = BikeLoan.objects.filter(child=self.person).select_related("bike")
        return [
            self.item(
                str(each.bike),
                ("Van", day(each.since)),
                ("Tot", day(each.due_on)),
                ("Terug op", each.returned_on and day(each.returned_on)),
                ("Wat er aan was", self.mask(each.return_note)),
            )
            for each in mine
        ]

    def papers(self):
        found = Attachment.objects.told_in(self.household, self.luik).filter(removed_at=None).defer("content")
        return [
            self.item(self.mask(each.name), ("Toegevoegd", day(timezone.localdate(each.uploaded_at))))
            for each in found.select_related("contact").prefetch_related("contact__present")
            if each.contact is None or (each.contact.visibility not in Contact.CLOSED and self._may_read(each.contact))
        ]

    def requests(self):
        return [
            self.item(
                each.get_kind_display(),
                ("Gekregen op", day(each.received_on)),
                ("Toestand", each.get_status_display()),
                ("Antwoord", self.mask(each.answer or each.refusal)),
            )
            for each in self.person.subject_requests.order_by("received_on")
        ]

    def looks(self):
        """Roles and days, never the names of colleagues; with luiken, what the others asked stays out of it."""
        today = timezone.localdate()
        days = by_day(looks_at(self.household), since=today - LOOKS_SINCE, until=today)
        return [
            self.item(
                day(each.on),
                *((look.role, f"{look.did}{f', {look.times} keer' if look.times > 1 else ''}") for look in each.looks),
            )
            for each in days
        ]


def locked_text(contact_id, user):
    """The text behind a lock, for who may read it; None for who may not, and then nobody can give it along."""
    contact = Contact.objects.filter(pk=contact_id).select_related("sealed_note", "work_note").first()
    if contact is None:
        return None
    sealed = SealedNote.objects.filter(contact=contact).first()
    if sealed is not None:
        return sealed.text if sealed.is_read_by(user) else None
    own = WorkNote.objects.filter(contact=contact, user=user).first()
    return own and own.text
