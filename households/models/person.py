import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, search_key
from buurtwerk.languages import Language
from households.models.household import Household


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The people of one's centres, but not who belongs to restricted families of others alone."""
        known = self.filter(centre__in=user.centres_where("families.open")).exclude(self._hidden_from(user))
        return known.outside_merged_files()

    def outside_merged_files(self):
        """Who turned out to be someone else, only stands in the old file of a family until that comes back."""
        of_person = Member.objects.filter(person=OuterRef("pk"))
        in_old_file = of_person.exclude(household__merged_into=None)
        return self.exclude(Exists(in_old_file) & ~Exists(of_person.filter(household__merged_into=None)))

    def _hidden_from(self, user):
        of_person = Member.objects.filter(person=OuterRef("pk"))
        in_hidden = Q(household__in=Household.objects.hidden_from(user))
        return Exists(of_person.filter(in_hidden)) & ~Exists(of_person.exclude(in_hidden))

    def matching(self, words):
        key = search_key(words)
        return self.filter(search_key__contains=key) if key else self.none()


@pghistory.track()
class Person(Versioned):
    """Someone we know by name. No national number, diagnosis, religion or nationality: there is no field for it."""

    class Gender(models.TextChoices):
        FEMALE = "v", "Vrouw"
        MALE = "m", "Man"
        OTHER = "x", "X"
        UNKNOWN = "", "Niet gevraagd"

    class ReadsDutch(models.TextChoices):
        YES = "yes", "Ja"
        SIMPLE = "simple", "Korte en eenvoudige tekst"
        NO = "no", "Nee"
        UNKNOWN = "", "Niet gevraagd"

    class Interpreter(models.TextChoices):
        NO = "no", "Niet nodig"
        HARD_TALKS = "hard_talks", "Voor moeilijke gesprekken"
        ALWAYS = "always", "Altijd"

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    first_name = FreeLine("voornaam", max_length=80)
    last_name = FreeLine("familienaam", max_length=80, blank=True)
    birth_year = models.PositiveSmallIntegerField("geboortejaar", null=True, blank=True)
    gender = models.CharField("gender", max_length=1, choices=Gender, blank=True, default="")
    phone = FreeLine("telefoon", max_length=40, blank=True)
    email = models.EmailField("e-mail", blank=True)
    preferred_language = models.CharField("taal", max_length=5, choices=Language, blank=True)
    interpreter = models.CharField("tolk", max_length=10, choices=Interpreter, default=Interpreter.NO)
    reads_dutch = models.CharField("leest Nederlands", max_length=10, choices=ReadsDutch, blank=True, default="")
    search_key = models.CharField(max_length=260, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["first_name", "last_name", "pk"]
        verbose_name = "persoon"
        verbose_name_plural = "personen"
        constraints = [
            models.CheckConstraint(
                name="person_birth_year_possible",
                condition=Q(birth_year=None) | Q(birth_year__gte=1900, birth_year__lte=2100),
                violation_error_message="Dat geboortejaar kan niet.",
            ),
        ]
        indexes = [models.Index(fields=["centre", "search_key"], name="person_search")]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip()

    def save(self, **options):
        digits = "".join(filter(str.isdigit, self.phone))
        self.search_key = search_key(self.first_name, self.last_name, digits)
        super().save(**options)

    @property
    def needs_interpreter(self):
        return self.interpreter != self.Interpreter.NO

    @property
    def age_band(self):
        """The age within a year, as we only keep the year of birth; an empty string when it is unknown."""
        if self.birth_year is None:
            return ""
        age = timezone.localdate().year - self.birth_year
        return "jonger dan 1 jaar" if age < 1 else f"{age - 1} of {age} jaar"


class MemberQuerySet(models.QuerySet):
    def current(self):
        """Who belongs to the family today."""
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gt=today), since__lte=today)

    def with_other_families(self, household, *, user):
        """Where someone belongs today besides this family: `other_families`, each with `code` and `nickname`.

        Only families that this user may open; and none at all when either family has luiken, so that what is told at
        one home says nothing of the other.
        """
        openable = Household.objects.openable_by(user).filter(has_compartments=False)
        if household.has_compartments:
            openable = openable.none()
        elsewhere = (
            Member.objects.current()
            .filter(person=OuterRef("person"), household__in=openable)
            .exclude(household=household)
            .order_by("household__nickname")
            .values(what=JSONObject(code=F("household__code"), nickname=F("household__nickname")))
        )
        return self.annotate(other_families=ArraySubquery(elsewhere))


@pghistory.track()
class Member(models.Model):
    """That someone belongs to a family, from when until when. A child can belong to two."""

    class Role(models.TextChoices):
        PARENT = "parent", "Ouder"
        STEP_PARENT = "step_parent", "Plusouder"
        FOSTER_PARENT = "foster_parent", "Pleegouder"
        GRANDPARENT = "grandparent", "Grootouder"
        PARTNER = "partner", "Partner"
        ADULT = "adult", "Volwassene"
        CHILD = "child", "Kind"
        ADULT_CHILD = "adult_child", "Volwassen kind"
        FOSTER_CHILD = "foster_child", "Pleegkind"
        GRANDCHILD = "grandchild", "Kleinkind"

    class Stays(models.TextChoices):
        ALWAYS = "always", "Altijd"
        PART_TIME = "part_time", "Deeltijds"
        VISITS = "visits", "Op bezoek"

    CHILDREN = [Role.CHILD, Role.FOSTER_CHILD, Role.GRANDCHILD]

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, editable=False, verbose_name="centrum")
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members", verbose_name="gezin")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", verbose_name="persoon")
    role = models.CharField("rol", max_length=20, choices=Role)
    stays = models.CharField("woont hier", max_length=10, choices=Stays, default=Stays.ALWAYS)
    # A door of one's own within the family: what concerns this adult stays out of the others' pages.
    has_compartment = models.BooleanField("eigen luik", default=False)
    is_contact_person = models.BooleanField("is contactpersoon", default=False)
    since = models.DateField("sinds", default=timezone.localdate)
    until = models.DateField("tot", null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["-is_contact_person", "person__birth_year", "pk"]
        verbose_name = "lid van een gezin"
        verbose_name_plural = "leden van een gezin"
        constraints = [
            models.CheckConstraint(
                name="member_until_after_since",
                condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message="De laatste dag komt na de eerste.",
            ),
            ExclusionConstraint(
                name="member_once_at_a_time",
                expressions=[
                    (Func("household", "household", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func("person", "person", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func("since", "until", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Deze persoon hoort in die periode al bij het gezin.",
            ),
        ]

    def __str__(self):
        return f"{self.person} ({self.get_role_display()})"

    @property
    def is_current(self):
        today = timezone.localdate()
        return self.since <= today and (self.until is None or self.until > today)

    @property
    def is_adult(self):
        """Who can have a luik of their own; a child is told of in all."""
        return self.role not in self.CHILDREN
