"""The main menu of the team. Each app adds its own entries in `AppConfig.ready`."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

# A thumb hits five targets on a phone of 320 pixels: these and Meer.
FIT_IN_BAR = 4

_entries = []


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    icon: str
    order: int
    right: str = ""
    on_phone: bool = False
    unless: str = ""
    also: tuple = ()

    @cached_property
    def url(self):
        return reverse(self.url_name)

    def leads_to(self, path):
        # Everything of the team lies under /team/, so Vandaag is only itself.
        return path == self.url or path.startswith(self.also) or (self.url != "/team/" and path.startswith(self.url))

    def is_for(self, user):
        return (not self.right or user.may(self.right)) and not (self.unless and user.may(self.unless))


def add(label, url_name, *, icon, order, right="", on_phone=False, unless="", also=()):
    """Add an entry to the menu, for who has the right and not the right `unless`, which brings a better entry.

    `on_phone` puts it in the bottom bar too, as long as it is among the first four.
    `also` are the beginnings of other addresses that belong to it.
    """
    _entries.append(Entry(label, url_name, icon, order, right, on_phone, unless, also))
    _entries.sort(key=lambda entry: entry.order)


def for_user(user):
    return [entry for entry in _entries if entry.is_for(user)]


def for_thumb(entries):
    """The entries that fit in the bottom bar of a phone, beside Meer."""
    return [entry for entry in entries if entry.on_phone][:FIT_IN_BAR]
