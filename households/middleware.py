"""A file that went up in another one is found under its old code."""

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from households.models import Household


class MergedFamilies:
    """Where a page of a family is not found, because the family is one with another: on to that one.

    Only for who may know of the one that was kept; for anyone else nothing was ever there.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        match = request.resolver_match
        if not isinstance(exception, Http404) or match.app_name != "households" or "code" not in match.kwargs:
            return None
        kept = Household.objects.kept_for(match.kwargs["code"], user=request.user)
        if kept is None:
            return None
        address = reverse(match.view_name, kwargs={**match.kwargs, "code": kept.code})
        if request.META["QUERY_STRING"]:
            address += f"?{request.META['QUERY_STRING']}"
        # A form that was open meanwhile is sent again with everything in it.
        return HttpResponseRedirect(address, preserve_request=request.method not in ("GET", "HEAD"))
