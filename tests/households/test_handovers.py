"""Families that go to a colleague: proposed, accepted, and only then theirs."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role, User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.notices.models import Notice
from households.actions import handovers as actions
from households.models import Attachment, BreakGlass, Contact, FollowUp, HandedFamily, Handover, Household, WorkNote
from tests.breaking import breaks
from tests.factories import make_centre, make_user
from tests.households.factories import (
    make_contact,
    make_follow_up,
    make_handover,
    make_help_request,
    make_household,
    make_member,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
CREATE = reverse("households:handover-create")


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def noor(centre):
    return make_user(centre=centre, first_name="Noor")


@pytest.fixture
def sofie(centre):
    return make_user(centre=centre, first_name="Sofie")


@pytest.fixture
def els(centre):
    return make_user(Role.COORDINATOR, centre=centre, first_name="Els")


@pytest.fixture
def family(noor):
    return make_household(worker=noor, nickname="Gezin van Samira")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def address(name, subject):
    return reverse(f"households:handover-{name}", args=[subject.pk])


def asked(*families, giver=None):
    """The address of the form for these families."""
    van = f"van={giver.pk}&" if giver else ""
    return f"{CREATE}?{van}" + "&".join(f"gezin={family.code}" for family in families)


def typed(*families, to, **fields):
    """The form, all of the past of these families going along."""
    rows = {f"{family.code}-goes_along": ["notes", "papers", "network"] for family in families}
    return {"token": str(uuid.uuid4()), "to_user": to.pk, "message": "", **rows, **fields}


def test_nothing_moves_before_the_other_accepts(noor, sofie, family):
    follow_up = make_follow_up(family)
    signed_in(noor).post(asked(family), typed(family, to=sofie))
    handover = Handover.objects.get()

    family.refresh_from_db()
    assert (family.primary_worker, handover.status) == (noor, "proposed")
    assert Notice.objects.get().to == sofie

    signed_in(sofie).post(address("accept", handover))

    family.refresh_from_db()
    follow_up.refresh_from_db()
    assert (family.primary_worker, follow_up.assigned_to, follow_up.handed_over_by) == (sofie, sofie, noor)
    assert not family.is_in_file_team(noor)


def test_work_notes_are_erased_and_not_inherited(noor, sofie, family):
    make_contact(family, author=noor, visibility="personal", note="Enkel voor mij")
    elsewhere = make_contact(make_household(worker=noor), author=noor, visibility="personal", note="Blijft")
    handover = make_handover(family, giver=noor, to=sofie, goes_along=["notes"])

    signed_in(sofie).post(address("accept", handover))

    assert list(WorkNote.objects.values_list("contact", flat=True)) == [elsewhere.pk]


def test_only_whoever_is_asked_answers(noor, sofie, els, family):
    handover = make_handover(family, giver=noor, to=sofie)

    for user in (noor, els):
        assert signed_in(user).post(address("accept", handover)).status_code == 403
        assert signed_in(user).post(address("refuse", handover), {"why": "nee"}).status_code == 403
    assert signed_in(make_user(centre=family.centre)).get(handover.get_absolute_url()).status_code == 404

    handover.refresh_from_db()
    assert handover.is_waiting


def test_a_refusal_says_why_and_leaves_everything(noor, sofie, family):
    handover = make_handover(family, giver=noor, to=sofie)
    without = signed_in(sofie).post(address("refuse", handover), {"why": ""})
    assert "Zeg kort waarom niet" in without.content.decode()

    signed_in(sofie).post(address("refuse", handover), {"why": "Mijn week zit vol."})

    family.refresh_from_db()
    handover.refresh_from_db()
    assert (family.primary_worker, handover.status, handover.answer) == (noor, "refused", "Mijn week zit vol.")
    assert Notice.objects.filter(to=noor).count() == 1


def test_answering_twice_counts_once(noor, sofie, family):
    handover = make_handover(family, giver=noor, to=sofie)
    client = signed_in(sofie)
    client.post(address("accept", handover))

    response = client.post(address("refuse", handover), {"why": "toch niet"}, follow=True)

    assert actions.Handover.objects.get().status == "accepted"
    assert "er veranderde intussen iets" in response.content.decode()


def test_a_family_that_got_another_worker_meanwhile_does_not_move(noor, sofie, family):
    handover = make_handover(family, giver=noor, to=sofie)
    other = make_user(centre=family.centre)
    family.primary_worker = other
    family.save()

    signed_in(sofie).post(address("accept", handover))

    family.refresh_from_db()
    assert family.primary_worker == other
    assert Handover.objects.get().is_waiting


def test_a_warm_introduction_becomes_a_promise(noor, sofie, family):
    day = TODAY + timedelta(days=3)
    handover = make_handover(family, giver=noor, to=sofie, introduction_on=day)

    signed_in(sofie).post(address("accept", handover))

    promise = FollowUp.objects.get()
    assert (promise.what, promise.due_on, promise.assigned_to) == ("Samen met Noor kennismaken", day, sofie)


def test_a_family_is_in_one_handover_at_a_time(noor, sofie, family):
    make_handover(family, giver=noor, to=sofie)

    with breaks("handed_family_waits_once"):
        make_handover(family, giver=noor, to=sofie)
    assert "heeft geen gezinnen om over te dragen" in signed_in(noor).get(CREATE).content.decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"to_user": ""}, "Kies aan wie je de gezinnen geeft."),
        ({"to_user": "999999"}, "Selecteer een geldige keuze"),
        ({"message": "x" * 1001}, "1000"),
        ({"message": "nul\0"}, "onzichtbaar teken"),
        ({"message": "90.02.01-997.04"}, "rijksregisternummer"),
    ],
)
def test_bad_input_keeps_what_was_typed_and_proposes_nothing(noor, sofie, family, change, message):
    response = signed_in(noor).post(asked(family), {**typed(family, to=sofie, message="Bel me even"), **change})

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Handover.objects.exists()


def test_at_least_one_family_must_go(noor, sofie, family):
    response = signed_in(noor).get(f"{CREATE}?kies=1")

    assert "Vink minstens een gezin aan." in response.content.decode()


def test_sending_the_same_form_twice_asks_once(noor, sofie, family):
    form = typed(family, to=sofie)
    client = signed_in(noor)

    first, second = client.post(asked(family), form), client.post(asked(family), form)

    assert first.url == second.url
    assert Handover.objects.count() == 1


def test_a_worker_gives_only_own_families_and_a_coordinator_those_of_the_team(noor, sofie, els, family):
    of_noor = f"{CREATE}?van={noor.pk}"

    assert "Gezin van Samira" not in signed_in(sofie).get(of_noor).content.decode()
    assert "Gezin van Samira" in signed_in(els).get(of_noor).content.decode()
    forged = signed_in(sofie).post(asked(family, giver=noor), typed(family, to=els))
    assert forged.status_code == 200 and not Handover.objects.exists()
    signed_in(els).post(asked(family, giver=noor), typed(family, to=sofie))
    assert Handover.objects.get().proposed_by == els


# What goes along


def story_of(user, family):
    return signed_in(user).get(family.get_absolute_url()).content.decode()


@pytest.fixture
def handed(noor, sofie, family):
    """Accepted without any of the past, with something written before it and something after it."""
    make_contact(family, author=noor, note="Van voor de overdracht", created_at=timezone.now() - timedelta(hours=2))
    Attachment.objects.create(
        centre=family.centre,
        household=family,
        name="brief.pdf",
        kind="pdf",
        size=1,
        content=b"x",
        uploaded_by=noor,
        uploaded_at=timezone.now() - timedelta(hours=2),
    )
    handover = make_handover(family, giver=noor, to=sofie)
    signed_in(sofie).post(address("accept", handover))
    family.refresh_from_db()
    make_contact(family, author=noor, note="Van na de overdracht", created_at=timezone.now() + timedelta(seconds=1))
    return handover.families.get()


def break_glass(user, family):
    BreakGlass.objects.create(
        centre=family.centre, household=family, user=user, ground="handover", reason="Ik nam dit gezin over.",
        until=timezone.now() + timedelta(minutes=30),
    )  # fmt: skip


def past(handed, *, days):
    HandedFamily.objects.filter(pk=handed.pk).update(moved_at=timezone.now() - timedelta(days=days))
    earlier = {"created_at": timezone.now() - timedelta(days=days + 1), "happened_on": TODAY - timedelta(days=days + 1)}
    Contact.objects.filter(note="Van voor de overdracht").update(**earlier)
    Attachment.objects.update(uploaded_at=timezone.now() - timedelta(days=days + 1))


def test_what_did_not_go_along_is_closed_to_the_successor_alone(noor, sofie, els, family, handed):
    story = story_of(sofie, family)

    assert "Van na de overdracht" in story
    assert "Van voor de overdracht" not in story
    assert "Van voor de overdracht" in story_of(els, family)
    assert not Attachment.objects.readable_by(sofie).exists()
    assert Attachment.objects.readable_by(els).exists()


def test_within_ninety_days_even_a_reason_does_not_open_it(sofie, family, handed):
    past(handed, days=89)
    break_glass(sofie, family)

    assert "Van voor de overdracht" not in story_of(sofie, family)
    assert not Attachment.objects.readable_by(sofie).exists()


def test_after_ninety_days_it_needs_a_reason(sofie, family, handed):
    past(handed, days=91)
    assert "Van voor de overdracht" not in story_of(sofie, family)

    break_glass(sofie, family)

    assert "Van voor de overdracht" in story_of(sofie, family)
    assert Attachment.objects.readable_by(sofie).exists()


def test_what_went_along_is_read_from_the_first_day(noor, sofie, family):
    make_contact(family, author=noor, note="Van voor de overdracht", created_at=timezone.now() - timedelta(hours=2))
    handover = make_handover(family, giver=noor, to=sofie, goes_along=["notes"])

    signed_in(sofie).post(address("accept", handover))

    assert "Van voor de overdracht" in story_of(sofie, family)


# Nobody ownerless


def test_someone_with_open_files_cannot_be_ended_and_the_list_says_what_is_left(noor, sofie, els, family):
    """Scenario 10: Noor leaves; one follow-up without a new owner is enough to refuse."""
    other = make_household(worker=sofie, nickname="Een ander gezin")
    left = make_follow_up(other, assigned_to=noor)
    signed_in(sofie).post(address("accept", make_handover(family, giver=noor, to=sofie)))

    refused = signed_in(els).post(address("leave", noor), {"on": ""})

    page = refused.content.decode()
    assert "Noor heeft nog open dossiers" in page and f"Opvolging bij {other.code}" in page
    noor.refresh_from_db()
    assert noor.is_active

    FollowUp.objects.filter(pk=left.pk).update(assigned_to=sofie)
    signed_in(els).post(address("leave", noor), {"on": ""})
    noor.refresh_from_db()
    assert not noor.is_active


def test_who_is_ended_is_out_of_an_open_browser_at_once(noor, els):
    browser = signed_in(noor)
    assert browser.get("/team/").status_code == 200

    signed_in(els).post(address("leave", noor), {"on": ""})

    assert browser.get("/team/").status_code == 302


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("handover_answered_or_waiting", {"status": "accepted"}),
        ("handover_answered_or_waiting", {"answered_at": timezone.now()}),
        ("handover_to_someone_else", {"to_user": F("from_user")}),
    ],
)
def test_the_database_hands_over_to_someone_else_who_answers(noor, sofie, family, constraint, fields):
    handover = make_handover(family, giver=noor, to=sofie)

    with breaks(constraint):
        Handover.objects.filter(pk=handover.pk).update(**fields)


def test_a_family_stands_once_in_a_handover(noor, sofie, family):
    handover = make_handover(family, giver=noor, to=sofie)

    with breaks("handed_family_once_in_handover"):
        handover.families.create(household=family, centre=family.centre, is_waiting=False)


def test_a_last_day_ends_access_after_that_day(noor, els):
    signed_in(els).post(address("leave", noor), {"on": (TODAY + timedelta(days=2)).isoformat()})

    noor.refresh_from_db()
    assert (noor.is_active, noor.leaves_on) == (True, TODAY + timedelta(days=2))


@pytest.mark.parametrize("make", [lambda family: None, lambda family: make_follow_up(family)])
def test_the_database_refuses_to_end_someone_with_open_files(noor, family, make):
    make(family)

    with breaks("accounts_user.user_with_open_files_stays"):
        User.objects.filter(pk=noor.pk).update(is_active=False)


def test_the_database_refuses_to_take_the_role_of_someone_with_open_files(noor, family):
    membership = Membership.objects.get(user=noor)

    with breaks("accounts_membership.member_with_open_files_keeps_role"):
        membership.delete()
    with breaks("accounts_membership.member_with_open_files_keeps_role"):
        Membership.objects.filter(pk=membership.pk).update(role=Role.VOLUNTEER)
    Membership.objects.filter(pk=membership.pk).update(role=Role.COORDINATOR)


def test_the_roles_in_the_database_are_those_that_open_families():
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'keeps_role_with_open_files'")
        source = cursor.fetchone()[0]

    assert RIGHTS["families.open"].roles == {role for role in Role if f"'{role.value}'" in source}


@pytest.mark.parametrize(
    ("trigger", "give"),
    [
        (
            "households_household.owner_works_here",
            lambda family, to: type(family).objects.filter(pk=family.pk).update(primary_worker=to),
        ),
        ("households_followup.owner_works_here", lambda family, to: make_follow_up(family, assigned_to=to)),
        ("households_helprequest.owner_works_here", lambda family, to: make_help_request(family, owner=to)),
    ],
)
def test_nothing_is_given_to_someone_who_left(sofie, family, trigger, give):
    User.objects.filter(pk=sofie.pk).update(is_active=False)

    with breaks(trigger):
        give(family, sofie)


def test_a_restricted_family_of_others_is_not_in_the_list_of_a_handover(noor, sofie, family):
    make_member(family)
    hidden = make_household(worker=make_user(centre=family.centre), restricted=True, nickname="Verborgen")

    assert "Verborgen" not in signed_in(noor).get(CREATE).content.decode()
    assert hidden.restricted


def test_the_list_costs_the_same_for_any_number_of_families(noor, sofie, django_assert_max_num_queries):
    for number in range(5):
        make_household(worker=noor, nickname=f"Gezin {number}")
    client = signed_in(noor)

    with django_assert_max_num_queries(16):
        client.get(CREATE)
    with django_assert_max_num_queries(18):
        client.get(asked(*Household.objects.all()))


def test_the_admin_says_who_cannot_leave_yet_without_naming_a_family(client, noor, family):
    administrator = make_user(Role.ADMINISTRATOR, centre=family.centre)
    client.force_login(administrator)
    membership = Membership.objects.get(user=noor)
    form = {
        "username": noor.username, "first_name": "Noor", "last_name": "", "email": "",
        "membership_set-TOTAL_FORMS": "1", "membership_set-INITIAL_FORMS": "1",
        "membership_set-0-id": membership.pk, "membership_set-0-user": noor.pk,
        "membership_set-0-centre": family.centre_id, "membership_set-0-role": "worker",
    }  # fmt: skip

    page = client.post(reverse("admin:accounts_user_change", args=[noor.pk]), form).content.decode()

    assert "1 gezinnen" in page and "Samira" not in page
    noor.refresh_from_db()
    assert noor.is_active


def test_a_restricted_family_goes_over_whole_and_stays_unknown_until_then(noor, sofie):
    family = make_household(worker=noor, nickname="Verborgen", restricted=True)
    promise = make_follow_up(family)
    handover = make_handover(family, giver=noor, to=sofie)

    page = signed_in(sofie).get(address("detail", handover)).content.decode()
    assert "1 gezin afgeschermd" in page
    assert "Verborgen" not in page and family.code not in page

    signed_in(sofie).post(address("accept", handover))

    family.refresh_from_db()
    promise.refresh_from_db()
    assert (family.primary_worker, promise.assigned_to) == (sofie, sofie)
    assert not HandedFamily.objects.filter(is_waiting=True).exists()
    assert "Verborgen" in signed_in(sofie).get(family.get_absolute_url()).content.decode()


def test_a_restricted_family_that_was_refused_can_be_given_to_someone_else(noor, sofie):
    family = make_household(worker=noor, restricted=True)
    handover = make_handover(family, giver=noor, to=sofie)

    signed_in(sofie).post(address("refuse", handover), {"why": "Geen tijd"})

    assert not HandedFamily.objects.filter(is_waiting=True).exists()
    make_handover(family, giver=noor, to=make_user(centre=family.centre))


@pytest.mark.parametrize("days, word", [(14, "vertrekt"), (-1, "vertrok")])
def test_r12_the_coordinator_hears_once_of_a_last_day_with_open_files(noor, els, family, days, word):
    User.objects.filter(pk=noor.pk).update(leaves_on=TODAY + timedelta(days=days))

    assert (actions.tell_of_leavers(), actions.tell_of_leavers()) == (1, 0)

    notice = Notice.objects.get()
    assert notice.to == els
    assert notice.text.startswith(f"Noor {word} op ") and notice.text.endswith("en heeft nog 1 gezinnen.")
    assert signed_in(els).get(notice.url).status_code == 200


def test_nobody_hears_of_a_last_day_that_is_far_or_leaves_nothing_open(noor, sofie, els, family):
    User.objects.filter(pk=noor.pk).update(leaves_on=TODAY + timedelta(days=15))
    User.objects.filter(pk=sofie.pk).update(leaves_on=TODAY)

    assert actions.tell_of_leavers() == 0
