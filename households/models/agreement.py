import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
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

    household = models.OneToOneField(
        Household, on_delete=models.CASCADE, related_name="agreement", verbose_name="gezin"
    )
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel), default=list, blank=True, verbose_name="zo mag het"
    )
    hours = FreeLine("wanneer het past", max_length=200, blank=True)
    via = FreeLine("via wie", max_length=200, blank=True)
    rather_not = FreeText("liever niet", max_length=500, blank=True)
    pause_until = models.DateField("rust tot en met", null=True, blank=True)

    class Meta:
        verbose_name = "contactafspraak"
        verbose_name_plural = "contactafspraken"

    def __str__(self):
        return f"Contactafspraak met {self.household}"

    @property
    def channel_labels(self):
        return [self.Channel(code).label for code in self.channels]
