import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine
from households.models.handover import HandedFamily
from households.models.household import Household, OfFamilyQuerySet
from households.models.person import Person


class SupportLinkQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        """Those of the families one reads: whom someone leans on, is not for the whole team."""
        return (
            self.filter(centre__in=user.centres_where("families.open"))
            .of_own_files(user)
            .exclude(HandedFamily.objects.closing_row(HandedFamily.Part.NETWORK, to=user, written_at="noted_at"))
        )

    def current(self):
        return self.filter(Q(until=None) | Q(until__gt=timezone.localdate()))

    def ended(self):
        return self.filter(until__lte=timezone.localdate())

    def told_in(self, household, compartment=None):
        """Of the family, without the support of who has a luik that is not the one on this page."""
        hidden = household.people_with_compartment - {compartment and compartment.person_id}
        links = self.filter(household=household)
        return links.exclude(person__in=hidden).exclude(other__in=hidden) if hidden else links


@pghistory.track()
class SupportLink(Versioned):
    """Steunfiguur: somebody on whom a family, or one of them, can lean, and how strong that bond is."""

    class Kind(models.TextChoices):
        FAMILY = "family", "Familie"
        FRIEND = "friend", "Vriend of vriendin"
        NEIGHBOUR = "neighbour", "Buur"
        SCHOOL = "school", "School of opvang"
        HELP = "help", "Hulpverlening"
        CLUB = "club", "Vereniging"
        FAITH = "faith", "Geloofsgemeenschap"
        WORK = "work", "Werk"
        OTHER = "other", "Andere"

    class Quality(models.TextChoices):
        STRONG = "strong", "Sterk"
        WEAK = "weak", "Zwak"
        TENSE = "tense", "Gespannen"
        BROKEN = "broken", "Onderbroken"
        UNKNOWN = "unknown", "Nog niet geweten"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="support_links", verbose_name="gezin", editable=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="support_links", verbose_name="van wie"
    )
    other = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supports",
        verbose_name="iemand die we kennen",
    )
    name = FreeLine("naam", max_length=80, blank=True)
    organisation = models.ForeignKey(
        "partners.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="support_links",
        verbose_name="organisatie",
    )
    kind = models.CharField("wat voor iemand", max_length=10, choices=Kind)
    quality = models.CharField("hoe is de band", max_length=10, choices=Quality, default=Quality.UNKNOWN)
    note = FreeLine("in een zin", max_length=200, blank=True)
    since = models.DateField("sinds", null=True, blank=True)
    until = models.DateField("tot", null=True, blank=True)
    noted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="genoteerd door"
    )
    noted_at = models.DateTimeField("genoteerd", auto_now_add=True)

    objects = SupportLinkQuerySet.as_manager()

    class Meta:
        # The order of the picture too: nobody moves when another comes along at the end.
        ordering = ["pk"]
        verbose_name = "steunfiguur"
        verbose_name_plural = "steunfiguren"
        constraints = [
            models.CheckConstraint(
                name="support_link_to_exactly_one",
                condition=Q(other__isnull=False, name="", organisation=None)
                | (Q(other=None, organisation=None) & ~Q(name=""))
                | Q(other=None, name="", organisation__isnull=False),
                violation_error_message="Kies één van de drie: iemand die we kennen, een naam of een organisatie.",
            ),
            models.CheckConstraint(
                name="support_link_until_after_since",
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                violation_error_message="De laatste dag komt na de eerste.",
            ),
            models.CheckConstraint(
                name="support_link_not_to_oneself",
                condition=Q(person=None) | Q(other=None) | ~Q(person=F("other")),
                violation_error_message="Kies iemand anders: niemand is een steunfiguur van zichzelf.",
            ),
        ]
        indexes = [models.Index(fields=["household", "id"], name="support_link_of_family")]

    def __str__(self):
        return self.who

    @property
    def who(self):
        if self.organisation_id:
            return str(self.organisation)
        if self.other_id:
            # Somebody of a family that this reader may not know of: the database gives no name.
            return str(self.other or "Iemand die we kennen")
        return self.name

    @property
    def of_whom(self):
        """The first name of whose support it is; empty when it is there for the whole family."""
        return self.person.first_name if self.person else ""

    @property
    def is_current(self):
        return self.until is None or self.until > timezone.localdate()
