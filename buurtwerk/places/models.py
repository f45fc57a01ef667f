from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.places.numbering import NumberSeries
from buurtwerk.places.public import PublicVersion, publishes

# Models of this app that live in a file of their own.
__all__ = ["NumberSeries", "PublicVersion"]


class Neighbourhood(models.Model):
    """A buurt, or the larger area that buurten belong to."""

    class Kind(models.TextChoices):
        NEIGHBOURHOOD = "neighbourhood", "Buurt"
        BOROUGH = "borough", "Deelgemeente"
        AREA = "area", "Gebied"

    slug = models.SlugField("korte naam", unique=True)
    name = models.CharField("naam", max_length=80)
    kind = models.CharField("soort", max_length=20, choices=Kind)
    part_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="deel van"
    )
    description = models.TextField("beschrijving", blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "buurt"
        verbose_name_plural = "buurten"

    def __str__(self):
        return self.name


class CentreQuerySet(models.QuerySet):
    def running(self):
        return self.filter(status=Centre.Status.RUNNING)

    def of(self, user):
        return self.filter(pk__in=user.centre_ids)

    def where(self, user, right):
        """The centres where this user has the right."""
        return self.filter(pk__in=user.centres_where(right))


class Centre(models.Model):
    """A house or a working where people meet: buurtcentrum, kinderwerking, buurtfunctie."""

    class Kind(models.TextChoices):
        CENTRE = "buurtcentrum", "Buurtcentrum"
        CHILDREN = "kinderwerking", "Kinderwerking"
        FUNCTION = "buurtfunctie", "Buurtfunctie"
        INDEPENDENT = "independent", "Onafhankelijk buurtwerk"

    class Status(models.TextChoices):
        RUNNING = "running", "In werking"
        PLANNED = "planned", "Gepland"
        STUDY = "study", "In onderzoek"
        UNKNOWN = "unknown", "Niet geweten"

    slug = models.SlugField("korte naam", unique=True)
    name = models.CharField("naam", max_length=120)
    kind = models.CharField("soort", max_length=20, choices=Kind)
    neighbourhood = models.ForeignKey(
        Neighbourhood, on_delete=models.PROTECT, null=True, blank=True, related_name="centres", verbose_name="buurt"
    )
    address = models.CharField("adres", max_length=200, blank=True)
    phone = models.CharField("telefoon", max_length=30, blank=True)
    email = models.EmailField("e-mail", blank=True)
    website = models.URLField("website", blank=True)
    description = models.TextField("beschrijving", blank=True)
    status = models.CharField("toestand", max_length=20, choices=Status, default=Status.RUNNING)
    hours_note = models.CharField("bij de openingsuren", max_length=200, blank=True)
    # Not a legal holiday: each centre decides for itself.
    is_closed_on_flemish_day = models.BooleanField("gesloten op 11 juli", default=False)

    objects = CentreQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "centrum"
        verbose_name_plural = "centra"
        triggers = [publishes("NEW.id", "OLD.id")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("places:centre", args=[self.slug])

    def hours_on(self, day):
        """The opening hours of a day, in order; none on a public holiday or a day the centre is closed."""
        if self.why_closed_on(day):
            return []
        return [hours for hours in self.opening_hours.all() if hours.weekday == day.weekday()]

    def why_closed_on(self, day):
        """The reason for an exceptional closing on this day, or an empty string."""
        for closure in self.closures.all():
            if closure.first_day <= day <= closure.last_day:
                return closure.reason
        holiday = PublicHoliday.objects.kept_by(self).filter(day=day).first()
        return holiday.name if holiday else ""

    def is_open_at(self, moment):
        local = timezone.localtime(moment)
        return any(hours.opens <= local.time() < hours.closes for hours in self.hours_on(local.date()))


class OpeningHours(models.Model):
    class Weekday(models.IntegerChoices):
        MONDAY = 0, "maandag"
        TUESDAY = 1, "dinsdag"
        WEDNESDAY = 2, "woensdag"
        THURSDAY = 3, "donderdag"
        FRIDAY = 4, "vrijdag"
        SATURDAY = 5, "zaterdag"
        SUNDAY = 6, "zondag"

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="opening_hours", verbose_name="centrum")
    weekday = models.PositiveSmallIntegerField("dag", choices=Weekday)
    opens = models.TimeField("opent om")
    closes = models.TimeField("sluit om")

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name = "openingsuren"
        verbose_name_plural = "openingsuren"
        constraints = [
            models.CheckConstraint(name="opening_hours_forward", condition=Q(closes__gt=F("opens"))),
            models.UniqueConstraint(fields=["centre", "weekday", "opens"], name="opening_hours_once"),
        ]
        triggers = [publishes("NEW.centre_id", "OLD.centre_id")]

    def __str__(self):
        return f"{self.get_weekday_display()} van {self.opens:%H.%M} tot {self.closes:%H.%M} uur"


class Closure(models.Model):
    """Days on which a centre is closed although its hours say otherwise."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="closures", verbose_name="centrum")
    first_day = models.DateField("eerste dag")
    last_day = models.DateField("laatste dag")
    reason = models.CharField("reden", max_length=120)

    class Meta:
        ordering = ["first_day"]
        verbose_name = "sluiting"
        verbose_name_plural = "sluitingen"
        constraints = [
            models.CheckConstraint(name="closure_forward", condition=Q(last_day__gte=F("first_day"))),
        ]
        triggers = [publishes("NEW.centre_id", "OLD.centre_id")]

    def __str__(self):
        return self.reason


class SchoolHoliday(models.Model):
    """A Flemish school holiday, or the free day of one school; the source says where the dates come from."""

    community = models.CharField("gemeenschap", max_length=5, default="nl")
    school_year = models.CharField("schooljaar", max_length=7)
    kind = models.CharField("soort", max_length=20)
    name = models.CharField("naam", max_length=60)
    first_day = models.DateField("eerste dag")
    last_day = models.DateField("laatste dag")
    # Empty for every school.
    school = models.CharField("school", max_length=80, blank=True)
    source = models.CharField("bron", max_length=200, blank=True)

    class Meta:
        ordering = ["first_day"]
        verbose_name = "schoolvakantie"
        verbose_name_plural = "schoolvakanties"
        constraints = [
            models.UniqueConstraint(
                fields=["community", "school_year", "kind"], name="school_holiday_once", condition=Q(school="")
            ),
            models.UniqueConstraint(
                fields=["school", "first_day"], name="school_holiday_once_for_a_school", condition=~Q(school="")
            ),
            models.CheckConstraint(name="school_holiday_forward", condition=Q(last_day__gte=F("first_day"))),
        ]

    def __str__(self):
        return f"{self.name} {self.school_year}"


class PublicHolidayQuerySet(models.QuerySet):
    def legal(self):
        return self.filter(is_legal=True)

    def kept_by(self, centre):
        """The legal ones, and 11 July for a centre that closes then."""
        return self if centre.is_closed_on_flemish_day else self.legal()


class PublicHoliday(models.Model):
    day = models.DateField("dag", unique=True)
    name = models.CharField("naam", max_length=60)
    is_legal = models.BooleanField("wettelijk", default=True)
    source = models.CharField("bron", max_length=200, blank=True)

    objects = PublicHolidayQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        verbose_name = "feestdag"
        verbose_name_plural = "feestdagen"

    def __str__(self):
        return self.name
