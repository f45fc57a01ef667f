import uuid
from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.drafts.models import Undo
from households import days
from households.actions.follow_ups import grouped
from households.models import FollowUp
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_contact, make_follow_up, make_household

pytestmark = pytest.mark.django_db

LIST = reverse("households:follow-up-list")
TODAY = timezone.localdate()


@pytest.fixture
def noor():
    return make_user(first_name="Noor")


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


@pytest.fixture
def youssef(household):
    youssef = make_user(centre=household.centre, first_name="Youssef")
    household.colleagues.add(youssef)
    return youssef


@pytest.fixture
def follow_up(household):
    return make_follow_up(household)


@pytest.fixture
def signed_in(client, noor):
    client.force_login(noor)
    return client


def press(client, action, follow_up, **fields):
    follow_up.refresh_from_db()
    address = reverse(f"households:follow-up-{action}", args=[follow_up.pk])
    return client.post(address, {"version": follow_up.version, **fields})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def undo(client):
    return client.post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]), {"next": LIST})


# What the table itself refuses


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("follow_up_closed_by_someone", {"status": "done"}),
        ("follow_up_closed_by_someone", {"closed_at": timezone.now()}),
        ("follow_up_closed_by_someone", {"status": "lost"}),
        ("follow_up_waits_on_someone", {"status": "waiting"}),
    ],
)
def test_the_database_knows_who_closed_a_follow_up_and_on_whom_it_waits(follow_up, constraint, fields):
    with breaks(constraint):
        FollowUp.objects.filter(pk=follow_up.pk).update(**fields)


# R11: always an owner and a day


@pytest.mark.parametrize("missing", ["assigned_to", "due_on"])
def test_r11_the_database_keeps_no_follow_up_without_owner_or_day(follow_up, missing):
    with pytest.raises(IntegrityError, match="null value"), transaction.atomic():
        FollowUp.objects.filter(pk=follow_up.pk).update(**{missing: None})


# The list


def test_follow_ups_stand_under_when_they_are_due():
    monday = date(2026, 11, 23)
    due = [monday - timedelta(days=3), monday, monday + timedelta(days=6), monday + timedelta(days=7)]

    groups = grouped([FollowUp(due_on=day) for day in due], monday)

    assert [(group.name, group.label, [each.due_on for each in group.follow_ups]) for group in groups] == [
        ("late", "Te laat", [due[0]]),
        ("today", "Vandaag", [due[1]]),
        ("week", "Deze week", [due[2]]),
        ("later", "Later", [due[3]]),
    ]


def test_a_group_without_follow_ups_is_left_out():
    assert [group.name for group in grouped([FollowUp(due_on=TODAY)], TODAY)] == ["today"]


def test_the_list_shows_mine_with_a_word_for_the_day(signed_in, household, youssef):
    make_follow_up(household, what="Bel de school", due_on=TODAY - timedelta(days=3))
    make_follow_up(household, what="Van Youssef", assigned_to=youssef)

    page = signed_in.get(LIST).content.decode()

    assert "Bel de school" in page
    assert "3 dagen te laat" in page
    assert "Van Youssef" not in page


def test_the_list_of_the_team_names_who_does_it(signed_in, household, youssef):
    make_follow_up(household, what="Van Youssef", assigned_to=youssef)

    page = signed_in.get(LIST, {"toon": "team"}).content.decode()

    assert "Van Youssef" in page
    assert "· Youssef" in page


def test_the_list_of_what_waits_shows_only_that(signed_in, household):
    make_follow_up(household, what="Nu te doen")
    make_follow_up(household, what="Even niet", status="waiting", waiting_on="de school")

    page = signed_in.get(LIST, {"toon": "wacht"}).content.decode()

    assert "Even niet" in page
    assert "wacht op de school" in page
    assert "Nu te doen" not in page


@pytest.mark.parametrize("query", [{"toon": "\x00"}, {"toon": "iets"}, {"page": "abc"}, {"page": "99999999999"}])
def test_a_strange_filter_shows_the_usual_list(signed_in, follow_up, query):
    response = signed_in.get(LIST, query)

    assert response.status_code == 200
    assert follow_up.what in response.content.decode()


def test_an_empty_list_says_so(signed_in):
    assert "Niets op te volgen." in signed_in.get(LIST).content.decode()


def test_another_centre_is_never_in_the_list(signed_in):
    make_follow_up(make_household(), what="Van elders")

    assert "Van elders" not in signed_in.get(LIST, {"toon": "team"}).content.decode()


