"""What is written about a contact apart from its note: for the author, for some, and later."""

from datetime import timedelta

import pghistory
from django.db import models
from django.utils import timezone

from buurtwerk.interface.text import FreeText
from households.models.contact import Contact
from households.models.household import Household, OfFamilyQuerySet

WORK_NOTE_KEPT_FOR = timedelta(days=90)


class WorkNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user=user)

    def outdated(self):
        return self.filter(created_at__lt=timezone.now() - WORK_NOTE_KEPT_FOR)


class WorkNote(models.Model):
    """Werknota: scratch text of the author alone. Without history, and gone after ninety days."""

    contact = models.OneToOneField(
        Contact, on_delete=models.CASCADE, related_name="work_note", verbose_name="contactmoment"
    )
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="work_notes", editable=False, verbose_name="van"
    )
    text = FreeText("werknota")
    created_at = models.DateTimeField("geschreven", default=timezone.now, editable=False)

    objects = WorkNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "werknota"
        verbose_name_plural = "werknota's"

    def __str__(self):
        return f"Werknota bij {self.contact_id}"


class SealedNote(models.Model):
    """The text of a contact that only its author and some named colleagues read.

    Row-level security shows it to them, and to a coordinator who broke the glass of the family. No history is kept
    of it.
    """

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="sealed_notes", editable=False, verbose_name="gezin"
    )
    contact = models.OneToOneField(
        Contact, on_delete=models.CASCADE, related_name="sealed_note", verbose_name="contactmoment"
    )
    author = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="genoteerd door"
    )
    readers = models.ManyToManyField("accounts.User", related_name="sealed_notes", verbose_name="voor wie")
    text = FreeText("nota")

    class Meta:
        verbose_name = "verzegelde nota"
        verbose_name_plural = "verzegelde nota's"

    def __str__(self):
        return f"Verzegelde nota bij {self.contact_id}"

    def is_read_by(self, user):
        """Its author and its readers. Only a coordinator gets to it by breaking the glass, never another colleague."""
        if user.pk == self.author_id or user in self.readers.all():
            return True
        household = self.contact.household
        return user.may("families.oversee", self.centre_id) and household.is_open_by_glass_to(user)


class ContactAdditionQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        return self.filter(contact__in=Contact.objects.visible_to(user))


@pghistory.track()
class ContactAddition(models.Model):
    """What is added to a contact after its first week, or why the coordinator corrected it."""

    class Kind(models.TextChoices):
        ADDITION = "addition", "Aanvulling"
        CORRECTION = "correction", "Verbetering"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name="gezin"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="additions", verbose_name="contactmoment"
    )
    kind = models.CharField("soort", max_length=10, choices=Kind, default=Kind.ADDITION, editable=False)
    text = FreeText("tekst")
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="door"
    )
    at = models.DateTimeField("wanneer", auto_now_add=True)

    objects = ContactAdditionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = "aanvulling"
        verbose_name_plural = "aanvullingen"

    def __str__(self):
        return f"{self.get_kind_display()} door {self.by}"

    @property
    def is_correction(self):
        return self.kind == self.Kind.CORRECTION
