import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.models.session import new_code
from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, search_key
from buurtwerk.languages import Language

ADULT_AT = 18


class OfCentreQuerySet(models.QuerySet):
    """Rows of a centre, for who may read its participants."""

    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("participants.read"))


class StandingManager(models.Manager):
    """Who still stands on the card of a child: what was taken off stays behind until nobody may undo it."""

    def get_queryset(self):
        return super().get_queryset().filter(removed_at=None)


class ParticipantQuerySet(OfCentreQuerySet):
    def matching(self, words):
        key = search_key(words)
        return self.filter(search_key__contains=key) if key else self.none()


@pghistory.track()
class Participant(Versioned):
    """Who takes part: only what an activity needs. A family file is something else, and may never exist."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    code = models.CharField("code", max_length=12, unique=True, default=new_code, editable=False)
    first_name = FreeLine("voornaam", max_length=80)
    last_name = FreeLine("familienaam", max_length=80, blank=True)
    birth_year = models.PositiveSmallIntegerField("geboortejaar", null=True, blank=True)
    language = models.CharField("taal", max_length=5, choices=Language, blank=True)
    # Set by a colleague who knows both; whoever may not open that family never learns of it.
    person = models.ForeignKey(
        "households.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="participants",
        verbose_name="persoon in een gezin",
    )
    created_at = models.DateTimeField("sinds", default=timezone.now, editable=False)
    search_key = models.CharField(max_length=260, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["first_name", "last_name", "pk"]
        verbose_name = "deelnemer"
        verbose_name_plural = "deelnemers"
        indexes = [models.Index(fields=["centre", "search_key"], name="participant_search")]
        constraints = [
            models.CheckConstraint(
                name="participant_birth_year_possible",
                condition=Q(birth_year=None) | Q(birth_year__gte=1900, birth_year__lte=2100),
                violation_error_message="Dat geboortejaar kan niet.",
            ),
            models.UniqueConstraint(
                fields=["centre", "person"],
                name="participant_once_per_person",
                condition=Q(person__isnull=False),
                violation_error_message="Deze persoon is al deelnemer.",
            ),
        ]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip()

    def save(self, **options):
        self.search_key = search_key(self.first_name, self.last_name)
        super().save(**options)

    @property
    def short_name(self):
        """Amina B.: what stands on a list that others may see."""
        return f"{self.first_name} {self.last_name[:1]}.".removesuffix(" .")

    @property
    def is_child(self):
        """Whether someone may still be a minor: only the year of birth is known."""
        return self.birth_year is not None and timezone.localdate().year - self.birth_year <= ADULT_AT


@pghistory.track()
class Carer(Versioned):
    """A zorgfiguur of a participant: whom we call."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="carers", editable=False, verbose_name="deelnemer"
    )
    name = FreeLine("naam", max_length=120)
    relation = FreeLine("wie is dat", max_length=60, blank=True)
    phone = FreeLine("telefoon", max_length=40)
    email = models.EmailField("e-mail", blank=True)
    is_guardian = models.BooleanField("wettelijk vertegenwoordiger", default=False)
    is_emergency = models.BooleanField("noodcontact", default=True)
    # Whom to call first. New ones come last, until someone puts them higher.
    call_order = models.PositiveSmallIntegerField("volgorde", default=100, editable=False)
    removed_at = models.DateTimeField("weggehaald op", null=True, editable=False)

    objects = StandingManager.from_queryset(OfCentreQuerySet)()

    class Meta:
        ordering = ["-is_emergency", "call_order", "pk"]
        verbose_name = "zorgfiguur"
        verbose_name_plural = "zorgfiguren"
        constraints = [
            models.CheckConstraint(
                name="carer_can_be_called",
                condition=~Q(phone=""),
                violation_error_message="Vul een telefoonnummer in.",
            ),
            models.UniqueConstraint(
                fields=["participant", "name", "phone"],
                name="carer_once",
                condition=Q(removed_at=None),
                violation_error_message="Deze zorgfiguur staat er al.",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.relation})" if self.relation else self.name
