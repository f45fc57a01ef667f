import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
from buurtwerk.themes import Theme
from households.models.contact import Contact
from households.models.follow_up import ASK_AFTER_POSTPONING
from households.models.household import Household, OfFamilyQuerySet

OPEN, ENDED = ["asked", "working", "with_partner"], ["solved", "partly", "unsolved", "withdrawn"]


class OfPersonQuerySet(OfFamilyQuerySet):
    """Rows of a family that may be about one person of it."""

    def told_in(self, household, compartment=None):
        """What may stand on this page of the family: see households/compartments.py.

        Of what is about nobody by name we do not know whose it is, so it stands at what is shared and in no luik.
        """
        hidden = household.people_with_compartment - {compartment and compartment.person_id}
        found = self.filter(household=household)
        found = found.exclude(person__in=hidden) if hidden else found
        return found.exclude(person=None) if compartment else found


class HelpRequestQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        """One's own, those one is offered, and those of the families one reads."""
        own = Q(owner=user) | Q(offered_to=user) | Q(household__in=Household.objects.read_by(user))
        return self.filter(own, centre__in=user.centres_where("followups.work")).of_known_families(user)

    def open(self):
        return self.filter(status__in=OPEN)

    def ended(self):
        return self.filter(status__in=ENDED)

    def of(self, user):
        return self.filter(owner=user)

    def offered_to(self, user):
        """What a colleague asks this one to take over."""
        return self.visible_to(user).open().filter(offered_to=user)

    def due(self, user):
        """What this colleague said they would look at again by today."""
        return self.visible_to(user).open().of(user).filter(next_on__lte=timezone.localdate())


@pghistory.track()
class HelpRequest(Versioned):
    """What someone asks us, in their own words. As long as it is open, it has an owner and a next day."""

    class Status(models.TextChoices):
        ASKED = "asked", "Gesteld"
        WORKING = "working", "Mee bezig"
        WITH_PARTNER = "with_partner", "Bij partner"
        SOLVED = "solved", "Opgelost"
        PARTLY = "partly", "Deels opgelost"
        UNSOLVED = "unsolved", "Niet opgelost"
        WITHDRAWN = "withdrawn", "Ingetrokken"

    OPEN_CHOICES = [choice for choice in Status.choices if choice[0] in OPEN]
    ENDED_CHOICES = [choice for choice in Status.choices if choice[0] in ENDED]
    # What is left of the question is worth a line: it tells what is missing in the neighbourhood.
    ASKS_OUTCOME = [Status.PARTLY, Status.UNSOLVED]

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="help_requests", verbose_name="gezin"
    )
    person = models.ForeignKey(
        "households.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="help_requests",
        verbose_name="van wie",
    )
    words = FreeText("de vraag", max_length=1000)
    theme = models.CharField("thema", max_length=30, choices=Theme)
    status = models.CharField("toestand", max_length=15, choices=Status, default=Status.ASKED)
    outcome = FreeLine("wat het geworden is", max_length=200, blank=True)
    owner = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="help_requests",
        verbose_name="wie volgt dit op",
    )
    # Empty once it ended; the constraint below asks both as long as it is open.
    next_on = models.DateField("wanneer bekijken we dit opnieuw", null=True, blank=True)
    times_postponed = models.PositiveSmallIntegerField("keren verzet", default=0, editable=False)
    handed_over_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="gekregen van",
    )
    # Asked to take this over. Until they accept it, it stays with who has it.
    offered_to = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="aangeboden aan",
    )
    asked_on = models.DateField("gevraagd op", default=timezone.localdate)
    born_from = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="help_requests",
        verbose_name="komt uit",
    )
    referral = models.ForeignKey(
        "households.Referral",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="help_requests",
        verbose_name="doorverwijzing",
    )
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="genoteerd door"
    )
    created_at = models.DateTimeField("genoteerd", auto_now_add=True)
    ended_at = models.DateTimeField("beëindigd", null=True, editable=False)
    ended_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="beëindigd door",
    )

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        ordering = ["next_on", "pk"]
        verbose_name = "hulpvraag"
        verbose_name_plural = "hulpvragen"
        constraints = [
            models.CheckConstraint(
                name="help_request_open_has_owner_and_day",
                condition=Q(status__in=ENDED) | Q(status__in=OPEN, owner__isnull=False, next_on__isnull=False),
                violation_error_message="Een open hulpvraag heeft altijd iemand die ze opvolgt en een dag.",
            ),
            models.CheckConstraint(
                name="help_request_ended_by_someone",
                condition=Q(status__in=OPEN, ended_at=None, ended_by=None, outcome="")
                | Q(status__in=ENDED, ended_at__isnull=False, ended_by__isnull=False, next_on=None),
            ),
            models.CheckConstraint(
                name="help_request_offered_while_open_to_another",
                condition=Q(offered_to=None) | Q(status__in=OPEN) & ~Q(offered_to=F("owner")),
            ),
            models.CheckConstraint(name="help_request_known_theme", condition=Q(theme__in=Theme.values)),
        ]
        indexes = [
            models.Index(
                fields=["owner", "next_on", "id"], name="help_request_open_of_worker", condition=Q(status__in=OPEN)
            ),
            models.Index(
                fields=["centre", "next_on", "id"], name="help_request_open_of_centre", condition=Q(status__in=OPEN)
            ),
            models.Index(fields=["household", "-asked_on"], name="help_request_timeline"),
            models.Index(fields=["offered_to"], name="help_request_offered", condition=Q(offered_to__isnull=False)),
        ]

    def __str__(self):
        return self.short

    def get_absolute_url(self):
        return reverse("households:help-request-detail", args=[self.pk])

    @property
    def short(self):
        """The first words, for a line in a list."""
        line = " ".join(self.words.split())
        return line if len(line) <= 90 else f"{line[:90].rsplit(' ', 1)[0]}…"

    @property
    def is_open(self):
        return self.status in OPEN

    @property
    def is_late(self):
        return self.is_open and self.next_on < timezone.localdate()

    @property
    def theme_label(self):
        return Theme(self.theme).label

    @property
    def asks_if_still_needed(self):
        """The third time someone postpones, we ask whether the question is still there."""
        return self.times_postponed >= ASK_AFTER_POSTPONING
