import uuid

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
from buurtwerk.themes import ThemesField, theme_labels
from households.models.household import Household, OfFamilyQuerySet
from households.models.person import Person

LATE_AFTER_DAYS = 30


class ContactQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        """That there was a contact: everyone who opens families in the centre. Whether they read it: `note_for`."""
        return self.filter(centre__in=user.centres_where("families.open")).of_known_families(user)

    def told_in(self, household, compartment=None):
        """The contacts that the story of this family tells, whether on a page, on paper or in an export.

        Its own, and those of another family where someone was present who belongs to both: one talk, two homes.
        With luiken on in either family, nothing goes from the one to the other. Within a family with luiken it
        tells what is shared and the chosen luik (`households.compartments` says what that means).
        """
        if household.has_compartments:
            return self.filter(household=household)._in_compartment(household, compartment)
        if not household.shared_people:
            return self.filter(household=household)
        # Two numbers of rows by their own index, and not one "or" that finds neither.
        with_shared = Contact.present.through.objects.filter(person__in=household.shared_people)
        elsewhere = with_shared.exclude(contact__household=household).filter(
            contact__household__isnull=False, contact__household__has_compartments=False
        )
        own = Contact.objects.filter(household=household).order_by().values("pk")
        return self.filter(pk__in=own.union(elsewhere.values("contact_id"), all=True))

    def _in_compartment(self, household, compartment):
        with_luik = household.people_with_compartment
        if not with_luik:
            return self
        present = Contact.present.through.objects.filter(contact=OuterRef("pk"))
        adults = present.filter(person__in=with_luik).order_by().values("contact").values(number=Count("pk"))
        found = self.alias(adults_there=Coalesce(Subquery(adults), 0))
        if compartment is None:
            return found.exclude(adults_there=1)
        of_this = Q(Exists(present.filter(person=compartment.person_id)), adults_there=1)
        return found.filter(of_this | (~Q(adults_there=1) & Exists(present)))

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
        NAMED = "named", "Enkel genoemde collega's"
        PERSONAL = "personal", "Enkel ik"

    # What is written for these readers never stands in the contact itself.
    CLOSED = [Visibility.NAMED, Visibility.PERSONAL]

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

    class AlsoPresent(models.TextChoices):
        PARTNER = "partner", "Iemand van een partner"
        INTERPRETER = "interpreter", "Een tolk"
        VOLUNTEER = "volunteer", "Een vrijwilliger"
        CLOSE_ONE = "close_one", "Familie of vriend"

    COUNTS = ["children", "teens", "adults", "seniors"]

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name="gezin"
    )
    happened_on = models.DateField("wanneer", default=timezone.localdate)
    part_of_day = models.CharField("deel van de dag", max_length=10, choices=PartOfDay, blank=True)
    at_time = models.TimeField("hoe laat", null=True, blank=True)
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
    # Who was there and is erased: a number, so that the figures stay what they were.
    erased_present = models.PositiveSmallIntegerField("gewiste aanwezigen", default=0, editable=False)
    also_present = ArrayField(
        models.CharField(max_length=15, choices=AlsoPresent), default=list, blank=True, verbose_name="wie nog"
    )
    age_group = models.CharField("leeftijd", max_length=10, choices=AgeGroup, blank=True)
    # How many in a group, as counts: never spread over invented people.
    children = models.PositiveSmallIntegerField("kinderen", default=0)
    teens = models.PositiveSmallIntegerField("tieners en jongeren", default=0)
    adults = models.PositiveSmallIntegerField("volwassenen", default=0)
    seniors = models.PositiveSmallIntegerField("65 of ouder", default=0)
    # Met while walking a round.
    round = models.ForeignKey(
        "households.OutreachRound",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="contacts",
        verbose_name="ronde",
    )
    # Why the family was reached in a way that it had asked us not to.
    override_reason = FreeLine("waarom toch", max_length=300, blank=True)
    linked_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="gekoppeld door",
    )
    linked_at = models.DateTimeField("later gekoppeld", null=True, editable=False)
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
            models.CheckConstraint(
                name="contact_counts_only_in_group",
                condition=Q(mode="group") | Q(children=0, teens=0, adults=0, seniors=0),
                violation_error_message="Aantallen horen bij een contact in groep.",
            ),
            models.CheckConstraint(
                name="contact_counts_possible",
                condition=Q(children__lte=999, teens__lte=999, adults__lte=999, seniors__lte=999),
                violation_error_message="Vul een aantal in van 0 tot 999.",
            ),
            models.CheckConstraint(
                name="contact_linked_by_someone_to_a_family",
                condition=Q(linked_at=None, linked_by=None)
                | Q(linked_at__isnull=False, linked_by__isnull=False, household__isnull=False),
            ),
            # These texts stand in tables of their own, which the database shows to their readers alone.
            models.CheckConstraint(
                name="contact_closed_text_stands_apart", condition=~Q(visibility__in=["named", "personal"]) | Q(note="")
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

    @property
    def also_present_labels(self):
        return [self.AlsoPresent(code).label for code in self.also_present]

    @property
    def counted(self):
        """Pairs of an age group and how many there were of it."""
        counts = [(name, getattr(self, name)) for name in self.COUNTS]
        return [(self._meta.get_field(name).verbose_name, count) for name, count in counts if count]

    @property
    def head_count(self):
        """How many people a contact without a name stands for."""
        return self.children + self.teens + self.adults + self.seniors or (0 if self.household_id else 1)

    def note_for(self, user):
        """The text for whoever may read it, None for a colleague who may only know that there was a contact.

        Named and personal texts are asked along with `select_related("sealed_note", "work_note")`.
        """
        if not self.is_readable_by(user):
            return None
        if self.visibility == self.Visibility.NAMED:
            return self.sealed_note.text if hasattr(self, "sealed_note") else ""
        if self.visibility == self.Visibility.PERSONAL:
            return self.work_note.text if hasattr(self, "work_note") else ""
        return self.note

    def sealed_readers(self):
        """The named colleagues of now."""
        return list(self.sealed_note.readers.all()) if self.pk and hasattr(self, "sealed_note") else []

    def is_readable_by(self, user):
        """The author always; the team, the file team, the named colleagues or nobody else, as the author chose."""
        if user.pk == self.author_id:
            return True
        if self.visibility == self.Visibility.TEAM:
            return user.may("families.open", self.centre_id)
        if self.visibility == self.Visibility.PERSONAL:
            return False
        if self.visibility == self.Visibility.NAMED:
            # The database shows the row to its readers alone, and to who broke the glass.
            return hasattr(self, "sealed_note") and self.sealed_note.is_read_by(user)
        if self.household is None:
            return user.may("contacts.read_files", self.centre_id)
        return self.household.is_read_by(user) and not self._stayed_behind(user)

    def _stayed_behind(self, user):
        """Written before this successor took the family over, and not among what the resident let go along."""
        open_from = self.household.notes_open_from(user)
        return open_from is not None and self.created_at < open_from
