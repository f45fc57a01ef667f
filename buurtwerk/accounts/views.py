"""What allauth has no page for."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from buurtwerk.accounts import sessions


@require_POST
def stay(request):
    """Someone is still there, and goes on with what they were typing."""
    sessions.write_down(request.session)
    if request.htmx:
        return render(request, "account/_session.html")
    return redirect("overview:today")
