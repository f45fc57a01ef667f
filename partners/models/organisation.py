import pghistory
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText, refuse_national_number, search_key
from buurtwerk.places.public import publishes
from partners.models.codes import NetworkFunction, OrganisationKind, SourceRead, codes_field, known_code, known_codes

ADD = "nieuw"


class OrganisationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def without_services(self):
        """Cards that no search for a need can find."""
        return self.active().filter(services=None)


@pghistory.track()
class Organisation(Versioned):
    """An organisation as it shows itself to everyone; nothing here is about a person."""

    Kind = OrganisationKind

    slug = models.SlugField("korte naam", max_length=80, unique=True)
    name = FreeLine("naam", max_length=120)
    kind = models.CharField("soort", max_length=20, choices=Kind)
    description = FreeText("wat ze doen", max_length=2000, blank=True)
    for_whom = FreeLine("voor wie", max_length=200, blank=True)
    functions = codes_field("functies in het netwerk", NetworkFunction)
    website = models.URLField(
        "website",
        blank=True,
        max_length=200,
        validators=[URLValidator(schemes=["http", "https"]), refuse_national_number],
    )
    phone = FreeLine(
        "telefoon",
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[0-9+][0-9 ()/.\-]{5,}$", "Vul een telefoonnummer in, zoals 016 00 00 00.")],
    )
    email = models.EmailField("e-mail", max_length=120, blank=True, validators=[refuse_national_number])
    source = FreeLine("bron", max_length=300, blank=True)
    source_read = models.CharField("bron gelezen", max_length=10, choices=SourceRead, default=SourceRead.NO)
    to_check = FreeLine("nog na te kijken", max_length=300, blank=True)
    search_key = models.CharField(max_length=200, editable=False)
    is_active = models.BooleanField("actief", default=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "organisatie"
        verbose_name_plural = "organisaties"
        indexes = [models.Index(fields=["name", "id"], name="organisation_name")]
        constraints = [
            models.CheckConstraint(name="organisation_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="organisation_known_kind", condition=known_code("kind", OrganisationKind)),
            models.CheckConstraint(name="organisation_known_reading", condition=known_code("source_read", SourceRead)),
            models.CheckConstraint(
                name="organisation_known_functions", condition=known_codes("functions", NetworkFunction)
            ),
            # Its page would be hidden behind the page that adds one.
            models.CheckConstraint(name="organisation_slug_is_free", condition=~Q(slug=ADD)),
        ]
        triggers = [publishes("0", "0")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partners:detail", args=[self.slug])

    def get_public_url(self):
        return reverse("partners:guide-card", args=[self.slug])

    def save(self, *args, **options):
        self.search_key = search_key(self.name)[:200]
        super().save(*args, **options)

    @property
    def website_shown(self):
        """The address as people say it."""
        return self.website.split("://")[-1].removeprefix("www.").rstrip("/")

    @property
    def function_labels(self):
        return [NetworkFunction(code).label for code in self.functions]
