"""The story of a family, newest first. Apps that know more register what they add to it."""

from dataclasses import dataclass
from datetime import date

_providers = []


@dataclass(frozen=True)
class Entry:
    """One line of the story. `text` is None when it exists but this reader may not read it."""

    on: date
    order: int
    kind: str
    icon: str
    title: str
    by: str
    text: str | None = ""
    url: str = ""
    tags: tuple = ()


def register(provider):
    """Add a source: `provider(household, *, user, limit, before)` returns its newest entries before a day.

    `before` is a date or None; a provider may cost one query.
    """
    _providers.append(provider)
    return provider


def of(household, *, user, limit=30, before=None):
    """The newest entries of all sources together, for this reader."""
    entries = [entry for provider in _providers for entry in provider(household, user=user, limit=limit, before=before)]
    entries.sort(key=lambda entry: (entry.on, entry.order), reverse=True)
    return entries[:limit]
