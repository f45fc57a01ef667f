import pghistory
import pgtrigger
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.versions import Versioned
from buurtwerk.interface.text import FreeLine, FreeText
from buurtwerk.languages import Language
from buurtwerk.themes import Theme, ThemesField, theme_labels
from signals.codes import (
    OPEN,
    URGENT,
    WEIGHED,
    AgeGroup,
    Channel,
    Kind,
    Repeats,
    Resolution,
    Status,
    ToldBy,
    Urgency,
    What,
)
from signals.personal_data import refuse_personal_data
from signals.search import SearchWords, all_words

BODY_LENGTH = 3000
REFERENCE = r"^S-\d{4}-\d{4,8}$"

# In the order of the inbox: danger on top, then what is due first.
QUEUE = ("rank", "due_on", "pk")
LATEST = ("-moved_at", "-pk")


class SignalQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(centre__in=user.centres_where("signals.read"))

    def logged_by(self, user):
        """What someone who may only log may come back to: their own, in a centre where they still log."""
        return self.filter(created_by=user, centre__in=user.centres_where("signals.log"))

    def open(self):
        return self.filter(status__in=OPEN)

    def in_queue(self):
        return self.order_by(*QUEUE)

    def waiting_for_triage(self, limit=20):
        """New signals for the start page, one query."""
        return self.filter(status=Status.NEW).in_queue().for_list()[:limit]

    def assigned_to_me(self, user, limit=20):
        """What is mine and still open, for the start page, one query."""
        return self.open().filter(assigned_to=user).in_queue().for_list()[:limit]

    def like(self, signal):
        """Other open signals on the same theme in the same buurt."""
        alike = self.open().filter(theme=signal.theme, neighbourhood=signal.neighbourhood_id, centre=signal.centre_id)
        return alike.exclude(pk=signal.pk).in_queue().for_list()

    def with_words(self, typed):
        """Signals in which every typed word begins a word."""
        words = all_words(typed)
        return self.filter(search=words) if words else self.none()

    def for_list(self):
        """The columns that a list shows: the whole text stays out, but for the beginning of what was told."""
        return (
            self.select_related("neighbourhood", "assigned_to")
            .annotate(beginning=models.functions.Left("body", 160))
            .only(
                "centre_id", "reference", "received_at", "theme", "urgency", "status", "due_on", "summary", "moved_at",
                "rank", "waiting_on", "neighbourhood__name", "assigned_to__first_name", "assigned_to__username",
            )
        )  # fmt: skip

    def for_detail(self):
        contact = SignalContact.objects.filter(signal=OuterRef("pk"), erased_at=None)
        people = ("centre", "neighbourhood", "assigned_to", "created_by")
        return self.select_related(*people).defer("search").annotate(has_contact=Exists(contact))


