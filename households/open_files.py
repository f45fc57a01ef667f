"""The red bar: which files someone opened by breaking the glass, on every page of theirs while it lasts.

It stands in the session, so that no page asks the database for it; a page of the family itself puts it back there.
"""

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

OPENED = "opened_files"


class OpenFile(NamedTuple):
    code: str
    until: datetime


def remember(request, code, until):
    request.session[OPENED] = {**request.session.get(OPENED, {}), code: until.isoformat()}


def forget(request, code):
    request.session[OPENED] = {
        other: until for other, until in request.session.get(OPENED, {}).items() if other != code
    }


def of(request):
    """What is still open."""
    opened = [OpenFile(code, datetime.fromisoformat(until)) for code, until in request.session.get(OPENED, {}).items()]
    return [file for file in opened if file.until > timezone.now()]


def context(request):
    """For every template of the team; asked only where the bar is drawn."""
    return {"opened_files": lambda: of(request)}
