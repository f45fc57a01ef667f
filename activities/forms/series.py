from datetime import timedelta

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db import models
from django.utils import timezone

from activities import rules
from activities.codes import KIND_ICONS
from activities.forms.dates import DatesField
from activities.forms.hours import people_field
from activities.forms.sense import check_combinations, check_single_hour
from activities.models import ActivitySeries
from activities.targets import held_at_most
from buurtwerk.accounts.models import User
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty
from buurtwerk.languages import Language
from buurtwerk.places.models import Centre
from buurtwerk.themes import Theme
from partners.models import Organisation

LONGEST_AHEAD = timedelta(days=3 * 366)
FIRST_AHEAD = timedelta(days=2 * 366)
LONGEST_AGO = timedelta(days=2 * 366)
DEAREST = 1000


class Rhythm(models.TextChoices):
    """The rules people really use, as tiles; any other rule is typed."""

    WEEKLY = "weekly", "Elke week"
    BIWEEKLY = "biweekly", "Om de zoveel weken"
    MONTHLY = "monthly", "Elke maand"
    ONCE = "once", "Eén keer"
    DATES = "dates", "Op datums die ik kies"
    OWN = "own", "Een eigen regel"


class Section(Div):
    """Fields that belong together, under a heading."""

    template = "activities/_section.html"

    def __init__(self, title, *fields):
        super().__init__(*fields)
        self.title = title


class Folded(Section):
    """Fields that few people need: closed until someone opens them."""

    template = "activities/_folded.html"


