from datetime import timedelta

import pghistory
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine
from households.models.follow_up import FollowUp
from households.models.household import Household, OfFamilyQuerySet

# Half a year at most: what was true then, is asked again or is gone.
LONGEST = timedelta(days=184)
REVIEW_SOON = timedelta(days=14)


class HomeVisitNoteQuerySet(OfFamilyQuerySet):
    def visible_to(self, user):
        """The file team and the coordinator, the reception, and on the day of a visit the colleague who goes.

        Who goes is who has something to do for that family today; whoever notes a visit or a talk at the door is told
        on that page.
        """
        goes_today = FollowUp.objects.open().of(user).filter(due_on=timezone.localdate()).values("household")
        return self.filter(
            Q(centre__in=user.centres_where("visits.prepare"))
            | Q(centre__in=user.centres_where("families.open"))
            & (Q(household__in=Household.objects.read_by(user)) | Q(household__in=goes_today))
        ).of_known_families(user)

    def current(self):
        """From the day of its review on, a note is on no screen: it was renewed before, or it is gone."""
        return self.filter(ended_at=None, review_on__gt=timezone.localdate())

    def of_page(self, user, household):
        """As an expression beside each family: what to know there, in the same query."""
        notes = self.visible_to(user).current().filter(household=household).order_by("kind", "pk")
        what = {name: F(name) for name in ("kind", "fact", "measure")}
        return ArraySubquery(notes.values(what=JSONObject(**what)))

    def to_review(self, user):
        """What the vaste buurtwerker looks at again soon, the first to go on top."""
        soon = timezone.localdate() + REVIEW_SOON
        return self.current().filter(household__primary_worker=user, review_on__lte=soon).order_by("review_on", "pk")


@pghistory.track()
class HomeVisitNote(Versioned):
    """Aandachtspunt huisbezoek: a fact about visiting this home, never a label on who lives there."""

    class Kind(models.TextChoices):
        DOG = "dog", "Hond"
        IN_PAIR = "in_pair", "Met twee gaan"
        APPOINTMENT = "appointment", "Enkel op afspraak"
        MESSAGE_FIRST = "message_first", "Eerst bericht, niet aanbellen"
        HYGIENE = "hygiene", "Gezondheid of hygiëne"
        TENSION = "tension", "Spanning in huis"
        ACCESS = "access", "Toegang moeilijk"
        OTHER = "other", "Andere"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="visit_notes", verbose_name="gezin", editable=False
    )
    kind = models.CharField("soort", max_length=15, choices=Kind)
    fact = FreeLine("wat is er", max_length=300)
    source = FreeLine("van wie weten we dit", max_length=200)
    measure = FreeLine("wat doen we", max_length=300)
    # The day from which the half year counts: it was written down, or looked at again.
    agreed_on = models.DateField("bekeken op", default=timezone.localdate, editable=False)
    review_on = models.DateField("herbekijken op")
    noted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="genoteerd door"
    )
    noted_at = models.DateTimeField("genoteerd", auto_now_add=True)
    renewed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="verlengd door",
    )
    ended_at = models.DateTimeField("niet meer nodig", null=True, editable=False)
    ended_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="weggedaan door",
    )

    objects = HomeVisitNoteQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = "aandachtspunt huisbezoek"
        verbose_name_plural = "aandachtspunten huisbezoek"
        constraints = [
            models.CheckConstraint(
                name="visit_note_reviewed_within_half_a_year",
                condition=Q(review_on__gt=F("agreed_on"), review_on__lte=F("agreed_on") + LONGEST),
                violation_error_message="Kies een dag binnen de zes maanden.",
            ),
            models.CheckConstraint(
                name="visit_note_says_what_we_do", condition=~Q(fact="") & ~Q(source="") & ~Q(measure="")
            ),
            models.CheckConstraint(
                name="visit_note_ended_by_someone",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["household", "review_on"], name="visit_note_current", condition=Q(ended_at=None))
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def is_reviewed_soon(self):
        return self.review_on <= timezone.localdate() + REVIEW_SOON