@pghistory.track(
    model_name="SignalChange",
    # What was told never changes, and must be gone everywhere when it is erased.
    exclude=["body", "search", "rank"],
    obj_field=pghistory.ObjForeignKey(related_name="changes"),
)
class Signal(Versioned):
    """Something that people tell us about life in the buurt."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    reference = models.CharField(
        "nummer", max_length=20, unique=True, validators=[RegexValidator(REFERENCE)], editable=False
    )
    received_at = models.DateTimeField("ontvangen", default=timezone.now)
    channel = models.CharField("hoe kwam het binnen", max_length=20, choices=Channel)
    kind = models.CharField("wat is het", max_length=20, choices=Kind, default=Kind.NEED)
    body = FreeText("wat werd er verteld", max_length=BODY_LENGTH)
    summary = FreeLine("samenvatting", max_length=300, blank=True, validators=[refuse_personal_data])
    theme = models.CharField("thema", max_length=30, choices=Theme)
    extra_themes = ThemesField(verbose_name="nog thema's")
    neighbourhood = models.ForeignKey(
        "places.Neighbourhood", on_delete=models.PROTECT, null=True, blank=True, verbose_name="buurt"
    )
    age_group = models.CharField("leeftijd", max_length=10, choices=AgeGroup, blank=True)
    language = models.CharField("taal", max_length=5, choices=Language, blank=True)
    urgency = models.CharField("hoe dringend", max_length=20, choices=Urgency, default=Urgency.NORMAL)
    told_by = models.CharField("verteld door", max_length=20, choices=ToldBy, default=ToldBy.RESIDENT)
    repeats = models.CharField("speelt bij meer mensen", max_length=10, choices=Repeats, default=Repeats.UNKNOWN)
    status = models.CharField("toestand", max_length=20, choices=Status, default=Status.NEW, editable=False)
    moved_at = models.DateTimeField("in deze toestand sinds", default=timezone.now, editable=False)
    assigned_to = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="bij"
    )
    waiting_on = FreeLine("wacht op", max_length=120, blank=True, validators=[refuse_personal_data])
    due_on = models.DateField("tegen")
    resolution = models.CharField("hoe afgerond", max_length=20, choices=Resolution, blank=True)
    created_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="van",
    )
    # Filled by an import, so that the same row never makes a second signal.
    source_key = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)
    search = models.GeneratedField(
        expression=SearchWords("summary", "body"), output_field=SearchWords.output_field, db_persist=True
    )
    rank = models.GeneratedField(
        expression=Case(When(urgency=Urgency.DANGER, then=Value(0)), default=Value(1)),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = "signaal"
        verbose_name_plural = "signalen"
        constraints = [
            models.CheckConstraint(name="signal_reference_form", condition=Q(reference__regex=REFERENCE)),
            models.CheckConstraint(name="signal_known_theme", condition=Q(theme__in=Theme.values)),
            models.CheckConstraint(name="signal_known_urgency", condition=Q(urgency__in=Urgency.values)),
            models.CheckConstraint(name="signal_known_status", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="signal_at_most_two_extra_themes", condition=Q(extra_themes__len__lte=2)),
            models.CheckConstraint(name="signal_other_extra_themes", condition=~Q(extra_themes__contains=[F("theme")])),
            models.CheckConstraint(name="signal_has_a_text", condition=Q(status=Status.ERASED) | ~Q(body="")),
            models.CheckConstraint(
                name="signal_weighed_has_a_summary", condition=~Q(status__in=WEIGHED) | ~Q(summary="")
            ),
            models.CheckConstraint(
                name="signal_assigned_to_someone",
                condition=~Q(status=Status.ASSIGNED) | Q(assigned_to__isnull=False),
            ),
            models.CheckConstraint(
                name="signal_waiting_on_someone", condition=~Q(status=Status.WAITING) | ~Q(waiting_on="")
            ),
            models.CheckConstraint(
                name="signal_closed_with_a_resolution",
                condition=Q(status=Status.CLOSED, resolution__in=Resolution.values)
                | Q(status=Status.ERASED)
                | ~Q(status=Status.CLOSED) & Q(resolution=""),
            ),
            models.CheckConstraint(
                name="signal_erased_is_empty", condition=~Q(status=Status.ERASED) | Q(body="", summary="")
            ),
        ]
        indexes = [
            models.Index("centre", "rank", "due_on", "id", name="signal_queue", condition=Q(status__in=OPEN)),
            models.Index("centre", "theme", "neighbourhood", name="signal_alike", condition=Q(status__in=OPEN)),
            models.Index("assigned_to", "rank", "due_on", "id", name="signal_mine", condition=Q(status__in=OPEN)),
            models.Index("centre", F("moved_at").desc(), F("id").desc(), name="signal_latest"),
            models.Index("centre", F("received_at").desc(), name="signal_received"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="told_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__body__df=pgtrigger.F("new__body")) & ~pgtrigger.Q(new__body=""),
            )
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("signals:detail", args=[self.reference])

    @property
    def is_open(self):
        return self.status in OPEN

    @property
    def is_urgent(self):
        return self.urgency in URGENT

    @property
    def is_danger(self):
        return self.urgency == Urgency.DANGER and self.is_open

    @property
    def title(self):
        """One line for lists: the summary, and before triage the beginning of what was told."""
        if self.summary:
            return self.summary
        beginning = getattr(self, "beginning", None)
        return " ".join((self.body if beginning is None else beginning).split())[:120] or "Gewist"

    @property
    def where(self):
        return self.neighbourhood.name if self.neighbourhood else "Buurt onbekend"

    @property
    def all_themes(self):
        return theme_labels([self.theme, *self.extra_themes])


class SignalContact(models.Model):
    """How to reach who told it. Never in a list, a search, an export or a log; opening it leaves a trail."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    signal = models.OneToOneField(Signal, on_delete=models.CASCADE, related_name="contact", verbose_name="signaal")
    name = FreeLine("naam", max_length=80, blank=True)
    phone = FreeLine("telefoon", max_length=30, blank=True)
    mail = models.EmailField("mail", max_length=120, blank=True)
    may_contact = models.BooleanField("mag gecontacteerd worden", default=False)
    erased_at = models.DateTimeField("gewist op", null=True, blank=True)

    class Meta:
        verbose_name = "contactgegevens"
        verbose_name_plural = "contactgegevens"
        constraints = [
            models.CheckConstraint(
                name="signal_contact_erased_is_empty",
                condition=Q(erased_at=None) | Q(name="", phone="", mail="", may_contact=False),
            ),
        ]

    def __str__(self):
        return f"Contactgegevens bij {self.signal_id}"

    def erase(self):
        self.name = self.phone = self.mail = ""
        self.may_contact, self.erased_at = False, timezone.now()
        self.save()


class SignalEvent(models.Model):
    """What happened to a signal: written by signals/actions.py, changed by nobody."""

    # The application role may only add and read: see accounts/rowlevel.py.
    append_only = True

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="events", verbose_name="signaal")
    what = models.CharField("wat", max_length=20, choices=What)
    before = models.CharField("van", max_length=20, choices=Status, blank=True)
    after = models.CharField("naar", max_length=20, choices=Status)
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="door wie"
    )
    to = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="naar wie"
    )
    at = models.DateTimeField("wanneer", default=timezone.now)
    why = FreeLine("waarom", max_length=500, blank=True, validators=[refuse_personal_data])

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "gebeurtenis"
        verbose_name_plural = "gebeurtenissen"
        indexes = [models.Index("signal", F("at").desc(), F("id").desc(), name="signal_event_line")]

    def __str__(self):
        return self.title

    @property
    def title(self):
        if self.what == What.MOVED:
            return f"{self.get_after_display()}: {self.to}" if self.to_id else self.get_after_display()
        if self.what == What.HANDED_OVER:
            return f"Doorgegeven aan {self.to}"
        if self.what == What.TAKEN_BACK:
            return f"Ongedaan gemaakt: opnieuw {self.get_after_display().lower()}"
        return self.get_what_display()


class SignalNote(models.Model):
    """What colleagues tell each other about a signal."""

    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, verbose_name="centrum")
    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="notes", verbose_name="signaal")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name="van")
    at = models.DateTimeField("wanneer", default=timezone.now)
    text = FreeText("nota", max_length=2000)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "interne nota"
        verbose_name_plural = "interne nota's"
        constraints = [models.CheckConstraint(name="signal_note_has_a_text", condition=~Q(text=""))]
        indexes = [models.Index("signal", F("at").desc(), F("id").desc(), name="signal_note_line")]

    def __str__(self):
        return f"Nota van {self.by}"
