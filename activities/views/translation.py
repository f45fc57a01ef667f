"""Which activities lack which language, and what was translated from a text that has changed since."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.translation import TranslationForm
from activities.models import ActivitySeries
from activities.texts import FIELDS, OTHERS, is_stale, translation_of
from buurtwerk.accounts.decorators import right_required

PER_PAGE = 50


@require_safe
@right_required("activities.read")
def translations(request):
    """Public activities that go on; what is over or only for the team needs no translation."""
    going_on = Q(until=None) | Q(until__gte=timezone.localdate())
    found = ActivitySeries.objects.visible_to(request.user).public().filter(going_on).select_related("centre")
    page = Paginator(found.order_by("title", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    may_change = set(request.user.centres_where("activities.change"))
    rows = [
        {"series": series, "languages": states_of(series), "may_change": series.centre_id in may_change}
        for series in page
    ]
    return render(request, "activities/translations.html", {"page": page, "rows": rows})


def states_of(series):
    """For each language: translated, partly, missing or stale."""
    return [{"code": code, "name": name, "state": _state(series, code)} for code, name in OTHERS.items()]


def _state(series, language):
    translated = [field for field in FIELDS if translation_of(series.i18n, language, field)]
    if any(is_stale(series.i18n, language, field, getattr(series, field)) for field in translated):
        return "stale"
    if not translated:
        return "missing"
    return "done" if len(translated) == len(FIELDS) else "partly"


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.change")
def series_translations(request, slug):
    series = get_object_or_404(ActivitySeries.objects.visible_to(request.user).select_related("centre"), slug=slug)
    if not request.user.may("activities.change", series.centre_id):
        raise PermissionDenied
    form = TranslationForm(request.POST or None, instance=series)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"De vertalingen van “{series}” zijn bewaard. Bewoners zien ze meteen.")
        return redirect("activities:translations")
    return render(request, "activities/series_translations.html", {"form": form, "series": series})
