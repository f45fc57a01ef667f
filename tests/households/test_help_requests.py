import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Draft, Undo
from buurtwerk.trail.models import Access
from households import timeline
from households.models import HelpRequest, Household
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_contact, make_help_request, make_household, make_member

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=10)
LIST = reverse("households:help-request-list")


@pytest.fixture
def noor():
    return make_user(first_name="Noor")


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


@pytest.fixture
def youssef(household):
    return make_user(centre=household.centre, first_name="Youssef")


@pytest.fixture
def asked(household):
    return make_help_request(household)


@pytest.fixture
def signed_in(client, noor):
    client.force_login(noor)
    return client


def address(name, *args):
    return reverse(f"households:help-request-{name}", args=args)


def typed(household, **fields):
    return {
        "token": uuid.uuid4(),
        "words": "Ik wil weg van die schimmel.",
        "theme": "housing",
        "owner": household.primary_worker_id,
        "asked_on": TODAY,
        "next_on": LATER,
        **fields,
    }


def press(client, action, asked, **fields):
    asked.refresh_from_db()
    return client.post(address(action, asked.pk), {"version": asked.version, **fields})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def undo(client):
    return client.post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]), {"next": LIST})


# R11: nobody out of sight


@pytest.mark.parametrize("lost", ["owner_id", "next_on"])
def test_an_open_help_request_without_an_owner_or_a_next_day_cannot_exist(asked, lost):
    with breaks("help_request_open_has_owner_and_day"):
        HelpRequest.objects.filter(pk=asked.pk).update(**{lost: None})


@pytest.mark.parametrize("column", ["owner_id", "next_on"])
def test_not_even_by_someone_who_writes_in_the_database_itself(asked, column):
    with breaks("help_request_open_has_owner_and_day"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE households_helprequest SET {column} = NULL WHERE id = %s", [asked.pk])


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("help_request_ended_by_someone", {"status": "solved"}),
        ("help_request_ended_by_someone", {"status": "solved", "ended_at": timezone.now(), "next_on": None}),
        ("help_request_ended_by_someone", {"ended_at": timezone.now()}),
        ("help_request_ended_by_someone", {"outcome": "Verhuisd."}),
        ("help_request_ended_by_someone", {"status": "unknown", "next_on": None}),
        ("help_request_known_theme", {"theme": "alles"}),
    ],
)
def test_what_ended_was_ended_by_someone_and_what_is_open_was_not(asked, constraint, fields):
    with breaks(constraint):
        HelpRequest.objects.filter(pk=asked.pk).update(**fields)


# Asking


def test_a_question_is_kept_in_the_words_of_the_resident(signed_in, household):
    member = make_member(household)

    response = signed_in.post(address("create", household.code), typed(household, person=member.person_id))

    asked = HelpRequest.objects.get()
    assert response["Location"] == reverse("households:help", args=[household.code])
    assert (asked.words, asked.person, asked.theme) == ("Ik wil weg van die schimmel.", member.person, "housing")
    assert (asked.status, asked.owner, asked.next_on) == ("asked", household.primary_worker, LATER)


def test_the_same_click_twice_asks_once(signed_in, household):
    fields = typed(household)

    signed_in.post(address("create", household.code), fields)
    signed_in.post(address("create", household.code), fields)

    assert HelpRequest.objects.count() == 1


def test_asking_can_be_taken_back(signed_in, household):
    signed_in.post(address("create", household.code), typed(household))

    undo(signed_in)

    assert not HelpRequest.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"words": " "}, "words", "Schrijf op wat de bewoner vraagt."),
        ({"words": "a" * 1001}, "words", "niet meer dan 1000 tekens"),
        ({"words": "Mijn nummer is 85.07.30-033.28"}, "words", "rijksregisternummer"),
        ({"words": "nul\x00"}, "words", "onzichtbaar teken"),
        ({"theme": ""}, "theme", "Kies waarover het gaat."),
        ({"owner": ""}, "owner", "Kies wie dit opvolgt."),
        ({"owner": "999999"}, "owner", "Kies een collega van dit centrum."),
        ({"next_on": ""}, "next_on", "Kies een dag."),
        ({"next_on": "2062-01-01"}, "next_on", "Kies een dag binnen de twee jaar."),
        ({"next_on": "2020-01-01"}, "next_on", "Die dag is al voorbij"),
        ({"asked_on": "2062-01-01"}, "asked_on", "Kies vandaag of een dag ervoor."),
        ({"person": "999999"}, "person", "Kies iemand van dit gezin."),
    ],
)
def test_bad_input_is_said_at_the_field_and_keeps_what_was_typed(signed_in, household, fields, field, sentence):
    response = signed_in.post(address("create", household.code), typed(household, **fields))

    form = response.context["form"]
    assert sentence in " ".join(form.errors[field])
    assert form["words"].value() == typed(household, **fields)["words"]
    assert not HelpRequest.objects.exists()


