from functools import wraps

from django.core.exceptions import PermissionDenied


def right_required(right):
    """Refuse (403) who has this right in none of their centres. The rows are narrowed by `visible_to`."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.may(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.right = right
        return guarded

    return decorate
