"""The story of a family, newest first. Apps that know more register what they add to it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.utils import timezone

PAGE_SIZE = 30
_providers = []
# Sources of few lines, which are asked together.
_light = []
# The sources that know what belongs to a luik; the others say nothing on the page of one.
_knowing = set()


@dataclass(frozen=True)
class Entry:
    """One line of the story. `text` is None when it exists but this reader may not read it: `hidden` says so."""

    on: date
    order: int
    kind: str
    icon: str
    title: str
    by: str
    text: str | None = ""
    url: str = ""
    tags: tuple = ()
    hidden: str = "Nota voor het dossierteam"
    # The other family of which this is told here as well.
    of_family: str = ""


def register(provider=None, *, knows_compartments=False):
    """Add a source: `provider(household, *, user, limit, before)` returns its newest entries before a day.

    `before` is a date or None; a provider may cost one query. Within a day the highest `order` comes first:
    the second at which it was written down.

    In a family with luiken, `household.compartment` is the luik of the page. A source that leaves out what belongs
    to another one registers with `knows_compartments=True`; without it, it is silent in such a family.
    """
    if provider is None:
        return lambda each: register(each, knows_compartments=knows_compartments)
    _providers.append(provider)
    if knows_compartments:
        _knowing.add(provider)
    return provider


def register_light(*, entries, knows_compartments=False):
    """Add a source of few lines: all of these together cost one query.

    The function takes `(household, *, user, before)` and returns a queryset with two annotations: `newest`, the day or
    moment of its newest line, and `told`, a JSONObject with all that its lines need. `entries(told, household)` makes
    the lines of one row from that dictionary.
    """

    def keep(rows):
        _light.append((rows, entries))
        if knows_compartments:
            _knowing.add(rows)
        return rows

    return keep


def moment(text):
    """A moment as it comes out of a JSONObject."""
    return timezone.localtime(datetime.fromisoformat(text))


def entry_at(text, /, **shown):
    """The line of what happened at such a moment."""
    at = moment(text)
    return Entry(on=at.date(), order=int(at.timestamp()), **shown)


def of(household, *, user, limit=PAGE_SIZE, before=None):
    """The newest entries of all sources together, for this reader."""
    providers = [each for each in _providers if each in _knowing or not household.compartments]
    entries = [entry for provider in providers for entry in provider(household, user=user, limit=limit, before=before)]
    entries += _light_entries(household, user=user, limit=limit, before=before)
    entries.sort(key=lambda entry: (entry.on, entry.order), reverse=True)
    return entries[:limit]


def _light_entries(household, *, user, limit, before):
    sources = [source for source in _light if source[0] in _knowing or not household.compartments]
    asked = [
        ArraySubquery(rows(household, user=user, before=before).order_by("-newest").values("told")[:limit])
        for rows, _ in sources
    ]
    found = type(household).objects.filter(pk=household.pk).values_list(*asked).first() if asked else ()
    lines = [
        entry
        for (_, entries), rows in zip(sources, found or (), strict=False)
        for told in rows
        for entry in entries(told, household)
    ]
    # A row can tell more than one line: when something was asked, and when it ended.
    return [entry for entry in lines if before is None or entry.on < before]


def page(household, *, user, before=None, size=PAGE_SIZE):
    """The newest entries and the day before which the older ones lie (None when there are none).

    A page ends between two days, so that a day is enough to go on from and nothing is shown twice or never.
    """
    entries = of(household, user=user, limit=size + 1, before=before)
    if len(entries) <= size:
        return entries, None
    first_left_out = entries[size].on
    whole_days = [entry for entry in entries if entry.on > first_left_out]
    if not whole_days:
        # One day fills more than a page: show that day whole.
        return page(household, user=user, before=before, size=size * 2)
    return whole_days, first_left_out + timedelta(days=1)
