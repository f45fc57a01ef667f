"""The pages of one family, in the order in which they are read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    for_file: bool = True


TABS = [
    # What the whole team may know; the rest is for who reads the file.
    Tab("households:detail", "Verhaal", for_file=False),
    Tab("households:family-follow-ups", "Opvolging"),
    Tab("households:help", "Hulpvragen & rechten"),
    Tab("households:plan", "Afspraken"),
    Tab("households:network", "Netwerk"),
    Tab("households:papers", "Papieren"),
    Tab("households:access", "Inzage"),
]


def tabs_for(household, user):
    reads_file = household.is_read_by(user)
    return [tab for tab in TABS if reads_file or not tab.for_file]
