import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
from buurtwerk.languages import Language
from buurtwerk.themes import Theme
from households.models.follow_up import FollowUp
from households.models.household import Household, OfFamilyQuerySet


@pghistory.track()
class Consent(models.Model):
    """That someone agreed: who, how, when, in which language, and to exactly which text."""

    class How(models.TextChoices):
        SPOKEN = "spoken", "Mondeling"
        PAPER = "paper", "Op papier"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="consents", verbose_name="gezin")
    given_by = FreeLine("wie gaf toestemming", max_length=120)
    how = models.CharField("hoe", max_length=10, choices=How)
    given_on = models.DateField("wanneer")
    language = models.CharField("in welke taal uitgelegd", max_length=5, choices=Language)
    text = models.TextField("waarmee", editable=False)
    noted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="genoteerd door"
    )
    noted_at = models.DateTimeField("genoteerd", auto_now_add=True)
    withdrawn_at = models.DateTimeField("ingetrokken", null=True, editable=False)

    class Meta:
        verbose_name = "toestemming"
        verbose_name_plural = "toestemmingen"

    def __str__(self):
        return f"{self.given_by}, {self.get_how_display().lower()}"


class ReferralQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        """All of the centre for who oversees it; one's own and those of one's families for a worker."""
        return self.filter(
            Q(centre__in=user.centres_where("referrals.overview"))
            | Q(centre__in=user.centres_where("referrals.make"))
            & (Q(made_by=user) | Q(household__in=Household.objects.read_by(user)))
        ).of_known_families(user)

    def told_in(self, household, compartment=None):
        """Of the family, without those of who has a luik that is not the one on this page."""
        hidden = household.people_with_compartment - {compartment and compartment.person_id}
        found = self.filter(household=household)
        return found.exclude(person__in=hidden) if hidden else found

    def waiting(self):
        """Sent, and still without an answer that says what happens next."""
        return self.filter(status__in=Referral.WAITING)

    def waiting_longest_first(self):
        return self.order_by("sent_at", "pk")


