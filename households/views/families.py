from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access
from households import proposals, story, timeline
from households.actions import families as actions
from households.bike_story import bikes_beside, lines_of
from households.compartments import chosen, hides
from households.forms.families import (
    FamilyCreateForm,
    FamilyFilter,
    FamilyForm,
    SearchFirstForm,
    as_day,
)
from households.likeness import families_like
from households.models import HomeVisitNote, Household, Review
from households.rhythm import promise, rhythm_word
from households.views.merge import merges_of
from households.views.page import family_for, family_to_change, record_view, show_tab

PER_PAGE = 50
FIRST_TO_DO = 6
SEARCHED = "families_searched"


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.list")
def family_list(request):
    """Filters stand in the address. Words that are searched for may be a name, so those wait in the session."""
    if request.method == "POST":
        return _remember_search(request)
    words = request.session.get(SEARCHED, "") if "zoek" in request.GET else ""
    form = FamilyFilter({**request.GET.dict(), "q": words}, user=request.user)
    return _show_list(request, form)


def _remember_search(request):
    form = FamilyFilter(request.POST, user=request.user)
    if not form.is_valid():
        return _show_list(request, form)
    request.session[SEARCHED] = form.cleaned_data["q"]
    address = {**form.in_address(), "zoek": 1} if form.cleaned_data["q"] else form.in_address()
    return redirect(f"{reverse('households:list')}?{urlencode(address)}")


