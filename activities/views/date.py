from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import date as format_date
from django.views.decorators.http import require_http_methods

from activities.actions.date import UNDO_DATE, Action, Undecidable, decide
from activities.forms import DateForm
from activities.models import ActivitySeries
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.undo import say_with_undo

SAID = {
    Action.SKIP: "{day} wordt overgeslagen.",
    Action.ADD: "{day} is toegevoegd.",
    Action.RESTORE: "{day} gaat toch door.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.change")
def series_date(request, slug):
    """Skip a date, add one or put one back."""
    visible = ActivitySeries.objects.visible_to(request.user).select_related("centre")
    series = get_object_or_404(visible, slug=slug)
    if not request.user.may("activities.change", series.centre_id):
        raise PermissionDenied
    asked = {"day": request.GET.get("dag", "")[:10], "action": request.GET.get("wat", "")[:10]}
    form = DateForm(request.POST or None, initial=asked)
    if request.method == "POST" and form.is_valid() and (event := _decide(series, form, request.user)):
        day = format_date(form.cleaned_data["day"], "l j F").capitalize()
        sentence = SAID[form.cleaned_data["action"]].format(day=day)
        say_with_undo(request, sentence, name=UNDO_DATE, subject_id=event)
        return redirect(series)
    return render(request, "activities/series_date.html", {"form": form, "series": series})


def _decide(series, form, user):
    typed = form.cleaned_data
    try:
        return decide(series, typed["day"], action=typed["action"], reason=typed["reason"], by=user)
    except Undecidable as why:
        form.add_error("day", str(why))