@pghistory.track()
class Referral(Versioned):
    """Someone passed on to a service, with what they agreed to share and nothing else."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Klad"
        SENT = "sent", "Verstuurd"
        NEEDS_INFO = "needs_info", "Meer info gevraagd"
        ACCEPTED = "accepted", "Aanvaard"
        WAITLISTED = "waitlisted", "Wachtlijst"
        SCHEDULED = "scheduled", "Eerste afspraak"
        NO_SHOW = "no_show", "Niet opgedaagd"
        ARRIVED = "arrived", "Aangekomen"
        DECLINED = "declined", "Geweigerd"
        EXPIRED = "expired", "Geen antwoord"
        WITHDRAWN = "withdrawn", "Toestemming ingetrokken"
        CANCELLED = "cancelled", "Geannuleerd"
        CLOSED = "closed", "Afgesloten"

    WAITING = [Status.SENT, Status.NEEDS_INFO, Status.WAITLISTED, Status.EXPIRED]
    ENDED = [Status.DECLINED, Status.WITHDRAWN, Status.CANCELLED, Status.CLOSED]

    class Warmth(models.TextChoices):
        INFO = "info", "Info meegegeven"
        CALLED = "called", "Samen gebeld"
        INTRODUCED = "introduced", "Voorgesteld"
        WENT_ALONG = "went_along", "Meegegaan"

    class Shared(models.TextChoices):
        """What may go along: each item is off until someone ticks it."""

        FIRST_NAME = "first_name", "Voornaam"
        LAST_NAME = "last_name", "Familienaam"
        PHONE = "phone", "Telefoon"
        EMAIL = "email", "E-mail"
        ADDRESS = "address", "Adres"
        LANGUAGE = "language", "Taal en tolk"
        FAMILY = "family", "Wie er in het gezin is (leeftijden)"
        NEED = "need", "De vraag"

    class Reason(models.TextChoices):
        """Why an organisation said no."""

        FULL = "full", "Volzet"
        NOT_FOR = "not_for", "Buiten de doelgroep"
        TOO_FAR = "too_far", "Buiten het gebied"
        LANGUAGE = "language", "Taal"
        UNREACHED = "unreached", "Niet bereikbaar"
        DOUBLE = "double", "Al gekend bij hen"
        OTHER = "other", "Iets anders"

    class Outcome(models.TextChoices):
        HELPED = "helped", "Geholpen"
        PARTLY = "partly", "Deels geholpen"
        NOT_HELPED = "not_helped", "Niet geholpen"
        ELSEWHERE = "elsewhere", "Elders geholpen"
        UNKNOWN = "unknown", "Niet geweten"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="referrals", verbose_name="gezin")
    person = models.ForeignKey(
        "households.Person", on_delete=models.PROTECT, related_name="referrals", verbose_name="voor wie"
    )
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="referrals", verbose_name="naar wie"
    )
    theme = models.CharField("thema", max_length=30, choices=Theme)
    need = FreeText("de vraag", max_length=2000)
    warmth = models.CharField("hoe", max_length=15, choices=Warmth, default=Warmth.INFO)
    shared = ArrayField(
        models.CharField(max_length=20, choices=Shared), default=list, blank=True, verbose_name="wat je deelt"
    )
    shared_text = models.TextField("de tekst die vertrekt", blank=True, editable=False)
    consent = models.OneToOneField(
        Consent, on_delete=models.PROTECT, null=True, editable=False, verbose_name="toestemming"
    )
    status = models.CharField("toestand", max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    decline_reason = models.CharField(
        "waarom geweigerd", max_length=12, choices=Reason, blank=True, default="", editable=False
    )
    outcome = models.CharField("afloop", max_length=12, choices=Outcome, blank=True, editable=False)
    feedback_due_on = models.DateField("navragen op", null=True, editable=False)
    check_back = models.OneToOneField(
        FollowUp,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="checks_referral",
        verbose_name="opvolging",
    )
    # Without consent only in an emergency, by a coordinator, who says why.
    emergency_ground = FreeText("waarom zonder toestemming", max_length=500, blank=True, editable=False)
    made_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        related_name="referrals",
        editable=False,
        verbose_name="doorverwezen door",
    )
    created_at = models.DateTimeField("aangemaakt", auto_now_add=True)
    sent_at = models.DateTimeField("doorgegeven", null=True, editable=False)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "doorverwijzing"
        verbose_name_plural = "doorverwijzingen"
        constraints = [
            models.CheckConstraint(
                name="referral_leaves_with_consent",
                condition=Q(status__in=["draft", "cancelled"])
                | (Q(consent__isnull=False) | ~Q(emergency_ground=""))
                & Q(sent_at__isnull=False, feedback_due_on__isnull=False),
            ),
            models.CheckConstraint(name="referral_closed_with_outcome", condition=~Q(status="closed") | ~Q(outcome="")),
            models.CheckConstraint(
                name="referral_declined_with_reason", condition=~Q(status="declined") | ~Q(decline_reason="")
            ),
            # The same minute that consent ends, nothing of what was shared is left.
            models.CheckConstraint(
                name="referral_taken_back_shares_nothing",
                condition=~Q(status__in=["withdrawn", "cancelled"]) | Q(shared_text=""),
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "status", "sent_at", "id"], name="referral_of_status"),
            models.Index(
                fields=["centre", "sent_at", "id"],
                name="referral_waiting_longest",
                condition=Q(status__in=["sent", "needs_info", "waitlisted", "expired"]),
            ),
            models.Index(fields=["household", "-created_at"], name="referral_timeline"),
        ]

    def __str__(self):
        return f"{self.person} naar {self.organisation}"

    def get_absolute_url(self):
        return reverse("households:referral-detail", args=[self.pk])

    @property
    def is_waiting(self):
        return self.status in self.WAITING

    @property
    def is_late(self):
        """Sent, and the day to ask after it has come."""
        return self.status == self.Status.SENT and self.feedback_due_on <= timezone.localdate()

    @property
    def days_waiting(self):
        return (timezone.localdate() - timezone.localdate(self.sent_at)).days if self.sent_at else 0

    @property
    def shared_labels(self):
        return [self.Shared(code).label for code in self.shared]

    def is_readable_by(self, user):
        """Whoever made it, the file team, and who oversees the centre: the same rule as `visible_to`."""
        own = user.pk == self.made_by_id or self.household.is_read_by(user)
        return user.may("referrals.overview", self.centre_id) or (own and user.may("referrals.make", self.centre_id))

    def need_for(self, user):
        """Our own words about the need: for the maker and the file team; others read only what was shared."""
        return self.need if user.pk == self.made_by_id or self.household.is_in_file_team(user) else None


class ReferralMove(models.Model):
    """Each move of a referral: from, to, who, when, why."""

    append_only = True

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    referral = models.ForeignKey(
        Referral, on_delete=models.PROTECT, related_name="moves", verbose_name="doorverwijzing"
    )
    from_status = models.CharField("van", max_length=12, choices=Referral.Status)
    to_status = models.CharField("naar", max_length=12, choices=Referral.Status)
    # Empty when the organisation answered by its link.
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="door")
    at = models.DateTimeField("wanneer", default=timezone.now, editable=False)
    why = FreeLine("waarom", max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "stap van een doorverwijzing"
        verbose_name_plural = "stappen van een doorverwijzing"

    def __str__(self):
        return f"{self.get_from_status_display()} → {self.get_to_status_display()}"
