"""Single follow-ups and help requests: offered, accepted, and only then somebody else's."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role, User
from buurtwerk.drafts.models import Undo
from buurtwerk.notices.models import Notice
from households.actions.follow_ups import finish
from households.actions.handovers import accept as accept_handover
from households.actions.handovers import give_back_after_last_day
from households.actions.offers import NotPossible
from households.days import in_two_weeks
from households.models import BreakGlass, FollowUp, Handover, HelpRequest, Household
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_follow_up, make_handover, make_help_request, make_household

pytestmark = pytest.mark.django_db

TODAY = reverse("overview:today")


@pytest.fixture
def noor():
    return make_user(first_name="Noor")


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


@pytest.fixture
def youssef(household):
    """A colleague of the centre who does not read this file."""
    return make_user(centre=household.centre, first_name="Youssef")


@pytest.fixture(params=["follow-up", "help-request"])
def subject(request, household):
    make = {"follow-up": make_follow_up, "help-request": make_help_request}
    return make[request.param](household)


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def press(client, action, subject, **fields):
    subject.refresh_from_db()
    kind = "follow-up" if isinstance(subject, FollowUp) else "help-request"
    address = reverse(f"households:{kind}-{action}", args=[subject.pk])
    return client.post(address, {"version": subject.version, **fields})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def told(user):
    return list(Notice.objects.unseen().filter(to=user).values_list("text", flat=True))


@pytest.fixture
def offered(as_, subject, noor, youssef):
    press(as_(noor), "hand-over", subject, to=youssef.pk)
    subject.refresh_from_db()
    return subject


def word(subject):
    return "opvolging" if isinstance(subject, FollowUp) else "hulpvraag"


def test_r12_what_is_offered_stays_with_its_owner_until_it_is_accepted(as_, offered, household, noor, youssef):
    assert (offered.owner, offered.offered_to, offered.handed_over_by) == (noor, youssef, None)
    assert told(youssef) == [f"Noor vraagt of je een {word(offered)} ({household.code}) overneemt."]
    assert "angeboden aan Youssef" in as_(noor).get(offered.get_absolute_url()).content.decode()

    press(as_(youssef), "accept", offered)

    offered.refresh_from_db()
    assert (offered.owner, offered.offered_to, offered.handed_over_by) == (youssef, None, noor)
    assert told(noor) == [f"Youssef nam een {word(offered)} ({household.code}) over."]


def test_the_lists_say_to_whom_it_is_offered(as_, offered, household, noor):
    client = as_(noor)
    name, tab = ("follow-up", "family-follow-ups") if isinstance(offered, FollowUp) else ("help-request", "help")

    assert "aangeboden aan Youssef" in client.get(reverse(f"households:{name}-list")).content.decode()
    assert "aangeboden aan Youssef" in client.get(reverse(f"households:{tab}", args=[household.code])).content.decode()


def test_vandaag_asks_who_it_is_offered_to_and_nobody_else(as_, offered, noor, youssef):
    accept = f"{offered.get_absolute_url()}aanvaard/"

    assert "Neem je dit over?" in (page := as_(youssef).get(TODAY).content.decode())
    assert accept in page
    assert accept not in as_(noor).get(TODAY).content.decode()
    press(as_(youssef), "refuse", offered)
    assert "Neem je dit over?" not in as_(youssef).get(TODAY).content.decode()


def test_who_refuses_leaves_it_where_it_is_and_the_owner_knows(as_, offered, household, noor, youssef):
    response = press(as_(youssef), "refuse", offered, next=TODAY)

    offered.refresh_from_db()
    assert response.url == TODAY
    assert (offered.owner, offered.offered_to) == (noor, None)
    assert told(noor) == [f"Youssef neemt een {word(offered)} ({household.code}) niet over."]
    # It is out of sight again for who does not read the file.
    assert as_(youssef).get(offered.get_absolute_url()).status_code == 404


def test_the_owner_withdraws_an_offer(as_, offered, household, noor, youssef):
    press(as_(noor), "withdraw", offered)

    offered.refresh_from_db()
    assert (offered.owner, offered.offered_to) == (noor, None)
    assert told(youssef) == [f"Je hoeft een {word(offered)} ({household.code}) niet over te nemen."]
    assert press(as_(youssef), "accept", offered).status_code == 404


def test_undo_takes_an_offer_back_but_never_what_was_accepted(as_, offered, noor, youssef):
    undo = Undo.objects.get()
    address = reverse("drafts:take-back", args=[undo.token])
    press(as_(youssef), "accept", offered)
    response = as_(noor).post(address)

    offered.refresh_from_db()
    assert said(response)[-1] == "Dat gaat niet meer: dit is intussen aangepast."
    assert offered.owner == youssef

    press(as_(youssef), "hand-over", offered, to=noor.pk)
    as_(youssef).post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]))
    offered.refresh_from_db()
    assert (offered.owner, offered.offered_to) == (youssef, None)


def test_only_who_is_asked_answers_and_only_another_withdraws(as_, offered, household, noor, youssef):
    els = make_user(Role.COORDINATOR, centre=household.centre)
    stranger = make_user()

    assert press(as_(noor), "accept", offered).status_code == 403
    assert press(as_(els), "refuse", offered).status_code == 403
    assert press(as_(youssef), "withdraw", offered).status_code == 403
    assert {press(as_(stranger), action, offered).status_code for action in ("accept", "refuse", "withdraw")} == {404}
    offered.refresh_from_db()
    assert (offered.owner, offered.offered_to) == (noor, youssef)


def test_an_answer_to_what_was_changed_meanwhile_does_nothing(as_, offered, youssef):
    response = press(as_(youssef), "accept", offered, version="1")

    assert said(response) == ["Een collega paste dit intussen aan. Kijk even na."]
    offered.refresh_from_db()
    assert offered.offered_to == youssef


def test_who_takes_something_over_has_accepted_it_by_that(as_, subject, household, noor, youssef):
    household.colleagues.add(youssef)

    press(as_(youssef), "hand-over", subject, to=youssef.pk)

    subject.refresh_from_db()
    assert (subject.owner, subject.handed_over_by) == (youssef, noor)
    assert told(noor) == [f"Youssef nam een {word(subject)} ({household.code}) over."]


def test_another_colleague_is_asked_instead(as_, offered, noor, youssef, household):
    sofie = make_user(centre=household.centre, first_name="Sofie")

    press(as_(noor), "hand-over", offered, to=sofie.pk)

    offered.refresh_from_db()
    assert offered.offered_to == sofie
    assert told(youssef) == [f"Je hoeft een {word(offered)} ({household.code}) niet over te nemen."]


def test_a_restricted_family_is_offered_only_to_who_may_know_of_it(as_, subject, household, noor, youssef):
    household.restricted, household.restricted_reason = True, "Op hun vraag."
    household.save()

    response = press(as_(noor), "hand-over", subject, to=youssef.pk)

    assert response.context["form"].errors["to"] == ["Kies een collega van dit centrum."]


def test_restricting_a_family_ends_the_offers_to_who_no_longer_knows_of_it(as_, offered, household, noor, youssef):
    page = reverse("households:restriction", args=[household.code])
    as_(noor).post(
        page,
        {"restricted": "True", "restricted_reason": "Op hun vraag.", "primary_worker": noor.pk, "loaded_version": 1},
    )

    household.refresh_from_db()
    offered.refresh_from_db()
    assert household.restricted
    assert (offered.owner, offered.offered_to) == (noor, None)
    assert as_(youssef).get(offered.get_absolute_url()).status_code == 404


def test_a_whole_family_that_is_handed_over_ends_the_offers(offered, household, noor):
    sofie = make_user(centre=household.centre)
    handover = make_handover(household, to=sofie, giver=noor)

    accept_handover(handover, by=sofie)

    offered.refresh_from_db()
    assert (offered.owner, offered.offered_to) == (sofie, None)


def test_what_is_done_is_no_longer_offered(household, noor, youssef):
    follow_up = make_follow_up(household, offered_to=youssef)

    finish(follow_up, status="done", by=noor)

    follow_up.refresh_from_db()
    assert follow_up.offered_to is None


@pytest.mark.parametrize("wrong", ["its owner", "closed"])
def test_the_database_keeps_no_offer_to_the_owner_or_of_what_is_closed(offered, noor, wrong):
    values = {"offered_to": noor}
    if wrong == "closed":
        done = {"status": "done", "closed_at": "2026-01-01T10:00Z", "closed_by": noor}
        solved = {"status": "solved", "ended_at": "2026-01-01T10:00Z", "ended_by": noor, "next_on": None}
        values = done if isinstance(offered, FollowUp) else solved

    of = {
        FollowUp: "follow_up_offered_while_open_to_another",
        HelpRequest: "help_request_offered_while_open_to_another",
    }
    with breaks(of[type(offered)]):
        type(offered).objects.filter(pk=offered.pk).update(**values)


def test_vandaag_costs_the_same_for_any_number_of_offers(as_, household, noor, youssef):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            as_(youssef).get(TODAY)
        return len([each for each in captured.captured_queries if "SAVEPOINT" not in each["sql"]])

    make_follow_up(household, offered_to=youssef)
    queries()
    one = queries()
    for _ in range(3):
        make_follow_up(household, offered_to=youssef)
        make_help_request(household, offered_to=youssef)

    assert queries() == one


# A new one, made for a colleague


@pytest.fixture(params=["follow-up", "help-request"])
def new(request, household):
    """Where a new one is made, and what is typed there but for whom."""
    typed = {
        "follow-up": {"what": "Bel de school", "when": "tomorrow"},
        "help-request": {
            "words": "Ik wil weg van die schimmel.",
            "theme": "housing",
            "asked_on": timezone.localdate(),
            "next_on": in_two_weeks(timezone.localdate()),
        },
    }[request.param]
    owner = {"follow-up": "assigned_to", "help-request": "owner"}[request.param]
    model = {"follow-up": FollowUp, "help-request": HelpRequest}[request.param]
    address = reverse(f"households:{request.param}-create", args=[household.code])
    return model, address, lambda to: {"token": uuid.uuid4(), owner: to.pk, **typed}


def test_r12_a_new_one_for_a_colleague_is_offered_and_stays_with_who_made_it(as_, new, noor, youssef):
    model, address, typed = new

    assert "Tot die ja zegt, blijft het bij jou." in as_(noor).get(address).text
    response = as_(noor).post(address, typed(youssef))

    made = model.objects.get()
    assert (made.owner, made.offered_to, made.handed_over_by, made.version) == (noor, youssef, None, 1)
    assert said(response)[0].endswith("Aangeboden aan Youssef: tot die ja zegt, blijft het bij jou.")
    assert told(youssef) == [f"Noor vraagt of je een {word(made)} ({made.household.code}) overneemt."]
    assert str(made) in as_(youssef).get(TODAY).text
    assert "Aangeboden aan Youssef" in as_(noor).get(made.get_absolute_url()).text

    press(as_(youssef), "accept", made)

    made.refresh_from_db()
    assert (made.owner, made.offered_to, made.handed_over_by) == (youssef, None, noor)


def test_a_new_one_for_oneself_asks_nobody(as_, new, noor, youssef):
    model, address, typed = new

    response = as_(noor).post(address, typed(noor))

    made = model.objects.get()
    assert (made.owner, made.offered_to) == (noor, None)
    assert "angeboden" not in said(response)[0]
    assert not Notice.objects.exists()


def test_taking_a_new_one_back_tells_who_was_asked(as_, new, noor, youssef):
    model, address, typed = new
    client = as_(noor)
    client.post(address, typed(youssef))
    code = model.objects.get().household.code

    client.post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]))

    assert not model.objects.exists()
    kind = "opvolging" if model is FollowUp else "hulpvraag"
    assert told(youssef) == [f"Je hoeft een {kind} ({code}) niet over te nemen."]


def test_who_broke_the_glass_leaves_a_new_one_with_the_vaste_buurtwerker(as_, new, household, noor, youssef):
    model, address, typed = new
    Household.objects.update(restricted=True, restricted_reason="Ex-partner werkt in de buurt")
    BreakGlass.objects.create(
        centre=household.centre,
        household=household,
        user=youssef,
        ground="danger",
        reason="Kind alleen thuis",
        until=timezone.now() + timedelta(minutes=30),
    )
    coordinator = make_user(Role.COORDINATOR, centre=household.centre, first_name="Els")

    as_(youssef).post(address, typed(coordinator))

    made = model.objects.get()
    assert (made.owner, made.offered_to) == (noor, coordinator)
    assert told(noor) == [f"Youssef noteerde een {word(made)} ({household.code}) die bij jou staat."]


# Someone who was asked leaves


@pytest.fixture
def els(household):
    return make_user(Role.COORDINATOR, centre=household.centre, first_name="Els")


@pytest.fixture
def asked_by_els(as_, subject, els, youssef):
    """What is Noor's, and what Els asked Youssef to take over; with a family of hers besides."""
    press(as_(els), "hand-over", subject, to=youssef.pk)
    press(as_(els), "postpone", subject, to="next_week")
    subject.refresh_from_db()
    Notice.objects.all().delete()
    return subject


