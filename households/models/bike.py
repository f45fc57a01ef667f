import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine
from households.models.household import Household, OfFamilyQuerySet
from households.models.person import Person

SMALLEST_WHEEL, LARGEST_WHEEL = 10, 28


class OfCentreQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("bikes.lend"))


@pghistory.track()
class BikeService(Versioned):
    """Whether a centre lends children's bikes itself, or knows who does."""

    class Mode(models.TextChoices):
        OWN = "own", "We lenen zelf fietsen uit"
        REFER = "refer", "We verwijzen door"
        NONE = "none", "We doen niets met kinderfietsen"

    centre = models.OneToOneField(
        "places.Centre",
        on_delete=models.PROTECT,
        related_name="bike_service",
        editable=False,
        verbose_name="centrum",
    )
    mode = models.CharField("hoe doen we het", max_length=5, choices=Mode, default=Mode.NONE)
    partner = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="naar wie verwijzen we door",
    )

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = "werking met kinderfietsen"
        verbose_name_plural = "werkingen met kinderfietsen"
        constraints = [
            models.CheckConstraint(
                name="bike_service_refers_to_someone",
                condition=~Q(mode="refer") | Q(partner__isnull=False),
                violation_error_message="Kies naar wie je doorverwijst.",
            )
        ]

    def __str__(self):
        return f"{self.centre}: {self.get_mode_display()}"


class DatedQuerySet(OfCentreQuerySet):
    def on(self, day):
        return self.filter(since__lte=day)


@pghistory.track()
class BikeSize(models.Model):
    """For which ages a wheel size is meant, from a day on; the newest row of a size counts."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    wheel = models.PositiveSmallIntegerField("wielmaat in inch")
    from_age = models.PositiveSmallIntegerField("van (jaar)")
    to_age = models.PositiveSmallIntegerField("tot (jaar)")
    since = models.DateField("geldt vanaf", default=timezone.localdate)
    source = FreeLine("bron", max_length=200)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["wheel", "-since"]
        verbose_name = "fietsmaat"
        verbose_name_plural = "fietsmaten"
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "wheel", "since"],
                name="bike_size_once_a_day",
                violation_error_message="Voor deze maat staat er al een rij die dan begint.",
            ),
            models.CheckConstraint(
                name="bike_size_ages_forward",
                condition=Q(to_age__gt=F("from_age"), to_age__lte=18),
                violation_error_message="De hoogste leeftijd is hoger dan de laagste, en hoogstens 18 jaar.",
            ),
            models.CheckConstraint(
                name="bike_size_wheel_possible",
                condition=Q(wheel__gte=SMALLEST_WHEEL, wheel__lte=LARGEST_WHEEL),
                violation_error_message=f"Een wielmaat gaat van {SMALLEST_WHEEL} tot {LARGEST_WHEEL} inch.",
            ),
        ]

    def __str__(self):
        return f"{self.wheel} inch: van {self.from_age} tot {self.to_age} jaar"


@pghistory.track()
class BikeTariff(models.Model):
    """What a bike costs a year and what is given as deposit, from a day on. In cents: nothing gets lost in rounding."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    since = models.DateField("geldt vanaf", default=timezone.localdate)
    fee_cents = models.PositiveIntegerField("huur per jaar")
    deposit_cents = models.PositiveIntegerField("waarborg")
    source = FreeLine("wie besliste dit", max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        verbose_name = "fietstarief"
        verbose_name_plural = "fietstarieven"
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "since"],
                name="bike_tariff_once_a_day",
                violation_error_message="Er staat al een tarief dat op die dag begint.",
            )
        ]

    def __str__(self):
        return f"Tarief vanaf {self.since:%d/%m/%Y}"


class BikeQuerySet(OfCentreQuerySet):
    def free(self):
        return self.filter(status=Bike.Status.STOCK)

    def kept(self):
        return self.exclude(status=Bike.Status.GONE)


@pghistory.track()
class Bike(Versioned):
    """A children's bike of the centre, with the number that is painted on it."""

    class Status(models.TextChoices):
        STOCK = "stock", "Op stock"
        LENT = "lent", "Uitgeleend"
        REPAIR = "repair", "In herstel"
        GONE = "gone", "Weg"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    number = FreeLine("nummer", max_length=20)
    wheel = models.PositiveSmallIntegerField("wielmaat in inch")
    description = FreeLine("hoe ziet ze eruit", max_length=200, blank=True)
    # It stands here and not only in the loans: of a family that is hidden from someone, so is the loan.
    status = models.CharField("toestand", max_length=10, choices=Status, default=Status.STOCK, editable=False)

    objects = BikeQuerySet.as_manager()

    class Meta:
        ordering = ["wheel", "number", "pk"]
        verbose_name = "kinderfiets"
        verbose_name_plural = "kinderfietsen"
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "number"],
                name="bike_number_once",
                violation_error_message="Er is al een fiets met dit nummer.",
            ),
            models.CheckConstraint(
                name="bike_wheel_possible",
                condition=Q(wheel__gte=SMALLEST_WHEEL, wheel__lte=LARGEST_WHEEL),
                violation_error_message=f"Een wielmaat gaat van {SMALLEST_WHEEL} tot {LARGEST_WHEEL} inch.",
            ),
        ]

    def __str__(self):
        return f"Fiets {self.number}"

    def get_absolute_url(self):
        return reverse("households:bike-detail", args=[self.pk])

    @property
    def is_free(self):
        return self.status == self.Status.STOCK


class BikeLoanQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("bikes.lend")).of_known_families(user)

    def open(self):
        return self.filter(returned_on=None)


@pghistory.track()
class BikeLoan(Versioned):
    """A child rides a bike of the centre, for a year at a time."""

    class State(models.TextChoices):
        GOOD = "good", "In orde"
        REPAIR = "repair", "Moet hersteld worden"
        LOST = "lost", "Gestolen of stuk"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    bike = models.ForeignKey(Bike, on_delete=models.PROTECT, related_name="loans", verbose_name="fiets")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="bike_loans", verbose_name="kind")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="bike_loans", verbose_name="gezin")
    since = models.DateField("sinds", default=timezone.localdate)
    due_on = models.DateField("tot")
    returned_on = models.DateField("terug op", null=True, editable=False)
    returned_state = models.CharField("hoe kwam ze terug", max_length=10, choices=State, blank=True)
    return_note = FreeLine("wat er aan de fiets is", max_length=200, blank=True)
    # None is not the same as zero: nothing was agreed when the centre had no tariff.
    fee_cents = models.PositiveIntegerField("huur", null=True, editable=False)
    deposit_paid_cents = models.PositiveIntegerField("waarborg gekregen", default=0)
    deposit_returned_cents = models.PositiveIntegerField("waarborg teruggegeven", null=True, editable=False)
    follows = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="followed_by",
        verbose_name="komt na",
    )
    lent_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="uitgeleend door"
    )
    taken_back_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="teruggenomen door",
    )
    created_at = models.DateTimeField("genoteerd", default=timezone.now, editable=False)

    objects = BikeLoanQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = "kinderfiets in huur"
        verbose_name_plural = "kinderfietsen in huur"
        constraints = [
            models.UniqueConstraint(fields=["bike"], name="bike_lent_once", condition=Q(returned_on=None)),
            models.UniqueConstraint(fields=["child"], name="bike_once_for_a_child", condition=Q(returned_on=None)),
            models.CheckConstraint(name="bike_loan_forward", condition=Q(due_on__gt=F("since"))),
            models.CheckConstraint(
                name="bike_loan_ends_after_start", condition=Q(returned_on=None) | Q(returned_on__gte=F("since"))
            ),
            models.CheckConstraint(
                name="bike_loan_back_by_someone_in_a_state",
                condition=Q(returned_on=None, returned_state="", taken_back_by=None)
                | Q(returned_on__isnull=False, taken_back_by__isnull=False) & ~Q(returned_state=""),
            ),
            models.CheckConstraint(
                name="bike_loan_no_more_back_than_paid",
                condition=Q(deposit_returned_cents=None) | Q(deposit_returned_cents__lte=F("deposit_paid_cents")),
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "due_on"], name="bike_loan_open", condition=Q(returned_on=None)),
        ]

    def __str__(self):
        return f"{self.bike} voor {self.child.first_name}"

    def get_absolute_url(self):
        return reverse("households:loan-detail", args=[self.pk])

    @property
    def is_open(self):
        return self.returned_on is None

    @property
    def is_late(self):
        return self.is_open and self.due_on < timezone.localdate()


class BikeRepairQuerySet(OfCentreQuerySet):
    def open(self):
        return self.filter(done_on=None)


@pghistory.track()
class BikeRepair(models.Model):
    """Upkeep of a bike: what, when, by whom and what it cost. As long as it lasts nobody rides it."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    bike = models.ForeignKey(Bike, on_delete=models.CASCADE, related_name="repairs", verbose_name="fiets")
    what = FreeLine("wat is er aan", max_length=200)
    since = models.DateField("sinds", default=timezone.localdate)
    done_on = models.DateField("klaar op", null=True, editable=False)
    done_what = FreeLine("wat is er gedaan", max_length=200, blank=True)
    cost_cents = models.PositiveIntegerField("wat kostte het", null=True, blank=True)
    noted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="genoteerd door"
    )
    done_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="hersteld door",
    )

    objects = BikeRepairQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        verbose_name = "herstelling"
        verbose_name_plural = "herstellingen"
        constraints = [
            models.UniqueConstraint(fields=["bike"], name="bike_in_repair_once", condition=Q(done_on=None)),
            models.CheckConstraint(
                name="bike_repair_done_by_someone",
                condition=Q(done_on=None, done_by=None)
                | Q(done_on__isnull=False, done_by__isnull=False, done_on__gte=F("since")),
            ),
        ]

    def __str__(self):
        return self.what
