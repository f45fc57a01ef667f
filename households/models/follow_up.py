import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine
from households.models.contact import Contact
from households.models.household import Household, OfFamilyQuerySet

ASK_AFTER_POSTPONING = 2


class FollowUpQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        """One's own, those one promised or is offered, and those of the families one reads."""
        own = Q(assigned_to=user) | Q(created_by=user) | Q(offered_to=user)
        own |= Q(household__in=Household.objects.read_by(user))
        return self.filter(own, centre__in=user.centres_where("followups.work")).of_known_families(user)

    def told_in(self, household, compartment=None):
        """Of the family; with luiken on, a follow-up belongs where the contact stands that it was born from."""
        found = self.filter(household=household)
        if not household.compartments:
            return found
        shown = Q(born_from__in=Contact.objects.told_in(household, compartment).order_by().values("pk"))
        return found.filter(shown | Q(born_from=None) if compartment is None else shown)

    def open(self):
        return self.filter(status__in=FollowUp.OPEN)

    def of(self, user):
        return self.filter(assigned_to=user)

    def offered_to(self, user):
        """What a colleague asks this one to take over."""
        return self.visible_to(user).open().filter(offered_to=user)

    def due_by(self, day):
        return self.filter(due_on__lte=day)


@pghistory.track()
class FollowUp(Versioned):
    """Something we promised to do for a family. It always has an owner and a date."""

    class Status(models.TextChoices):
        OPEN = "open", "Te doen"
        WAITING = "waiting", "Wacht op"
        DONE = "done", "Gedaan"
        DROPPED = "dropped", "Niet meer nodig"

    OPEN = [Status.OPEN, Status.WAITING]

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="follow_ups", verbose_name="gezin")
    what = FreeLine("wat", max_length=200)
    due_on = models.DateField("wanneer")
    assigned_to = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="follow_ups", verbose_name="wie"
    )
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
    status = models.CharField("toestand", max_length=10, choices=Status, default=Status.OPEN)
    waiting_on = FreeLine("waarop we wachten", max_length=120, blank=True)
    times_postponed = models.PositiveSmallIntegerField("keren verzet", default=0, editable=False)
    born_from = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, editable=False, related_name="follow_ups", verbose_name="komt uit"
    )
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="afgesproken door"
    )
    created_at = models.DateTimeField("afgesproken", auto_now_add=True)
    closed_at = models.DateTimeField("afgerond", null=True, editable=False)
    closed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="afgerond door",
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = "opvolging"
        verbose_name_plural = "opvolgingen"
        constraints = [
            models.CheckConstraint(
                name="follow_up_closed_by_someone",
                condition=Q(status__in=["open", "waiting"], closed_at=None, closed_by=None)
                | Q(status__in=["done", "dropped"], closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_waits_on_someone", condition=~Q(status="waiting") | ~Q(waiting_on="")
            ),
            models.CheckConstraint(
                name="follow_up_offered_while_open_to_another",
                condition=Q(offered_to=None) | Q(status__in=["open", "waiting"]) & ~Q(offered_to=F("assigned_to")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["assigned_to", "due_on", "id"],
                name="follow_up_open_of_worker",
                condition=Q(status__in=["open", "waiting"]),
            ),
            models.Index(
                fields=["centre", "due_on", "id"],
                name="follow_up_open_of_centre",
                condition=Q(status__in=["open", "waiting"]),
            ),
            models.Index(fields=["offered_to"], name="follow_up_offered", condition=Q(offered_to__isnull=False)),
            models.Index(fields=["household", "-created_at"], name="follow_up_timeline"),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("households:follow-up-detail", args=[self.pk])

    @property
    def owner(self):
        """As a help request calls it."""
        return self.assigned_to

    @property
    def is_open(self):
        return self.status in (self.Status.OPEN, self.Status.WAITING)

    @property
    def is_late(self):
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def asks_if_still_needed(self):
        """The third time someone postpones, we ask whether it is still needed."""
        return self.times_postponed >= ASK_AFTER_POSTPONING
