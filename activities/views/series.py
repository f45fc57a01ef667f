from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import date as format_date
from django.views.decorators.http import require_http_methods, require_safe

from activities.actions import change_series, plan_series
from activities.actions.series import what_if
from activities.clock import heartbeat
from activities.forms import NewSeriesForm, SeriesFilter, SeriesForm, ask_about_people
from activities.generation import dates_of, end_of_school_year, skipped_by_reason, warnings_of
from activities.models import ActivitySeries
from activities.wording import moments as moments_in_words
from activities.wording import replanned_in_words
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce

MOST_SERIES = 100
MOST_MOMENTS = 40


@require_safe
@right_required("activities.read")
def series_list(request):
    form = SeriesFilter(request.GET)
    found = form.apply(ActivitySeries.objects.visible_to(request.user)).select_related("centre").with_next_moment()
    rows = list(found.order_by("title", "pk")[: MOST_SERIES + 1])
    return render(
        request,
        "activities/series_list.html",
        {
            "filter": form,
            "rows": rows[:MOST_SERIES],
            "is_cut_off": len(rows) > MOST_SERIES,
            "is_searching": bool(request.GET.get("q")),
            "may_change": request.user.may("activities.change"),
            "may_staff": request.user.may("participants.read"),
            "may_see_people": request.user.may("participants.read"),
            "may_settle": request.user.may("activities.settle"),
            "heartbeat": heartbeat() if request.user.may("activities.change") else None,
        },
    )


@require_safe
@right_required("activities.read")
def series(request, slug):
    found = get_object_or_404(_visible(request), slug=slug)
    moments = found.sessions.shown().coming().order_by("starts_at", "pk")
    return render(
        request,
        "activities/series.html",
        {
            "series": found,
            "centre": found.centre,
            "moments": list(moments[:MOST_MOMENTS]),
            "dates": _preview(found),
            "phases": found.phases.all(),
            "may_change": request.user.may("activities.change", found.centre_id),
            "may_see_people": request.user.may("participants.read", found.centre_id),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.change")
def series_create(request):
    form = NewSeriesForm(request.POST or None, user=request.user)
    if request.method != "POST" or not form.is_valid() or "preview" in request.POST:
        return _form_page(request, form)
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if once.result:
        return redirect(once.result)
    new = form.save(commit=False)
    new.slug = ActivitySeries.objects.free_slug(new.title)
    typed = form.cleaned_data
    made = plan_series(new, dates=typed["dates"], staff=typed["staff"], by=request.user)
    once.led_to(new.get_absolute_url())
    messages.success(request, f"“{new}” is bewaard. {_planned_in_words(made)}")
    return redirect(new)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.change")
def series_change(request, slug):
    found = get_object_or_404(_visible(request), slug=slug)
    if not request.user.may("activities.change", found.centre_id):
        raise PermissionDenied
    form = SeriesForm(request.POST or None, instance=found, user=request.user)
    if request.method != "POST" or not form.is_valid() or "preview" in request.POST:
        return _form_page(request, form)
    options = {"dates": form.named_dates, "with_people": form.cleaned_data["people"] == "yes", "by": request.user}
    changed = form.save(commit=False)
    expected = what_if(change_series, changed, **options)
    if expected.with_people and not form.cleaned_data["people"]:
        ask_about_people(form, expected)
        return _form_page(request, form)
    replanned = change_series(changed, **options)
    form.save_m2m()
    messages.success(request, f"“{found}” is bewaard. {replanned_in_words(replanned)}")
    return redirect(found)


def _visible(request):
    return ActivitySeries.objects.visible_to(request.user).select_related("centre")


def _form_page(request, form):
    is_previewed = "preview" in request.POST and form.is_valid()
    context = {"form": form, "series": form.instance, "dates": None}
    if is_previewed:
        context["dates"] = _preview(form.instance, chosen=form.cleaned_data["dates"])
    return render(request, "activities/series_form.html", context)


def _preview(found, *, chosen=()):
    """Every date up to the end of the school year, with the reason for each skipped one."""
    dates = dates_of(found, chosen=chosen)
    return {
        "on": [planned for planned in dates if planned.is_on],
        "skipped": skipped_by_reason(dates),
        "warnings": warnings_of(dates),
        "until": end_of_school_year(),
    }


def _planned_in_words(made):
    if not made:
        return "Er staan nog geen momenten gepland: kijk de datums na."
    return f"{moments_in_words(len(made))} gepland tot en met {format_date(end_of_school_year(), 'j F Y')}."
