"""Every form and every address of the site with values that nobody means well: refused, shown as text, or kept whole.

Never an error of ours, never a tag that comes back as a tag, never a row for what was refused.
"""

from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from activities.models import (
    ActivitySeries,
    Attendance,
    CareChange,
    CareConsent,
    Carer,
    CareSheet,
    HeadCount,
    Participant,
    PickupPerson,
    Posting,
    Ratio,
    Session,
)
from buurtwerk.accounts.models import Membership, Role
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.drafts.models import Draft
from households.models import (
    Attachment,
    Bike,
    Consent,
    Contact,
    ContactAddition,
    FollowUp,
    HelpRequest,
    Household,
    Member,
    Person,
    Plan,
    Referral,
    Right,
    RightCheck,
    SubjectRequest,
)
from partners.models import Organisation, Service, Verification
from signals.codes import Status
from signals.models import Signal, SignalEvent, SignalNote
from tests.activities.factories import make_session
from tests.addresses import ADDRESSES, make_world, path_of
from tests.factories import make_user
from tests.households.factories import make_bike, make_follow_up, make_help_request, make_household, make_round
from tests.html import forms_of
from tests.signals.factories import make_signal

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
LONG = "a" * 60_000
HUGE = str(10**30)

ODD = f"{SCRIPT}😀\u202e\u200f\ufffe\ud800"
NUL = f"nul\x00bel\x07{SCRIPT}"
# A list where one value is expected.
TWICE = ["1", "2"]
ELSEWHERE = "another centre"
# A link is shown once, on the page that made it.
SHOWN_AT_ONCE = {"activities:care-link"}

# What each kind of field gets, all fields of that kind at once; and each field in turn a NUL.
TEXT = [" ", LONG, ODD]
DATES = ["2062-01-01", "0001-01-01", "9999-12-31", f"gisteren{ODD}"]
NUMBERS = [f"zes{ODD}", HUGE, "-1", "NaN"]
CHOICES = ["", HUGE, ODD]
NAMES_IN_ADDRESSES = ["q", "page", "voor", "dag", "vanaf", "wie", "gezin", "concept", "zoek", "after", "next", "who"]

# What a form field gets when the page itself leaves it empty.
SAMPLES = {"date": "", "time": "10:00", "number": "1", "email": "wie@example.org", "url": "https://example.org"}
# Asked by htmx while someone types, with the fields of the form around it.
ALSO_ASKED_AT = {
    "households:create": ["households:create-candidates"],
    "households:member-create": ["households:member-candidates"],
    "households:note": ["households:note-search", "households:note-look", "households:reread"],
}


