import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText, search_key
from buurtwerk.languages import Language
from buurtwerk.places.models import Neighbourhood
from buurtwerk.places.public import publishes
from buurtwerk.themes import Theme, ThemesField, theme_labels
from partners.models.codes import (
    AccessMode,
    CheckEvery,
    Freshness,
    ServiceStatus,
    codes_field,
    known_code,
    known_codes,
)
from partners.models.organisation import Organisation

OLDEST = 120

# `simple` changes no word into another, so names in any language stay what they are.
WORDS = SearchVector("name", "description", "for_whom", config="simple")

# Whatever an edit or an import says, the day of the last check comes from the checks themselves.
DERIVE_VERIFIED_ON = """
    SELECT max((at AT TIME ZONE 'Europe/Brussels')::date) INTO NEW.verified_on
        FROM partners_verification WHERE service_id = NEW.id AND result IN ('correct', 'corrected');
    NEW.check_on := (NEW.verified_on + make_interval(months => NEW.check_every_months::int))::date;
    NEW.outdated_on := (NEW.verified_on + make_interval(months => 2 * NEW.check_every_months::int))::date;
    RETURN NEW;
"""


class ServiceQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status=ServiceStatus.ACTIVE, organisation__is_active=True)

    def stopped(self):
        return self.exclude(status=ServiceStatus.ACTIVE, organisation__is_active=True)

    def shown_to_everyone(self):
        return self.exclude(status=ServiceStatus.ENDED).filter(organisation__is_active=True)

    def to_check(self):
        """Active cards that are due for a check, or were never checked."""
        return self.active().filter(Q(check_on=None) | Q(check_on__lte=timezone.localdate()))

    def with_card(self):
        """With all that a card shows, in two queries."""
        return self.select_related("organisation").prefetch_related("neighbourhoods")

    def with_staleness(self):
        """0 for a current card, 1 for one to check, 2 for an outdated one: the same rule as `freshness`."""
        today = timezone.localdate()
        staleness = Case(
            When(check_on__gt=today, then=Value(0)),
            When(Q(check_on=None) | Q(outdated_on__gt=today), then=Value(1)),
            default=Value(2),
        )
        return self.annotate(staleness=staleness)