class SeriesForm(VersionedForm):
    rhythm = forms.ChoiceField(label="Hoe vaak?", choices=Rhythm.choices, widget=TileSelect)
    weekdays = forms.MultipleChoiceField(
        label="Op welke dag?",
        help_text="Kies je niets, dan is het de dag van de eerste keer.",
        choices=list(rules.WEEKDAYS.items()),
        widget=TileSelectMultiple,
        required=False,
    )
    every = forms.IntegerField(
        label="Om de hoeveel weken?",
        help_text="Alleen bij “om de zoveel weken”. Leeg is om de 2 weken.",
        min_value=1,
        max_value=26,
        required=False,
    )
    dates = DatesField(
        label="Welke datums?",
        help_text="Alleen bij “op datums die ik kies”. Eén datum per regel, zoals 04/02/2027.",
        required=False,
    )
    people = people_field()
    themes = forms.MultipleChoiceField(
        label="Thema's", choices=Theme.choices, widget=TileSelectMultiple, required=False
    )
    languages = forms.MultipleChoiceField(
        label="Talen", choices=Language.choices, widget=TileSelectMultiple, initial=[Language.NL]
    )

    class Meta:
        model = ActivitySeries
        fields = [
            "centre",
            "title",
            "summary",
            "kind",
            "type",
            "audience",
            "age_min",
            "age_max",
            "rrule",
            "first_date",
            "until",
            "local_start",
            "local_end",
            "holiday_policy",
            "public_holiday_policy",
            "school",
            "registration",
            "capacity",
            "enrol_scope",
            "has_waiting_list",
            "offer_hours",
            "draw_at",
            "priority_seats",
            "min_participants",
            "is_wheelchair_accessible",
            "is_sensitive",
            "level",
            "co_organiser",
            "staff",
            "price",
            "price_eur",
            "price_social_eur",
            "price_child_eur",
            "themes",
            "languages",
            "public_level",
        ]
        localized_fields = ["price_eur", "price_social_eur", "price_child_eur"]
        labels = {"audience": "Doelgroep", "first_date": "Eerste keer op", "until": "Laatste keer ten laatste op"}
        help_texts = {
            "title": "Kort en concreet, zoals je het aan de deur zegt.",
            "summary": "Wat doen jullie, in twee of drie korte zinnen? Bewoners lezen dit.",
            "rrule": "Alleen bij “een eigen regel”. Een voorbeeld: FREQ=MONTHLY;BYDAY=2TU (elke tweede dinsdag).",
            "price": "Laat leeg als het gratis is of als de bedragen genoeg zeggen.",
            "until": "Laat leeg als het altijd doorgaat: we plannen telkens tot het einde van het schooljaar.",
            "school": "Dan tellen ook de vrije dagen van die school.",
            "draw_at": "Tot dan kan iedereen inschrijven; daarna loten we in plaats van “wie eerst komt”.",
            "priority_seats": "Zoveel plaatsen houden we vrij voor wie voorrang heeft.",
            "min_participants": "Met minder mensen verwittigen we je.",
            "co_organiser": "Deze partner ziet enkel deze groep.",
            "is_sensitive": "Bijvoorbeeld rond rouw en verlies.",
        }
        widgets = {
            "kind": TileSelect(icons={kind.value: icon for kind, icon in KIND_ICONS.items()}),
            "summary": forms.Textarea(attrs={"rows": 4}),
            "first_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "local_start": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "local_end": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "holiday_policy": TileSelect,
            "public_holiday_policy": TileSelect,
            "registration": TileSelect,
            "enrol_scope": TileSelect,
            "draw_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "is_wheelchair_accessible": forms.Select(choices=[("", "Weet ik niet"), ("true", "Ja"), ("false", "Nee")]),
            "staff": TileSelectMultiple,
            "public_level": TileSelect,
        }

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self._choose_centre(user)
        self._choose_people(user)
        self._read_rule()
        for name in self.Meta.localized_fields:
            self.fields[name].min_value, self.fields[name].max_value = 0, DEAREST
        say_when_empty(
            self,
            title="Geef de activiteit een naam.",
            summary="Zeg kort wat jullie doen.",
            kind="Kies wat voor iets het is.",
            rhythm="Kies hoe vaak het is.",
            local_start="Vul in wanneer het begint.",
            local_end="Vul in wanneer het eindigt.",
            languages="Kies minstens één taal.",
        )
        self.helper = helper("Bewaar", guard=True)
        self.helper.form_class = "stack"
        self.helper.layout = self._layout()

    def _choose_centre(self, user):
        centre = self.fields["centre"]
        if self.instance.pk:
            # The moments carry the centre in their identity.
            del self.fields["centre"]
            return
        centre.queryset = Centre.objects.where(user, "activities.change")
        ids = user.centres_where("activities.change")
        centre.initial = ids[0] if len(ids) == 1 else None
        centre.empty_label = "Kies een centrum"

    def _choose_people(self, user):
        """Colleagues of the centre, and partners that are still there or already stand on it."""
        series = self.instance
        centres = [series.centre_id] if series.pk else user.centres_where("activities.change")
        team = User.objects.filter(is_active=True, centres__in=centres).distinct().order_by("first_name", "username")
        self.fields["staff"].queryset = team
        self.fields["staff"].required = False
        chosen = Organisation.objects.filter(pk=series.co_organiser_id)
        self.fields["co_organiser"].queryset = (Organisation.objects.active() | chosen).order_by("name")
        self.fields["co_organiser"].empty_label = "Niemand"
        for name in ("enrol_scope", "offer_hours", "priority_seats"):
            self.fields[name].required = False

    def _read_rule(self):
        """Show the rule of the series as tiles, where it is one of those."""
        parts = rules.parts_of(self.instance.rrule)
        days = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
        self.fields["rhythm"].initial = self._rhythm(parts) if self.instance.pk else Rhythm.WEEKLY
        self.fields["weekdays"].initial = [day for day in days if day in rules.WEEKDAYS]
        self.fields["every"].initial = parts.get("INTERVAL") if parts.get("FREQ") == "WEEKLY" else None
        self.fields["first_date"].required = False
        if self.instance.pk and self.fields["rhythm"].initial == Rhythm.DATES:
            self.fields["dates"].initial = self._named_dates()

    def _named_dates(self):
        added = self.instance.exceptions.filter(action="add")
        return [start.date() for start in added.values_list("original_start", flat=True)]

    def _rhythm(self, parts):
        if not parts:
            return Rhythm.DATES if self._named_dates() else Rhythm.ONCE
        if parts.keys() == {"FREQ", "BYDAY"} and parts["FREQ"] == "WEEKLY":
            return Rhythm.WEEKLY
        if parts.keys() == {"FREQ", "BYDAY", "INTERVAL"} and parts["FREQ"] == "WEEKLY":
            return Rhythm.BIWEEKLY
        if self.instance.rrule == rules.monthly_like(self.instance.first_date):
            return Rhythm.MONTHLY
        return Rhythm.OWN

    def _layout(self):
        only_here = [name for name in ("token", "loaded_version", "centre") if name in self.fields]
        return Layout(
            *only_here[:-1],
            Section("Wat?", *only_here[-1:], "title", "summary", "kind"),
            Section("Voor wie?", "audience", Div("age_min", "age_max", css_class="columns")),
            Section(
                "Wanneer?",
                "rhythm",
                "weekdays",
                "every",
                Div("first_date", "until", css_class="columns"),
                Div("local_start", "local_end", css_class="columns"),
                "holiday_policy",
                "public_holiday_policy",
                Folded("Datums die ik kies", "dates"),
                Folded("Een eigen regel, of een school", "rrule", "school"),
                HTML('<p><button class="btn" name="preview" value="1">Toon de datums</button></p>'),
            ),
            Section(
                "Inschrijven en betalen",
                "registration",
                "capacity",
                Folded(
                    "Wachtlijst, loting en voorrang",
                    "enrol_scope",
                    "has_waiting_list",
                    Div("offer_hours", "priority_seats", "min_participants", css_class="columns"),
                    "draw_at",
                ),
                "price",
                Div("price_eur", "price_social_eur", "price_child_eur", css_class="columns"),
            ),
            Section(
                "Op de site",
                "public_level",
                Folded("Soort, thema's en talen", "type", "themes", "languages", "is_wheelchair_accessible", "level"),
                Folded("Wie begeleidt, met wie samen, gevoelig", "staff", "co_organiser", "is_sensitive"),
            ),
        )

    def clean_first_date(self):
        day, today = self.cleaned_data["first_date"], timezone.localdate()
        if day and not today - LONGEST_AGO <= day <= today + FIRST_AHEAD:
            raise forms.ValidationError("Kies een eerste dag tussen twee jaar geleden en over twee jaar.")
        return day

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day and day > timezone.localdate() + LONGEST_AHEAD:
            raise forms.ValidationError("Kies een dag binnen drie jaar, of laat dit leeg.")
        return day

    def clean(self):
        cleaned = super().clean()
        for name in ("enrol_scope", "offer_hours", "priority_seats"):
            if cleaned.get(name) in (None, "") and name not in self.errors:
                cleaned[name] = ActivitySeries._meta.get_field(name).default
        self._read_dates(cleaned)
        self._in_order("first_date", "until", "De laatste dag komt voor de eerste. Kies een latere dag.")
        self._in_order("age_min", "age_max", "De hoogste leeftijd is kleiner dan de laagste.")
        start, end = cleaned.get("local_start"), cleaned.get("local_end")
        if start and end and end <= start:
            self.add_error("local_end", "Het einde komt na het begin, op dezelfde dag.")
        cleaned["rrule"] = self._rule(cleaned)
        if cleaned.get("rhythm") == Rhythm.ONCE:
            check_single_hour(self)
        check_combinations(self)
        return cleaned

    def clean_capacity(self):
        capacity = self.cleaned_data["capacity"]
        held = held_at_most(self.instance) if self.instance.pk and capacity else 0
        if held > (capacity or held):
            raise forms.ValidationError(f"Er zijn al {held} mensen ingeschreven. Kies minstens {held} plaatsen.")
        return capacity

    def _read_dates(self, cleaned):
        """A list of dates says itself when it begins and ends."""
        dates = cleaned.get("dates")
        if cleaned.get("rhythm") != Rhythm.DATES:
            cleaned["dates"] = set()
            if not cleaned.get("first_date") and "first_date" not in self.errors:
                self.add_error("first_date", "Kies de eerste dag.")
        elif dates:
            cleaned["first_date"], cleaned["until"] = min(dates), max(dates)
        elif "dates" not in self.errors:
            self.add_error("dates", "Schrijf minstens één datum op.")

    @property
    def named_dates(self):
        """The dates of a list; None where the series neither is one nor was one."""
        was_list = self.instance.pk and self.fields["rhythm"].initial == Rhythm.DATES
        dates = self.cleaned_data["dates"]
        return dates if dates or was_list else None

    def _in_order(self, first, last, sentence):
        lowest, highest = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if lowest is not None and highest is not None and highest < lowest:
            self.add_error(last, sentence)

    def _rule(self, cleaned):
        """The rule behind the tiles."""
        day = cleaned.get("first_date")
        weekdays = cleaned.get("weekdays") or ([list(rules.WEEKDAYS)[day.weekday()]] if day else [])
        match cleaned.get("rhythm"):
            case Rhythm.WEEKLY if weekdays:
                return rules.weekly(weekdays)
            case Rhythm.BIWEEKLY if weekdays:
                return rules.weekly(weekdays, every=cleaned.get("every") or 2)
            case Rhythm.MONTHLY if day:
                return rules.monthly_like(day)
            case Rhythm.OWN if not cleaned.get("rrule"):
                self.add_error("rrule", f"Schrijf de regel op. {rules.AN_EXAMPLE}")
            case Rhythm.OWN:
                return cleaned["rrule"]
        return ""


class NewSeriesForm(SaveOnceForm, SeriesForm):
    pass


class SeriesFilter(forms.Form):
    q = forms.CharField(label="Zoek een activiteit", max_length=100, required=False)
    over = forms.BooleanField(label="Ook wat voorbij is", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Zoek", name="", method="get")

    def apply(self, series):
        if not self.is_valid():
            return series
        if words := self.cleaned_data["q"]:
            series = series.filter(title__icontains=words)
        if not self.cleaned_data["over"]:
            series = series.exclude(until__lt=timezone.localdate())
        return series
