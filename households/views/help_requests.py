from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.forms import FormDraft
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.interface.templatetags.look import day as in_words
from buurtwerk.trail.models import Access
from households import compartments
from households.actions import help_requests as actions
from households.actions import offers
from households.actions import rights as right_actions
from households.forms.follow_ups import PostponeForm
from households.forms.help_requests import (
    EndForm,
    HandHelpOverForm,
    HelpRequestEditForm,
    HelpRequestFilter,
    HelpRequestForm,
    ReopenForm,
)
from households.models import Contact, HelpRequest
from households.views.page import REREADS, family_to_add_to, file_for, record_view, refuse_when_closed, show_tab

AT_ONCE, ENDED_SHOWN = 20, 20


@require_safe
@right_required("families.open")
def tab(request, code):
    """Hulpvragen & rechten: what the family asks, and what it has a right to."""
    household = file_for(request.user, code)
    luik = compartments.chosen(request, household)
    asked = HelpRequest.objects.visible_to(request.user).told_in(household, luik)
    context = {
        "open": asked.open().select_related("owner", "offered_to", "person"),
        "ended": asked.ended().select_related("ended_by", "person").order_by("-ended_at")[:ENDED_SHOWN],
        "rights": right_actions.overview(household, user=request.user),
    }
    return show_tab(request, household, "households:help", "households/help_tab.html", context)