@pghistory.track()
class Service(Versioned):
    """What an organisation offers: the card people search for and are referred to."""

    Status = ServiceStatus

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="services", verbose_name="organisatie"
    )
    slug = models.SlugField("korte naam", max_length=80, unique=True)
    name = FreeLine("naam", max_length=120)
    description = FreeText("wat het is", max_length=2000, blank=True)
    for_whom = FreeLine("voor wie", max_length=200, blank=True)
    themes = ThemesField()
    # Children grow by halves: a working may start at 2,5 years.
    age_min = models.DecimalField(
        "vanaf (jaar)",
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(OLDEST)],
    )
    age_max = models.DecimalField(
        "tot en met (jaar)",
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(OLDEST)],
    )
    city_wide = models.BooleanField("voor de hele stad", default=False)
    neighbourhoods = models.ManyToManyField(
        Neighbourhood, through="ServiceArea", related_name="services", verbose_name="buurten", blank=True
    )
    languages = codes_field("talen", Language)
    cost = FreeLine("kostprijs", max_length=120, blank=True)
    access_mode = models.CharField("aanmelden", max_length=20, choices=AccessMode, blank=True)
    how_to_enter = FreeText("hoe kom je binnen", max_length=500, blank=True)
    check_every_months = models.PositiveSmallIntegerField("nakijken", choices=CheckEvery, default=CheckEvery.HALF_YEAR)
    verified_on = models.DateField("nagekeken op", null=True, editable=False)
    check_on = models.DateField("opnieuw na te kijken op", null=True, editable=False)
    outdated_on = models.DateField("verouderd op", null=True, editable=False)
    status = models.CharField("toestand", max_length=10, choices=ServiceStatus, default=ServiceStatus.ACTIVE)
    search_key = models.CharField(max_length=200, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "aanbod"
        verbose_name_plural = "aanbod"
        indexes = [
            models.Index(fields=["name", "id"], name="service_name"),
            GinIndex(fields=["themes"], name="service_themes"),
            GinIndex(WORDS, name="service_words"),
        ]
        constraints = [
            models.CheckConstraint(name="service_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="service_known_themes", condition=known_codes("themes", Theme)),
            models.CheckConstraint(name="service_known_languages", condition=known_codes("languages", Language)),
            models.CheckConstraint(
                name="service_known_access", condition=Q(access_mode="") | known_code("access_mode", AccessMode)
            ),
            models.CheckConstraint(name="service_known_status", condition=known_code("status", ServiceStatus)),
            models.CheckConstraint(
                name="service_known_interval", condition=known_code("check_every_months", CheckEvery)
            ),
            # Without a lowest age the ages are not known; everyone is from 0.
            models.CheckConstraint(
                name="service_ages_in_order",
                condition=Q(age_min=None, age_max=None)
                | Q(age_min__isnull=False, age_min__range=(0, OLDEST))
                & (Q(age_max=None) | Q(age_max__gte=F("age_min"), age_max__lte=OLDEST)),
            ),
        ]
        triggers = [
            publishes("0", "0"),
            pgtrigger.Trigger(
                name="derive_verified_on",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=DERIVE_VERIFIED_ON,
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{self.organisation.get_absolute_url()}#{self.slug}"

    def get_public_url(self):
        return f"{self.organisation.get_public_url()}#{self.slug}"

    def save(self, *args, **options):
        self.search_key = search_key(self.name)[:200]
        super().save(*args, **options)

    @property
    def freshness(self):
        """Whether the card was checked in time; one that was never checked still has to be."""
        today = timezone.localdate()
        if self.check_on is None:
            return Freshness.DUE
        if today < self.check_on:
            return Freshness.CURRENT
        return Freshness.DUE if today < self.outdated_on else Freshness.OUTDATED

    @property
    def is_current(self):
        return self.freshness == Freshness.CURRENT

    @property
    def text(self):
        """A card that says nothing of its own, says what its organisation says."""
        return self.description or self.organisation.description

    @property
    def meant_for(self):
        return self.for_whom or self.organisation.for_whom

    @property
    def theme_labels(self):
        return theme_labels(self.themes)

    @property
    def language_labels(self):
        return [Language(code).label for code in self.languages]

    @property
    def ages(self):
        """The ages in words; empty when nobody knows."""
        if self.age_min is None:
            return ""
        lowest, highest = _years(self.age_min), _years(self.age_max)
        if self.age_max is None:
            return _("vanaf %(lowest)s jaar") % {"lowest": lowest} if self.age_min else _("alle leeftijden")
        sentence = _("%(lowest)s tot %(highest)s jaar") if self.age_min else _("tot %(highest)s jaar")
        return sentence % {"lowest": lowest, "highest": highest}

    @property
    def where(self):
        """The buurten in words; empty when nobody knows."""
        if self.city_wide:
            return "heel de stad"
        return ", ".join(area.name for area in self.neighbourhoods.all())


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class ServiceArea(models.Model):
    """That a service works in a buurt, or in the larger area around it."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, verbose_name="aanbod")
    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, verbose_name="buurt")

    class Meta:
        verbose_name = "werkingsgebied"
        verbose_name_plural = "werkingsgebieden"
        constraints = [models.UniqueConstraint(fields=["service", "neighbourhood"], name="service_area_once")]
        triggers = [publishes("0", "0")]

    def __str__(self):
        return f"{self.service} in {self.neighbourhood}"


def _years(age):
    """2,5 or 14, as people write an age."""
    return "" if age is None else f"{age:.1f}".removesuffix(".0").replace(".", ",")
