"""What happens by the clock. Each app registers its own part; `manage.py daily` does them all."""

from dataclasses import dataclass

from django.db import transaction

from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.daily.models import Run

_parts = []


@dataclass(frozen=True)
class Part:
    label: str
    do: callable


def every_day(label):
    """Register a function without arguments that may be done many times a day.

    It returns how many things it did, or a sentence. It is asked in the name of no one, within one transaction.
    """

    def register(do):
        _parts.append(Part(label, do))
        return do

    return register


def do_all():
    """Do every part, each in its own transaction: one that fails leaves the others done. Returns the run."""
    done = []
    with asking_everything():
        for part in _parts:
            done.append({"label": part.label, **_do(part)})
        return Run.objects.create(done=done)


def _do(part):
    try:
        with transaction.atomic():
            return {"result": part.do(), "failed": False}
    except Exception as problem:
        # The kind of problem and not its words, which may hold what someone typed.
        return {"result": type(problem).__name__, "failed": True}
