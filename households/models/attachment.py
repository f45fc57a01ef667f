import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.interface.text import FreeLine
from households.models.contact import Contact
from households.models.contact_text import SealedNote
from households.models.glass import BreakGlass
from households.models.handover import HandedFamily
from households.models.household import Household, OfFamilyQuerySet


class AttachmentQuerySet(OfFamilyQuerySet):
    def readable_by(self, user):
        """The papers of the files one reads, and of the contacts whose note one reads: see Contact.is_readable_by."""
        in_own_file = Q(household__in=Household.objects.read_by(user))
        to_oversee = Q(household=None, centre__in=user.centres_where("contacts.read_files"))
        named = SealedNote.objects.filter(
            Q(readers=user) | Q(household__in=BreakGlass.objects.open_for(user).values("household"))
        )
        return (
            self.filter(centre__in=user.centres_where("families.open"), removed_at=None)
            .of_known_families(user)
            .exclude(HandedFamily.objects.closing_row(HandedFamily.Part.PAPERS, to=user, written_at="uploaded_at"))
            .filter(
                Q(contact=None) & in_own_file
                | Q(contact__author=user)
                | Q(contact__visibility=Contact.Visibility.TEAM)
                | Q(contact__visibility=Contact.Visibility.FILE) & (in_own_file | to_oversee)
                | Q(contact__visibility=Contact.Visibility.NAMED, contact__in=named.values("contact"))
            )
        )

    def told_in(self, household, compartment=None):
        """The papers that stand on the page of this family, or of one luik of it."""
        papers = self.filter(household=household)
        if not household.compartments:
            return papers
        told = Contact.objects.told_in(household, compartment).order_by().values("pk")
        own = Q(contact=None) & (
            Q(compartment=None) | Q(compartment=compartment) if compartment else Q(compartment=None)
        )
        return papers.filter(own | Q(contact__in=told))

    def in_lists(self):
        """Without the files themselves, which are large."""
        return self.defer("content").select_related("uploaded_by", "contact").order_by("-uploaded_at", "-pk")


# The files themselves stand once in the database, not a second time in the history.
@pghistory.track(exclude=["content"])
class Attachment(models.Model):
    """A photo or a paper with a contact, or with the file of a family. Kept in the database itself:
    then the same transaction, the same rules and the same backup hold for it as for the words beside it."""

    class Kind(models.TextChoices):
        JPEG = "jpeg", "Foto"
        PDF = "pdf", "Pdf"

    CONTENT_TYPES = {Kind.JPEG: "image/jpeg", Kind.PDF: "application/pdf"}

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(
        Household,
        on_delete=models.PROTECT,
        null=True,
        related_name="attachments",
        editable=False,
        verbose_name="gezin",
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.CASCADE,
        null=True,
        related_name="attachments",
        editable=False,
        verbose_name="contactmoment",
    )
    # In a family with luiken: whose paper it is. Without one it is for whoever reads the file.
    compartment = models.ForeignKey(
        "households.Member",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="luik",
    )
    name = FreeLine("naam", max_length=120)
    kind = models.CharField("soort", max_length=5, choices=Kind, editable=False)
    size = models.PositiveIntegerField("grootte", editable=False)
    sha256 = models.CharField("controlegetal", max_length=64, editable=False)
    content = models.BinaryField("bestand")
    uploaded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="toegevoegd door"
    )
    uploaded_at = models.DateTimeField("toegevoegd", default=timezone.now, editable=False)
    removed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="weggehaald door",
    )
    removed_at = models.DateTimeField("weggehaald", null=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "bijlage"
        verbose_name_plural = "bijlagen"
        constraints = [
            models.CheckConstraint(
                name="attachment_of_a_family_or_a_contact",
                condition=Q(household__isnull=False) | Q(contact__isnull=False),
            ),
            models.CheckConstraint(
                name="attachment_not_empty_not_huge", condition=Q(size__gte=1, size__lte=10 * 1024 * 1024)
            ),
            models.CheckConstraint(
                name="attachment_removed_by_someone",
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["household", "-uploaded_at"], name="attachment_of_household")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("households:attachment", args=[self.pk])

    @property
    def content_type(self):
        return self.CONTENT_TYPES[self.kind]

    def is_removable_by(self, user):
        """Who added it, and the coordinator."""
        return self.uploaded_by_id == user.pk or user.may("contacts.read_files", self.centre_id)
