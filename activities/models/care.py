import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.codes import Allergen
from activities.models.participant import OfCentreQuerySet, Participant
from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText


class CareQuerySet(OfCentreQuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("care.read"))


@pghistory.track()
class CareSheet(Versioned):
    """What a monitor must know of a child to keep it safe, and no more."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, related_name="care_sheet", editable=False, verbose_name="deelnemer"
    )
    allergens = ArrayField(
        models.CharField(max_length=30, choices=Allergen), verbose_name="allergieën", default=list, blank=True
    )
    other_allergies = FreeLine("andere allergie", max_length=200, blank=True)
    medication = FreeText("medicatie: wat, hoeveel en wanneer", max_length=600, blank=True)
    attention = FreeText("waar letten we op", max_length=600, blank=True)
    # None is "not asked": never the same as no.
    swims = models.BooleanField("kan zwemmen", null=True, blank=True)
    may_go_alone_from = models.TimeField("mag alleen naar huis vanaf", null=True, blank=True)
    checked_on = models.DateField("nagekeken op", default=timezone.localdate)

    objects = CareQuerySet.as_manager()

    class Meta:
        verbose_name = "zorgfiche"
        verbose_name_plural = "zorgfiches"

    def __str__(self):
        return f"Zorgfiche van {self.participant}"


@pghistory.track()
class PickupPerson(models.Model):
    """Who may fetch a child, until when; or who may not."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="pickup_people", editable=False, verbose_name="deelnemer"
    )
    name = FreeLine("naam", max_length=120)
    relation = FreeLine("wie is dat", max_length=60, blank=True)
    phone = FreeLine("telefoon", max_length=40, blank=True)
    valid_until = models.DateField("mag ophalen tot en met", null=True, blank=True)
    is_forbidden = models.BooleanField("niet meegeven aan deze persoon", default=False)

    objects = CareQuerySet.as_manager()

    class Meta:
        ordering = ["is_forbidden", "name", "pk"]
        verbose_name = "afhaler"
        verbose_name_plural = "afhalers"
        constraints = [
            models.CheckConstraint(
                name="pickup_forbidden_has_no_end",
                condition=Q(is_forbidden=False) | Q(valid_until=None),
                violation_error_message="Een verbod heeft geen einddatum: haal het weg wanneer het niet meer geldt.",
            ),
            models.UniqueConstraint(
                fields=["participant", "name", "relation"],
                name="pickup_person_once",
                violation_error_message="Deze afhaler staat er al.",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.relation})" if self.relation else self.name

    @property
    def may_fetch(self):
        is_valid = self.valid_until is None or self.valid_until >= timezone.localdate()
        return is_valid and not self.is_forbidden


@pghistory.track()
class CareConsent(models.Model):
    """What was said yes or no to, by whom and when. A new answer is a new row; taking back ends a yes."""

    class Purpose(models.TextChoices):
        PHOTO_INSIDE = "photo_inside", "Foto's in het centrum"
        PHOTO_SITE = "photo_site", "Foto's op de site"
        PHOTO_SOCIAL = "photo_social", "Foto's op sociale media"
        OUTING = "outing", "Mee op uitstap"
        MEDICAL = "medical", "Medische gegevens bewaren"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="consents", editable=False, verbose_name="deelnemer"
    )
    purpose = models.CharField("waarvoor", max_length=15, choices=Purpose)
    is_given = models.BooleanField("ja of nee")
    given_on = models.DateField("op", default=timezone.localdate)
    given_by = FreeLine("door wie", max_length=120)
    noted_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="genoteerd door",
    )
    withdrawn_on = models.DateField("ingetrokken op", null=True, blank=True, editable=False)

    objects = CareQuerySet.as_manager()

    class Meta:
        ordering = ["purpose", "-given_on", "-pk"]
        verbose_name = "toestemming"
        verbose_name_plural = "toestemmingen"
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "purpose"],
                name="consent_one_answer_at_a_time",
                condition=Q(withdrawn_on=None),
                violation_error_message="Hierop is al geantwoord.",
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=models.F("given_on")),
            ),
            models.CheckConstraint(name="consent_given_by_someone", condition=~Q(given_by="")),
            models.CheckConstraint(
                name="consent_known_purpose",
                condition=Q(purpose__in=["photo_inside", "photo_site", "photo_social", "outing", "medical"]),
            ),
        ]

    def __str__(self):
        answer = "ja" if self.is_given else "nee"
        return f"{self.get_purpose_display()}: {answer}"
