import re

import pghistory
from dateutil.relativedelta import relativedelta
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, search_key
from buurtwerk.languages import Language
from buurtwerk.places.numbering import next_code
from households.models.glass import BreakGlass

KEPT_AT_LAST = """
WITH RECURSIVE chain (id, merged_into_id) AS (
    SELECT id, merged_into_id FROM households_household WHERE code = %s
    UNION
    SELECT next.id, next.merged_into_id FROM households_household next JOIN chain ON next.id = chain.merged_into_id
)
SELECT id FROM chain WHERE merged_into_id IS NULL
"""
CODE = re.compile(r"HH-[0-9]{4}-[0-9]{4,8}")
# As people type a code in a hurry: hh20260042, 2026-42.
TYPED_CODE = re.compile(r"(?:hh)?[\s._-]*([0-9]{4})[\s._-]*([0-9]{1,6})", re.IGNORECASE)


def code_as_kept(typed):
    """The code that was meant, as it is kept; empty when it cannot be one."""
    match = TYPED_CODE.fullmatch(typed.strip())
    return f"HH-{match[1]}-{int(match[2]):04d}" if match else ""


class HouseholdQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The families this user may know of: those of their centres, and no restricted one of others."""
        return self._known_to(user, "families.list")

    def openable_by(self, user):
        """The families whose page this user may open."""
        return self._known_to(user, "families.open")

    def read_by(self, user):
        """The families of which this user reads what is kept for the file team."""
        found = self.filter(reads_file(user), centre__in=user.centres_where("families.open"), merged_into=None)
        return found.exclude(status=Household.Status.ERASED)

    def hidden_from(self, user):
        """The restricted families that do not exist for this user. Few, so that others can be told apart from them."""
        return self.filter(restricted=True).exclude(reads_file(user))

    def _known_to(self, user, right):
        known = Q(restricted=False) | reads_file(user)
        found = self.filter(known, centre__in=user.centres_where(right), merged_into=None)
        return found.exclude(status=Household.Status.ERASED)

    def kept_for(self, code, *, user):
        """The family that the one with this code is part of by now, when this user may know of it."""
        gone = self.filter(code=code).exclude(merged_into=None).first()
        while gone and gone.merged_into_id:
            gone = self.filter(pk=gone.merged_into_id).first()
        return gone and self.visible_to(user).filter(pk=gone.pk).first()

    def with_readers(self, user):
        """Who is in the file team and whether this user broke the glass, in the same query."""
        return self.annotate(**readers_beside(user, "pk"))

    def with_shared_people(self):
        """Who of the family belongs to another family as well, in the same query."""
        return self.annotate(given_shared_people=ArraySubquery(_people_shared_by(OuterRef("pk"))))

    def followed(self):
        """What still asks for work; a file that went up in another one is followed there."""
        return self.filter(merged_into=None).exclude(status__in=[Household.Status.CLOSED, Household.Status.ERASED])

    def matching(self, words):
        """Families whose nickname, code, address or people match what someone typed."""
        key = search_key(words)
        if not key:
            return self
        found = Q(search_key__contains=key) | Q(pk__in=self._with_people_like(key))
        if CODE.fullmatch(words.strip().upper()):
            # The code of a file that went up in another one, and that one in a third, still stands on paper.
            found |= Q(pk__in=RawSQL(KEPT_AT_LAST, [words.strip().upper()]))
        return self.filter(found)

    def _with_people_like(self, key):
        from households.models.person import Member

        return Member.objects.current().filter(person__search_key__contains=key).values("household")


def reads_file(user):
    """Which families are one's own: as file team, as coordinator, for half an hour after breaking the glass.

    A family without a vaste buurtwerker is everyone's until someone takes it.
    """
    return (
        Q(primary_worker=user)
        | Q(backup_worker=user)
        | Q(pk__in=Household.colleagues.through.objects.filter(user=user).values("household"))
        | Q(pk__in=BreakGlass.objects.open_for(user).values("household"))
        | Q(centre__in=user.centres_where("families.oversee"))
        | Q(primary_worker=None, restricted=False)
    )


def readers_beside(user, family):
    """Who reads the family in this column, as expressions to annotate with: what `is_read_by` needs to know."""
    colleagues = Household.colleagues.through.objects.filter(household=OuterRef(family)).values("user_id")
    glass = BreakGlass.objects.open_for(user).filter(household=OuterRef(family)).values("until")
    notes_from = _notes_open_from(user).filter(household=OuterRef(family)).values("moved_at")
    return {
        "given_colleagues": ArraySubquery(colleagues),
        "given_glass": Subquery(glass[:1]),
        "given_notes_from": Subquery(notes_from[:1]),
    }


def _people_shared_by(household):
    """Who is in this family now, and in another family now or before."""
    from households.models.person import Member

    elsewhere = Member.objects.filter(person=OuterRef("person")).exclude(household=OuterRef("household"))
    return Member.objects.current().filter(Exists(elsewhere), household=household).values("person_id")


def _notes_open_from(user):
    from households.models.handover import HandedFamily

    return HandedFamily.objects.closing(HandedFamily.Part.NOTES, to=user).order_by("-moved_at")


class OfFamilyQuerySet(models.QuerySet):
    """Rows that hang on a family are as hidden as the family itself."""

    def of_known_families(self, user):
        return self.exclude(household__in=Household.objects.hidden_from(user))

    def of_own_files(self, user):
        return self.filter(household__in=Household.objects.read_by(user))


@pghistory.track()
class Household(Versioned):
    """A family: who belongs together, as they say so themselves."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Actief"
        PAUSED = "paused", "Op rust (op vraag van bewoner)"
        CLOSED = "closed", "Afgerond"
        ERASED = "erased", "Geanonimiseerd"

    class Intensity(models.IntegerChoices):
        """How closely we follow: measured by what we do, never by who people are."""

        OPEN = 0, "Open aanbod"
        LIGHT = 1, "Vinger aan de pols"
        FOLLOWED = 2, "Opvolging"
        ASSERTIVE = 3, "Aanklampend"

    RHYTHM_DAYS = {Intensity.OPEN: None, Intensity.LIGHT: 90, Intensity.FOLLOWED: 30, Intensity.ASSERTIVE: 10}
    # After how long we ask ourselves whether it is still right.
    REVIEW_AFTER = {
        Intensity.OPEN: relativedelta(months=12),
        Intensity.LIGHT: relativedelta(months=6),
        Intensity.FOLLOWED: relativedelta(months=3),
        Intensity.ASSERTIVE: relativedelta(weeks=6),
    }

    class ClosureReason(models.TextChoices):
        GOAL = "goal", "Doel bereikt"
        MOVED = "moved", "Verhuisd"
        TRANSFERRED = "transferred", "Overgenomen door een partner"
        NO_WISH = "no_wish", "Wenst geen contact meer"
        LOST = "lost", "Niet meer bereikbaar"
        DECEASED = "deceased", "Overleden"
        OTHER = "other", "Andere"

    class Dwelling(models.TextChoices):
        SOCIAL = "social", "Sociale huur"
        PRIVATE = "private", "Private huur"
        OWNED = "owned", "Eigen woning"
        WITH_OTHERS = "with_others", "Woont in bij anderen"
        RECEPTION = "reception", "Opvang of noodwoning"
        NONE = "none", "Geen vaste woonplaats"

    code = models.CharField("code", max_length=20, unique=True, editable=False)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    nickname = FreeLine("roepnaam", max_length=80)
    address = FreeLine("adres", max_length=200, blank=True)
    neighbourhood = models.ForeignKey(
        "places.Neighbourhood", on_delete=models.PROTECT, null=True, blank=True, verbose_name="buurt"
    )
    languages = ArrayField(
        models.CharField(max_length=5, choices=Language), default=list, blank=True, verbose_name="talen"
    )
    status = models.CharField("toestand", max_length=10, choices=Status, default=Status.ACTIVE)
    intensity = models.PositiveSmallIntegerField("hoe dicht we opvolgen", choices=Intensity, default=Intensity.OPEN)
    intensity_reason = FreeLine("waarom zo dicht", max_length=300, blank=True)
    rhythm_days = models.PositiveSmallIntegerField("ritme in dagen", null=True, blank=True)
    next_review_on = models.DateField("herbekijken op", null=True, blank=True)
    primary_worker = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="households",
        verbose_name="vaste buurtwerker",
    )
    backup_worker = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="households_as_backup",
        verbose_name="back-up",
    )
    colleagues = models.ManyToManyField(
        "accounts.User", related_name="households_as_colleague", blank=True, verbose_name="genoemde collega's"
    )
    restricted = models.BooleanField("afgeschermd", default=False)
    restricted_reason = FreeLine("waarom afgeschermd", max_length=300, blank=True)
    has_compartments = models.BooleanField("luiken", default=False)
    dwelling_type = models.CharField("woonvorm", max_length=15, choices=Dwelling, blank=True)
    paused_until = models.DateField("rust tot en met", null=True, blank=True)
    pause_reason = FreeLine("in hun woorden", max_length=300, blank=True)
    closed_on = models.DateField("afgerond op", null=True, blank=True, editable=False)
    closure_reason = models.CharField(
        "waarom afgerond", max_length=15, choices=ClosureReason, blank=True, editable=False
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_from",
        verbose_name="samengevoegd met",
    )
    found_via = FreeLine("hoe leerden we elkaar kennen", max_length=200, blank=True)
    last_reached_on = models.DateField("laatst bereikt", null=True, editable=False)
    last_attempt_on = models.DateField("laatst geprobeerd", null=True, editable=False)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="aangemaakt door"
    )
    created_at = models.DateTimeField("aangemaakt", auto_now_add=True)
    search_key = models.CharField(max_length=400, editable=False)

    objects = HouseholdQuerySet.as_manager()

    # The luik of which someone looks at the page: `households.compartments.chosen` fills it in.
    compartment = None
    # What the story of the page asked for already, so that nothing asks it again: `households.story`.
    newest_follow_ups = None

    class Meta:
        ordering = ["nickname", "pk"]
        verbose_name = "gezin"
        verbose_name_plural = "gezinnen"
        constraints = [
            models.CheckConstraint(
                name="household_assertive_has_reason_and_review",
                condition=~Q(intensity=3) | (~Q(intensity_reason="") & Q(next_review_on__isnull=False)),
                violation_error_message="Aanklampend opvolgen vraagt een reden en een dag om te herbekijken.",
            ),
            models.CheckConstraint(
                name="household_closed_with_day_and_reason",
                condition=~Q(status="closed") | (Q(closed_on__isnull=False) & ~Q(closure_reason="")),
                violation_error_message="Kies waarom je het dossier afrondt.",
            ),
            models.CheckConstraint(
                name="household_rests_only_while_paused",
                condition=Q(status="paused") | Q(paused_until=None, pause_reason=""),
            ),
            models.CheckConstraint(
                name="household_restricted_with_reason",
                condition=Q(restricted=False) | ~Q(restricted_reason="") | Q(status="erased"),
                violation_error_message="Schrijf waarom je dit gezin afschermt.",
            ),
            models.CheckConstraint(name="household_not_merged_into_itself", condition=~Q(merged_into=F("pk"))),
        ]
        indexes = [
            models.Index(fields=["centre", "nickname", "id"], name="household_centre_nickname"),
            models.Index(fields=["centre", "search_key"], name="household_search"),
            models.Index(fields=["primary_worker", "last_reached_on"], name="household_worker_reached"),
            models.Index(fields=["primary_worker", "next_review_on"], name="household_worker_review"),
            models.Index(fields=["centre"], name="household_restricted", condition=Q(restricted=True)),
        ]

    def __str__(self):
        return self.nickname

    def save(self, **options):
        if not self.code:
            self.code = next_code("HH")
        self.search_key = search_key(self.nickname, self.code, self.address)
        super().save(**options)

    def get_absolute_url(self):
        return reverse("households:detail", args=[self.code])

    @property
    def rhythm(self):
        """The promised days between two times that we reach the family; None for the open offer."""
        return self.rhythm_days or self.RHYTHM_DAYS[self.intensity]

    @property
    def street(self):
        """The address without a house number, for a colleague who is not of the file team."""
        return re.split(r"\s*\d", self.address, maxsplit=1)[0].rstrip(" ,")

    @property
    def language_labels(self):
        return [Language(code).label for code in self.languages]

    @cached_property
    def ids_of_file(self):
        """Its own id, and of the files that became part of it: what the trail knows it by."""
        ids = newest = [self.pk]
        while newest := list(Household.objects.filter(merged_into__in=newest).values_list("pk", flat=True)):
            ids = ids + newest
        return ids

    def held(self):
        """This family, or the one that it became part of just now; nobody merges or erases it before this transaction
        ends. One that was erased meanwhile is not there any more."""
        household = Household.objects.select_for_update(no_key=True).get(pk=self.pk)
        if household.status == self.Status.ERASED:
            raise Http404
        if household.merged_into_id is None:
            return self
        return household.merged_into.held()

    def is_in_file_team(self, user):
        """The vaste buurtwerker, the back-up and the named colleagues."""
        return user.pk in (self.primary_worker_id, self.backup_worker_id) or user.pk in self.colleague_ids

    def is_read_by(self, user):
        """Whether this user reads what is kept for the file team: the same rule as `reads_file`."""
        return (
            self.is_in_file_team(user)
            or user.may("families.oversee", self.centre_id)
            or (self.primary_worker_id is None and not self.restricted and user.may("families.open", self.centre_id))
            or self.is_open_by_glass_to(user)
        )

    def is_open_by_glass_to(self, user):
        if hasattr(self, "given_glass"):
            return self.given_glass is not None
        return BreakGlass.objects.open_for(user).filter(household=self).exists()

    @cached_property
    def colleague_ids(self):
        """Asked along by `with_readers`, or once here."""
        if hasattr(self, "given_colleagues"):
            return set(self.given_colleagues)
        return set(self.colleagues.values_list("pk", flat=True))

    def notes_open_from(self, user):
        """The moment since which a successor reads the notes; None when all of them went along, or it is another."""
        if hasattr(self, "given_notes_from"):
            return self.given_notes_from
        return _notes_open_from(user).filter(household=self).values_list("moved_at", flat=True).first()

    @cached_property
    def shared_people(self):
        """The ids of who belongs to another family too. Asked along by `with_shared_people`, or once here."""
        if hasattr(self, "given_shared_people"):
            return self.given_shared_people
        return list(_people_shared_by(self.pk).values_list("person_id", flat=True))

    @cached_property
    def compartments(self):
        """The members with a luik of their own, one for each person; none as long as luiken are off."""
        if not self.has_compartments:
            return []
        return self._one_for_each(self.members.filter(has_compartment=True).select_related("person"))

    def know_members(self, members):
        """All members were asked for already: who has a luik is among them."""
        with_luik = [member for member in members if member.has_compartment] if self.has_compartments else []
        self.compartments = self._one_for_each(with_luik)

    def _one_for_each(self, members):
        """Someone who came back has two memberships and one luik: of the last time."""
        members = sorted(members, key=lambda member: (member.since, member.pk))
        return list({member.person_id: member for member in members}.values())

    @property
    def people_with_compartment(self):
        return {member.person_id for member in self.compartments}
