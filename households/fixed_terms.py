"""Terms that no centre chooses, of other apps too: each registers its own, for the page of the terms."""

from dataclasses import dataclass

FIXED_TERMS = []


@dataclass(frozen=True)
class FixedTerm:
    label: str
    ground: str


def register(label, *, ground):
    FIXED_TERMS.append(FixedTerm(label, ground))
