from datetime import timedelta

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db import models
from django.utils import timezone

from activities import rules
from activities.codes import KIND_ICONS
from activities.models import ActivitySeries
from activities.targets import held_at_most
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty
from buurtwerk.languages import Language
from buurtwerk.places.models import Centre
from buurtwerk.themes import Theme

LONGEST_AHEAD = timedelta(days=3 * 366)
FIRST_AHEAD = timedelta(days=2 * 366)
LONGEST_AGO = timedelta(days=2 * 366)
DEAREST = 1000


class Rhythm(models.TextChoices):
    """The rules people really use, as tiles; any other rule is typed."""

    WEEKLY = "weekly", "Elke week"
    BIWEEKLY = "biweekly", "Om de 2 weken"
    MONTHLY = "monthly", "Elke maand"
    ONCE = "once", "Eén keer"
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
            "registration",
            "capacity",
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
            "until": "Laat leeg als het altijd doorgaat.",
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
            "public_level": TileSelect,
        }

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self._choose_centre(user)
        self._read_rule()
        for name in self.Meta.localized_fields:
            self.fields[name].min_value, self.fields[name].max_value = 0, DEAREST
        say_when_empty(
            self,
            title="Geef de activiteit een naam.",
            summary="Zeg kort wat jullie doen.",
            kind="Kies wat voor iets het is.",
            rhythm="Kies hoe vaak het is.",
            first_date="Kies de eerste dag.",
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

    def _read_rule(self):
        """Show the rule of the series as tiles, where it is one of those."""
        parts = rules.parts_of(self.instance.rrule)
        days = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
        self.fields["rhythm"].initial = self._rhythm(parts) if self.instance.pk else Rhythm.WEEKLY
        self.fields["weekdays"].initial = [day for day in days if day in rules.WEEKDAYS]

    def _rhythm(self, parts):
        if not parts:
            return Rhythm.ONCE
        if parts.keys() == {"FREQ", "BYDAY"} and parts["FREQ"] == "WEEKLY":
            return Rhythm.WEEKLY
        if parts.keys() == {"FREQ", "BYDAY", "INTERVAL"} and (parts["FREQ"], parts["INTERVAL"]) == ("WEEKLY", "2"):
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
                Div("first_date", "until", css_class="columns"),
                Div("local_start", "local_end", css_class="columns"),
                "holiday_policy",
                "public_holiday_policy",
                Folded("Een eigen regel", "rrule"),
                HTML('<p><button class="btn" name="preview" value="1">Toon de datums</button></p>'),
            ),
            Section(
                "Inschrijven en betalen",
                "registration",
                "capacity",
                "price",
                Div("price_eur", "price_social_eur", "price_child_eur", css_class="columns"),
            ),
            Section("Op de site", "public_level", Folded("Soort, thema's en talen", "type", "themes", "languages")),
        )

    def clean_first_date(self):
        day, today = self.cleaned_data["first_date"], timezone.localdate()
        if not today - LONGEST_AGO <= day <= today + FIRST_AHEAD:
            raise forms.ValidationError("Kies een eerste dag tussen twee jaar geleden en over twee jaar.")
        return day

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day and day > timezone.localdate() + LONGEST_AHEAD:
            raise forms.ValidationError("Kies een dag binnen drie jaar, of laat dit leeg.")
        return day

    def clean(self):
        cleaned = super().clean()
        self._in_order("first_date", "until", "De laatste dag komt voor de eerste. Kies een latere dag.")
        self._in_order("age_min", "age_max", "De hoogste leeftijd is kleiner dan de laagste.")
        start, end = cleaned.get("local_start"), cleaned.get("local_end")
        if start and end and end <= start:
            self.add_error("local_end", "Het einde komt na het begin, op dezelfde dag.")
        cleaned["rrule"] = self._rule(cleaned)
        return cleaned

    def clean_capacity(self):
        capacity = self.cleaned_data["capacity"]
        held = held_at_most(self.instance) if self.instance.pk and capacity else 0
        if held > (capacity or held):
            raise forms.ValidationError(f"Er zijn al {held} mensen ingeschreven. Kies minstens {held} plaatsen.")
        return capacity

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
                return rules.weekly(weekdays, every=2)
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
