import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
from households.models.contact import Contact
from households.models.household import Household


@pghistory.track()
class ContactAgreement(Versioned):
    """How, when and through whom the family wants to be reached, in its own words."""

    class Channel(models.TextChoices):
        HOME = "home", "Aan huis"
        CENTRE = "centre", "In het buurtcentrum"
        PHONE = "phone", "Bellen"
        MESSAGE = "message", "Bericht (sms of app)"
        EMAIL = "email", "E-mail"
        LETTER = "letter", "Kaartje of brief"

    class Weekday(models.IntegerChoices):
        """As isoweekday() counts."""

        MONDAY = 1, "Maandag"
        TUESDAY = 2, "Dinsdag"
        WEDNESDAY = 3, "Woensdag"
        THURSDAY = 4, "Donderdag"
        FRIDAY = 5, "Vrijdag"
        SATURDAY = 6, "Zaterdag"
        SUNDAY = 7, "Zondag"

    household = models.OneToOneField(
        Household, on_delete=models.CASCADE, related_name="agreement", verbose_name="gezin"
    )
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel), default=list, blank=True, verbose_name="zo mag het"
    )
    # Nothing chosen means nothing agreed: then every part of the day and every day will do.
    parts_of_day = ArrayField(
        models.CharField(max_length=10, choices=Contact.PartOfDay),
        default=list,
        blank=True,
        verbose_name="deel van de dag",
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday), default=list, blank=True, verbose_name="dagen"
    )
    hours = FreeLine("wanneer het past", max_length=200, blank=True)
    via = FreeLine("via wie", max_length=200, blank=True)
    rather_not = FreeText("liever niet", max_length=500, blank=True)
    pause_from = models.DateField("rust sinds", null=True, editable=False)
    pause_until = models.DateField("rust tot en met", null=True, blank=True)

    class Meta:
        verbose_name = "contactafspraak"
        verbose_name_plural = "contactafspraken"
        constraints = [
            models.CheckConstraint(
                name="agreement_days_of_the_week", condition=Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7])
            ),
            models.CheckConstraint(
                name="agreement_parts_of_the_day",
                condition=Q(parts_of_day__contained_by=["morning", "afternoon", "evening"]),
            ),
            models.CheckConstraint(
                name="agreement_rest_runs_forward",
                condition=Q(pause_from=None) | Q(pause_until__isnull=False, pause_until__gte=F("pause_from")),
            ),
        ]

    def __str__(self):
        return f"Contactafspraak met {self.household}"

    @property
    def channel_labels(self):
        return [self.Channel(code).label for code in self.channels]

    @property
    def part_labels(self):
        return [Contact.PartOfDay(code).label.lower() for code in self.parts_of_day]

    @property
    def weekday_labels(self):
        return [self.Weekday(number).label.lower() for number in sorted(self.weekdays)]

    @property
    def when(self):
        """The days and parts of the day in one line."""
        return "; ".join(", ".join(labels) for labels in (self.weekday_labels, self.part_labels) if labels)

    def rests_on(self, day):
        """Whether the family asked for rest on this day. A visit from before it asked, was no breach."""
        started = self.pause_from is None or self.pause_from <= day
        return self.pause_until is not None and started and day <= self.pause_until