def test_r12_what_someone_was_asked_stays_with_its_owner_when_their_account_ends(as_, asked_by_els, els, noor, youssef):
    code = asked_by_els.household.code
    handover = make_handover(asked_by_els.household, giver=noor, to=youssef)
    Notice.objects.all().delete()

    as_(els).post(reverse("households:handover-leave", args=[youssef.pk]), {"on": ""})

    youssef.refresh_from_db()
    asked_by_els.refresh_from_db()
    handover.refresh_from_db()
    assert (youssef.is_active, handover.status, handover.families.filter(is_waiting=True).exists()) == (
        False,
        "withdrawn",
        False,
    )
    assert (asked_by_els.owner, asked_by_els.offered_to) == (noor, None)
    stays = f"Youssef werkt hier niet meer: een {word(asked_by_els)} ({code}) blijft bij Noor."
    assert told(els) == [stays]
    assert sorted(told(noor)) == sorted(
        [stays, "Youssef werkt hier niet meer: de overdracht van een gezin gaat niet door."]
    )


@pytest.mark.parametrize("moves", ["role", "away"])
def test_r12_what_someone_was_asked_goes_back_when_their_role_is_taken_away(as_, asked_by_els, noor, youssef, moves):
    membership = Membership.objects.get(user=youssef)
    role = {"role": Role.MONITOR, "away": Role.WORKER}[moves]
    form = {
        "username": youssef.username, "first_name": "Youssef", "last_name": "", "email": "", "is_active": "on",
        "membership_set-TOTAL_FORMS": "1", "membership_set-INITIAL_FORMS": "1",
        "membership_set-0-id": membership.pk, "membership_set-0-user": youssef.pk,
        "membership_set-0-centre": membership.centre_id, "membership_set-0-role": role,
    }  # fmt: skip
    if moves == "away":
        form["membership_set-0-DELETE"] = "on"
    administrator = make_user(Role.ADMINISTRATOR, centre=membership.centre)

    response = as_(administrator).post(reverse("admin:accounts_user_change", args=[youssef.pk]), form)

    assert response.status_code == 302
    asked_by_els.refresh_from_db()
    assert (asked_by_els.owner, asked_by_els.offered_to) == (noor, None)
    assert told(noor)