def test_someone_of_another_family_cannot_be_the_one_who_asks(signed_in, household):
    stranger = make_member(make_household(centre=household.centre)).person

    response = signed_in.post(address("create", household.code), typed(household, person=stranger.pk))

    assert response.context["form"].errors["person"] == ["Kies iemand van dit gezin."]


def test_a_draft_of_a_question_is_there_again_and_gone_after_saving(signed_in, noor, household):
    Draft.objects.keep(
        user=noor,
        form="hulpvraag",
        subject=household.code,
        title="Hulpvraag",
        address=address("create", household.code),
        typed={"words": ["Half getypt"], "theme": ["housing"]},
    )

    page = signed_in.get(address("create", household.code)).content.decode()
    signed_in.post(address("create", household.code), typed(household))

    assert "Half getypt" in page
    assert not Draft.objects.exists()


def test_a_question_that_came_out_of_a_contact_knows_so(signed_in, household):
    contact = make_contact(household, themes=["energy_water"], happened_on=TODAY - timedelta(days=2))
    page = signed_in.get(contact.get_absolute_url()).content.decode()
    link = f"{address('create', household.code)}?contact={contact.pk}"

    form = signed_in.get(link).context["form"]
    signed_in.post(link, typed(household))

    assert link in page
    assert (form["theme"].value(), form["asked_on"].value()) == ("energy_water", contact.happened_on)
    assert HelpRequest.objects.get().born_from == contact
    assert "Hulpvragen hieruit" in signed_in.get(contact.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", ["abc", "9" * 30, "²", "\x00", ""])
def test_a_strange_contact_in_the_address_is_nothing(signed_in, household, number):
    assert signed_in.get(address("create", household.code), {"contact": number}).context["contact"] is None


def test_a_contact_of_another_family_is_not_where_it_came_from(signed_in, household):
    contact = make_contact(make_household(centre=household.centre))

    page = signed_in.get(address("create", household.code), {"contact": contact.pk})

    assert page.context["contact"] is None


# Who sees it


def test_the_words_are_for_the_file_team(client, youssef, household, asked):
    client.force_login(youssef)

    assert client.get(reverse("households:help", args=[household.code])).status_code == 403
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert not list(HelpRequest.objects.visible_to(youssef))
    assert asked.words not in client.get(household.get_absolute_url()).content.decode()


def test_who_follows_it_up_sees_it_also_outside_the_file_team(client, youssef, household):
    asked = make_help_request(household, owner=youssef)
    client.force_login(youssef)

    assert asked.words in client.get(asked.get_absolute_url()).content.decode()


def test_a_named_colleague_and_the_coordinator_read_it(household, youssef, asked):
    coordinator = make_user(Role.COORDINATOR, centre=household.centre)
    household.colleagues.add(youssef)

    assert list(HelpRequest.objects.visible_to(youssef)) == [asked]
    assert list(HelpRequest.objects.visible_to(coordinator)) == [asked]


def test_another_centre_does_not_see_it_and_neither_does_the_database_show_it(asked):
    stranger = make_user(Role.COORDINATOR)

    assert not HelpRequest.objects.visible_to(stranger).exists()
    with asking_as(stranger):
        assert HelpRequest.objects.count() == 0


def test_of_a_restricted_family_a_colleague_sees_no_question(household, youssef, asked):
    Household.objects.filter(pk=household.pk).update(restricted=True, restricted_reason="Op hun vraag.")

    with asking_as(youssef):
        assert HelpRequest.objects.count() == 0


def test_a_look_at_a_question_leaves_a_line_in_the_trail(signed_in, noor, asked):
    signed_in.get(asked.get_absolute_url())

    line = Access.objects.get(record_type="help_request")
    assert (line.user, line.record_ids) == (noor, [asked.pk])


# Moves


def test_a_question_is_put_off_and_the_third_time_we_ask_whether_it_is_still_there(signed_in, asked):
    for days in (5, 10):
        press(signed_in, "postpone", asked, on=TODAY + timedelta(days=days))
    asks = press(signed_in, "postpone", asked, on=TODAY + timedelta(days=15))
    asked.refresh_from_db()
    still = (asked.next_on, asked.times_postponed)

    press(signed_in, "postpone", asked, on=TODAY + timedelta(days=15), still_needed=1)

    asked.refresh_from_db()
    assert "Is de vraag er nog?" in asks.content.decode()
    assert still == (TODAY + timedelta(days=10), 2)
    assert (asked.next_on, asked.times_postponed) == (TODAY + timedelta(days=15), 3)


def test_putting_off_can_be_taken_back(signed_in, asked):
    press(signed_in, "postpone", asked, on=LATER)

    undo(signed_in)

    asked.refresh_from_db()
    assert (asked.next_on, asked.times_postponed) == (TODAY, 0)


def test_a_day_that_a_colleague_just_chose_is_not_overwritten(signed_in, asked):
    response = signed_in.post(address("postpone", asked.pk), {"version": asked.version - 1, "on": LATER})

    asked.refresh_from_db()
    assert asked.next_on == TODAY
    assert "Een collega paste dit intussen aan" in said(response)[0]


def test_a_question_does_not_go_to_another_centre(signed_in, asked):
    response = press(signed_in, "hand-over", asked, to=make_user().pk)

    asked.refresh_from_db()
    assert response.context["form"].errors["to"] == ["Kies een collega van dit centrum."]
    assert asked.handed_over_by is None


@pytest.mark.parametrize("status", ["partly", "unsolved"])
def test_what_was_not_solved_asks_for_one_line(signed_in, asked, status):
    response = press(signed_in, "end", asked, status=status, outcome="")

    asked.refresh_from_db()
    assert response.context["form"].errors["outcome"] == ["Schrijf in één zin wat er niet lukte."]
    assert asked.is_open


def test_an_ended_question_knows_how_when_and_by_whom(signed_in, noor, asked):
    press(signed_in, "end", asked, status="unsolved", outcome="Er is geen woning vrij.")

    asked.refresh_from_db()
    assert (asked.status, asked.outcome, asked.ended_by, asked.next_on) == (
        "unsolved",
        "Er is geen woning vrij.",
        noor,
        None,
    )
    assert not HelpRequest.objects.open().exists()


def test_ending_can_be_taken_back(signed_in, asked):
    press(signed_in, "end", asked, status="solved")

    undo(signed_in)

    asked.refresh_from_db()
    assert (asked.status, asked.next_on, asked.ended_by) == ("asked", TODAY, None)


def test_an_ended_question_is_opened_again_with_an_owner_and_a_day(signed_in, noor, asked):
    press(signed_in, "end", asked, status="solved")

    without = press(signed_in, "reopen", asked, next_on="")
    press(signed_in, "reopen", asked, next_on=LATER)

    asked.refresh_from_db()
    assert without.context["form"].errors["next_on"] == ["Kies een dag."]
    assert (asked.status, asked.owner, asked.next_on, asked.outcome) == ("working", noor, LATER, "")


def test_what_is_ended_is_not_put_off_any_more(signed_in, asked):
    press(signed_in, "end", asked, status="solved")

    response = press(signed_in, "postpone", asked, on=LATER)

    assert "al afgesloten" in said(response)[-1]


def edited(asked, **fields):
    return {
        "loaded_version": asked.version,
        "words": asked.words,
        "theme": asked.theme,
        "status": asked.status,
        "owner": asked.owner_id,
        "asked_on": asked.asked_on,
        "next_on": asked.next_on,
        **fields,
    }


def test_a_question_moves_to_a_partner(signed_in, asked):
    signed_in.post(address("edit", asked.pk), edited(asked, status="with_partner"))

    asked.refresh_from_db()
    assert asked.get_status_display() == "Bij partner"


def test_a_day_that_passed_may_stay_when_something_else_changes(signed_in, household):
    asked = make_help_request(household, next_on=TODAY - timedelta(days=3))

    signed_in.post(address("edit", asked.pk), edited(asked, words="Anders gezegd"))

    asked.refresh_from_db()
    assert (asked.words, asked.next_on) == ("Anders gezegd", TODAY - timedelta(days=3))


def test_two_colleagues_at_once_lose_nothing(signed_in, asked):
    page = edited(asked, words="Wat ik typte")
    HelpRequest.objects.filter(pk=asked.pk).update(words="Wat Youssef typte", version=2)

    response = signed_in.post(address("edit", asked.pk), page)

    shown = response.content.decode()
    asked.refresh_from_db()
    assert "Wat ik typte" in shown
    assert "Wat Youssef typte" in shown
    assert asked.words == "Wat Youssef typte"


# Lists and the story


def test_vandaag_gets_what_is_due_and_mine(noor, youssef, household, asked):
    make_help_request(household, next_on=TODAY + timedelta(days=1))
    make_help_request(household, owner=youssef)

    assert list(HelpRequest.objects.due(noor)) == [asked]


def test_the_list_shows_mine_and_the_team(signed_in, household, youssef, asked):
    make_help_request(household, owner=youssef, words="Van Youssef")

    mine = signed_in.get(LIST).content.decode()
    team = signed_in.get(LIST, {"toon": "team"}).content.decode()

    assert asked.words in mine
    assert "Van Youssef" not in mine
    assert "Van Youssef" in team


@pytest.mark.parametrize("query", [{"toon": "\x00"}, {"toon": "iets"}, {"page": "abc"}, {"page": "9" * 12}])
def test_a_strange_filter_shows_the_usual_list(signed_in, asked, query):
    assert asked.words in signed_in.get(LIST, query).content.decode()


def test_the_story_tells_when_it_was_asked_and_how_it_ended(noor, household):
    make_help_request(
        household,
        asked_on=TODAY - timedelta(days=30),
        status="partly",
        outcome="Nog geen woning.",
        next_on=None,
        ended_at=timezone.now(),
        ended_by=noor,
    )

    entries = timeline.of(household, user=noor)

    told = [(entry.on, entry.title, entry.text) for entry in entries if entry.kind.startswith("help-request")]
    assert told == [
        (TODAY, "Hulpvraag deels opgelost: Ik wil weg van die schimmel.", "Nog geen woning."),
        (TODAY - timedelta(days=30), "Hulpvraag", "Ik wil weg van die schimmel."),
    ]


def test_an_older_page_of_the_story_still_has_the_question_of_what_ended_later(noor, household):
    make_help_request(
        household,
        asked_on=TODAY - timedelta(days=30),
        status="solved",
        next_on=None,
        ended_at=timezone.now(),
        ended_by=noor,
    )

    entries = timeline.of(household, user=noor, before=TODAY - timedelta(days=5))

    assert [entry.kind for entry in entries] == ["help-request"]


def test_the_question_of_one_adult_stays_out_of_the_luik_of_the_other(client, noor, household):
    her, him = make_member(household), make_member(household, first_name="Karim")
    household.members.update(has_compartment=True)
    Household.objects.filter(pk=household.pk).update(has_compartments=True)
    make_help_request(household, person=her.person, words="Ik zoek een eigen plek.")
    client.force_login(noor)
    page = reverse("households:help", args=[household.code])

    hers = client.get(page, {"luik": her.pk}).content.decode()
    his = client.get(page, {"luik": him.pk}).content.decode()
    shared = client.get(page).content.decode()

    assert "Ik zoek een eigen plek." in hers
    assert "Ik zoek een eigen plek." not in his + shared


def queries_of(client, page):
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    ours = ("SAVEPOINT", "RELEASE", "SELECT set_config('buurtwerk.centres', '*'")
    return len([each for each in asked if not each["sql"].startswith(ours)])


def test_the_pages_cost_the_same_for_one_question_and_for_five(signed_in, household):
    pages = [LIST, reverse("households:help", args=[household.code]), household.get_absolute_url()]
    make_help_request(household, person=make_member(household).person)
    for_one = [queries_of(signed_in, page) for page in pages]
    for _ in range(4):
        make_help_request(household, person=make_member(household).person)

    assert [queries_of(signed_in, page) for page in pages] == for_one
    assert max(for_one) <= 14
