"""Cards of a few children of the play afternoon: allergies, afhalers, someone to keep away, and a no to photos."""

from datetime import time, timedelta

from django.utils import timezone

from activities.actions.care import answer, save_sheet, sheet_of
from activities.models import CareSheet, Participant, PickupPerson
from buurtwerk.accounts.models import User

PURPOSES = ["medical", "outing", "photo_inside", "photo_site", "photo_social"]
# First name, what stands on the sheet, and what was said no to.
CARDS = [
    ("Aya", {"allergens": ["tree_nuts", "peanuts"], "medication": "Epipen in de rode zak.", "swims": True}, []),
    ("Bram", {"allergens": ["milk"], "other_allergies": "aardbei", "swims": False}, PURPOSES[2:]),
    ("Cansu", {"attention": "Bang van honden.", "may_go_alone_from": time(16, 30)}, PURPOSES[3:]),
    ("Hamza", {"allergens": ["eggs", "fish"], "swims": None}, []),
]


def load_care():
    """Each card once: a sheet that is there, is left as people changed it."""
    noor = User.objects.filter(username="noor").first()
    for first_name, fields, refused in CARDS:
        child = Participant.objects.filter(first_name=first_name, carers__name=f"Ouder van {first_name}").first()
        if child and noor and not CareSheet.objects.filter(participant=child).exists():
            _load_card(child, fields, refused, by=noor)


def _load_card(child, fields, refused, *, by):
    parent, today = f"Ouder van {child.first_name}", timezone.localdate()
    answers = {purpose: purpose not in refused for purpose in PURPOSES}
    answer(child, answers, given_by=parent, given_on=today, how="paper", by=by)
    sheet = sheet_of(child)
    for name, value in fields.items():
        setattr(sheet, name, value)
    save_sheet(sheet, changed=[], by=by)
    if child.first_name == CARDS[0][0]:
        _load_afhalers(child)


def _load_afhalers(child):
    ended = timezone.localdate() - timedelta(days=40)
    for name, relation, fields in (
        ("Oma Latifa", "grootmoeder", {"phone": "0470 00 03 01"}),
        ("Buurvrouw Greet", "buurvrouw", {"phone": "0470 00 03 02", "valid_until": ended}),
        ("Ronny Voorbeeld", "vroegere partner", {"is_forbidden": True}),
    ):
        PickupPerson.objects.create(participant=child, centre=child.centre, name=name, relation=relation, **fields)
