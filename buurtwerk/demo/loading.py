"""The demo centre, loaded once and safe to repeat."""

from importlib import import_module

from django.db import transaction

from buurtwerk.accounts.rowlevel import asking_everything

# In the order in which each needs the one before.
STEPS = [
    "places",
    "people",
    "partners",
    "activities",
    "presence",
    "registrations",
    "moments",
    "care",
    "families",
    "rhythm",
    "agreements",
    "referrals",
    "help",
    "rounds",
    "networks",
    "bikes",
    "handovers",
    "offers",
    "signals",
    "doubles",
    "papers",
    "closed",
    "privacy",
]


@transaction.atomic
def load_demo():
    """All or nothing. What exists is left as it is, so a second time changes nothing."""
    with asking_everything():
        for step in STEPS:
            getattr(import_module(f"buurtwerk.demo.{step}"), f"load_{step}")()
