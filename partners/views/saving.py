from django.shortcuts import redirect

from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.once import SaveOnceForm


def posted(request):
    """What a form is bound to: nothing at all when the page is only shown."""
    return request.POST if request.method == "POST" else None


def save_once(request, form, save):
    """Save a form that is right, once, and lead to the page that `save` answers; None to show the form.

    The token comes before the form: a second tap on Bewaar is not an edit that someone overtook.
    """
    if not form.is_bound:
        return None
    once = SaveOnceForm(request.POST)
    claimed = SavedOnce.objects.claim(once.cleaned_data["token"], by=request.user) if once.is_valid() else None
    if claimed and claimed.result:
        return redirect(claimed.result)
    if not form.is_valid():
        return None
    claimed.led_to(save())
    return redirect(claimed.result)
