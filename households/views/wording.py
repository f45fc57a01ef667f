"""Lees na: look again at what was typed before it is kept. It never blocks."""

import re

from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_http_methods, require_POST

from buurtwerk.accounts.decorators import right_required
from buurtwerk.accounts.models import User
from buurtwerk.drafts.models import Draft
from buurtwerk.drafts.views import keep_what_is_typed
from buurtwerk.places.models import Centre, Neighbourhood
from households import wording
from households.forms.wording import MarkForm
from households.models import Contact, HelpRequest, Household, Person
from partners.models import Organisation

# The long texts of our forms, in the order in which we look for one.
LONG_TEXTS = [
    "note",
    "text",
    "need",
    "words",
    "own_words",
    "observed",
    "rather_not",
    "fact",
    "what",
    "summary",
    "reason",
    "outcome",
    "measure",
]
# A plan has a row for each goal and step: all of them are read together.
OF_PLAN = re.compile(r"g\d(s\d)?-what")
LONGEST = 6_000


@require_POST
@right_required("contacts.log")
def reread(request):
    """Hints beside the text; without scripts a page of its own, with everything typed kept as a draft."""
    if request.htmx:
        text = _all_texts(request.POST)
        known = _known_names(request.user, request.POST.get("who", ""), request.POST.get("draft_address", ""))
        found = wording.hints(text, known)
        return render(request, "households/_hints.html", {"hints": found, "typed": bool(text.strip())})
    draft = keep_what_is_typed(request)
    if draft is None:
        raise BadRequest("this form keeps no draft")
    return redirect("households:reread-draft", draft.pk)


def _all_texts(typed):
    """Every long text of a form, each on its own line."""
    names = [*LONG_TEXTS, *sorted(filter(OF_PLAN.fullmatch, typed))]
    return "\n".join(_value(typed, name) for name in names if typed.get(name))[:LONGEST]


def _value(typed, name):
    return typed[name][-1] if isinstance(typed[name], list) else typed[name]


def _long_text(typed):
    for name in LONG_TEXTS:
        if typed.get(name):
            return name, _value(typed, name)[:LONGEST]
    return "", ""


@require_http_methods(["GET", "HEAD", "POST"])
@right_required("contacts.log")
def reread_draft(request, pk):
    """One's own draft, sentence by sentence; and back to its form with everything that was typed."""
    draft = get_object_or_404(Draft, pk=pk, user=request.user)
    if not _may_still_write(request.user, draft):
        raise Http404
    name, text = _long_text(draft.typed)
    known = _known_names(request.user, (draft.typed.get("who") or [""])[-1], draft.address)
    form = MarkForm(request.POST or None, text=text)
    if request.method == "POST" and form.is_valid():
        if name:
            # What lies beyond the longest text that we read, comes back as it was typed.
            rest = draft.typed[name][-1][LONGEST:]
            draft.typed[name] = [wording.mark(text, form.marks()) + rest]
            draft.save()
        return redirect(draft)
    hints = wording.hints(_all_texts(draft.typed), known)
    shown = {"draft": draft, "form": form, "hints": hints, "has_text": bool(form.fields)}
    return render(request, "households/reread.html", shown)


def _may_still_write(user, draft):
    """A draft of an edit holds what stood in the record: who lost the right to it, reads nothing of it here."""
    try:
        match = resolve(draft.address.partition("?")[0])
    except Resolver404:
        return False
    right = getattr(match.func, "right", None)
    if right and not user.may(right):
        return False
    if "code" in match.kwargs:
        household = Household.objects.openable_by(user).filter(code=match.kwargs["code"]).first()
        return household is not None and household.is_read_by(user)
    if "contacten" in match.route and "pk" in match.kwargs:
        contact = Contact.objects.visible_to(user).filter(pk=match.kwargs["pk"]).first()
        return contact is not None and contact.is_readable_by(user)
    if "hulpvragen" in match.route and "pk" in match.kwargs:
        return HelpRequest.objects.visible_to(user).filter(pk=match.kwargs["pk"]).exists()
    return True


def _known_names(user, code, address):
    """Names that may stand in a note: of the family itself, of places, partners and colleagues."""
    names = [*Centre.objects.values_list("name", flat=True), *Neighbourhood.objects.values_list("name", flat=True)]
    names += Organisation.objects.values_list("name", flat=True)
    names += User.objects.filter(membership__centre__in=user.centre_ids).values_list("first_name", flat=True)
    household = _family(user, code, address)
    if household:
        people = Person.objects.filter(memberships__household=household)
        names += [household.nickname, household.address]
        names += [name for pair in people.values_list("first_name", "last_name") for name in pair]
    return names


def _family(user, code, address):
    """The family that the form is about, as its field, its address or its contact says; only one that may be known."""
    openable = Household.objects.openable_by(user)
    try:
        kwargs = resolve(address.partition("?")[0]).kwargs
    except Resolver404:
        kwargs = {}
    code = code or kwargs.get("code", "")
    if code:
        return openable.filter(code=code).first() if code.isascii() and code.isprintable() else None
    if kwargs.get("pk") and "contacten" in address:
        return openable.filter(contacts=kwargs["pk"]).first()
    if kwargs.get("pk") and "hulpvragen" in address:
        return openable.filter(help_requests=kwargs["pk"]).first()
    return None
