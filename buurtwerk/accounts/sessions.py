"""A sign-in ends by itself: after half an hour without a page, and twelve hours after it began."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

# Written down no more often: a page should not cost a write.
NOTED_EVERY = timedelta(minutes=1)
BEGAN, SEEN = "signed_in_at", "last_seen_at"
SIGN_IN_AGAIN = "Je bent afgemeld omdat je een tijd weg was. Wat je typte, staat na het aanmelden bij Concepten."


def begin(request, **kwargs):
    """Hears of every sign-in: see AccountsConfig."""
    if request is not None:
        request.session[BEGAN] = request.session[SEEN] = timezone.now().isoformat()


class SessionLimits:
    """Ends a sign-in that lasted too long or was left alone, before a page is shown or anything is kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.headers.get("HX-Request") and _leads_to_sign_in(response):
            # The sign-in page cannot stand in a piece of a page: that stays, with all that was typed.
            return HttpResponse(status=401)
        return response

    def process_view(self, request, view, args, kwargs):
        # Before LoginRequiredMiddleware, which sends who is not signed in any more to the sign-in page.
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return
        if _is_over(request.session, timezone.now()):
            logout(request)
            if not request.headers.get("HX-Request"):
                messages.info(request, SIGN_IN_AGAIN)
        else:
            _note(request.session, timezone.now())


def _is_over(session, now):
    began, seen = _read(session, BEGAN), _read(session, SEEN)
    # Who signed in before there were limits, starts now.
    too_long = began is not None and now - began >= settings.SESSION_AT_MOST
    return too_long or (seen is not None and now - seen >= settings.SESSION_IDLE)


def _note(session, now):
    began, seen = _read(session, BEGAN), _read(session, SEEN)
    if began is None:
        session[BEGAN] = now.isoformat()
    if seen is None or now - seen >= NOTED_EVERY:
        session[SEEN] = now.isoformat()


def write_down(session):
    """That someone is there, at once. It stretches the half hour, never the twelve."""
    session[SEEN] = timezone.now().isoformat()


def context(request):
    """For the shell of the team: in how many seconds the sign-in ends, when nothing happens and in any case."""
    return {"session_left": lambda: _left(request.session, timezone.now())}


def _left(session, now):
    began, seen = _read(session, BEGAN), _read(session, SEEN)
    if began is None or seen is None:
        return None
    idle, at_most = settings.SESSION_IDLE, settings.SESSION_AT_MOST
    left = {"idle": seen + idle - now, "end": began + at_most - now, "stays": idle}
    return {name: int(time.total_seconds()) for name, time in left.items()}


def _read(session, name):
    return parse_datetime(session.get(name) or "")


def _leads_to_sign_in(response):
    return response.status_code == 302 and response.url.startswith(reverse("account_login"))
