from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import Draft, SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access
from households import timeline
from households.actions import families as actions
from households.forms.families import (
    AgreementForm,
    FamilyCreateForm,
    FamilyFilter,
    FamilyForm,
    SearchFirstForm,
    as_day,
)
from households.likeness import families_like
from households.models import ContactAgreement, Household
from households.rhythm import promise, rhythm_word

PER_PAGE = 50
SEARCHED = "families_searched"


def family_for(user, code, *, right="families.open", families=None):
    """The family with this code: 404 for who may not know of it, 403 for who may not do this with it."""
    families = Household.objects.all() if families is None else families
    household = families.visible_to(user).exclude(status=Household.Status.ERASED).filter(code=code).first()
    if household is None:
        raise Http404
    if not user.may(right, household.centre_id):
        raise PermissionDenied
    return household


def family_to_change(request, code):
    """The same, for a form: locked while it is being saved, so that two colleagues come one after the other."""
    families = Household.objects.all() if request.method == "GET" else Household.objects.select_for_update()
    return family_for(request.user, code, right="families.change", families=families)


def record_view(request, household):
    Access.objects.record(
        request,
        action=Access.Action.VIEW,
        record_type="household",
        ids=[household.pk],
        centre_id=household.centre_id,
    )


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
    families = Household.objects.visible_to(request.user).select_related("primary_worker", "neighbourhood")
    page = Paginator(form.apply(families), PER_PAGE).get_page(request.GET.get("page"))
    openable = set(request.user.centres_where("families.open"))
    for family in page:
        family.is_open_to_reader = family.centre_id in openable
        family.rhythm_word, family.promise = rhythm_word(family), promise(family)
    return render(
        request,
        "households/family_list.html",
        {
            "form": form,
            "page": page,
            "reads": bool(openable),
            "may_create": request.user.may("families.change"),
            "searched": form.is_valid() and form.cleaned_data["q"],
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
    candidates = _candidates(request.user, form)
    if not candidates:
        return _ask_details(request, form)
    return render(request, "households/family_search.html", {"form": form, "candidates": candidates})


@require_POST
@right_required("families.change")
def create_candidates(request):
    """The same candidates while someone is typing."""
    form = SearchFirstForm(request.POST)
    form.is_valid()
    return render(request, "households/_family_candidates.html", {"candidates": _candidates(request.user, form)})


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


def _candidates(user, form):
    candidates = families_like(form.typed(), user=user)
    openable = user.centres_where("families.open")
    for family in candidates:
        family.is_open_to_reader = family.centre_id in openable
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
    families = Household.objects.select_related("primary_worker", "backup_worker", "neighbourhood", "agreement")
    household = family_for(request.user, code, families=families)
    record_view(request, household)
    members = list(household.members.select_related("person"))
    entries, older = timeline.page(household, user=request.user, before=as_day(request.GET.get("voor")))
    return render(
        request,
        "households/family_detail.html",
        {
            "household": household,
            "agreement": _agreement_of(household),
            "resting_until": _resting_until(household),
            "members": [member for member in members if member.is_current],
            "earlier_members": [member for member in members if not member.is_current],
            "rhythm_word": rhythm_word(household),
            "promise": promise(household),
            "follow_ups": household.follow_ups.visible_to(request.user).open().select_related("assigned_to"),
            "entries": entries,
            "older": older,
            "may_change": request.user.may("families.change", household.centre_id),
            "may_refer": request.user.may("referrals.make", household.centre_id),
        },
    )


def _agreement_of(household):
    return getattr(household, "agreement", None)


def _resting_until(household):
    """The last day on which the family wants rest, when that is still to come."""
    agreement = _agreement_of(household)
    until = agreement and agreement.pause_until
    return until if until and until >= timezone.localdate() else None


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def edit(request, code):
    household = family_to_change(request, code)
    form = FamilyForm(request.POST or None, instance=household)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "De gegevens van het gezin zijn bewaard.")
        return redirect(household)
    return _show_form_of(request, household, "households/family_edit.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def agreement(request, code):
    household = family_to_change(request, code)
    agreed = ContactAgreement.objects.filter(household=household).first()
    agreed = agreed or ContactAgreement(household=household, centre_id=household.centre_id)
    draft = Draft.objects.of(user=request.user, form="contactafspraak", subject=household.code)
    form = AgreementForm(request.POST or None, instance=agreed, initial=AgreementForm.typed_before(draft))
    if request.method == "POST" and form.is_valid():
        form.save()
        Draft.objects.discard(user=request.user, form="contactafspraak", subject=household.code)
        messages.success(request, "De contactafspraak is bewaard.")
        return redirect(household)
    about_draft = {
        "draft_form": "contactafspraak",
        "draft_subject": household.code,
        "draft_title": f"Contactafspraak {household.code}",
        "draft_address": request.path,
    }
    return _show_form_of(request, household, "households/agreement_edit.html", {"form": form, **about_draft})


def _show_form_of(request, household, template, context):
    """A form with what we know of a family is a view of that family; what someone sends back to it is not."""
    if request.method != "POST":
        record_view(request, household)
    return render(request, template, {"household": household, **context})