def test_the_list_is_cut_into_pages(signed_in, household):
    for _ in range(13):
        make_follow_up(household)

    response = signed_in.get(LIST)

    assert len(response.context["page"]) == 12
    assert "Bladzijde 1 van 2" in response.content.decode()


# Tick


def test_a_tick_closes_and_brings_you_back(signed_in, noor, follow_up):
    response = press(signed_in, "close", follow_up, next="/team/gezinnen/")

    assert response.url == "/team/gezinnen/"
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.closed_by) == ("done", noor)
    assert said(response) == ["Klaar: Bel over de inschrijving"]
    page = signed_in.get(LIST).content.decode()
    assert "Klaar</h2>" in page


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "/activiteit/x/", ""])
def test_the_way_back_stays_in_the_house(signed_in, follow_up, address):
    assert press(signed_in, "close", follow_up, next=address).url == LIST


def test_ticking_twice_closes_once_and_says_who_did_it(signed_in, client, noor, youssef, follow_up):
    press(signed_in, "close", follow_up)
    client.force_login(youssef)

    response = press(client, "close", follow_up)

    assert said(response)[-1] == "Noor rondde dit al af: Bel over de inschrijving"
    follow_up.refresh_from_db()
    assert (follow_up.closed_by, follow_up.version) == (noor, 2)


def test_undo_opens_it_again_where_it_was(signed_in, household):
    follow_up = make_follow_up(household, status="waiting", waiting_on="de school", due_on=TODAY + timedelta(days=2))
    press(signed_in, "close", follow_up)

    response = undo(signed_in)

    assert said(response)[-1] == "Ongedaan gemaakt. De opvolging staat weer zoals ze was."
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.waiting_on, follow_up.closed_by) == ("waiting", "de school", None)


def test_undo_does_not_undo_what_a_colleague_did_since(signed_in, client, noor, youssef, follow_up):
    press(signed_in, "postpone", follow_up, to="next_week")
    mine = Undo.objects.get()
    client.force_login(youssef)
    press(client, "close", follow_up)
    client.force_login(noor)

    response = client.post(reverse("drafts:take-back", args=[mine.token]))

    assert said(response)[-1] == "Dat gaat niet meer: de opvolging is intussen aangepast."
    follow_up.refresh_from_db()
    assert follow_up.status == "done"


def test_htmx_gets_the_line_that_is_left_with_its_way_back(signed_in, follow_up):
    address = reverse("households:follow-up-close", args=[follow_up.pk])

    page = signed_in.post(address, {"next": "/team/"}, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in page
    assert "Klaar: Bel over de inschrijving" in page
    assert reverse("drafts:take-back", args=[Undo.objects.get().token]) in page
    assert 'value="/team/"' in page
    assert "Klaar: Bel" not in signed_in.get(reverse("households:note")).content.decode()


# Postpone


@pytest.mark.parametrize(("to", "day"), [("tomorrow", days.tomorrow(TODAY)), ("next_week", days.next_week(TODAY))])
def test_postponing_takes_one_button(signed_in, follow_up, to, day):
    press(signed_in, "postpone", follow_up, to=to)

    follow_up.refresh_from_db()
    assert (follow_up.due_on, follow_up.times_postponed) == (day, 1)


def test_postponing_to_a_day_of_ones_own(signed_in, follow_up):
    press(signed_in, "postpone", follow_up, on=(TODAY + timedelta(days=40)).isoformat())

    follow_up.refresh_from_db()
    assert follow_up.due_on == TODAY + timedelta(days=40)


def test_bringing_it_forward_is_not_postponing(signed_in, household):
    follow_up = make_follow_up(household, due_on=TODAY + timedelta(days=30))

    press(signed_in, "postpone", follow_up, to="tomorrow")

    follow_up.refresh_from_db()
    assert follow_up.times_postponed == 0


@pytest.mark.parametrize("on", ["", "2020-01-01", "2062-01-01", "morgen", "2026-02-30", "\x00"])
def test_a_day_that_cannot_be_is_refused_and_nothing_moves(signed_in, follow_up, on):
    response = press(signed_in, "postpone", follow_up, on=on)

    assert response.status_code == 200
    assert response.context["form"].errors["on"]
    follow_up.refresh_from_db()
    assert (follow_up.due_on, follow_up.version) == (TODAY, 1)


def test_the_third_time_it_asks_whether_it_is_still_needed(signed_in, follow_up):
    for week in (1, 2):
        press(signed_in, "postpone", follow_up, on=(TODAY + timedelta(weeks=week)).isoformat())
    third = (TODAY + timedelta(weeks=3)).isoformat()

    asked = press(signed_in, "postpone", follow_up, on=third)

    page = asked.content.decode()
    assert "Nog nodig?" in page
    assert "Dit is al 2 keer verzet." in page
    follow_up.refresh_from_db()
    assert follow_up.due_on == TODAY + timedelta(weeks=2)

    press(signed_in, "postpone", follow_up, on=third, still_needed="1")
    follow_up.refresh_from_db()
    assert (follow_up.due_on.isoformat(), follow_up.times_postponed) == (third, 3)


def test_what_is_no_longer_needed_is_dropped(signed_in, noor, follow_up):
    response = press(signed_in, "drop", follow_up)

    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.closed_by) == ("dropped", noor)
    assert said(response) == ["Niet meer nodig: Bel over de inschrijving"]


