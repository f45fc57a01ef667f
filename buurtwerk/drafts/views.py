from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from buurtwerk.drafts.models import Draft, Undo
from buurtwerk.interface.text import CONTROL_CHARACTERS

MEANT_FOR_US = {"csrfmiddlewaretoken", "token", "draft_form", "draft_subject", "draft_title", "draft_address"}


class KeepForm(forms.Form):
    """Where a draft belongs; what was typed are the other fields of the page's own form."""

    draft_form = forms.SlugField(max_length=40)
    draft_subject = forms.CharField(max_length=60, required=False)
    draft_title = forms.CharField(max_length=120)
    draft_address = forms.CharField(max_length=200)

    def clean_draft_address(self):
        address = self.cleaned_data["draft_address"]
        if not address.startswith("/team/") or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
            raise forms.ValidationError("Geen adres van het team.")
        return address


@require_safe
def draft_list(request):
    return render(request, "drafts/list.html", {"drafts": Draft.objects.shown_to(request.user)})


@require_POST
def keep(request):
    if keep_what_is_typed(request) is None:
        return HttpResponse(status=400)
    return render(request, "drafts/_kept.html")


def keep_what_is_typed(request):
    """The draft with everything in the form that was sent; None when it does not say where it belongs."""
    form = KeepForm(request.POST)
    if not form.is_valid():
        return None
    # No field of ours has a name with such a character, and it cannot be stored.
    names = [name for name in request.POST if name not in MEANT_FOR_US and not CONTROL_CHARACTERS.search(name)]
    typed = {name: request.POST.getlist(name) for name in names}
    belongs = {"user": request.user, "form": form.cleaned_data["draft_form"]}
    belongs["subject"] = form.cleaned_data["draft_subject"]
    Draft.objects.keep(
        **belongs, title=form.cleaned_data["draft_title"], address=form.cleaned_data["draft_address"], typed=typed
    )
    return Draft.objects.of(**belongs)


@require_POST
def discard(request, pk):
    get_object_or_404(Draft, pk=pk, user=request.user).delete()
    messages.success(request, "Het concept is weg.")
    return redirect("drafts:list")


@require_POST
def take_back(request, token):
    undo = get_object_or_404(Undo.objects.possible_for(request.user).select_for_update(), token=token)
    try:
        sentence, target = undo.take_back()
    except ObjectDoesNotExist:
        # Gone meanwhile, or no longer theirs: no hint which.
        raise Http404 from None
    messages.success(request, sentence)
    target = target or request.POST.get("next", "")
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if is_ours else "/team/")
