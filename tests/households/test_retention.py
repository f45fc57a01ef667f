"""R18: how long we keep a family, who decides, and that nothing goes before a colleague said so."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.daily.work import do_all
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households.actions import retention
from households.models import (
    ContactFact,
    DestructionBatch,
    DestructionLine,
    Household,
    RetentionHold,
    RetentionTerm,
)
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_contact, make_follow_up, make_household, make_member, make_plan
from tests.html import forms_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def els():
    return make_user(Role.COORDINATOR, first_name="Els")


@pytest.fixture
def centre(els):
    return els.membership_set.get().centre


@pytest.fixture
def noor(centre):
    return make_user(Role.WORKER, centre=centre, first_name="Noor")


def form_with(name, page):
    return next(form for form in forms_of(page.content.decode()) if name in form.fields)


def typed(form):
    return {name: field.values[-1] for name, field in form.fields.items() if field.values}


def seen_last(worker, *, months, days=0, **fields):
    """A family with one contact, so long ago."""
    day = TODAY() - relativedelta(months=months) - timedelta(days=days)
    household = make_household(worker=worker, **fields)
    at = timezone.now() - relativedelta(months=months, days=days)
    Household.objects.filter(pk=household.pk).update(created_at=at)
    make_contact(household, happened_on=day, created_at=at)
    return household


def closed(worker, *, months, **fields):
    """A family with a plan, rounded off so long ago."""
    day = TODAY() - relativedelta(months=months)
    household = seen_last(worker, months=months, status="closed", closed_on=day, closure_reason="goal", **fields)
    make_plan(household)
    return household


def proposed(centre):
    return [line.household for line in retention.propose(centre)]


# The terms


def test_r18_24_months_after_the_last_contact_when_there_was_no_plan_or_referral(centre, noor):
    past = seen_last(noor, months=24)
    seen_last(noor, months=22)

    assert proposed(centre) == [past]
    assert DestructionLine.objects.get().ground.startswith("24 maanden.")


def test_r18_60_months_after_rounding_off_when_there_was_a_plan(centre, noor):
    past = closed(noor, months=60)
    closed(noor, months=58)
    make_plan(seen_last(noor, months=80))

    assert proposed(centre) == [past]
    assert DestructionLine.objects.get().rule == "closed"


def test_r18_a_family_is_proposed_thirty_days_ahead_and_not_erased_before_its_term(centre, noor):
    soon = seen_last(noor, months=23, days=5)
    later = seen_last(noor, months=22, days=15)

    assert soon in proposed(centre)
    assert later not in proposed(centre)
    line = DestructionLine.objects.get(household=soon)
    assert line.due_on >= TODAY() + timedelta(days=30)


def test_r18_both_terms_are_settings_with_a_ground_and_count_from_their_day(client, els, centre, noor):
    family = seen_last(noor, months=13)
    client.force_login(els)
    address = reverse("households:retention-terms")
    form = form_with("months", client.get(address))
    sent = {
        **{name: field.values[-1] for name, field in form.fields.items() if field.values},
        "kind": "contact",
        "months": "12",
        "ground": "Selectielijst 2026",
        "since": TODAY().isoformat(),
    }

    client.post(address, sent)
    client.post(address, sent)

    term = RetentionTerm.objects.get()
    assert (term.months, term.by) == (12, els)
    assert proposed(centre) == [family]
    assert "Selectielijst 2026" in DestructionLine.objects.get().ground


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("months", "", "Vul een aantal maanden in, zoals 24."),
        ("months", "veel", "Vul een aantal maanden in, zoals 24."),
        ("months", "0", "Vul een aantal maanden in van 1 tot 360."),
        ("ground", "", "Schrijf op welke grond."),
        ("ground", "a" * 60_000, "500"),
        ("since", "2062-01-01", "hoogstens drie jaar vooruit"),
        ("since", "2020-01-01", "vanaf vandaag"),
        ("kind", "iets", "Selecteer een geldige keuze"),
        ("centre", "999999", "Selecteer een geldige keuze"),
    ],
)
def test_a_wrong_term_is_refused_with_what_was_typed(client, els, field, value, says):
    client.force_login(els)
    address = reverse("households:retention-terms")
    form = form_with("months", client.get(address))
    sent = {
        **{name: field.values[-1] for name, field in form.fields.items() if field.values},
        "kind": "contact",
        "months": "12",
        "ground": "Op grond van iets",
        "since": TODAY().isoformat(),
    }

    page = client.post(address, {**sent, field: value})

    assert page.status_code == 200
    assert says in page.content.decode()
    assert not RetentionTerm.objects.exists()


def test_a_term_needs_a_possible_number_and_a_ground(els, centre):
    term = {"centre": centre, "kind": "contact", "months": 12, "ground": "Iets", "since": TODAY(), "by": els}
    RetentionTerm.objects.create(**term)
    for constraint, wrong in [
        ("retention_months_possible", {"months": 0}),
        ("retention_months_possible", {"months": 361}),
        ("retention_has_a_ground", {"ground": ""}),
        ("retention_once_a_day", {}),
    ]:
        with breaks(constraint):
            RetentionTerm.objects.create(**term | wrong)


# The list


def test_r18_the_clock_proposes_and_never_erases(centre, noor, els):
    family = seen_last(noor, months=80)

    do_all()
    do_all()

    line = DestructionLine.objects.get()
    assert (line.decision, line.erased_at) == ("waiting", None)
    assert Household.objects.get(pk=family.pk).status == "active"
    assert Notice.objects.filter(to=els, text__contains="vernietigingslijst").count() == 1


def test_r18_what_still_waits_is_never_proposed(centre, noor):
    make_follow_up(seen_last(noor, months=30))

    assert proposed(centre) == []


def test_r18_one_list_is_open_per_centre(centre):
    DestructionBatch.objects.create(centre=centre)

    with breaks("destruction_one_open_list"):
        DestructionBatch.objects.create(centre=centre)


def test_r18_a_coordinator_approves_line_by_line_and_after_thirty_days_it_is_erased(client, els, centre, noor):
    one, other = seen_last(noor, months=30), seen_last(noor, months=40, nickname="Gezin van Rosa")
    make_member(one)
    retention.propose(centre)
    client.force_login(els)
    page = client.get(reverse("households:destruction-list")).content.decode()
    line = DestructionLine.objects.get(household=one)
    assert one.code in page
    assert "24 maanden" in page
    assert one.nickname not in page

    client.post(reverse("households:destruction-approve", args=[line.pk]))
    do_all()
    assert Household.objects.get(pk=one.pk).status == "active"
    DestructionLine.objects.update(due_on=TODAY())
    do_all()

    assert Household.objects.get(pk=one.pk).status == "erased"
    assert Household.objects.get(pk=other.pk).status == "active"
    assert ContactFact.objects.count() == 1
    assert Notice.objects.filter(to=noor, text__contains="wordt gewist vanaf").count() == 0


def test_r18_before_erasing_the_page_shows_what_would_go_and_the_button_does_it_once(client, els, centre, noor):
    family = seen_last(noor, months=30)
    make_member(family)
    (line,) = retention.propose(centre)
    retention.approve(line, by=els)
    DestructionLine.objects.update(due_on=TODAY())
    client.force_login(els)
    address = reverse("households:destruction-erase")

    page = client.get(address).content.decode()
    assert "1 × contactmomenten" in page
    assert Household.objects.get(pk=family.pk).status == "active"
    client.post(address)
    again = client.post(address, follow=True).content.decode()

    assert Household.objects.get(pk=family.pk).status == "erased"
    assert "Er was niets meer te wissen." in again
    assert client.get(family.get_absolute_url()).status_code == 404


def test_r18_keeping_longer_takes_a_reason_and_a_year_at_most_and_then_it_comes_back(client, els, centre, noor):
    family = seen_last(noor, months=30)
    (line,) = retention.propose(centre)
    client.force_login(els)
    address = reverse("households:destruction-line", args=[line.pk])

    wrong = client.post(address, {"reason": "", "until": (TODAY() + timedelta(days=400)).isoformat()})
    assert "Schrijf waarom." in wrong.content.decode()
    assert "Kies een dag binnen de twaalf maanden." in wrong.content.decode()
    client.post(address, {"reason": "Er loopt nog een klacht.", "until": (TODAY() + timedelta(days=90)).isoformat()})

    assert RetentionHold.objects.get().household == family
    assert proposed(centre) == []
    RetentionHold.objects.update(since=TODAY() - timedelta(days=90), until=TODAY())
    assert proposed(centre) == [family]


def test_a_hold_of_more_than_a_year_or_without_a_reason_is_refused_by_the_database(els, noor):
    family = make_household(worker=noor)
    for constraint, reason, days in [
        ("hold_a_year_at_most", "Klacht", 367),
        ("hold_a_year_at_most", "Klacht", 0),
        ("hold_has_a_reason", "", 30),
    ]:
        with breaks(constraint):
            RetentionHold.objects.create(
                centre=family.centre, household=family, reason=reason, until=TODAY() + timedelta(days=days), by=els
            )


def test_r18_a_family_that_came_back_is_let_go_also_after_approval(els, centre, noor):
    family = seen_last(noor, months=30)
    (line,) = retention.propose(centre)
    retention.approve(line, by=els)
    DestructionLine.objects.update(due_on=TODAY())
    make_contact(family, note="Daar waren ze weer")

    assert retention.erase_ready() == 0

    line.refresh_from_db()
    assert line.decision == "lapsed"
    assert DestructionBatch.objects.get().closed_at


def test_deciding_twice_is_said_and_changes_nothing(client, els, centre, noor):
    seen_last(noor, months=30)
    (line,) = retention.propose(centre)
    client.force_login(els)
    address = reverse("households:destruction-approve", args=[line.pk])
    client.post(address)

    page = client.post(address, follow=True).content.decode()

    assert "Over deze regel is intussen beslist." in page


def test_a_line_stands_once_and_its_reason_and_erasing_are_held_by_the_database(centre, noor, els):
    family = seen_last(noor, months=30)
    (line,) = retention.propose(centre)
    about = {"batch": line.batch, "centre": centre, "household": family, "rule": "contact", "due_on": TODAY()}
    for constraint, fields in [
        ("destruction_family_once", {}),
        ("destruction_kept_with_reason", {"decision": "kept"}),
        ("destruction_erased_after_approval", {"decision": "lapsed", "erased_at": timezone.now()}),
        ("destruction_approved_by_someone_else", {"decision": "approved"}),
    ]:
        with breaks(constraint):
            DestructionLine.objects.create(**about, **fields)


def test_looking_at_the_list_leaves_a_line_in_the_trail(client, els, centre, noor):
    family = seen_last(noor, months=30)
    retention.propose(centre)
    client.force_login(els)

    client.get(reverse("households:destruction-list"))

    assert Access.objects.filter(user=els, action="list", record_ids__contains=[family.pk]).exists()


def test_a_worker_does_not_come_near_the_list_and_another_centre_sees_nothing_of_it(client, centre, noor):
    seen_last(noor, months=30)
    (line,) = retention.propose(centre)
    client.force_login(noor)
    assert client.get(reverse("households:destruction-list")).status_code == 403
    stranger = make_user(Role.COORDINATOR)
    client.force_login(stranger)
    assert client.get(reverse("households:destruction-line", args=[line.pk])).status_code == 404
    with asking_as(stranger):
        assert not DestructionLine.objects.exists()
        assert not DestructionBatch.objects.exists()


def test_the_list_asks_as_much_for_five_families_as_for_one(client, els, centre, noor):
    client.force_login(els)
    seen_last(noor, months=30)
    retention.propose(centre)
    numbers = []
    for more in (0, 4):
        for _ in range(more):
            seen_last(noor, months=30)
        retention.propose(centre)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("households:destruction-list"))
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 16
