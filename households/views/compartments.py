"""Luiken: on, off, and who sees what of it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from buurtwerk.accounts.decorators import right_required
from households.actions.compartments import set_compartments
from households.compartments import who_sees_what
from households.forms.compartments import CompartmentsForm
from households.views.page import family_to_change, show_tab


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def compartments(request, code):
    household = family_to_change(request, code)
    form = CompartmentsForm(request.POST or None, instance=household)
    is_asked = request.method == "POST" and form.is_valid()
    if is_asked and "preview" not in request.POST:
        set_compartments(form.instance, adults=form.chosen_adults, by=request.user)
        messages.success(request, f"Luiken staan nu {'aan' if household.has_compartments else 'uit'}.")
        return redirect("households:compartments", code)
    adults = form.chosen_adults
    # What is typed here is not saved yet: the page around it shows the family as it was.
    household.refresh_from_db(fields=["has_compartments"])
    context = {"form": form, "adults": adults, "rows": who_sees_what(adults), "asked": is_asked}
    return show_tab(request, household, "", "households/compartments.html", context)
