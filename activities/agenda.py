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
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from activities.codes import Kind
from activities.models import ActivitySeries, Session
from activities.models.series import OLDEST, ages_in_words, price_in_words
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
    "a05": Age("0 tot 5 jaar", "baby", 0, 5),
    "a611": Age("6 tot 11 jaar", "toy-brick", 6, 11),
    "a1217": Age("12 tot 17 jaar", "volleyball", 12, 17),
    "a18": Age("Volwassenen", "coffee", 18, OLDEST),
}


def for_age(sessions, key):
    """The moments for someone of this age group; what is for all ages always matches."""
    if key not in AGES:
        return sessions
    age = AGES[key]
    up_to = Q(series__age_max=None) | Q(series__age_max__gte=age.youngest)
    return sessions.filter(up_to, series__age_min__lte=age.oldest)


def centres_with_moments():
    """Slug and name of the centres that have something to show, for residents to choose from."""
    coming = Session.objects.public().shown().coming().filter(centre=OuterRef("pk"))
    return Centre.objects.filter(Exists(coming)).order_by("name").values_list("slug", "name")


class AgendaFilter(forms.Form):
    """The choices in the address. One that we do not know is left out and named in `ignored`."""

    wie = forms.ChoiceField(choices=[(key, age.label) for key, age in AGES.items()], required=False)
    dag = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    vanaf = forms.DateField(input_formats=["%Y-%m-%d"], required=False)
    centrum = forms.ChoiceField(required=False)

    def __init__(self, *args, centres, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["centrum"].choices = centres
        self.is_valid()

    def clean_dag(self):
        return self._within_reach(self.cleaned_data["dag"])

    def clean_vanaf(self):
        return self._within_reach(self.cleaned_data["vanaf"])

    def _within_reach(self, day):
        today = timezone.localdate()
        if day and day < today:
            raise forms.ValidationError("Die dag is voorbij. Je ziet de komende dagen.")
        if day and day > today + FURTHEST:
            raise forms.ValidationError("Zo ver plannen we niet. Je ziet de komende dagen.")
        return day

    @property
    def ignored(self):
        """Sentences about choices that were left out."""
        ours = {
            "wie": "We kennen die leeftijd niet. Je ziet alles voor iedereen.",
            "centrum": "We kennen die plaats niet. Je ziet alle plaatsen.",
            "dag": "We kennen die dag niet. Je ziet de komende dagen.",
            "vanaf": "We kennen die dag niet. Je ziet de komende dagen.",
        }
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
    def week_start(self):
        """The first of the seven days in the strip: today, or one, two, ... weeks later."""
        today = timezone.localdate()
        asked = self.day or self.cleaned_data.get("vanaf") or today
        return today + (asked - today) // WEEK * WEEK

    def address(self, **changes):
        """The address of this agenda with other choices: `address(dag=None)` is the whole week."""
        chosen = {"wie": self.who, "centrum": self.centre, "dag": self.day, "vanaf": None}
        if self.week_start > timezone.localdate():
            chosen["vanaf"] = self.week_start
        chosen.update(changes)
        if chosen["dag"]:
            chosen["vanaf"] = None
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"/?{query}" if query else "/"

    def apply(self, sessions):
        sessions = for_age(sessions, self.who)
        return sessions.filter(centre__slug=self.centre) if self.centre else sessions

    def days(self):
        """First and last day that are listed."""
        return (self.day, self.day) if self.day else (self.week_start, self.week_start + WEEK - timedelta(days=1))


COLUMNS = (
    "code",
    "starts_at",
    "ends_at",
    "status",
    "reason_public",
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
PRICES = 4
# From so few seats on, the agenda says how many there still are.
FEW = 5


def agenda_days(sessions):
    """The moments per day, ready to print: pairs of the day, in words too, and a list of cards."""
    found = list(sessions.order_by("starts_at", "pk").values_list(*COLUMNS)[:MOST])
    by_day = groupby(found, key=lambda values: timezone.localdate(values[1]))
    return [(capfirst(words(day, "l j F")), [card(*values) for values in of_day]) for day, of_day in by_day]


@lru_cache(maxsize=2000)
def words(day, pattern):
    """A date in words: formatting one costs as much as printing a card."""
    return format_date(day, pattern)


@lru_cache(maxsize=4000)
def card(code, start, end, status, reason, centre, title, kind, age_min, age_max, *prices_and_seats):
    """The card of a moment, in HTML.

    The agenda is made anew after every change, for every choice of age and day; nearly all of its cards are
    still the same. So a card depends on its values alone: not on the clock, nor on who is looking.
    """
    prices, (registration, *seats) = prices_and_seats[:PRICES], prices_and_seats[PRICES:]
    start, end = timezone.localtime(start), timezone.localtime(end)
    printed = {
        "url": f"/moment/{code}/",
        "from_iso": start.isoformat("T", "minutes"),
        "from": f"{start:%H.%M}",
        "to_iso": end.isoformat("T", "minutes"),
        "to": f"{end:%H.%M}",
        "off": reason if status == Session.Status.CANCELLED else "",
        "where": centre,
        "title": title,
        "kind": kind,
        "kind_label": KIND_LABELS[kind],
        "who": ages_in_words(age_min, age_max),
        "price": capfirst(price_in_words(*prices)),
        "door": DOOR[registration],
        "room": room_in_words(*seats) if registration != ActivitySeries.Registration.NONE else "",
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
        return gettext("volzet, wachtlijst") if has_waiting_list else gettext("volzet")
    few = ngettext("nog %(left)s plaats", "nog %(left)s plaatsen", left) % {"left": left}
    return few if left <= FEW else ""


KIND_LABELS = dict(Kind.choices)
DOOR = dict(ActivitySeries.Registration.choices)


def week_strip(choice):
    """The seven days to choose from: today first."""
    days = [choice.week_start + timedelta(days=ahead) for ahead in range(7)]
    return [
        {
            "url": choice.address(dag=day),
            "weekday": words(day, "D").lower()[:2],
            "number": day.day,
            "words": words(day, "l j F"),
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
