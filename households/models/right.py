from datetime import date

import pghistory
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
from buurtwerk.themes import Theme
from households.models.help_request import OfPersonQuerySet
from households.models.household import Household

# Answers about the same thing of the same people.
SAME = ["household_id", "right_id", "person_id"]


class RightQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


@pghistory.track()
class Right(Versioned):
    """Something people may have a right to, that we go through with families. One list for all centres."""

    code = models.SlugField("code", max_length=60, unique=True, editable=False)
    label = FreeLine("naam", max_length=120, unique=True)
    theme = models.CharField("thema", max_length=30, choices=Theme)
    hint = FreeText("uitleg", max_length=500, blank=True)
    hint_checked = models.BooleanField("de uitleg is nagekeken", default=False)
    source = FreeLine("bron", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("plaats in de lijst", default=100)
    is_active = models.BooleanField("we overlopen dit met gezinnen", default=True)

    objects = RightQuerySet.as_manager()

    class Meta:
        ordering = ["order", "label", "pk"]
        verbose_name = "recht"
        verbose_name_plural = "rechten"
        constraints = [
            models.CheckConstraint(name="right_has_a_name", condition=~Q(label="")),
            models.CheckConstraint(name="right_known_theme", condition=Q(theme__in=Theme.values)),
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return reverse("households:right-edit", args=[self.pk])


class RightCheckQuerySet(OfPersonQuerySet):
    def visible_to(self, user):
        return self.of_own_files(user).of_known_families(user)

    def newest(self):
        """The answer that counts: the last one for each family, right and person. Costs a look per row."""
        # A right of the family as a whole has no person, and nothing is equal to nothing in a database.
        same = RightCheck.objects.alias(whom=Coalesce("person", 0)).filter(
            whom=Coalesce(OuterRef("person"), 0), household=OuterRef("household"), right=OuterRef("right")
        )
        return self.filter(pk=models.Subquery(same.order_by("-at", "-pk").values("pk")[:1]))

    def current(self):
        """The same as a list per family: for pages and figures that need every answer anyway."""
        return self.order_by(*SAME, "-at", "-pk").distinct(*SAME)

    def to_ask(self, user):
        """What may be asked again in the families this user is vaste buurtwerker of."""
        due = self.visible_to(user).filter(next_ask_on__lte=timezone.localdate(), right__is_active=True)
        followed = Household.objects.followed().filter(primary_worker=user)
        return due.filter(household__in=followed).newest().order_by("next_ask_on", "pk")


class RightCheck(models.Model):
    """One answer about one right on one day. It never changes: a later answer counts, the earlier one is remembered."""

    class State(models.TextChoices):
        NOT_DISCUSSED = "not_discussed", "Niet besproken"
        HAS = "has", "Heeft het al"
        REQUESTED = "requested", "Aangevraagd"
        GRANTED = "granted", "Toegekend"
        REFUSED = "refused", "Geweigerd"
        DECLINED = "declined", "Wil niet"
        NOT_FOR = "not_for", "Niet van toepassing"

    class Reason(models.TextChoices):
        """Why someone said no. Remembered, so that we know how to ask again."""

        UNKNOWN = "unknown", "Wist het niet"
        DIFFICULT = "difficult", "Te ingewikkeld"
        SHAME = "shame", "Schaamte"
        BAD_EXPERIENCE = "bad_experience", "Slechte ervaring"
        FEAR = "fear", "Angst voor gevolgen"
        PAPERS = "papers", "Wacht op papieren"

    # After so many months we propose to come back to it; without a proposal nobody asks again by themselves.
    ASK_AGAIN_AFTER = {State.REQUESTED: 3, State.REFUSED: 12, State.DECLINED: 6}

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="right_checks", verbose_name="gezin"
    )
    person = models.ForeignKey(
        "households.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="right_checks",
        verbose_name="voor wie",
    )
    right = models.ForeignKey(Right, on_delete=models.PROTECT, related_name="checks", verbose_name="recht")
    state = models.CharField("hoe het staat", max_length=15, choices=State)
    reason = models.CharField("waarom niet", max_length=15, choices=Reason, blank=True)
    next_ask_on = models.DateField("opnieuw vragen", null=True, blank=True)
    answered_on = models.DateField("wanneer", default=timezone.localdate, editable=False)
    at = models.DateTimeField("genoteerd", default=timezone.now, editable=False)
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="genoteerd door"
    )

    objects = RightCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "antwoord over een recht"
        verbose_name_plural = "antwoorden over rechten"
        constraints = [
            models.CheckConstraint(
                name="right_check_reason_belongs_to_no", condition=Q(reason="") | Q(state="declined")
            ),
            models.CheckConstraint(
                name="right_check_asks_later", condition=Q(next_ask_on=None) | Q(next_ask_on__gt=F("answered_on"))
            ),
        ]
        indexes = [
            models.Index(fields=["household", "right", "person", "-at"], name="right_check_newest"),
            models.Index(fields=["next_ask_on"], name="right_check_to_ask", condition=Q(next_ask_on__isnull=False)),
        ]

    def __str__(self):
        return f"{self.right}: {self.get_state_display()}"

    @property
    def is_to_ask(self):
        return self.next_ask_on is not None and self.next_ask_on <= timezone.localdate()

    @property
    def ask_word(self):
        """What we do when the day comes: hear of an answer, or ask the person again."""
        return "Navragen" if self.state == self.State.REQUESTED else "Opnieuw vragen"

    @property
    def in_words(self):
        """Wil niet (schaamte)"""
        state = self.get_state_display()
        return f"{state} ({self.get_reason_display().lower()})" if self.reason else state


def months_later(day, months):
    """The first of the month that lies so many months on: people say "in maart"."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