def pages_with_forms(world):
    """Name and path of every page, and of signals in other states, as other buttons stand there."""
    for name, address in ADDRESSES.items():
        if address.method == "get" and not name.endswith(("feed", "health", "sheet-example")):
            yield name, path_of(name, world)
    waiting = make_follow_up(world.household, status="waiting", waiting_on="de huisbaas")
    yield "households:follow-up-detail", waiting.get_absolute_url()
    colleague = make_user(centre=world.centre)
    for owner, asked in ((colleague, world.worker), (world.worker, colleague)):
        offered = make_follow_up(world.household, assigned_to=owner, offered_to=asked)
        yield "households:follow-up-detail", offered.get_absolute_url()
        offered = make_help_request(world.household, owner=owner, offered_to=asked)
        yield "households:help-request-detail", offered.get_absolute_url()
    resting = make_household(worker=world.worker, centre=world.centre, status="paused")
    ended = make_household(
        worker=world.worker, centre=world.centre, status="closed", closed_on="2026-01-05", closure_reason="goal"
    )
    for household in (resting, ended):
        yield "households:detail", household.get_absolute_url()
    # The family of the world has something that waits; this one can be rounded off.
    yield "households:close", reverse("households:close", args=[resting.code])
    asked = {"centre": world.centre, "household": ended, "person": world.member.person, "identity": "known"}
    made = {"made_by": world.asked.made_by, "noted_by": world.worker}
    signed = {"status": "ready", "signed_by": world.worker, "signed_at": timezone.now()}
    for fields in ({"kind": "erasure"}, {"kind": "correction", "words": "Fout", **signed}):
        request = SubjectRequest.objects.create(**asked, **made, **fields)
        yield "households:subject-request", request.get_absolute_url()
    make_bike(world.centre, number="4", status="gone")
    for bike in Bike.objects.filter(centre=world.centre):
        yield "households:bike-detail", bike.get_absolute_url()
    yield "households:round-detail", make_round(world.worker, doors=[world.household, resting]).get_absolute_url()
    for session in world.series.sessions.all():
        yield "activities:session", reverse("activities:session", args=[session.code])
    for status in (Status.TRIAGED, Status.ASSIGNED, Status.WAITING, Status.CLOSED, Status.SPAM):
        yield "signals:detail", make_signal(status, by=world.worker, centre=world.centre).get_absolute_url()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Everything of one centre, with its pages and forms; made once per process, as no test leaves anything."""
    with django_db_blocker.unblock(), asking_everything(), nothing_stays():
        world = make_world()
        Membership.objects.create(user=world.worker, centre=world.centre, role=Role.COORDINATOR)
        make_user(Role.WORKER, centre=world.centre)
        day = timezone.localdate() + timedelta(days=9)
        make_session(world.series, day=day, status="cancelled", reason_public="Ziek.")
        for days_ago, status in ((1, "held"), (2, "closed")):
            make_session(world.series, day=timezone.localdate() - timedelta(days=days_ago), status=status)
        Draft.objects.create(user=world.worker, form="iets", title="Iets", address="/team/")
        world.foreign = of_another_centre()
        world.pages = list(pages_with_forms(world))
        world.forms = list(forms_of_all_pages(world))
        yield world


@pytest.fixture
def client(client, world):
    """A worker who is coordinator as well, and may do almost everything."""
    client.force_login(world.worker)
    return client


def of_another_centre():
    """What a field could name of a second centre, where who asks has no business."""
    there = make_world()
    colleagues = ["assigned_to", "to", "primary_worker", "backup_worker", "owner", "user"]
    colleagues += ["co_workers", "readers", "colleagues", "workers", "to_user"]
    people = dict.fromkeys(colleagues, str(there.worker.pk))
    persons = dict.fromkeys(["person", "present", "child", "other"], str(there.member.person_id))
    codes = dict.fromkeys(["who", "met", "household"], there.household.code)
    return {**people, **persons, **codes, "centre": str(there.centre.pk)}


COUNTED = [
    model._meta.db_table
    for model in (
        Attachment,
        Contact,
        ContactAddition,
        FollowUp,
        Household,
        Person,
        Member,
        Referral,
        Consent,
        Signal,
        SignalNote,
        SignalEvent,
    )
    + (ActivitySeries, Session, Organisation, Service, Verification, Attachment, ContactAddition)
    + (HelpRequest, Plan, Right, RightCheck)
    + (Attendance, HeadCount, Participant, Posting, Ratio)
    + (CareChange, CareConsent, CareSheet, Carer, PickupPerson)
]
COUNT = " + ".join(f"(SELECT count(*) FROM {table})" for table in COUNTED)


def rows():
    """How many rows there are of what people keep."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COUNT}")
        return cursor.fetchone()[0]


@contextmanager
def nothing_stays():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(client, path, data):
    """A POST with exactly these bytes, also those that no browser would send."""
    body = urlencode(data, doseq=True, errors="surrogatepass")
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


def sample(field):
    """A value that the form may well accept, so that a hostile one beside it goes as deep as it can."""
    if field.kind in ("select", "radio") and not any(field.values):
        return [choice for choice in field.choices if choice][:1]
    if field.kind == "checkbox" and not field.values and len(field.choices) > 1:
        return field.choices[:1]
    if field.kind == "date" and not any(field.values):
        return [timezone.localdate().isoformat()]
    if field.kind in ("hidden", "checkbox", "button") or any(field.values):
        return field.values
    return [SAMPLES.get(field.kind, "Een woord")]


def filled_in(form):
    data = {name: sample(field) for name, field in form.fields.items() if field.kind not in ("button", "password")}
    data.pop("csrfmiddlewaretoken", None)
    return data


def kind_of(name, field):
    """The values that a field of this kind gets."""
    if field.is_choice:
        return CHOICES
    if field.kind in ("date", "time") or name in ("first_date", "until"):
        return DATES
    if field.kind == "number" or name.startswith(("age_", "price_")) or name in ("minutes", "capacity"):
        return NUMBERS
    return CHOICES if field.kind in ("hidden", "checkbox") else TEXT


def attacks(form, foreign):
    """What to send, each time with all other fields as they should be, and what it is called."""
    whole = filled_in(form)
    names = [name for name, field in form.fields.items() if name in whole]
    for name in names:
        yield f"{name} with a NUL", whole | {name: NUL}
        if name in foreign:
            yield f"{name} of {ELSEWHERE}", whole | {name: foreign[name]}
    for values in (TEXT, DATES, NUMBERS, CHOICES):
        alike = [name for name in names if kind_of(name, form.fields[name]) is values]
        for value in values if alike else ():
            yield f"{', '.join(alike)} = {value[:40]!r}", whole | dict.fromkeys(alike, value)
    yield "everything twice", whole | dict.fromkeys(names, TWICE)
    yield "nothing", {}