def test_who_keeps_the_role_keeps_what_they_are_asked(as_, asked_by_els, youssef):
    membership = Membership.objects.get(user=youssef)
    form = {
        "username": youssef.username, "first_name": "Jef", "last_name": "", "email": "", "is_active": "on",
        "membership_set-TOTAL_FORMS": "1", "membership_set-INITIAL_FORMS": "1",
        "membership_set-0-id": membership.pk, "membership_set-0-user": youssef.pk,
        "membership_set-0-centre": membership.centre_id, "membership_set-0-role": Role.COORDINATOR,
    }  # fmt: skip
    administrator = make_user(Role.ADMINISTRATOR, centre=membership.centre)

    as_(administrator).post(reverse("admin:accounts_user_change", args=[youssef.pk]), form)

    asked_by_els.refresh_from_db()
    assert asked_by_els.offered_to == youssef


def test_a_role_that_changes_leaves_no_open_files_behind(as_, household, noor):
    membership = Membership.objects.get(user=noor)
    form = {
        "username": noor.username, "first_name": "Noor", "last_name": "", "email": "", "is_active": "on",
        "membership_set-TOTAL_FORMS": "1", "membership_set-INITIAL_FORMS": "1",
        "membership_set-0-id": membership.pk, "membership_set-0-user": noor.pk,
        "membership_set-0-centre": membership.centre_id, "membership_set-0-role": Role.MONITOR,
    }  # fmt: skip
    administrator = make_user(Role.ADMINISTRATOR, centre=membership.centre)

    response = as_(administrator).post(reverse("admin:accounts_user_change", args=[noor.pk]), form)

    assert "1 gezinnen" in response.text
    assert Membership.objects.get(user=noor).role == Role.WORKER


