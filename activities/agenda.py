"""What a resident asks of the agenda: for whom, when and where."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.template.defaultfilters import date as format_date
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.codes import Kind
from activities.models import ActivitySeries, Session
from activities.models.series import OLDEST, ages_in_words, price_in_words
from activities.texts import text_here
from buurtwerk.interface.language import DUTCH, prefix, spoken, translated
from buurtwerk.interface.templatetags.look import dutch, hour
from buurtwerk.languages import Language
from buurtwerk.places.models import Centre

WEEK = timedelta(days=7)
FURTHEST = timedelta(days=400)
MOST = 120


@dataclass(frozen=True)
class Age:
    label: str
    icon: str
    youngest: int
    oldest: int


AGES = {
    "a05": Age(gettext_lazy("0 tot 5 jaar"), "baby", 0, 5),
    "a611": Age(gettext_lazy("6 tot 11 jaar"), "toy-brick", 6, 11),
    "a1217": Age(gettext_lazy("12 tot 17 jaar"), "volleyball", 12, 17),
    "a18": Age(gettext_lazy("Volwassenen"), "coffee", 18, OLDEST),
}


def for_age(sessions, key):
    """The moments for someone of this age group; what is for all ages always matches."""
    if key not in AGES:
        return sessions
    age = AGES[key]
    up_to = Q(series__age_max=None) | Q(series__age_max__gte=age.youngest)
    return sessions.filter(up_to, series__age_min__lte=age.oldest)


FREE = (Q(series__price="") | Q(series__price__iexact="gratis")) & ~Q(
    Q(series__price_eur__gt=0) | Q(series__price_social_eur__gt=0) | Q(series__price_child_eur__gt=0)
)


@dataclass(frozen=True)
class Places:
    """The centres that have something to show and their buurten, for residents to choose from."""

    centres: list
    buurten: list


def places_with_moments():
    coming = Session.objects.public().shown().coming().filter(centre=OuterRef("pk"))
    found = Centre.objects.filter(Exists(coming)).order_by("name")
    rows = list(found.values_list("slug", "name", "neighbourhood__slug", "neighbourhood__name"))
    buurten = {slug: name for _slug, _name, slug, name in rows if slug}
    return Places([row[:2] for row in rows], sorted(buurten.items(), key=lambda buurt: buurt[1]))


@dataclass(frozen=True)
class Chosen:
    """A filter that is on, and the address of the same agenda without it."""

    label: str
    without: str


YES = [("1", "")]


class AgendaFilter(forms.Form):
    """The choices in the address. One that we do not know is left out and named in `ignored`."""

    wie = forms.ChoiceField(choices=[(key, age.label) for key, age in AGES.items()], required=False)
    dag = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    vanaf = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    centrum = forms.ChoiceField(required=False)
    buurt = forms.ChoiceField(label=gettext_lazy("Buurt"), required=False)
    taal = forms.ChoiceField(label=gettext_lazy("Welke taal spreken we er?"), required=False)
    gratis = forms.ChoiceField(label=gettext_lazy("Gratis"), choices=YES, required=False)
    vrij = forms.ChoiceField(label=gettext_lazy("Zonder inschrijven"), choices=YES, required=False)
    rolstoel = forms.ChoiceField(label=gettext_lazy("Toegankelijk met een rolstoel"), choices=YES, required=False)

    # The finer ones, folded in a small form; the others are links.
    SWITCHES = ("gratis", "vrij", "rolstoel")
    FINER = ("buurt", "taal", *SWITCHES)

    def __init__(self, *args, places=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = places or Places([], [])
        self.fields["centrum"].choices = self.places.centres
        self.fields["buurt"].choices = [("", _("Overal")), *self.places.buurten]
        languages = [(code, translated(label)) for code, label in Language.choices]
        self.fields["taal"].choices = [("", _("Alle talen")), *languages]
        self.is_valid()

    def clean_dag(self):
        return self._within_reach(self.cleaned_data["dag"])

    def clean_vanaf(self):
        return self._within_reach(self.cleaned_data["vanaf"])

    def _within_reach(self, day):
        today = timezone.localdate()
        if day and day < today:
            raise forms.ValidationError(_("Die dag is voorbij. Je ziet de komende dagen."))
        if day and day > today + FURTHEST:
            raise forms.ValidationError(_("Zo ver plannen we niet. Je ziet de komende dagen."))
        return day

    @property
    def ignored(self):
        """Sentences about choices that were left out."""
        ours = {
            "wie": _("We kennen die leeftijd niet. Je ziet alles voor iedereen."),
            "centrum": _("We kennen die plaats niet. Je ziet alle plaatsen."),
            "dag": _("We kennen die dag niet. Je ziet de komende dagen."),
            "vanaf": _("We kennen die dag niet. Je ziet de komende dagen."),
            "buurt": _("We kennen die buurt niet. Je ziet alle buurten."),
            "taal": _("We kennen die taal niet. Je ziet alle talen."),
        } | dict.fromkeys(self.SWITCHES, _("We begrijpen een van je keuzes niet. We lieten ze weg."))
        said = [
            error.message if error.code is None else ours[name]
            for name, errors in self.errors.as_data().items()
            for error in errors
        ]
        return list(dict.fromkeys(said))

    @property
    def who(self):
        return self.cleaned_data.get("wie") or ""

    @property
    def day(self):
        return self.cleaned_data.get("dag")

    @property
    def centre(self):
        return self.cleaned_data.get("centrum") or ""

    @property
    def wide(self):
        """The choices that say nothing of a day: those of a feed too."""
        asked = {"wie": self.who, "centrum": self.centre}
        return asked | {name: self.cleaned_data.get(name) or "" for name in self.FINER}

    def chosen(self):
        """The finer filters that are on, as links that put one off."""
        labels = [
            (name, dict(self.fields[name].choices)[value] if name in ("buurt", "taal") else self.fields[name].label)
            for name, value in self.wide.items()
            if value and name in self.FINER
        ]
        return [Chosen(str(label), self.address(**{name: ""})) for name, label in labels]

    @property
    def is_narrow(self):
        return any(self.wide.values())

    @property
    def centre_name(self):
        return dict(self.places.centres).get(self.centre, "")

    @property
    def switches(self):
        return [
            {"name": name, "label": self.fields[name].label, "is_on": bool(self.wide[name])} for name in self.SWITCHES
        ]

    def kept(self):
        """What the form of the finer filters carries along unseen."""
        asked = {"wie": self.who, "centrum": self.centre, "dag": self.day, "vanaf": self.cleaned_data.get("vanaf")}
        return [(name, value) for name, value in asked.items() if value]

    @property
    def week_start(self):
        """The first of the seven days in the strip: today, or one, two, ... weeks later."""
        today = timezone.localdate()
        asked = self.day or self.cleaned_data.get("vanaf") or today
        return today + (asked - today) // WEEK * WEEK

    def address(self, **changes):
        """The address of this agenda with other choices: `address(dag=None)` is the whole week."""
        chosen = self.wide | {"dag": self.day, "vanaf": None}
        if self.week_start > timezone.localdate():
            chosen["vanaf"] = self.week_start
        chosen.update(changes)
        if chosen["dag"]:
            chosen["vanaf"] = None
        return with_query(reverse("activities:agenda"), chosen)

    def apply(self, sessions):
        sessions = for_age(sessions, self.who)
        conditions = {
            "centrum": Q(centre__slug=self.centre),
            "buurt": Q(centre__neighbourhood__slug=self.wide["buurt"]),
            "taal": Q(series__languages__contains=[self.wide["taal"]]),
            "gratis": FREE,
            "vrij": Q(series__registration=ActivitySeries.Registration.NONE),
            "rolstoel": Q(series__is_wheelchair_accessible=True),
        }
        return sessions.filter(*(condition for name, condition in conditions.items() if self.wide[name]))

    def days(self):
        """First and last day that are listed."""
        return (self.day, self.day) if self.day else (self.week_start, self.week_start + WEEK - timedelta(days=1))


def with_query(path, asked):
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{query}" if query else path


COLUMNS = (
    "code",
    "starts_at",
    "ends_at",
    "status",
    "reason_public",
    "moved_from",
    "centre__name",
    "series__title",
    "series__kind",
    "series__age_min",
    "series__age_max",
    "series__price",
    "series__price_eur",
    "series__price_social_eur",
    "series__price_child_eur",
    "series__registration",
    "series__enrol_scope",
    "series__has_waiting_list",
    "capacity",
    "series__capacity",
    "taken",
    "series__taken",
)
PRICES, SEATS = 4, 6
# From so few seats on, the agenda says how many there still are.
FEW = 5


def agenda_days(sessions):
    """The moments per day, ready to print: pairs of the day, in words too, and a list of cards."""
    language = spoken()
    columns = COLUMNS if language == DUTCH else (*COLUMNS, f"series__i18n__{language}__title")
    found = list(sessions.order_by("starts_at", "pk").values_list(*columns)[:MOST])
    by_day = groupby(found, key=lambda values: timezone.localdate(values[1]))
    return [
        (capfirst(words(day, "l j F", language)), [card(language, *values) for values in of_day])
        for day, of_day in by_day
    ]


@lru_cache(maxsize=2000)
def words(day, pattern, language):
    """A date in words: formatting one costs as much as printing a card."""
    return format_date(day, pattern)


@lru_cache(maxsize=4000)
def card(language, code, start, end, status, reason, moved_from, centre, title, kind, age_min, age_max, *rest):
    """The card of a moment, in HTML.

    The agenda is made anew after every change, for every choice of age and day; nearly all of its cards are
    still the same. So a card depends on its values alone: not on the clock, nor on who is looking.
    """
    prices, registration, seats = rest[:PRICES], rest[PRICES], rest[PRICES + 1 : PRICES + 1 + SEATS]
    translation = rest[-1] if len(rest) > PRICES + 1 + SEATS else ""
    price = capfirst(price_in_words(*prices))
    start, end = timezone.localtime(start), timezone.localtime(end)
    printed = {
        "url": f"{prefix()}/moment/{code}/",
        "from_iso": start.isoformat("T", "minutes"),
        "from": hour(start),
        "to_iso": end.isoformat("T", "minutes"),
        "to": hour(end),
        "off": dutch(reason) if status == Session.Status.CANCELLED else "",
        "is_moved": moved_from is not None,
        "where": dutch(centre),
        "title": text_here(title, translation).html,
        "kind": kind,
        "kind_label": translated(KIND_LABELS[kind]),
        "who": ages_in_words(age_min, age_max),
        "room": room_in_words(*seats) if registration != ActivitySeries.Registration.NONE else "",
        "price": dutch(price) if prices[0] else price,
        "door": translated(DOOR[registration]),
    }
    return mark_safe(render_to_string("activities/_card.html", printed).strip())  # noqa: S308  it was escaped there


def room_in_words(scope, has_waiting_list, of_moment, of_series, taken, taken_of_series):
    """volzet, wachtlijst · nog 3 plaatsen; nothing while there is plenty of room"""
    is_whole = scope == ActivitySeries.EnrolScope.SERIES
    seats = of_moment if of_moment is not None and scope == ActivitySeries.EnrolScope.SESSION else of_series
    if seats is None:
        return ""
    left = seats - (taken_of_series if is_whole else taken)
    if left <= 0:
        return _("volzet, wachtlijst") if has_waiting_list else _("volzet")
    few = ngettext("nog %(left)s plaats", "nog %(left)s plaatsen", left) % {"left": left}
    return few if left <= FEW else ""


KIND_LABELS = dict(Kind.choices)
DOOR = dict(ActivitySeries.Registration.choices)


def week_strip(choice):
    """The seven days to choose from: today first."""
    days = [choice.week_start + timedelta(days=ahead) for ahead in range(7)]
    language = spoken()
    # Two letters say enough in Dutch; Arabic has no shorter names than the days themselves.
    short = {"nl": 2, "fr": 3, "en": 3, "tr": 3}.get(language)
    return [
        {
            "url": choice.address(dag=day),
            "weekday": words(day, "l", language).lower()[:short],
            "number": day.day,
            "words": words(day, "l j F", language),
            "is_chosen": day == choice.day,
        }
        for day in days
    ]


def nearest_day(sessions, choice):
    """The first other day with something for these choices, or the last one before when nothing follows."""
    first, last = choice.days()
    after = sessions.from_day(last + timedelta(days=1)).order_by("starts_at", "pk")
    before = sessions.order_by("-starts_at", "-pk")
    found = after.values_list("starts_at", flat=True).first() or before.values_list("starts_at", flat=True).first()
    return timezone.localdate(found) if found else None
