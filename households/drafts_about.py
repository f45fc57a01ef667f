"""Drafts about who is erased go along, whoever typed them. Of a grid with a row per family, that row alone goes."""

import re
from dataclasses import dataclass

from buurtwerk.drafts.models import Draft
from households.models.household import code_as_kept
from households.naming import Naming

# The fields of one row of a grid: "3-code", "3-note".
OF_ROW = re.compile(r"([0-9]+)-")


@dataclass(frozen=True)
class About:
    """What a draft may say of who is erased: their code, the address of a page of theirs, what they are called."""

    naming: Naming
    codes: frozenset = frozenset()
    addresses: tuple = ()

    def is_told_in(self, text):
        return any(code in text.upper() for code in self.codes) or self.naming.is_in(text)

    def is_meant_by(self, values):
        return any(self.is_told_in(value) or code_as_kept(value) in self.codes for value in values)

    def is_about(self, draft):
        """The draft as a whole, whatever was typed in it."""
        written = f"{draft.title} {draft.address}"
        parts = draft.subject.split()
        return (
            bool(self.codes & set(parts))
            or any(code in written for code in self.codes)
            or any(draft.address.startswith(address) for address in self.addresses)
            or self.naming.is_in(draft.title)
        )


def forget_drafts(about, drafts):
    """Take what is about them out of these drafts. Returns how many it touched."""
    gone = touched = 0
    for draft in drafts.select_for_update():
        named = [name for name, values in draft.typed.items() if about.is_meant_by(map(str, values))]
        rows = {match[1] for name in named if (match := OF_ROW.match(name))}
        left = {name: values for name, values in draft.typed.items() if not _is_of(name, rows)}
        if about.is_about(draft) or any(not OF_ROW.match(name) for name in named) or (rows and not _is_typed(left)):
            draft.delete()
            gone += 1
        elif rows:
            # Not by save(): what was typed last stays when it was.
            Draft.objects.filter(pk=draft.pk).update(typed=left)
            touched += 1
    return gone + touched


def _is_of(name, rows):
    match = OF_ROW.match(name)
    return match is not None and match[1] in rows


def _is_typed(typed):
    return any(OF_ROW.match(name) and any(map(str.strip, values)) for name, values in typed.items())
