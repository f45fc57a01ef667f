from itertools import count

from django.utils import timezone

from buurtwerk.outbox.models import Message
from tests.factories import make_centre

_number = count(1)


def make_message(**fields):
    """A mail that waits to be sent."""
    number = next(_number)
    defaults = {
        "channel": "mail",
        "to": f"ouder{number}@example.org",
        "subject": "Spelen gaat niet door",
        "body": "Kijk op http://127.0.0.1:8000/moment/abc/",
        "key": f"test {number}",
    }
    if fields.get("fate", "queued") != "queued":
        defaults["fate_at"] = timezone.now()
    if "centre" not in fields:
        fields["centre"] = make_centre()
    return Message.objects.create(**{**defaults, **fields})
