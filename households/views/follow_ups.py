from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import as_initial
from buurtwerk.drafts.models import Draft, SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.interface.templatetags.look import day as in_words
from buurtwerk.interface.views import Refused
from buurtwerk.trail.models import Access
from households import compartments, plate, steps
from households.actions import follow_ups as actions
from households.actions import offers
from households.forms.follow_ups import FollowUpFilter, FollowUpForm, HandOverForm, PostponeForm, WaitForm
from households.models import FollowUp, Household
from households.views.page import REREADS, family_for, file_for, record_view, refuse_when_closed, show_tab

# Each line can be moved where it stands, and weighs for it: so many fit in a page of 60 KB.
DRAFT = "opvolging"
AT_ONCE, CLOSED_AT_ONCE, CLOSED_SHOWN = 12, 30, 10


@require_safe
@right_required("followups.work")
def follow_up_list(request):
    chosen = FollowUpFilter(request.GET)
    follow_ups = chosen.apply(FollowUp.objects.visible_to(request.user).open(), user=request.user)
    follow_ups = follow_ups.select_related("household", "assigned_to", "handed_over_by", "offered_to").order_by(
        "due_on", "pk"
    )
    page = Paginator(follow_ups, AT_ONCE).get_page(request.GET.get("page"))
    Access.objects.record_shown(request, page, action=Access.Action.LIST, record_type="follow_up")
    shown = {
        "groups": actions.grouped(page, timezone.localdate()),
        "page": page,
        "shown": chosen.shown,
        "choices": FollowUpFilter.SHOWN,
        "with_owner": chosen.shown == "team",
        "closed": _closed_today(request.user),
    }
    return render(request, "households/follow_up_list.html", shown)


@require_safe
@right_required("families.open")
def of_family(request, code):
    """Everything we promised one family: what is open, and what was settled."""
    household = file_for(request.user, code)
    shown = "klaar" if request.GET.get("toon") == "klaar" else "open"
    ours = household.follow_ups.visible_to(request.user).told_in(household, compartments.chosen(request, household))
    count = ours.aggregate(
        open=Count("pk", filter=Q(closed_at=None)), klaar=Count("pk", filter=Q(closed_at__isnull=False))
    )
    ours = ours.select_related("assigned_to", "handed_over_by", "offered_to", "closed_by")
    follow_ups = ours.open() if shown == "open" else ours.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
    page = Paginator(follow_ups, AT_ONCE if shown == "open" else CLOSED_AT_ONCE).get_page(request.GET.get("page"))
    context = {"page": page, "shown": shown, "count": count, "more": plate.of_family(household, request.user)}
    return show_tab(request, household, "households:family-follow-ups", "households/family_follow_ups.html", context)


def _closed_today(user):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = FollowUp.objects.visible_to(user).filter(closed_by=user, closed_at__gte=midnight)
    return mine.select_related("household").order_by("-closed_at")[:CLOSED_SHOWN]


@require_http_methods(["GET", "POST"])
@right_required("followups.work")
def create(request, code):
    """By who reads the file; a colleague who saw the family themselves may plan what they promised there."""
    household = family_to_follow_up(request, code)
    draft = Draft.objects.of(user=request.user, form=DRAFT, subject=household.code)
    typed = as_initial(FollowUpForm, draft.typed) if draft else None
    form = FollowUpForm(request.POST or None, household=household, user=request.user, initial=typed)
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result and _keep_new(request, form, household):
            once.led_to(household.get_absolute_url())
        if once.result:
            return redirect(once.result)
    if request.method != "POST":
        record_view(request, household)
    about_draft = {
        "draft_form": DRAFT,
        "rereads": REREADS,
        "draft_subject": household.code,
        "draft_title": f"Opvolging {household.code}",
        "draft_address": request.path,
    }
    return render(request, "households/follow_up_create.html", {"form": form, "household": household, **about_draft})


def _keep_new(request, form, household):
    follow_up = form.save(commit=False)
    follow_up.household, follow_up.centre_id = household.held(), household.centre_id
    follow_up.created_by = request.user
    try:
        offers.keep_new(follow_up, by=request.user)
    except offers.NotPossible:
        form.add_error("assigned_to", offers.LEFT)
        return False
    Draft.objects.discard(user=request.user, form=DRAFT, subject=household.code)
    say_with_undo(
        request,
        f"Afgesproken voor {in_words(follow_up.due_on)}." + offers.sentence_about(follow_up, by=request.user),
        name="households.follow-up-created",
        subject_id=follow_up.pk,
    )
    return True


def family_to_follow_up(request, code):
    families = Household.objects.with_readers(request.user)
    families = families if request.method == "GET" else families.select_for_update(of=["self"])
    household = family_for(request.user, code, right="followups.work", families=families)
    own = Q(author=request.user) | Q(co_workers=request.user)
    if not household.is_read_by(request.user) and not household.contacts.filter(own).exists():
        raise Refused("households/closed_file.html", household=household)
    refuse_when_closed(request, household)
    return household


@require_safe
@right_required("followups.work")
def detail(request, pk):
    follow_ups = FollowUp.objects.visible_to(request.user)
    together = follow_ups.select_related("household", "assigned_to", "handed_over_by", "offered_to")
    follow_up = get_object_or_404(together.select_related("closed_by", "born_from"), pk=pk)
    _record(request, follow_up)
    page = {
        "follow_up": follow_up,
        "born_from": _born_from(follow_up, request.user),
        "steps": steps.of(follow_up),
        "wait_form": WaitForm(instance=follow_up),
    }
    return render(request, "households/follow_up_detail.html", page)


