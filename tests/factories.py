"""Builders with quiet defaults, for what every app stands on. Each app has its own beside its tests."""

from itertools import count

from buurtwerk.accounts.models import Membership, Role, User
from buurtwerk.places.models import Centre, Neighbourhood

_number = count(1)


def make_neighbourhood(**fields):
    number = next(_number)
    fields = {"slug": f"buurt-{number}", "name": f"Buurt {number}", "kind": "neighbourhood", **fields}
    return Neighbourhood.objects.create(**fields)


def make_centre(**fields):
    number = next(_number)
    defaults = {"slug": f"centrum-{number}", "name": f"Buurtcentrum {number}", "kind": "buurtcentrum"}
    return Centre.objects.create(**{**defaults, **fields})


def make_user(role=Role.WORKER, *, centre=None, **fields):
    """Someone with one role in one centre; `role=None` makes someone without any."""
    number = next(_number)
    fields.setdefault("first_name", f"Collega{number}")
    user = User.objects.create_user(
        username=fields.pop("username", f"collega{number}"), password="wachtwoord", **fields
    )
    if role:
        Membership.objects.create(user=user, centre=centre or make_centre(), role=role)
    return user