def faults_of(client, path, form, foreign):
    before = rows()
    for name, data in attacks(form, foreign):
        with nothing_stays():
            if fault := fault_of(client, path, data, rows_before=before, is_refused=name.endswith(ELSEWHERE)):
                yield f"{path}: {name}: {fault}"


def fault_of(client, path, data, *, rows_before, is_refused):
    try:
        answer = send(client, path, data)
        page = answer.content.decode()
        if answer.status_code == 302 and ODD in data.values():
            page += text_of(client.get(answer["Location"]))
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:160]}"
    if SCRIPT in page:
        return "came back as a tag"
    is_shown_at_once = resolve(path).view_name in SHOWN_AT_ONCE
    if (answer.status_code != 302 and not is_shown_at_once or is_refused) and rows() != rows_before:
        return "kept although it was refused"
    return answer.status_code if answer.status_code >= 500 else None


def forms_to_attack(client, world, name, path):
    """The forms of a page, those that come after them, and what htmx does with their fields; all with an address."""
    for address, form in forms_that_post(client.get(path), path):
        yield address, form
        if "draft_form" in form.fields:
            yield reverse("drafts:keep"), form
        if resolve(address).view_name == name:
            for asked in ALSO_ASKED_AT.get(name, []):
                yield path_of(asked, world), form
        for pressed in [{}, *({each: field.values} for each, field in form.fields.items() if field.kind == "button")]:
            with nothing_stays():
                answer = send(client, address, filled_in(form) | pressed)
            yield from forms_that_post(answer, address)


def text_of(answer):
    """What a browser shows of it: nothing of a spreadsheet or a photo."""
    return answer.content.decode() if answer.headers.get("Content-Type", "").startswith("text/") else ""


def forms_that_post(answer, path):
    """Those of the page itself: signing out is tried where someone signs out."""
    for form in forms_of(text_of(answer)):
        address = urlsplit(form.action).path or path
        if form.method == "post" and resolve(address).view_name != "account_logout":
            yield address, form


def forms_of_all_pages(world):
    """The name of what takes it, its path and the form: each kind of form once, with as much as a page filled in."""
    client, done = Client(), set()
    client.force_login(world.worker)
    for page_name, page in world.pages:
        for path, form in forms_to_attack(client, world, page_name, page):
            name = resolve(path).view_name
            # The same form may come back with more filled in by the page: then it goes deeper.
            filled = sorted((each, field.kind == "hidden" and any(field.values)) for each, field in form.fields.items())
            if (kind := (name, *filled)) not in done:
                done.add(kind)
                yield name, path, form


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_field_of_a_form_lets_anything_through(client, world, name):
    faults = []
    for taker, path, form in world.forms:
        if taker == name:
            faults += faults_of(client, path, form, world.foreign)

    assert not faults, "\n".join(faults)


def test_every_address_that_takes_a_form_is_reached(world):
    # The way back stands in a message: tests/drafts/test_undo.py. The others take nothing but the click.
    elsewhere = {
        "drafts:take-back",
        "notices:open",
        "households:break-glass-close",
        "households:sheet-take-back",
        # A child that a search found: tests/activities/test_presence.py.
        "activities:presence-known",
    }
    expected = {name for name, address in ADDRESSES.items() if address.method == "post"} - elsewhere
    assert expected - {name for name, _, _ in world.forms} == set()


@pytest.mark.parametrize("name", [name for name, address in ADDRESSES.items() if address.method == "get"])
def test_no_address_stumbles_over_what_stands_behind_it(client, world, name):
    values = [NUL, ODD, HUGE, "0001-01-01", "9999-12-31", world.foreign["who"]]
    faults = []
    for page in [path for each, path in world.pages if each == name]:
        asked = {field for form in forms_of(text_of(client.get(page))) for field in form.fields}
        for value in values:
            data = dict.fromkeys([*NAMES_IN_ADDRESSES, *asked], value[:5000])
            try:
                answer = client.get(f"{page}?{urlencode(data, errors='surrogatepass')}")
            except Exception as error:
                faults.append(f"{page}: {value[:40]!r}: {type(error).__name__}: {str(error)[:160]}")
                continue
            if answer.status_code >= 500 or SCRIPT in text_of(answer):
                faults.append(f"{page}: {value[:40]!r}: {answer.status_code}")

    assert not faults, "\n".join(faults)
