"""What a resident may ask of us, from the day it comes in until it is given: made by one, read by another."""

from django.db import transaction
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.daily.work import every_day
from buurtwerk.notices.models import Notice
from households import package
from households.actions import retention
from households.models import SubjectRequest

Kind, Status = SubjectRequest.Kind, SubjectRequest.Status


class Overtaken(Exception):
    """It cannot be done (any more); the words say why."""


@transaction.atomic
def register(request, *, by):
    """Keep a new request; the other readers of the centre and the vaste buurtwerker hear of it."""
    request.noted_by = by
    request.save()
    _tell(
        request,
        f"{request.household.code}: een vraag over eigen gegevens, antwoord tegen {request.due_on:%d/%m}.",
        by=by,
    )
    return request


@transaction.atomic
def prepare(request, *, by, answer=""):
    """Make the package, or write the answer: then a colleague reads it. Making it again throws the signature away."""
    request = _locked(request)
    if not request.is_running:
        raise Overtaken("Deze vraag is al afgehandeld.")
    request.answer = answer
    if request.kind == Kind.ACCESS:
        request.package = package.make(request.person, request.household)
    request.made_by, request.made_at = by, timezone.now()
    request.signed_by = request.signed_at = None
    _move(request, Status.IN_REVIEW)
    _tell(request, f"{request.household.code}: een antwoord wacht op een tweede lezer.", by=by)


@transaction.atomic
def put_on_list(request, *, by, alone=False):
    """Erasing goes by the list of its centre, where a colleague approves it: the family, or who asks it alone."""
    request = _locked(request)
    if request.kind != Kind.ERASURE or request.status != Status.OPEN:
        raise Overtaken("Deze vraag is al verder.")
    try:
        line = _propose_alone(request, by=by) if alone else retention.propose_on_request(request, by=by)
    except retention.Overtaken as problem:
        raise Overtaken(str(problem)) from problem
    request.answer = (
        "Je gegevens staan op de vernietigingslijst." if alone else "Het dossier staat op de vernietigingslijst."
    )
    request.made_by, request.made_at = by, timezone.now()
    _move(request, Status.IN_REVIEW)
    return line


def _propose_alone(request, *, by):
    ground = f"Vraag om te wissen van {request.received_on:%d/%m/%Y} (AVG artikel 17)."
    return retention.propose_person(request.person, request.household, ground=ground, by=by)


@transaction.atomic
def give_note_along(request, contact_id, *, by):
    """A note with a lock of its own goes along, when who decides may read it."""
    request = _locked(request)
    entry = next((each for each in (request.package or {}).get("locked", []) if each["contact"] == contact_id), None)
    if request.status != Status.IN_REVIEW or entry is None:
        raise Overtaken("Deze vraag is al verder.")
    text = package.locked_text(contact_id, by)
    if text is None:
        raise Overtaken("Enkel wie deze nota mag lezen, kan ze meegeven. Vraag het aan wie ze schreef.")
    mask = package.Masker(request.person, {request.household_id})
    entry["given"], entry["text"] = True, mask(text)
    # Something else than what was made: who gave it along is a maker too, and cannot sign for it.
    request.made_by, request.made_at = by, timezone.now()
    request.save()


@transaction.atomic
def sign(request, *, by):
    """A second reader: someone else than who made it. The constraint on the table says the same."""
    request = _locked(request)
    if request.status != Status.IN_REVIEW:
        raise Overtaken("Deze vraag is al verder.")
    if request.made_by_id == by.pk:
        raise Overtaken("Je maakte dit zelf. Een collega leest het na.")
    if waits_on_list(request):
        raise Overtaken("Dit gezin staat op de vernietigingslijst. Beslis daar.")
    request.signed_by, request.signed_at = by, timezone.now()
    _move(request, Status.READY)
    _tell(request, f"{request.household.code}: het antwoord is nagelezen en kan gegeven worden.", by=by)


def waits_on_list(request):
    """Whether its erasing is being decided elsewhere: then there is no answer to sign for yet."""
    lines = request.household.destruction_lines.standing()
    return request.kind == Kind.ERASURE and lines.exists()


@transaction.atomic
def give(request, *, by):
    request = _locked(request)
    if request.status != Status.READY:
        raise Overtaken("Een tweede lezer moet dit eerst nalezen.")
    _end(request, Status.GIVEN, by=by)


@transaction.atomic
def refuse(request, *, reason, by):
    request = _locked(request)
    if not request.is_running:
        raise Overtaken("Deze vraag is al afgehandeld.")
    request.refusal, request.package = reason, None
    _end(request, Status.REFUSED, by=by)


def _end(request, status, *, by):
    request.ended_by, request.ended_at = by, timezone.now()
    _move(request, status)


def _locked(request):
    asked = SubjectRequest.objects.select_for_update(of=["self"]).select_related("household", "person")
    return asked.get(pk=request.pk)


def _move(request, status):
    request.status = status
    request.version += 1
    request.save()


def readers_of(request):
    """Who can be the second reader: who reviews in this centre, and the vaste buurtwerker."""
    roles = RIGHTS["files.review"].roles
    reviewing = User.objects.filter(
        membership__role__in=roles, membership__centre=request.centre_id, is_active=True
    ).distinct()
    return [*reviewing, request.household.primary_worker]


def _tell(request, text, *, by=None):
    Notice.objects.tell(*readers_of(request), text=text, url=request.get_absolute_url(), by=by)


@every_day("Vragen over eigen gegevens die bijna te laat zijn")
def warn_in_time():
    """Seven days before, and once more when it is late: each once."""
    today, warned = timezone.localdate(), 0
    soon = SubjectRequest.objects.running().filter(due_on__lte=today + SubjectRequest.WARN_BEFORE)
    for request in soon.select_related("household__primary_worker"):
        late = request.due_on < today
        when = "is te laat" if late else f"moet klaar zijn tegen {request.due_on:%d/%m}"
        text = f"{request.household.code}: het antwoord over eigen gegevens {when}."
        told = Notice.objects.filter(text=text, url=request.get_absolute_url()).values_list("to", flat=True)
        people = [each for each in readers_of(request) if each and each.pk not in set(told)]
        warned += len(Notice.objects.tell(*people, text=text, url=request.get_absolute_url()))
    return warned


@every_day("Pakketten van inzage vergeten")
def forget_packages():
    """What was given is with the resident; our copy goes after thirty days."""
    before = timezone.now() - SubjectRequest.PACKAGE_KEPT_FOR
    return SubjectRequest.objects.filter(ended_at__lt=before, package__isnull=False).update(package=None)


@every_day("Vragen om te wissen waarvan het wissen gebeurd is")
def end_erased():
    """Signed by who approved the erasing, as that is the second pair of eyes."""
    done = 0
    asked = SubjectRequest.objects.running().filter(kind=Kind.ERASURE, person=None)
    for request in asked.select_for_update(of=["self"]):
        done += _end_erased(request)
    return done


def _end_erased(request):
    line = request.household.destruction_lines.exclude(erased_at=None).order_by("-erased_at").first()
    if line is None or line.decided_by_id == request.made_by_id:
        return 0
    request.made_by = request.made_by or line.proposed_by
    if request.made_by is None:
        return 0
    request.signed_by, request.signed_at = line.decided_by, line.decided_at
    _end(request, Status.GIVEN, by=line.decided_by)
    return 1