def _show_list(request, form):
    families = Household.objects.visible_to(request.user).with_readers(request.user)
    families = families.select_related("primary_worker", "neighbourhood", "agreement")
    page = Paginator(form.apply(families), PER_PAGE).get_page(request.GET.get("page"))
    searched = form.is_valid() and form.cleaned_data["q"]
    action = Access.Action.SEARCH if searched else Access.Action.LIST
    Access.objects.record_shown(request, page, action=action, record_type="household")
    openable = set(request.user.centres_where("families.open"))
    for family in page:
        family.is_open_to_reader = family.centre_id in openable
        family.is_own_file = family.is_open_to_reader and family.is_read_by(request.user)
        family.rhythm_word, family.promise = rhythm_word(family), promise(family)
    return render(
        request,
        "households/family_list.html",
        {
            "form": form,
            "page": page,
            "reads": bool(openable),
            "may_prepare": request.user.may("visits.prepare"),
            "may_move": request.user.may("families.move"),
            "may_merge": request.user.may("families.merge"),
            "may_review": request.user.may("files.review"),
            "may_create": request.user.may("families.change"),
            "searched": searched,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def create(request):
    """Search before create: a page that posts, so that no name of a resident stands in an address."""
    if request.method != "POST":
        return render(request, "households/family_search.html", {"form": SearchFirstForm()})
    form = SearchFirstForm(request.POST)
    if not form.is_valid():
        return render(request, "households/family_search.html", {"form": form})
    candidates = _candidates(request, form)
    if not candidates:
        return _ask_details(request, form)
    return render(request, "households/family_search.html", {"form": form, "candidates": candidates})


@require_POST
@right_required("families.change")
def create_candidates(request):
    """The same candidates while someone is typing."""
    form = SearchFirstForm(request.POST)
    form.is_valid()
    return render(request, "households/_family_candidates.html", {"candidates": _candidates(request, form)})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def create_details(request):
    """The rest of a new family. Who comes here first, brings what was typed in the search."""
    if request.method != "POST":
        return redirect("households:create")
    if "token" not in request.POST:
        return _ask_details(request, SearchFirstForm(request.POST))
    form = FamilyCreateForm(request.POST, user=request.user)
    if not form.is_valid():
        return _show_details(request, form)
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if once.result:
        return redirect(once.result)
    first_person = form.person if form.person.first_name else None
    household = actions.create_family(
        form.instance, by=request.user, first_person=first_person, role=form.cleaned_data["role"]
    )
    once.led_to(household.get_absolute_url())
    say_with_undo(request, f"{household} staat erbij.", name=actions.FAMILY_CREATED, subject_id=household.pk)
    return redirect(household)


def _candidates(request, form):
    candidates = families_like(form.typed(), user=request.user)
    Access.objects.record_shown(request, candidates, action=Access.Action.SEARCH, record_type="household")
    return candidates


def _ask_details(request, search):
    """The form with everything typed so far."""
    typed = {name: search.data.get(name, "") for name in SearchFirstForm.base_fields}
    return _show_details(request, FamilyCreateForm(initial=typed, user=request.user))


def _show_details(request, form):
    form.helper.form_action = reverse("households:create-details")
    return render(request, "households/family_create.html", {"form": form})


@require_safe
@right_required("families.open")
def detail(request, code):
    families = Household.objects.with_readers(request.user).with_shared_people()
    families = families.select_related("primary_worker", "backup_worker", "neighbourhood", "agreement")
    families = families.annotate(given_visit_notes=HomeVisitNote.objects.of_page(request.user, OuterRef("pk")))
    families = families.annotate(given_bikes=bikes_beside(request.user))
    household = family_for(request.user, code, families=proposals.with_recent(families))
    # Who they are is for who reads the file; a colleague knows that the family exists and whom to ask.
    members = _members_of(household, user=request.user) if household.is_read_by(request.user) else []
    chosen(request, household)
    _mark_hidden(members, household)
    current = [member for member in members if member.is_current]
    follow_ups = story.open_follow_ups(household, user=request.user)
    entries, older = timeline.page(household, user=request.user, before=as_day(request.GET.get("voor")))
    context = {
        "agreement": getattr(household, "agreement", None),
        "members": current,
        "earlier_members": [member for member in members if not member.is_current],
        "follow_ups": follow_ups[:FIRST_TO_DO],
        # Who plans a contact, orders an interpreter in time.
        "to_interpret": [each for each in current if each.person.needs_interpreter] if follow_ups else [],
        "visit_notes": [HomeVisitNote(**given) for given in household.given_visit_notes],
        "merges": merges_of(household, request.user) if request.user.may("families.merge", household.centre_id) else [],
        "riding": lines_of(household),
        "entries": entries,
        "older": older,
        **_what_to_think_about(household, request.user),
    }
    return show_tab(request, household, "households:detail", "households/family_detail.html", context)


def _members_of(household, *, user):
    """With where else they belong."""
    members = list(household.members.with_other_families(household, user=user).select_related("person"))
    household.know_members(members)
    return members


def _mark_hidden(members, household):
    """Who is not to be reached from the luik of this page, and where they are."""
    luiken = {luik.person_id: luik for luik in household.compartments}
    for member in members:
        member.is_hidden_here = hides(household, member.person_id)
        member.luik = luiken.get(member.person_id)


def _what_to_think_about(household, user):
    """What the app proposes, and how often we tried since we last reached them: for who reads the file."""
    if not household.is_read_by(user):
        return {"proposals": [], "tries": []}
    recent = proposals.recent_of(household)
    found = {"proposals": proposals.of(household, recent), "tries": recent.since_reached}
    if household.status == Household.Status.CLOSED:
        found["closing_review"] = household.reviews.filter(kind=Review.Kind.CLOSING).first()
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def edit(request, code):
    household = family_to_change(request, code)
    form = FamilyForm(request.POST or None, instance=household)
    if request.method == "POST" and form.is_valid():
        before = set(household.colleagues.all())
        form.save()
        actions.tell_colleagues(household, before=before, by=request.user)
        messages.success(request, "De gegevens van het gezin zijn bewaard.")
        return redirect(household)
    return _show_form_of(request, household, "households/family_edit.html", {"form": form})


def _show_form_of(request, household, template, context):
    """A form with what we know of a family is a view of that family; what someone sends back to it is not."""
    if request.method != "POST":
        record_view(request, household)
    return render(request, template, {"household": household, **context})