def _record(request, follow_up):
    Access.objects.record_shown(request, [follow_up], action=Access.Action.VIEW, record_type="follow_up")


def _born_from(follow_up, user):
    """The contact it comes from, in words; how it went only for who reads that contact."""
    contact = follow_up.born_from
    if contact is None:
        return ""
    contact.household = follow_up.household
    return str(contact) if contact.is_readable_by(user) else contact.get_mode_display()


def changes_follow_up(view):
    """A POST on one open follow-up, locked until the answer: two colleagues at once never both change it."""

    @wraps(view)
    def guarded(request, pk):
        follow_ups = FollowUp.objects.visible_to(request.user).select_for_update()
        follow_up = get_object_or_404(follow_ups, pk=pk)
        if not follow_up.is_open:
            return _already_closed(request, follow_up)
        return view(request, follow_up)

    return require_POST(right_required("followups.work")(guarded))


def unless_overtaken(view):
    """Ticking is always right; a new day or a new owner is not, when a colleague just chose another."""

    @wraps(view)
    def guarded(request, follow_up):
        if request.POST.get("version") != str(follow_up.version):
            messages.info(request, "Een collega paste dit intussen aan. Kijk even na en probeer opnieuw.")
            return redirect(follow_up)
        return view(request, follow_up)

    return guarded


@changes_follow_up
def close(request, follow_up):
    actions.finish(follow_up, status=FollowUp.Status.DONE, by=request.user)
    return _answer(request, follow_up, f"Klaar: {follow_up.what}")


@changes_follow_up
def drop(request, follow_up):
    actions.finish(follow_up, status=FollowUp.Status.DROPPED, by=request.user)
    return _answer(request, follow_up, f"Niet meer nodig: {follow_up.what}")


@changes_follow_up
@unless_overtaken
def postpone(request, follow_up):
    form = PostponeForm(request.POST)
    if not form.is_valid():
        return _page(request, "follow_up_postpone", follow_up, form=form)
    to = form.cleaned_data["on"]
    if follow_up.asks_if_still_needed and to > follow_up.due_on and "still_needed" not in request.POST:
        return _page(request, "follow_up_ask", follow_up, to=to)
    actions.postpone(follow_up, to=to)
    return _answer(request, follow_up, f"Verzet naar {in_words(to)}: {follow_up.what}")


@require_http_methods(["GET", "POST"])
@right_required("followups.work")
def hand_over(request, pk):
    if request.method == "POST":
        return _hand_over(request, pk)
    follow_up = get_object_or_404(FollowUp.objects.visible_to(request.user).open(), pk=pk)
    _record(request, follow_up)
    return _page(request, "follow_up_hand_over", follow_up, form=HandOverForm(follow_up=follow_up))


@changes_follow_up
@unless_overtaken
def _hand_over(request, follow_up):
    form = HandOverForm(request.POST, follow_up=follow_up)
    if not form.is_valid():
        return _page(request, "follow_up_hand_over", follow_up, form=form)
    try:
        offers.offer(follow_up, to=form.cleaned_data["to"], by=request.user)
    except offers.NotPossible:
        form.add_error("to", offers.LEFT)
        follow_up.refresh_from_db()
        return _page(request, "follow_up_hand_over", follow_up, form=form)
    if follow_up.offered_to is None:
        messages.success(request, f"Overgenomen van {follow_up.handed_over_by}: {follow_up.what}")
        return _back(request)
    sentence = f"Aangeboden aan {follow_up.offered_to}: {follow_up.what}"
    return _answer(request, follow_up, sentence, undo=offers.UNDO[FollowUp])


@changes_follow_up
@unless_overtaken
def wait(request, follow_up):
    form = WaitForm(request.POST, instance=follow_up)
    if not form.is_valid():
        return _page(request, "follow_up_wait", follow_up, form=form)
    actions.wait(follow_up, on=form.cleaned_data["waiting_on"])
    return _answer(request, follow_up, f"Wacht op {follow_up.waiting_on}: {follow_up.what}")


@changes_follow_up
@unless_overtaken
def resume(request, follow_up):
    actions.resume(follow_up)
    return _answer(request, follow_up, f"Weer te doen: {follow_up.what}")


def _page(request, name, follow_up, **more):
    page = {"follow_up": follow_up, "next": _came_from(request), **more}
    return render(request, f"households/{name}.html", page)


def _answer(request, follow_up, sentence, *, undo="households.follow-up-changed"):
    """Back to where the button was, or only the line itself for htmx, with the way back beside it."""
    say_with_undo(request, sentence, name=undo, subject_id=actions.state_before(follow_up))
    return _back(request)


def _already_closed(request, follow_up):
    who = "Je" if follow_up.closed_by_id == request.user.pk else follow_up.closed_by
    messages.info(request, f"{who} rondde dit al af: {follow_up.what}")
    return _back(request)


def _back(request):
    if request.htmx:
        return render(request, "households/_follow_up_changed.html", {"next": _came_from(request)})
    return HttpResponseRedirect(_came_from(request))


def _came_from(request):
    address = request.POST.get("next", "")
    safe = address.startswith("/team/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if safe else reverse("households:follow-up-list")