@pytest.mark.parametrize("action", ["postpone", "hand-over", "wait"])
@pytest.mark.parametrize("version", ["1", "", "abc", "\x00"])
def test_who_comes_second_overwrites_nothing(signed_in, youssef, follow_up, action, version):
    press(signed_in, "postpone", follow_up, to="next_week")
    follow_up.refresh_from_db()

    fields = {"on": (TODAY + timedelta(days=50)).isoformat(), "to": youssef.pk, "waiting_on": "de school"}
    response = press(signed_in, action, follow_up, **{**fields, "version": version})

    assert said(response)[-1].startswith("Een collega paste dit intussen aan.")
    before = follow_up.version
    follow_up.refresh_from_db()
    assert follow_up.version == before


@pytest.mark.parametrize("action", ["close", "drop", "postpone", "wait", "resume", "hand-over"])
def test_what_is_closed_stays_as_it_is(signed_in, follow_up, action):
    press(signed_in, "close", follow_up)

    response = press(signed_in, action, follow_up, to="tomorrow", waiting_on="iets")

    assert said(response)[-1] == "Je rondde dit al af: Bel over de inschrijving"
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.version) == ("done", 2)


# Wait, hand over


def test_waiting_and_going_on(signed_in, follow_up):
    press(signed_in, "wait", follow_up, waiting_on="de huisbaas")
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.waiting_on) == ("waiting", "de huisbaas")

    press(signed_in, "resume", follow_up)
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.waiting_on) == ("open", "")


@pytest.mark.parametrize("words", ["", "   ", "x" * 121, "a\x00b", "a\x07b", "85.07.30-033.28"])
def test_waiting_needs_words_that_may_be_kept(signed_in, follow_up, words):
    response = press(signed_in, "wait", follow_up, waiting_on=words)

    assert response.status_code == 200
    assert response.context["form"].errors["waiting_on"]
    follow_up.refresh_from_db()
    assert (follow_up.status, follow_up.waiting_on) == ("open", "")


def test_it_is_handed_only_to_who_takes_up_follow_ups_in_that_centre(signed_in, noor, youssef, follow_up):
    centre = follow_up.centre
    elsewhere, mia = make_user(), make_user(Role.VOLUNTEER, centre=centre)
    left = make_user(centre=centre, is_active=False)

    page = signed_in.get(reverse("households:follow-up-hand-over", args=[follow_up.pk]))

    assert list(page.context["form"].fields["to"].queryset) == [youssef]
    for someone in (elsewhere.pk, mia.pk, left.pk, noor.pk, 999999, "abc", "", "\x00"):
        response = press(signed_in, "hand-over", follow_up, to=someone)
        assert response.context["form"].errors["to"]
    follow_up.refresh_from_db()
    assert follow_up.assigned_to == noor


# Create


def new(household):
    return reverse("households:follow-up-create", args=[household.code])


def promise(noor, **fields):
    return {"token": uuid.uuid4(), "what": "Bel de school", "when": "tomorrow", "assigned_to": noor.pk, **fields}


def test_a_promise_is_made_once(signed_in, noor, household):
    form = promise(noor)

    responses = [signed_in.post(new(household), form) for _ in range(2)]

    assert {response.url for response in responses} == {household.get_absolute_url()}
    follow_up = FollowUp.objects.get()
    assert (follow_up.what, follow_up.due_on) == ("Bel de school", TODAY + timedelta(days=1))
    assert (follow_up.assigned_to, follow_up.created_by, follow_up.centre) == (noor, noor, household.centre)


