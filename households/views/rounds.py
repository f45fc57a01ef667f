from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.interface.templatetags.look import day as in_words
from buurtwerk.themes import Theme
from buurtwerk.trail.models import Access
from households.actions import rounds as actions
from households.doors import MOST_DOORS, doors_for, why_in_peace
from households.forms.round_grid import GridForm
from households.forms.rounds import CountForm, DoorsForm, RoundEditForm, RoundForm
from households.models import OutreachRound
from households.models.round import AGES

PER_PAGE = 30


@require_safe
@right_required("rounds.walk")
def round_list(request):
    rounds = OutreachRound.objects.visible_to(request.user).select_related("neighbourhood", "centre")
    page = Paginator(rounds.prefetch_related("workers"), PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {"page": page, "month": today, "figures": actions.figures_of_month(today, user=request.user)}
    return render(request, "households/round_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("rounds.walk")
def create(request):
    form = RoundForm(request.POST or None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "households/round_form.html", {"form": form})
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if not once.result:
        outreach = form.save(commit=False)
        outreach.centre_id = form.centre_id
        actions.plan(outreach, workers=form.cleaned_data["workers"], by=request.user)
        once.led_to(reverse("households:round-doors", args=[outreach.pk]))
        say_with_undo(
            request, f"Gepland voor {in_words(outreach.on)}.", name=actions.ROUND_PLANNED, subject_id=outreach.pk
        )
    return redirect(once.result)


@require_safe
@right_required("rounds.walk")
def detail(request, pk):
    outreach = _visible(request, pk)
    doors = _doors(request, outreach)
    _write_trail(request, outreach, doors, Access.Action.LIST)
    contacts = outreach.contacts.visible_to(request.user).select_related("household", "author").order_by("pk")
    context = {
        "outreach": outreach,
        "doors": doors,
        "contacts": contacts,
        "counts": _counts(outreach),
        "can_be_dropped": actions.can_be_dropped(outreach),
    }
    return render(request, "households/round_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("rounds.walk")
def edit(request, pk):
    outreach = _visible(request, pk, lock=request.method == "POST")
    form = RoundEditForm(request.POST or None, instance=outreach)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "De ronde is aangepast.")
        return redirect(outreach)
    return render(request, "households/round_form.html", {"form": form, "outreach": outreach})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("rounds.walk")
def count(request, pk):
    """Who was seen and spoken with. A round that still has to come has seen nobody."""
    outreach = _visible(request, pk, lock=request.method == "POST")
    if not outreach.can_be_noted:
        return _not_yet(request, outreach)
    draft = FormDraft(request, "ronde-tellen", subject=pk, title=f"Tellingen {outreach}")
    form = CountForm(request.POST or None, instance=outreach, initial=draft.start(CountForm))
    if request.method == "POST" and form.is_valid():
        form.save()
        draft.discard()
        messages.success(request, "De tellingen zijn bewaard.")
        return redirect(outreach)
    return render(request, "households/round_count.html", {"form": form, "outreach": outreach, **draft.context})


@require_POST
@right_required("rounds.walk")
def drop(request, pk):
    _visible(request, pk)
    sentence, *target = _as_tuple(actions.drop(pk, by=request.user))
    messages.info(request, sentence)
    return redirect(target[0] if target else reverse("households:round-detail", args=[pk]))


def _as_tuple(outcome):
    return outcome if isinstance(outcome, tuple) else (outcome,)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("rounds.walk")
def doors(request, pk):
    outreach = _visible(request, pk)
    offered, in_peace = doors_for(outreach, user=request.user)
    form = DoorsForm(request.POST if request.method == "POST" else None, doors=offered)
    if request.method == "POST" and form.is_valid():
        resting = [door.family for door in in_peace if door.is_chosen]
        actions.choose_doors(outreach, added=form.added, removed=[*form.removed, *resting])
        messages.success(request, "De deuren zijn bewaard.")
        return redirect(outreach)
    _trail(request, outreach, [door.family.pk for door in [*offered, *in_peace]], Access.Action.LIST)
    context = {"form": form, "outreach": outreach, "in_peace": in_peace, "most": MOST_DOORS}
    return render(request, "households/round_doors.html", context)


@require_POST
@right_required("rounds.walk")
def door_up(request, pk, door_pk):
    outreach = _visible(request, pk)
    actions.move_up(get_object_or_404(outreach.doors.visible_to(request.user), pk=door_pk))
    return redirect(f"{outreach.get_absolute_url()}#deuren")


@require_safe
@right_required("rounds.walk")
def sheet(request, pk):
    """Paper for on the street: codes, and nothing that says who lives there. Who is who, stays on the screen."""
    outreach = _visible(request, pk)
    doors = [door for door in _doors(request, outreach) if not door.contact_id]
    _write_trail(request, outreach, doors, Access.Action.PRINT)
    context = {
        "outreach": outreach,
        "doors": [door for door in doors if not door.why_in_peace],
        "left_out": [door for door in doors if door.why_in_peace],
        "blank": range(6),
        "ages": ["Kinderen", "Jongeren", "Volwassenen", "65 of ouder"],
    }
    return render(request, "households/round_sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("rounds.walk")
def fill(request, pk):
    """The grid: all doors in one save. What is right is kept, what is not stays as it was typed."""
    # Locked while it is being saved: the same page sent twice at once adds nothing.
    outreach = _visible(request, pk, lock=request.method == "POST")
    if not outreach.can_be_noted:
        return _not_yet(request, outreach)
    doors = _doors(request, outreach)
    if request.method != "POST":
        typed = _grid_draft(request, outreach).typed
        _write_trail(request, outreach, doors, Access.Action.LIST)
        return _show_grid(request, GridForm(outreach=outreach, user=request.user, doors=doors, typed=typed))
    grid = GridForm(request.POST, outreach=outreach, user=request.user, doors=doors)
    if not grid.is_valid():
        return _show_grid(request, grid)
    grid.judge()
    actions.note_rows(outreach, grid.good, by=request.user)
    if grid.bad:
        _keep_what_is_left(request, outreach, grid)
        _say_saved(request, grid)
        return _show_grid(request, grid)
    _grid_draft(request, outreach).discard()
    if not grid.good and not any(row.saved for row in grid.rows):
        messages.info(request, "Er was nog niets ingevuld.")
        return redirect(request.path)
    _say_saved(request, grid)
    return redirect(outreach)


def _keep_what_is_left(request, outreach, grid):
    """After the save only what still has to be looked at is a draft: the rest would be noted twice."""
    if grid.good:
        left = {f"{row.prefix}-{name}": [value] for row in grid.bad for name, value in row.typed.items() if value}
        _grid_draft(request, outreach).keep(left)


def _grid_draft(request, outreach):
    return FormDraft(request, "ronde-invullen", subject=outreach.pk, title=f"{outreach} invullen")


def _show_grid(request, grid):
    context = {
        "form": grid,
        "outreach": grid.outreach,
        "themes": [theme.label for theme in Theme],
        **_grid_draft(request, grid.outreach).context,
    }
    return render(request, "households/round_fill.html", context)


def _say_saved(request, grid):
    number = len(grid.good)
    if number:
        sentence = "1 contact is bewaard." if number == 1 else f"{number} contacten zijn bewaard."
        say_with_undo(request, sentence, name=actions.GRID_NOTED, subject_id=actions.first_of(grid.good))
    elif not grid.bad:
        messages.success(request, "Alles stond er al.")


def _not_yet(request, outreach):
    messages.info(request, f"Deze ronde is pas op {in_words(outreach.on)}. Daarna kan je ze invullen.")
    return redirect(outreach)


def _visible(request, pk, *, lock=False):
    rounds = OutreachRound.objects.visible_to(request.user)
    if lock:
        rounds = rounds.select_for_update(of=["self"])
    return get_object_or_404(rounds.select_related("neighbourhood", "centre"), pk=pk)


def _doors(request, outreach):
    """The doors this person may know of, each with why it should be left in peace by now."""
    doors = outreach.doors.visible_to(request.user).select_related("household__agreement", "contact")
    doors = list(doors)
    for door in doors:
        door.why_in_peace = why_in_peace(door.household, outreach)
    return doors


def _counts(outreach):
    labels = ["Kinderen", "Jongeren", "Volwassenen", "65 of ouder"]
    return [
        (label, getattr(outreach, f"{age}_seen"), getattr(outreach, f"{age}_spoken"))
        for age, label in zip(AGES, labels, strict=True)
    ]


def _write_trail(request, outreach, doors, action):
    _trail(request, outreach, [door.household_id for door in doors], action)


def _trail(request, outreach, households, action):
    """Which families were shown together, and for which round."""
    if households:
        Access.objects.record(
            request,
            action=action,
            record_type="household",
            ids=households,
            centre_id=outreach.centre_id,
            reason=f"Ronde {outreach.pk}",
        )
