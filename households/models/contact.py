import uuid

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
from buurtwerk.themes import ThemesField, theme_labels
from households.models.household import Household
from households.models.person import Person

LATE_AFTER_DAYS = 30


class ContactQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That there was a contact: everyone who opens families in the centre. Whether they read it: `note_for`."""
        return self.filter(centre__in=user.centres_where("families.open"))

    def newest_first(self):
        return self.order_by("-happened_on", "-pk")


@pghistory.track()
class Contact(Versioned):
    """A meaningful contact by any channel, with a family or with someone without a name. An attempt counts too."""

    class Mode(models.TextChoices):
        HOME = "home", "Huisbezoek"
        DOOR = "door", "Aan de deur"
        CENTRE = "centre", "In het buurtcentrum"
        STREET = "street", "Op straat of plein"
        PHONE = "phone", "Telefoon"
        MESSAGE = "message", "Bericht (sms of app)"
        EMAIL = "email", "E-mail"
        CARD = "card", "Kaartje of brief"
        ACCOMPANY = "accompany", "Samen naar een dienst"
        PARTNER_TALK = "partner_talk", "Overleg met partner"
        ONLINE = "online", "Online"
        GROUP = "group", "In groep"

    class Outcome(models.TextChoices):
        TALKED = "talked", "Gesproken"
        BRIEF = "brief", "Kort gezien"
        NO_ANSWER = "no_answer", "Niet bereikt"
        CARD_LEFT = "card_left", "Kaartje achtergelaten"
        CANCELLED = "cancelled", "Afgezegd"
        DECLINED = "declined", "Wou nu niet"
        HEARD = "heard", "Via iemand anders gehoord"

    # The rhythm of a family is judged on these; every other outcome is an attempt.
    REACHED = [Outcome.TALKED, Outcome.BRIEF]

    class Visibility(models.TextChoices):
        TEAM = "team", "Het team"
        FILE = "file", "Het dossierteam"
        PERSONAL = "personal", "Enkel ik"

    class Initiative(models.TextChoices):
        US = "us", "Wij"
        RESIDENT = "resident", "De bewoner"
        PARTNER = "partner", "Een partner"
        CHANCE = "chance", "Toeval"

    class PartOfDay(models.TextChoices):
        MORNING = "morning", "Ochtend"
        AFTERNOON = "afternoon", "Namiddag"
        EVENING = "evening", "Avond"

    class AgeGroup(models.TextChoices):
        CHILD = "child", "Kind"
        TEEN = "teen", "Tiener of jongere"
        ADULT = "adult", "Volwassene"
        SENIOR = "senior", "65 of ouder"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name="gezin"
    )
    happened_on = models.DateField("wanneer", default=timezone.localdate)
    part_of_day = models.CharField("deel van de dag", max_length=10, choices=PartOfDay, blank=True)
    minutes = models.PositiveSmallIntegerField("minuten", null=True, blank=True)
    mode = models.CharField("vorm", max_length=15, choices=Mode)
    outcome = models.CharField("resultaat", max_length=15, choices=Outcome)
    initiative = models.CharField("wie nam het initiatief", max_length=10, choices=Initiative, blank=True)
    place = FreeLine("plaats", max_length=120, blank=True)
    themes = ThemesField()
    note = FreeText("nota", blank=True)
    visibility = models.CharField("wie mag dit lezen", max_length=10, choices=Visibility, default=Visibility.FILE)
    author = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        related_name="contacts",
        editable=False,
        verbose_name="genoteerd door",
    )
    co_workers = models.ManyToManyField(
        "accounts.User", related_name="contacts_together", blank=True, verbose_name="samen met"
    )
    present = models.ManyToManyField(Person, related_name="contacts", blank=True, verbose_name="wie was erbij")
    age_group = models.CharField("leeftijd", max_length=10, choices=AgeGroup, blank=True)
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField("genoteerd", default=timezone.now, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-pk"]
        verbose_name = "contactmoment"
        verbose_name_plural = "contactmomenten"
        constraints = [
            models.CheckConstraint(
                name="contact_not_in_future",
                condition=Q(happened_on__lte=TruncDate("created_at", tzinfo=timezone.get_default_timezone())),
                violation_error_message="Dit contact ligt in de toekomst. Kies vandaag of een dag ervoor.",
            ),
            models.CheckConstraint(
                name="contact_age_group_only_without_name", condition=Q(household=None) | Q(age_group="")
            ),
            models.CheckConstraint(
                name="contact_minutes_possible",
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=720),
                violation_error_message="Vul minuten in van 1 tot 720.",
            ),
        ]
        indexes = [
            models.Index(F("household"), F("happened_on").desc(), F("id").desc(), name="contact_timeline"),
            models.Index(F("centre"), F("happened_on").desc(), F("id").desc(), name="contact_of_centre"),
            models.Index(F("author"), F("happened_on").desc(), F("id").desc(), name="contact_of_author"),
        ]

    def __str__(self):
        return f"{self.get_mode_display()}, {self.get_outcome_display().lower()}"

    def get_absolute_url(self):
        return reverse("households:contact-detail", args=[self.pk])

    @property
    def reached(self):
        return self.outcome in self.REACHED

    @property
    def noted_late(self):
        """Written down more than a month after it happened."""
        return (timezone.localdate(self.created_at) - self.happened_on).days > LATE_AFTER_DAYS

    @property
    def theme_labels(self):
        return theme_labels(self.themes)

    def note_for(self, user):
        """The text for whoever may read it, None for a colleague who may only know that there was a contact."""
        return self.note if self.is_readable_by(user) else None

    def is_readable_by(self, user):
        """The author always; the team, the file team or nobody else, as the author chose."""
        if user.pk == self.author_id:
            return True
        if self.visibility == self.Visibility.TEAM:
            return user.may("families.open", self.centre_id)
        if self.visibility == self.Visibility.PERSONAL:
            return False
        in_file_team = self.household is not None and self.household.is_in_file_team(user)
        return in_file_team or user.may("contacts.read_files", self.centre_id)
