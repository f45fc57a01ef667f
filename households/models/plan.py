from django.db import models
from django.db.models import Q
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
from households.models.household import Household, OfFamilyQuerySet


class PlanQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        return self.of_own_files(user).of_known_families(user)

    def told_in(self, household, compartment=None):
        """The shared plans, and those of the luik of this page."""
        shared = Q(compartment=None)
        return self.filter(shared | Q(compartment=compartment) if compartment else shared, household=household)

    def newest_first(self):
        return self.order_by("-made_at", "-pk")

    def with_steps(self):
        return self.prefetch_related(
            models.Prefetch("goals", PlanGoal.objects.order_by("place")),
            models.Prefetch(
                "goals__steps",
                PlanStep.objects.order_by("place").select_related("resident", "worker", "organisation", "done_by"),
            ),
        )


class Plan(Versioned):
    """What a family and we agreed, as it stood from one save to the next: the newest one counts.

    With a compartment it is between one adult and us, and stays away from the others of the family.
    """

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="plans", verbose_name="gezin")
    compartment = models.ForeignKey(
        "households.Member",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name="luik",
    )
    own_words = FreeText("eigen woorden", max_length=500, blank=True)
    made_at = models.DateTimeField("gemaakt", default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="gemaakt door"
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = "afsprakenblad"
        verbose_name_plural = "afsprakenbladen"
        indexes = [models.Index(fields=["household", "-made_at"], name="plan_newest")]

    def __str__(self):
        return f"Afspraken van {timezone.localdate(self.made_at)}"

    @property
    def steps(self):
        return [step for goal in self.goals.all() for step in goal.steps.all()]


class PlanGoal(models.Model):
    """What the family wants."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals", verbose_name="afspraken")
    place = models.PositiveSmallIntegerField("plaats")
    what = FreeLine("doel", max_length=200)

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = "doel"
        verbose_name_plural = "doelen"
        constraints = [
            models.CheckConstraint(name="plan_goal_says_what", condition=~Q(what="")),
            models.UniqueConstraint(name="plan_goal_once_in_a_place", fields=["plan", "place"]),
        ]

    def __str__(self):
        return self.what


class PlanStep(models.Model):
    """Who does what. A step of residents without a name is of the family together."""

    class Who(models.TextChoices):
        RESIDENT = "resident", "Bewoner"
        WORKER = "worker", "Buurtwerker"
        PARTNER = "partner", "Partner"

    goal = models.ForeignKey(PlanGoal, on_delete=models.CASCADE, related_name="steps", verbose_name="doel")
    place = models.PositiveSmallIntegerField("plaats")
    what = FreeLine("stap", max_length=200)
    who = models.CharField("wie", max_length=10, choices=Who)
    resident = models.ForeignKey(
        "households.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_steps",
        verbose_name="bewoner",
    )
    worker = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="collega",
    )
    organisation = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisatie",
    )
    due_on = models.DateField("tegen wanneer", null=True, blank=True)
    done_on = models.DateField("gedaan op", null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="afgevinkt door",
    )

    class Meta:
        ordering = ["place", "pk"]
        verbose_name = "stap"
        verbose_name_plural = "stappen"
        constraints = [
            models.CheckConstraint(name="plan_step_says_what", condition=~Q(what="")),
            models.CheckConstraint(
                name="plan_step_is_someones",
                condition=Q(who="resident", worker=None, organisation=None)
                | Q(who="worker", worker__isnull=False, resident=None, organisation=None)
                | Q(who="partner", organisation__isnull=False, resident=None, worker=None),
            ),
            models.CheckConstraint(
                name="plan_step_done_by_someone",
                condition=Q(done_on=None, done_by=None) | Q(done_on__isnull=False, done_by__isnull=False),
            ),
            models.UniqueConstraint(name="plan_step_once_in_a_place", fields=["goal", "place"]),
        ]

    def __str__(self):
        return self.what

    @property
    def is_done(self):
        return self.done_on is not None

    @property
    def owner(self):
        """A first name, or the name of an organisation: it is read at a kitchen table."""
        if self.who == self.Who.RESIDENT:
            return self.resident.first_name if self.resident else "Het gezin"
        return str(self.worker if self.who == self.Who.WORKER else self.organisation)

    @property
    def icon(self):
        return {"resident": "user", "worker": "heart-handshake", "partner": "building-2"}[self.who]
