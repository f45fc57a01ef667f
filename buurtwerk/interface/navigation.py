"""The main menu of the team. Each app adds its own entries in `AppConfig.ready`."""

from dataclasses import dataclass

from django.urls import reverse

_entries = []


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    icon: str
    order: int
    right: str = ""
    on_phone: bool = False

    @property
    def url(self):
        return reverse(self.url_name)


def add(label, url_name, *, icon, order, right="", on_phone=False):
    """Add an entry to the menu, for who has the right; `on_phone` puts it in the bottom bar as well."""
    _entries.append(Entry(label, url_name, icon, order, right, on_phone))
    _entries.sort(key=lambda entry: entry.order)


def for_user(user):
    return [entry for entry in _entries if not entry.right or user.may(entry.right)]
