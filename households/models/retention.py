"""How long we keep a family, who decides that it goes, and what is left then: counts, and proof that it was done."""

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from buurtwerk.interface.text import FreeLine, FreeText
from buurtwerk.themes import ThemesField
from households.models.contact import Contact
from households.models.household import Household, OfFamilyQuerySet
from households.models.person import Person


class OfReviewedCentreQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("files.review"))


class RetentionTerm(models.Model):
    """From this day on a centre keeps families of this kind so many months, and why. The newest that began, counts."""

    class Kind(models.TextChoices):
        CONTACT = "contact", "Zonder plan of doorverwijzing: na het laatste contact"
        CLOSED = "closed", "Met een plan of een doorverwijzing: na het afronden"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    kind = models.CharField("welke gezinnen", max_length=10, choices=Kind)
    months = models.PositiveSmallIntegerField("maanden")
    ground = FreeText("op welke grond", max_length=500)
    since = models.DateField("vanaf")
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="door"
    )
    at = models.DateTimeField("genoteerd", default=timezone.now, editable=False)

    objects = OfReviewedCentreQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-since", "-pk"]
        verbose_name = "bewaartermijn"
        verbose_name_plural = "bewaartermijnen"
        constraints = [
            models.CheckConstraint(
                name="retention_months_possible",
                condition=Q(months__gte=1, months__lte=360),
                violation_error_message="Vul een aantal maanden in van 1 tot 360.",
            ),
            models.CheckConstraint(name="retention_has_a_ground", condition=~Q(ground="")),
            models.UniqueConstraint(
                fields=["centre", "kind", "since"],
                name="retention_once_a_day",
                violation_error_message="Vanaf die dag geldt al een termijn. Kies een andere dag.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.months} maanden"


class RetentionHoldQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("files.review")).of_known_families(user)

    def standing(self):
        return self.filter(until__gt=timezone.localdate())


class RetentionHold(models.Model):
    """Why a family is kept longer than its term: in writing, and for a year at most."""

    LONGEST = timedelta(days=366)

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="holds", editable=False, verbose_name="gezin"
    )
    reason = FreeLine("waarom langer", max_length=300)
    since = models.DateField("sinds", default=timezone.localdate, editable=False)
    until = models.DateField("tot")
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="door"
    )

    objects = RetentionHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-until", "-pk"]
        verbose_name = "langer bewaren"
        verbose_name_plural = "langer bewaren"
        constraints = [
            models.CheckConstraint(
                name="hold_a_year_at_most",
                condition=Q(until__gt=F("since"), until__lte=F("since") + timedelta(days=366)),
                violation_error_message="Kies een dag binnen de twaalf maanden.",
            ),
            models.CheckConstraint(name="hold_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return f"tot {self.until:%d/%m/%Y}"


class DestructionBatch(models.Model):
    """Vernietigingslijst: what a centre may erase soon. One is open at a time; it closes when all of it is decided."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    made_at = models.DateTimeField("gemaakt", default=timezone.now)
    closed_at = models.DateTimeField("afgesloten", null=True)

    objects = OfReviewedCentreQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = "vernietigingslijst"
        verbose_name_plural = "vernietigingslijsten"
        constraints = [
            models.UniqueConstraint(fields=["centre"], condition=Q(closed_at=None), name="destruction_one_open_list")
        ]

    def __str__(self):
        return f"Vernietigingslijst van {self.made_at:%d/%m/%Y}"


class DestructionLineQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("files.review")).of_known_families(user)

    def standing(self):
        """Waiting for a decision, or for its day."""
        return self.filter(decision__in=DestructionLine.STANDING, erased_at=None)

    def waiting(self):
        return self.filter(decision=DestructionLine.Decision.WAITING)

    def ready(self):
        """Approved, and the day has come."""
        approved = self.filter(decision=DestructionLine.Decision.APPROVED, erased_at=None)
        return approved.filter(due_on__lte=timezone.localdate())


class DestructionLine(models.Model):
    """One family on the list, or one person of it: by which rule, from which day, and what was decided about it.

    It stays after the erasing, as proof; so there is no name in it, and a reason is taken out along with the family.
    """

    class Rule(models.TextChoices):
        CONTACT = RetentionTerm.Kind.CONTACT.value, "Lang geen contact meer"
        CLOSED = RetentionTerm.Kind.CLOSED.value, "Lang geleden afgerond"
        REQUEST = "request", "Op vraag van de bewoner"
        PERSON = "person", "Eén persoon van het gezin"

    class Decision(models.TextChoices):
        WAITING = "waiting", "Nog te beslissen"
        APPROVED = "approved", "Goedgekeurd"
        KEPT = "kept", "Langer bewaard"
        LAPSED = "lapsed", "Vervallen"

    STANDING = [Decision.WAITING, Decision.APPROVED]
    NOTICE = timedelta(days=30)

    batch = models.ForeignKey(DestructionBatch, on_delete=models.PROTECT, related_name="lines", verbose_name="lijst")
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="destruction_lines", verbose_name="gezin"
    )
    # One person of a family that stays; nobody any more, once they were erased.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="destruction_lines", verbose_name="wie"
    )
    rule = models.CharField("regel", max_length=10, choices=Rule)
    ground = models.CharField("grond", max_length=600)
    last_contact_on = models.DateField("laatste contact", null=True)
    due_on = models.DateField("wissen vanaf")
    proposed_at = models.DateTimeField("voorgesteld", default=timezone.now)
    # Nobody: by the clock.
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="voorgesteld door"
    )
    decision = models.CharField("beslissing", max_length=10, choices=Decision, default=Decision.WAITING)
    reason = FreeLine("waarom", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="beslist door"
    )
    decided_at = models.DateTimeField("beslist", null=True)
    erased_at = models.DateTimeField("gewist", null=True)
    # Texts of others that may go on naming the person: who approved it, read them.
    kept_texts = ArrayField(models.CharField(max_length=80), default=list, verbose_name="teksten die blijven")

    objects = DestructionLineQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = "regel van de vernietigingslijst"
        verbose_name_plural = "regels van de vernietigingslijst"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(decision__in=["waiting", "approved"], erased_at=None),
                name="destruction_family_once",
            ),
            models.CheckConstraint(
                name="destruction_approved_by_someone_else",
                condition=~Q(decision="approved")
                | Q(decided_by__isnull=False, decided_at__isnull=False)
                & (Q(proposed_by=None) | ~Q(decided_by=F("proposed_by"))),
            ),
            models.CheckConstraint(name="destruction_kept_with_reason", condition=~Q(decision="kept") | ~Q(reason="")),
            models.CheckConstraint(
                name="destruction_person_of_a_line_about_one",
                condition=~Q(rule="person", decision__in=["waiting", "approved"], erased_at=None)
                | Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="destruction_person_proposed_by_someone",
                condition=~Q(rule="person") | Q(proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="destruction_family_names_no_person", condition=Q(rule="person") | Q(person=None)
            ),
            models.CheckConstraint(
                name="destruction_erased_after_approval", condition=Q(erased_at=None) | Q(decision="approved")
            ),
        ]

    def __str__(self):
        return f"{self.household.code}: {self.get_rule_display().lower()}"

    @property
    def is_ready(self):
        approved = self.decision == self.Decision.APPROVED and self.erased_at is None
        return approved and self.due_on <= timezone.localdate()


class ContactFact(models.Model):
    """What is left of a contact after erasing: a count for the figures. No key leads back to a family or a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    neighbourhood = models.ForeignKey("places.Neighbourhood", on_delete=models.PROTECT, null=True, verbose_name="buurt")
    # The first day of its month.
    month = models.DateField("maand")
    mode = models.CharField("vorm", max_length=15, choices=Contact.Mode)
    outcome = models.CharField("resultaat", max_length=15, choices=Contact.Outcome)
    themes = ThemesField()
    # Rounded up to the minutes that one taps; empty is not noted.
    minutes = models.PositiveSmallIntegerField("minuten tot", null=True)
    age_group = models.CharField("leeftijd", max_length=10, choices=Contact.AgeGroup, blank=True)
    # Zero for someone who was erased out of a contact that is still there: only the people count.
    contacts = models.PositiveSmallIntegerField("contacten", default=1)
    people = models.PositiveSmallIntegerField("mensen bereikt", default=0)
    has_name = models.BooleanField("met naam", default=True)

    class Meta:
        verbose_name = "geteld contact"
        verbose_name_plural = "getelde contacten"
        constraints = [
            models.CheckConstraint(name="contact_fact_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(name="contact_fact_counts_once", condition=Q(contacts__in=[0, 1])),
        ]
        indexes = [models.Index(fields=["centre", "month"], name="contact_fact_month")]

    def __str__(self):
        return f"{self.get_mode_display()} in {self.month:%m/%Y}"


class ErasureRecord(models.Model):
    """The journal of erasing: how many rows of which table, on which day. Nobody can change or remove it.

    For the family itself its code stands along, so that a backup from before can be erased again.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    on = models.DateField("wanneer", default=timezone.localdate)
    table = models.CharField("tabel", max_length=80)
    rows = models.PositiveIntegerField("rijen")
    code = models.CharField("code", max_length=20, blank=True)

    class Meta:
        ordering = ["-on", "table"]
        verbose_name = "gewist"
        verbose_name_plural = "gewist"

    def __str__(self):
        return f"{self.table} op {self.on:%d/%m/%Y}"
