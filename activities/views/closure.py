from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from activities.actions.closure import UNDO_CLOSURE, close_days, close_on_flemish_day, open_days, still_on
from activities.forms import ClosureForm
from activities.wording import moments
from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.places.computed import differences
from buurtwerk.places.models import Centre, Closure, SchoolHoliday

MOST_CLOSURES = 60


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("activities.settle")
def closures(request):
    """The days a centre is closed; school holidays stand below them, with where we know them from."""
    form = ClosureForm(request.POST or None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if not once.result:
        closure = form.save(commit=False)
        skipped = close_days(closure)
        once.led_to(request.path)
        sentence = f"“{closure.reason}” is bewaard. {moments(skipped)} overgeslagen."
        say_with_undo(request, sentence, name=UNDO_CLOSURE, subject_id=closure.pk)
    return redirect("activities:closures")


@require_POST
@right_required("activities.settle")
def closure_remove(request, pk):
    mine = Closure.objects.filter(centre__in=request.user.centres_where("activities.settle")).select_related("centre")
    closure = get_object_or_404(mine, pk=pk)
    back = open_days(closure)
    messages.success(request, f"“{closure.reason}” is weg. {moments(back)} weer gepland.")
    return redirect("activities:closures")


@require_POST
@right_required("activities.settle")
def flemish_day(request, slug):
    centre = get_object_or_404(Centre.objects.where(request.user, "activities.settle"), slug=slug)
    is_closed = request.POST.get("closed") == "1"
    close_on_flemish_day(centre, is_closed=is_closed)
    said = "is gesloten op 11 juli" if is_closed else "volgt op 11 juli de gewone planning"
    messages.success(request, f"{centre} {said}.")
    return redirect("activities:closures")


def _page(request, form):
    centres = Centre.objects.where(request.user, "activities.settle")
    coming = Closure.objects.filter(centre__in=centres, last_day__gte=timezone.localdate())
    rows = list(coming.select_related("centre").order_by("first_day", "pk")[:MOST_CLOSURES])
    on = still_on(rows)
    holidays = SchoolHoliday.objects.filter(community="nl", last_day__gte=timezone.localdate())
    context = {
        "form": form,
        "rows": [{"closure": row, "still_on": on[row.pk]} for row in rows],
        "centres": centres,
        "holidays": holidays,
        "differences": differences(),
    }
    return render(request, "activities/closures.html", context)
