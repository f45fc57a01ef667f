import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from activities.codes import Allergen
from activities.models.participant import OfCentreQuerySet, Participant, StandingManager
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

    # Kept only as long as somebody said yes to keeping medical data.
    MEDICAL = ["allergens", "other_allergies", "medication", "attention"]

    objects = CareQuerySet.as_manager()

    class Meta:
        verbose_name = "zorgfiche"
        verbose_name_plural = "zorgfiches"
        triggers = [
            pgtrigger.Trigger(
                name="medical_only_with_consent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "cardinality(NEW.allergens) > 0 OR NEW.other_allergies <> '' OR NEW.medication <> '' "
                    "OR NEW.attention <> ''"
                ),
                func="""
                    IF NOT EXISTS (
                        SELECT FROM activities_careconsent AS consent
                        WHERE consent.participant_id = NEW.participant_id AND consent.purpose = 'medical'
                          AND consent.is_given AND consent.withdrawn_on IS NULL
                    ) THEN
                        RAISE EXCEPTION 'no consent to keep medical data' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self):
        return f"Zorgfiche van {self.participant}"

    @property
    def has_medical(self):
        return any(getattr(self, name) for name in self.MEDICAL)

    @property
    def allergies(self):
        """The allergens in Dutch, and what else was written."""
        names = [Allergen(code).label for code in self.allergens if code in Allergen.values]
        return [*names, self.other_allergies] if self.other_allergies else names


@pghistory.track()
class PickupPerson(Versioned):
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
    removed_at = models.DateTimeField("weggehaald op", null=True, editable=False)

    objects = StandingManager.from_queryset(CareQuerySet)()

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
                condition=Q(removed_at=None),
                violation_error_message="Deze afhaler staat er al.",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.relation})" if self.relation else self.name

    @property
    def is_expired(self):
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def may_fetch(self):
        return not self.is_expired and not self.is_forbidden


class ConsentQuerySet(CareQuerySet):
    def standing(self):
        return self.filter(withdrawn_on=None)

    def given(self):
        return self.standing().filter(is_given=True)


@pghistory.track()
class CareConsent(models.Model):
    """What was said yes or no to, by whom and when. A new answer is a new row; taking back ends a yes."""

    class Purpose(models.TextChoices):
        PHOTO_INSIDE = "photo_inside", "Foto's in het centrum"
        PHOTO_SITE = "photo_site", "Foto's op de site"
        PHOTO_SOCIAL = "photo_social", "Foto's op sociale media"
        OUTING = "outing", "Mee op uitstap"
        MEDICAL = "medical", "Medische gegevens bewaren"

    class How(models.TextChoices):
        SPOKEN = "spoken", "Mondeling"
        PAPER = "paper", "Op papier"
        LINK = "link", "Langs de link"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="consents", editable=False, verbose_name="deelnemer"
    )
    purpose = models.CharField("waarvoor", max_length=15, choices=Purpose)
    is_given = models.BooleanField("ja of nee")
    given_on = models.DateField("op", default=timezone.localdate)
    given_by = FreeLine("door wie", max_length=120)
    how = models.CharField("hoe", max_length=10, choices=How, default=How.SPOKEN)
    noted_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="genoteerd door",
    )
    withdrawn_on = models.DateField("ingetrokken op", null=True, blank=True, editable=False)

    objects = ConsentQuerySet.as_manager()

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
            models.CheckConstraint(name="consent_known_how", condition=Q(how__in=["spoken", "paper", "link"])),
            models.CheckConstraint(
                name="consent_known_purpose",
                condition=Q(purpose__in=["photo_inside", "photo_site", "photo_social", "outing", "medical"]),
            ),
        ]

    def __str__(self):
        answer = "ja" if self.is_given else "nee"
        return f"{self.get_purpose_display()}: {answer}"


class CareChange(models.Model):
    """Who changed what on the card of a child, in words and without the words themselves."""

    class Kind(models.TextChoices):
        TEAM = "team", "Door een collega"
        PARENT = "parent", "Langs de link"
        LINK = "link", "Link gegeven"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="care_changes", editable=False, verbose_name="deelnemer"
    )
    kind = models.CharField("hoe", max_length=10, choices=Kind)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="door")
    by_name = FreeLine("naam van de ouder", max_length=120, blank=True)
    what = ArrayField(models.CharField(max_length=80), verbose_name="wat", default=list)
    at = models.DateTimeField("wanneer", default=timezone.now)

    objects = CareQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "wijziging van een kindfiche"
        verbose_name_plural = "wijzigingen van kindfiches"
        indexes = [models.Index(fields=["participant", "-at"], name="care_change_of_participant")]
        constraints = [
            models.CheckConstraint(
                name="care_change_by_someone",
                condition=Q(kind="parent", by=None) & ~Q(by_name="") | Q(kind__in=["team", "link"], by__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {', '.join(self.what)}"

    @property
    def who(self):
        return self.by_name or str(self.by)