@require_safe
@right_required("followups.work")
def help_request_list(request):
    chosen = HelpRequestFilter(request.GET)
    asked = chosen.apply(HelpRequest.objects.visible_to(request.user).open(), user=request.user)
    asked = asked.select_related("household", "owner", "offered_to", "person").order_by("next_on", "pk")
    page = Paginator(asked, AT_ONCE).get_page(request.GET.get("page"))
    Access.objects.record_shown(request, page, action=Access.Action.LIST, record_type="help_request")
    shown = {
        "page": page,
        "shown": chosen.shown,
        "choices": HelpRequestFilter.SHOWN,
        "oversees": request.user.may("families.oversee"),
    }
    return render(request, "households/help_request_list.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("followups.work")
def create(request, code):
    household = family_to_add_to(request, code, right="followups.work")
    contact = _contact_it_came_from(request, household)
    draft = _draft(request, household, "hulpvraag", subject=household.code, address=request.get_full_path())
    start = {"asked_on": contact.happened_on, "theme": next(iter(contact.themes), "")} if contact else {}
    start |= draft.start(HelpRequestForm)
    form = HelpRequestForm(request.POST or None, household=household, user=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result and _ask(request, form, household, contact):
            once.led_to(reverse("households:help", args=[household.code]))
            draft.discard()
        if once.result:
            return redirect(once.result)
    if request.method != "POST":
        record_view(request, household)
    context = {"form": form, "household": household, "contact": contact, **draft.context}
    return render(request, "households/help_request_create.html", context)


def _ask(request, form, household, contact):
    asked = form.save(commit=False)
    try:
        actions.ask(asked, household=household, by=request.user, contact=contact)
    except offers.NotPossible:
        form.add_error("owner", offers.LEFT)
        return False
    sentence = f"De hulpvraag is bewaard. Opnieuw te bekijken op {in_words(asked.next_on)}."
    sentence += offers.sentence_about(asked, by=request.user)
    say_with_undo(request, sentence, name=actions.UNDO_ASKED, subject_id=asked.pk)
    return True


def _contact_it_came_from(request, household):
    """The contact in the address, when it is one of this family that this colleague reads."""
    number = request.GET.get("contact", "")
    if not number.isdecimal() or len(number) > 18:
        return None
    contacts = Contact.objects.visible_to(request.user).filter(household=household)
    contact = contacts.select_related("household", "sealed_note", "work_note").filter(pk=number).first()
    return contact if contact and contact.is_readable_by(request.user) else None


def asked_in(contact, user, *, is_readable):
    """What the page of a contact shows of the questions that came out of it, and whether one can be added."""
    family = contact.household
    if not is_readable or family is None or not family.is_read_by(user):
        return {"help_requests": [], "may_ask": False}
    asked = HelpRequest.objects.visible_to(user).filter(born_from=contact)
    return {
        "help_requests": asked.select_related("person", "owner", "ended_by"),
        "may_ask": user.may("followups.work", contact.centre_id),
    }


@require_safe
@right_required("followups.work")
def detail(request, pk):
    asked = _visible(request.user).select_related(
        "household", "person", "owner", "handed_over_by", "offered_to", "created_by", "ended_by", "born_from"
    )
    asked = get_object_or_404(asked.select_related("referral__organisation", "referral__person"), pk=pk)
    return _page(request, asked, "detail")


def changes_help_request(view):
    """A page that changes one help request: locked while it is sent, so that colleagues come one after the other."""

    @wraps(view)
    def guarded(request, pk):
        found = _visible(request.user)
        if request.method == "POST":
            found = found.select_for_update(of=["self"])
        return view(request, get_object_or_404(found.select_related("household"), pk=pk))

    return require_http_methods(["GET", "HEAD", "POST"])(right_required("followups.work")(guarded))


def while_open(view):
    @wraps(view)
    def guarded(request, asked):
        if not asked.is_open:
            messages.info(request, f"Deze hulpvraag is al afgesloten: {asked.get_status_display().lower()}.")
            return redirect(asked)
        return view(request, asked)

    return guarded


def unless_overtaken(view):
    """A new day or owner is not right when a colleague just chose another."""

    @wraps(view)
    def guarded(request, asked):
        if request.method == "POST" and request.POST.get("version") != str(asked.version):
            messages.info(request, "Een collega paste dit intussen aan. Kijk even na en probeer opnieuw.")
            return redirect(asked)
        return view(request, asked)

    return guarded


@changes_help_request
@while_open
def edit(request, asked):
    draft = _draft(request, asked.household, "hulpvraag-aanpassen", subject=asked.pk)
    form = HelpRequestEditForm(request.POST or None, instance=asked, initial=draft.start(HelpRequestEditForm))
    if request.method == "POST" and form.is_valid():
        form.save()
        draft.discard()
        return _changed(request, asked, "De hulpvraag is aangepast.")
    return _page(request, asked, "edit", form=form, **draft.context)


@changes_help_request
@while_open
@unless_overtaken
def postpone(request, asked):
    form = PostponeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, asked, "postpone", form=form)
    to = form.cleaned_data["on"]
    if asked.asks_if_still_needed and to > asked.next_on and "still_needed" not in request.POST:
        return _page(request, asked, "ask", to=to)
    actions.postpone(asked, to=to)
    return _changed(request, asked, f"Verzet naar {in_words(to)}.")


@changes_help_request
@while_open
@unless_overtaken
def hand_over(request, asked):
    form = HandHelpOverForm(request.POST or None, request=asked)
    if request.method != "POST" or not form.is_valid():
        return _page(request, asked, "hand_over", form=form)
    try:
        offers.offer(asked, to=form.cleaned_data["to"], by=request.user)
    except offers.NotPossible:
        form.add_error("to", offers.LEFT)
        asked.refresh_from_db()
        return _page(request, asked, "hand_over", form=form)
    if asked.offered_to is None:
        messages.success(request, f"Overgenomen van {asked.handed_over_by}.")
        return redirect(asked)
    return _changed(request, asked, f"Aangeboden aan {asked.offered_to}.", undo=offers.UNDO[HelpRequest])


@changes_help_request
@while_open
def end(request, asked):
    draft = _draft(request, asked.household, "hulpvraag-afsluiten", subject=asked.pk, title="Hulpvraag afsluiten")
    form = EndForm(request.POST or None, initial=draft.start(EndForm))
    if request.method != "POST" or not form.is_valid():
        return _page(request, asked, "end", form=form, **draft.context)
    actions.end(asked, **form.cleaned_data, by=request.user)
    draft.discard()
    return _changed(request, asked, f"De hulpvraag is afgesloten: {asked.get_status_display().lower()}.")


@changes_help_request
@unless_overtaken
def reopen(request, asked):
    if asked.is_open:
        return redirect(asked)
    refuse_when_closed(request, asked.household)
    form = ReopenForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, asked, "reopen", form=form)
    actions.reopen(asked, next_on=form.cleaned_data["next_on"], by=request.user)
    return _changed(request, asked, "De hulpvraag staat weer open.")


def _visible(user):
    return HelpRequest.objects.visible_to(user)


def _changed(request, asked, sentence, *, undo=actions.UNDO_CHANGED):
    say_with_undo(request, sentence, name=undo, subject_id=actions.state_before(asked))
    return redirect(asked)


def _draft(request, household, form, *, subject, title="Hulpvraag", address=""):
    title = f"{title} {household.code}"
    return FormDraft(request, form, subject=subject, title=title, address=address, rereads=REREADS)


def _page(request, asked, name, **context):
    if request.method != "POST":
        Access.objects.record_shown(request, [asked], action=Access.Action.VIEW, record_type="help_request")
    return render(request, f"households/help_request_{name}.html", {"asked": asked, **context})
