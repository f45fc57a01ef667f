"""Whom a family leans on: the picture, the same in words, and on paper."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access
from households import ecomap
from households.actions import support as actions
from households.compartments import chosen, must_choose
from households.forms.support import SupportCreateForm, SupportForm
from households.models import SupportLink
from households.views.page import family_to_add_to, family_to_change, file_for, record_family, record_view, show_tab

TAB = "households:network"


@require_safe
@right_required("families.open")
def network(request, code):
    household = file_for(request.user, code)
    return show_tab(request, household, TAB, "households/network.html", _network_of(request, household))


@require_safe
@right_required("families.open")
def network_print(request, code):
    household = file_for(request.user, code)
    context = _network_of(request, household)
    if must_choose(household, household.compartment):
        return render(request, "households/compartment_choose.html", {"household": household})
    record_family(request, household, Access.Action.PRINT)
    return render(request, "households/network_print.html", {"household": household, **context})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def create(request, code):
    household = family_to_add_to(request, code)
    link = SupportLink(household=household, centre_id=household.centre_id, noted_by=request.user)
    form = SupportCreateForm(request.POST or None, instance=link, user=request.user)
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            form.save()
            once.led_to(reverse(TAB, args=[code]))
            say_with_undo(request, "De steunfiguur staat erbij.", name=actions.SUPPORT_ADDED, subject_id=link.pk)
        return redirect(once.result)
    return _show_form(request, household, form, "Nieuwe steunfiguur")


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def edit(request, code, pk):
    household, link = _link_to_change(request, code, pk)
    is_current = link.is_current
    form = SupportForm(request.POST or None, instance=link, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "De steunfiguur is bewaard.")
        return redirect(TAB, code)
    return _show_form(request, household, form, "Pas de steunfiguur aan", link=link, is_current=is_current)


@require_POST
@right_required("families.change")
def end(request, code, pk):
    _, link = _link_to_change(request, code, pk)
    if link.is_current:
        actions.end(link)
        say_with_undo(request, "De steunfiguur staat nu bij vroeger.", name=actions.SUPPORT_ENDED, subject_id=link.pk)
    return redirect(TAB, code)


def _network_of(request, household):
    compartment = chosen(request, household)
    links = SupportLink.objects.visible_to(request.user).told_in(household, compartment)
    links = list(links.select_related("person", "other", "organisation"))
    current = [link for link in links if link.is_current]
    return {
        "links": current,
        "ended": [link for link in links if not link.is_current],
        "map": ecomap.draw(household, current),
        "today": timezone.localdate(),
    }


def _link_to_change(request, code, pk):
    household = family_to_change(request, code)
    link = SupportLink.objects.visible_to(request.user).filter(household=household, pk=pk).first()
    if link is None:
        raise Http404
    link.household = household
    return household, link


def _show_form(request, household, form, title, **context):
    if request.method != "POST":
        record_view(request, household)
    return render(
        request, "households/support_form.html", {"household": household, "form": form, "title": title, **context}
    )
