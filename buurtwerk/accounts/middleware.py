from contextlib import ExitStack

import pghistory

from buurtwerk.accounts.rowlevel import asking_as


class TeamContext:
    """Behind the sign-in, every statement is asked in the name of who is signed in.

    Pages that are open to everyone get no context, so they cannot touch a case table at all.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with ExitStack() as request.until_answered:
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # LoginRequiredMiddleware came before: without this attribute the view is open to everyone.
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return
        request.until_answered.enter_context(asking_as(request.user))
        if request.method != "GET":
            request.until_answered.enter_context(pghistory.context(user=request.user.pk))
