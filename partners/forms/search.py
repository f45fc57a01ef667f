"""Searching the directory: a need, a buurt, an age, a language, and any word.

What is not known about a card never hides it: it ranks lower and says so.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from buurtwerk.interface.language import translated
from buurtwerk.interface.text import search_key
from buurtwerk.languages import Language
from buurtwerk.places.models import Neighbourhood
from buurtwerk.themes import Theme
from partners.models import Service, ServiceArea
from partners.models.service import OLDEST, WORDS

ORGANISATION_WORDS = SearchVector(
    "organisation__name", "organisation__description", "organisation__for_whom", config="simple"
)
MOST_WORDS = 8


def _spoken(codes):
    """The choices of a fixed list, in the language of the page."""
    return [(code, gettext_lazy(label)) for code, label in codes.choices]


@dataclass(frozen=True)
class Reason:
    """Why a card fits, or what you still have to ask. The icon is one of templates/partners/_pictures.html."""

    icon: str
    text: str
    is_sure: bool = True


@dataclass(frozen=True)
class Chosen:
    """A filter that is on, and the address of the same search without it."""

    label: str
    without: str


class NeedForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Een woord of een naam"), required=False, max_length=100)
    thema = forms.ChoiceField(
        label=gettext_lazy("Waarvoor"), required=False, choices=[("", gettext_lazy("Alles")), *_spoken(Theme)]
    )
    buurt = forms.ChoiceField(label=gettext_lazy("Buurt"), required=False)
    leeftijd = forms.IntegerField(
        label=gettext_lazy("Leeftijd"),
        required=False,
        min_value=0,
        max_value=OLDEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Vul de leeftijd in als een getal, zoals 7.")},
    )
    taal = forms.ChoiceField(
        label=gettext_lazy("Taal"), required=False, choices=[("", gettext_lazy("Alle talen")), *_spoken(Language)]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.areas = {area.slug: area for area in Neighbourhood.objects.all()}
        self.fields["buurt"].choices = [("", _("Overal")), *((slug, area.name) for slug, area in self.areas.items())]
        # A filter that makes no sense is said to be wrong, and the others still count.
        self.is_valid()

    @property
    def theme(self):
        theme = self.cleaned_data.get("thema")
        return Theme(theme) if theme else None

    @property
    def area(self):
        return self.areas.get(self.cleaned_data.get("buurt"))

    @property
    def age(self):
        return self.cleaned_data.get("leeftijd")

    @property
    def language(self):
        language = self.cleaned_data.get("taal")
        return Language(language) if language else None

    @property
    def words(self):
        return [word for word in self.cleaned_data.get("q", "").split() if search_key(word)][:MOST_WORDS]

    def apply(self, services):
        """The services that fit: cards checked in time first, and what is known before what is not."""
        unknowns = Value(0)
        for fits, unknown in filter(None, [self._by_age(), self._by_area(), self._by_language()]):
            services = services.filter(fits | unknown)
            unknowns = unknowns + Case(When(unknown, then=Value(1)), default=Value(0))
        if self.theme:
            services = services.filter(themes__contains=[self.theme])
        if self.words:
            services = services.alias(words=WORDS, organisation_words=ORGANISATION_WORDS)
            for word in self.words:
                services = services.filter(_about(word))
        services = services.with_staleness().annotate(unknowns=unknowns)
        return services.order_by("staleness", "unknowns", *(["city_wide"] if self.area else []), "name", "pk")

    def why(self, service):
        """Why this service is among the results."""
        reasons = []
        if self.theme:
            reasons.append(Reason("theme", translated(self.theme.label)))
        if self.age is not None:
            reasons.append(Reason("cake", capfirst(service.ages) or _("Leeftijd niet geweten"), bool(service.ages)))
        return [*reasons, *self._why_here(service), *self._why_this_language(service)]

    def chosen(self):
        """The filters that are on, as links that put one off."""
        return [
            Chosen(str(label), self._without(name))
            for name, label in [
                ("q", f"“{' '.join(self.words)}”" if self.words else ""),
                ("thema", translated(self.theme.label) if self.theme else ""),
                ("buurt", self.area.name if self.area else ""),
                ("leeftijd", _("%(age)s jaar") % {"age": self.age} if self.age is not None else ""),
                ("taal", translated(self.language.label) if self.language else ""),
            ]
            if label
        ]

    def with_theme(self, theme):
        """The address of the same search for another need."""
        return self._address({**self._asked(), "thema": theme.value})

    def _by_age(self):
        if self.age is None:
            return None
        # Someone of 2 may be 2 and a half.
        return Q(age_min__lt=self.age + 1) & (Q(age_max=None) | Q(age_max__gte=self.age)), Q(age_min=None)

    def _by_area(self):
        if not self.area:
            return None
        areas = ServiceArea.objects.filter(service=OuterRef("pk"))
        here = areas.filter(neighbourhood__in=[area.pk for area in self._area_and_around()])
        return Q(city_wide=True) | Exists(here), Q(city_wide=False) & ~Exists(areas)

    def _by_language(self):
        if not self.language:
            return None
        return Q(languages__contains=[self.language]), Q(languages=[])

    def _area_and_around(self):
        """The buurt, and every larger area it is a part of."""
        by_id = {area.pk: area for area in self.areas.values()}
        around, area = [], self.area
        while area and area not in around:
            around.append(area)
            area = by_id.get(area.part_of_id)
        return around

    def _why_here(self, service):
        if not self.area:
            return []
        if service.city_wide:
            return [Reason("map-pin", _("Heel de stad"))]
        there = service.neighbourhoods.all()
        for area in self._area_and_around():
            if area in there:
                sentence = _("In %(area)s") if area == self.area else _("In %(area)s, daar ligt %(buurt)s")
                return [Reason("map-pin", sentence % {"area": area.name, "buurt": self.area.name})]
        return [Reason("map-pin", _("Buurt niet geweten"), False)]

    def _why_this_language(self, service):
        if not self.language:
            return []
        known = self.language in service.languages
        return [Reason("languages", translated(self.language.label) if known else _("Talen niet geweten"), known)]

    def _asked(self):
        return {name: self.data[name] for name in self.fields if self.data.get(name)}

    def _without(self, name):
        return self._address({key: value for key, value in self._asked().items() if key != name})

    def _address(self, asked):
        return f"?{urlencode(asked)}"


class TeamNeedForm(NeedForm):
    """The team also looks for what has to be checked, and for what has ended."""

    STANDS = [("", "Wat loopt"), ("nakijken", "Na te kijken"), ("gestopt", "Gestopt of even niet")]

    stand = forms.ChoiceField(label="Toon", required=False, choices=STANDS)

    def services(self):
        match self.cleaned_data.get("stand"):
            case "nakijken":
                return self.apply(Service.objects.to_check())
            case "gestopt":
                return self.apply(Service.objects.stopped())
        return self.apply(Service.objects.active())


def _about(word):
    """That a word is in a name, in the text, or in the name of a theme."""
    key = search_key(word)
    beginning = " & ".join(f"{part}:*" for part in re.findall(r"\w+", word))
    query = SearchQuery(beginning, config="simple", search_type="raw")
    about = (
        Q(search_key__contains=key)
        | Q(organisation__search_key__contains=key)
        | Q(words=query)
        | Q(organisation_words=query)
    )
    if len(key) > 3:
        # Dutch glues words together: fiets is also in kinderfiets.
        about |= Q(description__icontains=word) | Q(organisation__description__icontains=word)
        about |= Q(themes__overlap=[theme for theme in Theme if key in search_key(theme.label)])
    return about
