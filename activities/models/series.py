import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from activities import rules
from activities.codes import ActivityType, Audience, Kind
from activities.texts import text_here, translation_of
from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.language import spoken, translated
from buurtwerk.interface.templatetags.look import until
from buurtwerk.interface.text import FreeLine, FreeText
from buurtwerk.languages import Language
from buurtwerk.places.public import publishes
from buurtwerk.themes import ThemesField

# The addresses /team/activiteiten/nieuw/ and the like are not those of a series.
RESERVED_SLUGS = {"nieuw", "vertalingen", "voorbeeld", "bezetting", "sluitingsdagen"}
OLDEST = 120


def default_languages():
    return [Language.NL]


class SeriesQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("activities.read"))

    def public(self):
        return self.filter(public_level=ActivitySeries.PublicLevel.PUBLIC)

    def with_next_moment(self):
        from activities.models.session import Session

        coming = Session.objects.planned().coming().filter(series=OuterRef("pk")).order_by("starts_at")
        return self.annotate(next_at=Subquery(coming.values("starts_at")[:1]))

    def free_slug(self, title):
        """A slug from the title that no other series has."""
        base = slugify(title)[:70].strip("-") or "activiteit"
        taken = set(self.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED_SLUGS
        return next(slug for slug in _numbered(base) if slug not in taken)


def _numbered(base):
    yield base
    for number in range(2, 10_000):
        yield f"{base}-{number}"


@pghistory.track(exclude=["taken"])
class ActivitySeries(Versioned):
    """Something the centre offers, once or again and again: the rule from which the moments follow."""

    class HolidayPolicy(models.TextChoices):
        SKIP = "skip", "Niet in de schoolvakantie"
        ONLY = "only", "Enkel in de schoolvakantie"
        IGNORE = "ignore", "Ook in de schoolvakantie"

    class PublicHolidayPolicy(models.TextChoices):
        SKIP = "skip", "Niet op een feestdag"
        IGNORE = "ignore", "Ook op een feestdag"

    class Registration(models.TextChoices):
        NONE = "none", "Kom gewoon langs"
        OPTIONAL = "optional", "Liefst inschrijven"
        REQUIRED = "required", "Inschrijven nodig"

    class EnrolScope(models.TextChoices):
        SESSION = "session", "Per keer"
        BLOCK = "block", "Per week"
        SERIES = "series", "Voor de hele reeks"

    class PublicLevel(models.TextChoices):
        PUBLIC = "public", "Openbaar"
        MEMBERS = "members", "Enkel leden"
        INTERNAL = "internal", "Intern"

    centre = models.ForeignKey(
        "places.Centre", on_delete=models.PROTECT, related_name="activity_series", verbose_name="centrum"
    )
    slug = models.SlugField("korte naam", max_length=80, unique=True)
    title = FreeLine("titel", max_length=100)
    summary = FreeText("korte uitleg", max_length=600)
    kind = models.CharField("wat voor iets", max_length=10, choices=Kind)
    type = models.CharField("soort", max_length=30, choices=ActivityType, default=ActivityType.DROP_IN)
    audience = models.CharField("voor wie", max_length=30, choices=Audience, default=Audience.EVERYONE)
    age_min = models.PositiveSmallIntegerField(
        "vanaf welke leeftijd", default=0, validators=[MaxValueValidator(OLDEST)]
    )
    age_max = models.PositiveSmallIntegerField(
        "tot en met welke leeftijd", null=True, blank=True, validators=[MaxValueValidator(OLDEST)]
    )
    rrule = models.CharField("regel", max_length=120, blank=True, validators=[rules.check_rule])
    local_start = models.TimeField("begint om")
    local_end = models.TimeField("eindigt om")
    zone = models.CharField("tijdzone", max_length=40, default="Europe/Brussels", editable=False)
    first_date = models.DateField("eerste dag")
    until = models.DateField("tot en met", null=True, blank=True)
    holiday_policy = models.CharField(
        "schoolvakantie", max_length=10, choices=HolidayPolicy, default=HolidayPolicy.SKIP
    )
    public_holiday_policy = models.CharField(
        "feestdagen", max_length=10, choices=PublicHolidayPolicy, default=PublicHolidayPolicy.SKIP
    )
    # Only for what follows one school: its own free days count as holidays too.
    school = FreeLine("volgt de school", max_length=80, blank=True)
    registration = models.CharField("inschrijven", max_length=10, choices=Registration, default=Registration.NONE)
    capacity = models.PositiveSmallIntegerField(
        "aantal plaatsen", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    enrol_scope = models.CharField(
        "waarvoor schrijf je in", max_length=10, choices=EnrolScope, default=EnrolScope.SESSION
    )
    has_waiting_list = models.BooleanField("wachtlijst", default=True)
    offer_hours = models.PositiveSmallIntegerField(
        "hoelang een vrije plaats wordt vrijgehouden (uur)",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(168)],
    )
    draw_at = models.DateTimeField("loting op", null=True, blank=True)
    # Of a series that is registered for as a whole: as in Session.
    taken = models.PositiveIntegerField("plaatsen bezet", default=0, editable=False)
    priority_seats = models.PositiveSmallIntegerField("plaatsen met voorrang", default=0)
    min_participants = models.PositiveSmallIntegerField("minstens zoveel deelnemers", null=True, blank=True)
    price = FreeLine("prijs in woorden", max_length=100, blank=True)
    price_eur = models.DecimalField("gewone prijs", max_digits=6, decimal_places=2, null=True, blank=True)
    price_social_eur = models.DecimalField("kansentarief", max_digits=6, decimal_places=2, null=True, blank=True)
    price_child_eur = models.DecimalField("prijs voor een kind", max_digits=6, decimal_places=2, null=True, blank=True)
    themes = ThemesField()
    languages = ArrayField(
        models.CharField(max_length=5, choices=Language), verbose_name="talen", default=default_languages
    )
    is_wheelchair_accessible = models.BooleanField("toegankelijk met een rolstoel", null=True, blank=True)
    # Grief and the like: no photos, no reminders, nothing that jogs someone's elbow.
    is_sensitive = models.BooleanField("gevoelig: geen foto's en geen herinneringen", default=False)
    level = FreeLine("niveau", max_length=60, blank=True)
    co_organiser = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="samen met",
    )
    staff = models.ManyToManyField("accounts.User", blank=True, related_name="+", verbose_name="begeleiders")
    public_level = models.CharField("wie ziet dit", max_length=10, choices=PublicLevel, default=PublicLevel.PUBLIC)
    i18n = models.JSONField("vertalingen", default=dict, blank=True, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = "activiteit"
        verbose_name_plural = "activiteiten"
        indexes = [models.Index(fields=["centre", "title"], name="series_of_a_centre")]
        constraints = [
            models.CheckConstraint(name="series_ends_after_it_starts", condition=Q(local_end__gt=F("local_start"))),
            models.CheckConstraint(
                name="series_last_day_not_before_first", condition=Q(until=None) | Q(until__gte=F("first_date"))
            ),
            models.CheckConstraint(
                name="series_ages_in_order",
                condition=Q(age_min__lte=OLDEST)
                & (Q(age_max=None) | Q(age_max__gte=F("age_min"), age_max__lte=OLDEST)),
            ),
            models.CheckConstraint(name="series_room_for_someone", condition=Q(capacity=None) | Q(capacity__gte=1)),
            models.CheckConstraint(
                name="series_no_price_below_zero",
                condition=(Q(price_eur=None) | Q(price_eur__gte=0))
                & (Q(price_social_eur=None) | Q(price_social_eur__gte=0))
                & (Q(price_child_eur=None) | Q(price_child_eur__gte=0)),
            ),
            models.CheckConstraint(
                name="series_offers_end_in_time", condition=Q(offer_hours__gte=1, offer_hours__lte=168)
            ),
            models.CheckConstraint(
                name="series_priority_within_capacity",
                condition=Q(priority_seats=0) | Q(capacity__isnull=False, priority_seats__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="series_minimum_within_capacity",
                condition=Q(min_participants=None)
                | Q(capacity=None, min_participants__gte=1)
                | Q(min_participants__gte=1, min_participants__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="series_known_codes",
                condition=Q(
                    kind__in=Kind.values,
                    type__in=ActivityType.values,
                    audience__in=Audience.values,
                    holiday_policy__in=["skip", "only", "ignore"],
                    public_holiday_policy__in=["skip", "ignore"],
                    registration__in=["none", "optional", "required"],
                    enrol_scope__in=["session", "block", "series"],
                    public_level__in=["public", "members", "internal"],
                    zone="Europe/Brussels",
                ),
            ),
        ]
        triggers = [publishes("NEW.centre_id", "OLD.centre_id")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("activities:series", args=[self.slug])

    @property
    def public_url(self):
        return reverse("activities:activity", args=[self.slug])

    def t(self, field):
        """A text of this activity for a page in the language that is spoken now."""
        return text_here(getattr(self, field), translation_of(self.i18n, spoken(), field))

    @property
    def title_here(self):
        return self.t("title")

    @property
    def summary_here(self):
        return self.t("summary")

    @property
    def is_untranslated(self):
        return self.title_here.is_missing or self.summary_here.is_missing

    @property
    def is_free(self):
        """Nothing to pay: no amount, and no words about one."""
        is_said_free = self.price.strip().lower() in ("", "gratis")
        return is_said_free and not (self.price_eur or self.price_social_eur or self.price_child_eur)

    @property
    def is_public(self):
        return self.public_level == self.PublicLevel.PUBLIC

    @property
    def icon(self):
        return Kind(self.kind).icon

    @property
    def rhythm(self):
        """When it is on, in words."""
        return rules.in_words(self.rrule)

    @property
    def ages(self):
        return ages_in_words(self.age_min, self.age_max)

    @property
    def who(self):
        """Kinderen, 6 tot 12 jaar; for everyone without more."""
        is_for_all = not self.age_min and self.age_max is None
        audience = translated(self.get_audience_display())
        return audience if is_for_all else _("%(audience)s, %(ages)s") % {"audience": audience, "ages": self.ages}

    @property
    def hours(self):
        """14.00 tot 16.30 uur"""
        return until(self.local_start, self.local_end)

    @property
    def price_in_words(self):
        return price_in_words(self.price, self.price_eur, self.price_social_eur, self.price_child_eur)

    @property
    def is_over(self):
        return self.until is not None and self.until < timezone.localdate()

    def get_languages_display(self):
        labels = dict(Language.choices)
        return _(", ").join(translated(labels.get(code, code)) for code in self.languages)


def ages_in_words(age_min, age_max):
    """6 tot 12 jaar · vanaf 16 jaar · alle leeftijden"""
    if age_max is not None:
        return _("%(lowest)s tot %(highest)s jaar") % {"lowest": age_min, "highest": age_max}
    return _("vanaf %(lowest)s jaar") % {"lowest": age_min} if age_min else _("alle leeftijden")


def price_in_words(price, regular, social=None, child=None):
    """The words the centre chose, else the prices themselves: € 5 · kansentarief € 3 · kind € 2"""
    if price:
        return price
    words = [_euro(regular)] if regular else []
    words += [_("kansentarief %(price)s") % {"price": _euro(social)}] if social else []
    words += [_("kind %(price)s") % {"price": _euro(child)}] if child else []
    return " · ".join(words) or _("Gratis")


def _euro(amount):
    is_round = amount == amount.to_integral_value()
    number = f"{amount:.0f}" if is_round else f"{amount:.2f}"
    if spoken() not in ("en", "ar"):
        number = number.replace(".", ",")
    return _("€ %(amount)s") % {"amount": number}
