"""The pages for what went wrong, in the look of the site."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render


class Refused(PermissionDenied):
    """Not for you, with a page of its own that says what is possible instead."""

    def __init__(self, template, **context):
        super().__init__()
        self.template, self.context = template, context


def wrong(request, status, *, page=None):
    """The page of a status, in the shell of where it happened."""
    shell = "base_team.html" if request.path.startswith("/team/") else "base_public.html"
    return render(request, f"errors/{page or status}.html", {"shell": shell}, status=status)


@login_not_required
def bad_request(request, exception=None):
    return wrong(request, 400)


@login_not_required
def forbidden(request, exception=None):
    if isinstance(exception, Refused):
        return render(request, exception.template, exception.context, status=403)
    return wrong(request, 403)


@login_not_required
def csrf_failure(request, reason=""):
    return wrong(request, 403, page="csrf")


@login_not_required
def not_found(request, exception=None):
    return wrong(request, 404)


@login_not_required
def method_not_allowed(request, exception=None):
    return wrong(request, 405)


@login_not_required
def too_many_requests(request, exception=None):
    return wrong(request, 429)


@login_not_required
def server_error(request):
    """Asks the database nothing: it may be what went wrong."""
    return wrong(request, 500)
