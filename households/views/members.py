from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from buurtwerk.accounts.decorators import right_required
from buurtwerk.drafts.models import SavedOnce
from buurtwerk.drafts.undo import say_with_undo
from buurtwerk.trail.models import Access
from households.actions import families as actions
from households.forms.members import KnownMemberForm, MemberForm, NewMemberForm, PersonSearchForm
from households.likeness import people_like
from households.models import Member, Person
from households.views.page import family_to_add_to, family_to_change, record_view


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def create(request, code):
    """Do we know this person already? A page that posts, so that no name stands in an address."""
    household = family_to_add_to(request, code)
    if request.method != "POST":
        record_view(request, household)
        return _show_search(request, household, PersonSearchForm())
    form = PersonSearchForm(request.POST)
    if not form.is_valid():
        return _show_search(request, household, form)
    candidates = _people_like(request, form, household)
    if not candidates:
        return _ask_details(request, household)
    return _show_search(request, household, form, candidates=candidates)


@require_POST
@right_required("families.change")
def candidates(request, code):
    """The same candidates while someone is typing."""
    household = family_to_change(request, code)
    form = PersonSearchForm(request.POST)
    form.is_valid()
    found = _people_like(request, form, household)
    return render(request, "households/_person_candidates.html", {"household": household, "candidates": found})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def create_details(request, code):
    """Somebody new. Who comes here first, brings what was typed in the search."""
    household = family_to_add_to(request, code)
    if request.method != "POST":
        return redirect("households:member-create", code)
    if "token" not in request.POST:
        return _ask_details(request, household)
    membership = Member(household=household, centre_id=household.centre_id)
    form = NewMemberForm(request.POST, membership=membership)
    if not form.is_valid():
        return _show_details(request, household, form)
    once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
    if not once.result:
        actions.add_person(form.instance, member=membership)
        _say_added(request, household, membership, once)
    return redirect(household)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def link(request, code, person_pk):
    """Somebody we know already, also in this family: a child can belong to two."""
    household = family_to_add_to(request, code)
    known = Person.objects.visible_to(request.user)
    person = get_object_or_404(known, pk=person_pk, centre=household.centre_id)
    membership = Member(household=household, person=person, centre_id=household.centre_id)
    form = KnownMemberForm(request.POST if request.method == "POST" else None, membership=membership)
    if request.method == "POST" and form.is_valid():
        once = SavedOnce.objects.claim(form.cleaned_data["token"], by=request.user)
        if not once.result:
            actions.add_known_person(membership, by=request.user)
            _say_added(request, household, membership, once)
        return redirect(household)
    if request.method != "POST":
        Access.objects.record_shown(request, [person], action=Access.Action.VIEW, record_type="person")
    return render(request, "households/member_link.html", {"household": household, "person": person, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("families.change")
def edit(request, code, pk):
    household, member = _member_to_change(request, code, pk)
    person, stays_here = member.person, member.until is None
    person.membership = member
    form = MemberForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        member.save()
        messages.success(request, f"De gegevens van {person.first_name} zijn bewaard.")
        return redirect(household)
    if request.method != "POST":
        Access.objects.record(
            request,
            action=Access.Action.VIEW,
            # Of this family: who shares a child with another, must not be told of there.
            record_type="member",
            ids=[member.pk],
            centre_id=person.centre_id,
        )
    context = {"household": household, "member": member, "stays_here": stays_here, "form": form}
    return render(request, "households/member_edit.html", context)


@require_POST
@right_required("families.change")
def leave(request, code, pk):
    household, member = _member_to_change(request, code, pk)
    if member.until is None:
        actions.leave(member)
        say_with_undo(
            request,
            f"{member.person.first_name} hoort niet meer bij het gezin.",
            name=actions.MEMBER_LEFT,
            subject_id=member.pk,
        )
    return redirect(household)


def _people_like(request, form, household):
    found = people_like(form.typed(), household=household, user=request.user)
    Access.objects.record_shown(request, found, action=Access.Action.SEARCH, record_type="person")
    return found


def _member_to_change(request, code, pk):
    household = family_to_change(request, code)
    member = household.members.select_related("person").filter(pk=pk).first()
    if member is None:
        raise Http404
    return household, member


def _show_search(request, household, form, **context):
    return render(request, "households/member_search.html", {"household": household, "form": form, **context})


def _ask_details(request, household):
    """The form with everything typed so far."""
    typed = {name: request.POST.get(name, "") for name in PersonSearchForm.base_fields}
    membership = Member(household=household, centre_id=household.centre_id)
    return _show_details(request, household, NewMemberForm(initial=typed, membership=membership))


def _show_details(request, household, form):
    form.helper.form_action = reverse("households:member-create-details", args=[household.code])
    return render(request, "households/member_create.html", {"household": household, "form": form})


def _say_added(request, household, membership, once):
    once.led_to(household.get_absolute_url())
    say_with_undo(
        request,
        f"{membership.person.first_name} hoort nu bij {household}.",
        name=actions.MEMBER_ADDED,
        subject_id=membership.pk,
    )