def test_a_promise_can_be_taken_back_while_nobody_touched_it(signed_in, noor, household):
    signed_in.post(new(household), promise(noor))
    undo(signed_in)
    assert FollowUp.objects.count() == 0

    signed_in.post(new(household), promise(noor))
    press(signed_in, "postpone", FollowUp.objects.get(), to="next_week")
    created = Undo.objects.filter(name="households.follow-up-created").latest("pk")
    signed_in.post(reverse("drafts:take-back", args=[created.token]))
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": ""},
        {"what": "x" * 201},
        {"what": "a\x00b"},
        {"what": "85.07.30-033.28"},
        {"when": ""},
        {"when": "ooit"},
        {"assigned_to": ""},
        {"assigned_to": "999999"},
        {"assigned_to": "abc"},
        {"token": "abc"},
        {"when": "date", "due_on": ""},
        {"when": "date", "due_on": "2020-01-01"},
        {"when": "date", "due_on": "2062-01-01"},
    ],
)
def test_a_promise_without_owner_or_possible_day_is_refused(signed_in, noor, household, wrong):
    response = signed_in.post(new(household), promise(noor, **wrong))

    assert response.status_code == 200
    assert set(response.context["form"].errors) & set(wrong)
    assert FollowUp.objects.count() == 0


# Detail


def test_the_detail_tells_what_happened_and_by_whom(signed_in, noor, youssef, household):
    contact = make_contact(household)
    signed_in.post(new(household), promise(noor))
    follow_up = FollowUp.objects.get()
    FollowUp.objects.update(born_from=contact)
    press(signed_in, "postpone", follow_up, on=(TODAY + timedelta(days=9)).isoformat())
    press(signed_in, "wait", follow_up, waiting_on="de school")
    press(signed_in, "hand-over", follow_up, to=youssef.pk)
    signed_in.force_login(youssef)
    press(signed_in, "accept", follow_up)
    signed_in.force_login(noor)
    press(signed_in, "close", follow_up)

    response = signed_in.get(follow_up.get_absolute_url())

    titles = [step.title for step in response.context["steps"] if step.title != "Aangepast"]
    assert titles[0] == "Gedaan"
    assert titles[1:4] == ["Doorgegeven aan Youssef", "Aangeboden aan Youssef", "Wacht op de school"]
    assert titles[4].startswith("Verzet naar ")
    assert titles[5] == "Afgesproken"
    assert response.context["steps"][0].by == "Noor"
    assert contact.get_absolute_url() in response.content.decode()


def test_the_buttons_are_gone_when_it_is_closed(signed_in, follow_up):
    close = reverse("households:follow-up-close", args=[follow_up.pk])
    assert close in signed_in.get(follow_up.get_absolute_url()).content.decode()

    press(signed_in, "close", follow_up)

    assert close not in signed_in.get(follow_up.get_absolute_url()).content.decode()


# Who may

ACTIONS = ["close", "drop", "postpone", "wait", "resume", "hand-over"]


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MONITOR, Role.VOLUNTEER, Role.READER, Role.ADMINISTRATOR])
def test_other_roles_are_refused_everywhere(client, household, follow_up, role):
    client.force_login(make_user(role, centre=household.centre))

    pages = [LIST, new(household), follow_up.get_absolute_url()]
    assert {client.get(address).status_code for address in pages} == {403}
    assert {press(client, action, follow_up).status_code for action in ACTIONS} == {403}
    follow_up.refresh_from_db()
    assert follow_up.version == 1


def test_a_follow_up_of_another_centre_does_not_exist(client, household, follow_up):
    client.force_login(make_user())

    assert {client.get(address).status_code for address in (new(household), follow_up.get_absolute_url())} == {404}
    assert {press(client, action, follow_up).status_code for action in ACTIONS} == {404}


def test_the_coordinator_works_on_them_as_well(client, household, follow_up):
    client.force_login(make_user(Role.COORDINATOR, centre=household.centre))

    press(client, "close", follow_up)

    follow_up.refresh_from_db()
    assert follow_up.status == "done"


@pytest.mark.parametrize("action", ["close", "drop", "postpone", "wait", "resume"])
def test_a_get_changes_nothing(signed_in, follow_up, action):
    response = signed_in.get(reverse(f"households:follow-up-{action}", args=[follow_up.pk]))

    assert response.status_code == 405


def queries(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len([each for each in captured.captured_queries if "SAVEPOINT" not in each["sql"]])


def test_the_list_costs_the_same_for_any_number_of_rows(signed_in, noor, household, youssef):
    def make_one():
        make_follow_up(make_household(worker=noor), handed_over_by=youssef)
        closed = make_follow_up(make_household(worker=noor))
        press(signed_in, "close", closed)

    make_one()
    signed_in.get(LIST)
    one = queries(lambda: signed_in.get(LIST))
    for _ in range(4):
        make_one()
    signed_in.get(LIST)

    assert queries(lambda: signed_in.get(LIST)) == one <= 12
