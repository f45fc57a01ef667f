"""Registering as a parent does it, from the page itself."""

import uuid

from django.core.signing import TimestampSigner
from django.utils import timezone

from activities.forms.registration import signer


def stamped(token, *, seconds_ago=30):
    """The stamp of a page that was opened a while ago."""
    made = TimestampSigner(salt=signer.salt)
    made.timestamp = lambda: _b62(int(timezone.now().timestamp()) - seconds_ago)
    return made.sign(str(token))


def _b62(number):
    from django.core.signing import b62_encode

    return b62_encode(number)


def typed(*names, year=None, **fields):
    """The form of a parent with these children, filled in well."""
    token = fields.pop("token", None) or uuid.uuid4()
    year = year or timezone.localdate().year - 8
    rows = {}
    for number, name in enumerate(names or ["Amina"]):
        rows |= {
            f"first_name_{number}": name,
            f"last_name_{number}": "Voorbeeld",
            f"birth_year_{number}": str(year),
        }
    return {
        "token": str(token),
        "stamp": stamped(token),
        "rows": str(len(names) or 1),
        **rows,
        "contact_name": "Samira Voorbeeld",
        "phone": "0470 12 34 56",
        "email": "",
        "language": "nl",
        **fields,
    }


def register(client, session, *names, **fields):
    address = f"/moment/{session.code}/inschrijven/"
    extra = {"REMOTE_ADDR": fields.pop("comes_from", "192.0.2.1")}
    return client.post(address, typed(*names, **fields), **extra)
