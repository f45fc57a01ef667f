import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText, search_key
from buurtwerk.languages import Language
from buurtwerk.places.numbering import next_code


class HouseholdQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The families this user may know of: those of the centres where they work with families."""
        return self.filter(centre__in=user.centres_where("families.list"))

    def openable_by(self, user):
        """The families this user may open and read."""
        return self.filter(centre__in=user.centres_where("families.open"))

    def followed(self):
        return self.exclude(status__in=[Household.Status.CLOSED, Household.Status.ERASED])

    def matching(self, words):
        """Families whose nickname, code, address or people match what someone typed."""
        key = search_key(words)
        if not key:
            return self
        return self.filter(Q(search_key__contains=key) | Q(pk__in=self._with_people_like(key)))

    def _with_people_like(self, key):
        from households.models.person import Member

        return Member.objects.current().filter(person__search_key__contains=key).values("household")


@pghistory.track()
class Household(Versioned):
    """A family: who belongs together, as they say so themselves."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Actief"
        PAUSED = "paused", "Op rust (op vraag van bewoner)"
        CLOSED = "closed", "Afgerond"
        ERASED = "erased", "Geanonimiseerd"

    class Intensity(models.IntegerChoices):
        """How closely we follow: measured by what we do, never by who people are."""

        OPEN = 0, "Open aanbod"
        LIGHT = 1, "Vinger aan de pols"
        FOLLOWED = 2, "Opvolging"
        ASSERTIVE = 3, "Aanklampend"

    RHYTHM_DAYS = {Intensity.OPEN: None, Intensity.LIGHT: 90, Intensity.FOLLOWED: 30, Intensity.ASSERTIVE: 10}

    code = models.CharField("code", max_length=20, unique=True, editable=False)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    nickname = FreeLine("roepnaam", max_length=80)
    address = FreeLine("adres", max_length=200, blank=True)
    neighbourhood = models.ForeignKey(
        "places.Neighbourhood", on_delete=models.PROTECT, null=True, blank=True, verbose_name="buurt"
    )
    languages = ArrayField(
        models.CharField(max_length=5, choices=Language), default=list, blank=True, verbose_name="talen"
    )
    status = models.CharField("toestand", max_length=10, choices=Status, default=Status.ACTIVE)
    intensity = models.PositiveSmallIntegerField("hoe dicht we opvolgen", choices=Intensity, default=Intensity.OPEN)
    intensity_reason = FreeLine("waarom zo dicht", max_length=300, blank=True)
    rhythm_days = models.PositiveSmallIntegerField("ritme in dagen", null=True, blank=True)
    next_review_on = models.DateField("herbekijken op", null=True, blank=True)
    primary_worker = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="households",
        verbose_name="vaste buurtwerker",
    )
    backup_worker = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="households_as_backup",
        verbose_name="back-up",
    )
    found_via = FreeLine("hoe leerden we elkaar kennen", max_length=200, blank=True)
    last_reached_on = models.DateField("laatst bereikt", null=True, editable=False)
    last_attempt_on = models.DateField("laatst geprobeerd", null=True, editable=False)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="aangemaakt door"
    )
    created_at = models.DateTimeField("aangemaakt", auto_now_add=True)
    search_key = models.CharField(max_length=400, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["nickname", "pk"]
        verbose_name = "gezin"
        verbose_name_plural = "gezinnen"
        constraints = [
            models.CheckConstraint(
                name="household_assertive_has_reason_and_review",
                condition=~Q(intensity=3) | (~Q(intensity_reason="") & Q(next_review_on__isnull=False)),
                violation_error_message="Aanklampend opvolgen vraagt een reden en een dag om te herbekijken.",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "nickname", "id"], name="household_centre_nickname"),
            models.Index(fields=["centre", "search_key"], name="household_search"),
            models.Index(fields=["primary_worker", "last_reached_on"], name="household_worker_reached"),
        ]

    def __str__(self):
        return self.nickname

    def save(self, **options):
        if not self.code:
            self.code = next_code("HH")
        self.search_key = search_key(self.nickname, self.code, self.address)
        super().save(**options)

    def get_absolute_url(self):
        return reverse("households:detail", args=[self.code])

    @property
    def rhythm(self):
        """The promised days between two times that we reach the family; None for the open offer."""
        return self.rhythm_days or self.RHYTHM_DAYS[self.intensity]

    @property
    def language_labels(self):
        return [Language(code).label for code in self.languages]

    def is_in_file_team(self, user):
        """The vaste buurtwerker and the back-up; they and the author read what is kept for the file."""
        return user.pk in (self.primary_worker_id, self.backup_worker_id)


@pghistory.track()
class ContactAgreement(Versioned):
    """How, when and through whom the family wants to be reached, in its own words."""

    class Channel(models.TextChoices):
        HOME = "home", "Aan huis"
        CENTRE = "centre", "In het buurtcentrum"
        PHONE = "phone", "Bellen"
        MESSAGE = "message", "Bericht (sms of app)"
        EMAIL = "email", "E-mail"
        LETTER = "letter", "Kaartje of brief"

    household = models.OneToOneField(
        Household, on_delete=models.CASCADE, related_name="agreement", verbose_name="gezin"
    )
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel), default=list, blank=True, verbose_name="zo mag het"
    )
    hours = FreeLine("wanneer het past", max_length=200, blank=True)
    via = FreeLine("via wie", max_length=200, blank=True)
    rather_not = FreeText("liever niet", max_length=500, blank=True)
    pause_until = models.DateField("rust tot en met", null=True, blank=True)

    class Meta:
        verbose_name = "contactafspraak"
        verbose_name_plural = "contactafspraken"

    def __str__(self):
        return f"Contactafspraak met {self.household}"

    @property
    def channel_labels(self):
        return [self.Channel(code).label for code in self.channels]