def test_the_day_after_the_last_day_what_was_asked_goes_back(asked_by_els, noor, youssef):
    User.objects.filter(pk=youssef.pk).update(leaves_on=timezone.localdate())
    assert give_back_after_last_day() == 0

    User.objects.filter(pk=youssef.pk).update(leaves_on=timezone.localdate() - timedelta(days=1))

    assert give_back_after_last_day() == 1
    assert give_back_after_last_day() == 0
    asked_by_els.refresh_from_db()
    assert asked_by_els.offered_to is None
    assert told(noor)


def test_nothing_is_asked_of_who_left(as_, subject, household, noor, youssef):
    User.objects.filter(pk=youssef.pk).update(leaves_on=timezone.localdate() - timedelta(days=1))

    response = press(as_(noor), "hand-over", subject, to=youssef.pk)

    assert "to" in response.context["form"].errors


@pytest.mark.parametrize("gone", [{"is_active": False}, {"role": Role.MONITOR}])
def test_the_database_asks_nobody_who_does_not_work_there(subject, household, noor, youssef, gone):
    if "role" in gone:
        Membership.objects.filter(user=youssef).update(**gone)
    else:
        User.objects.filter(pk=youssef.pk).update(**gone)

    of = {FollowUp: "households_followup.asked_works_here", HelpRequest: "households_helprequest.asked_works_here"}
    with breaks(of[type(subject)]):
        type(subject).objects.update(offered_to=youssef)
    with breaks("households_handover.asked_works_here"):
        Handover.objects.create(centre=household.centre, from_user=noor, to_user=youssef, proposed_by=noor)
    with pytest.raises(NotPossible):
        make_handover(household, giver=noor, to=youssef)
