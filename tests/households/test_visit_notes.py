"""Notes for a home visit: facts, for who goes there, and gone when nobody looks at them again (R24)."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Draft, Undo
from buurtwerk.trail.models import Access
from households.actions.visit_notes import notes_to_review
from households.models import HomeVisitNote
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_follow_up, make_household, make_visit_note

pytestmark = pytest.mark.django_db

DOG = "Grote hond in de gang"


def url(name, household, *more):
    return reverse(f"households:visit-note{name}", args=[household.code, *more])


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def household(client):
    household = make_household()
    client.force_login(household.primary_worker)
    return household


def typed(**fields):
    usual = {"kind": "dog", "fact": DOG, "source": "Zelf gezien", "measure": "Eerst bellen", "review_on": in_days(90)}
    return {"token": uuid.uuid4(), **usual, **fields}


def age(note, days):
    """As if it was written so many days ago."""
    HomeVisitNote.objects.filter(pk=note.pk).update(
        agreed_on=note.agreed_on - timedelta(days=days), review_on=note.review_on - timedelta(days=days)
    )


def shows(client, address, **query):
    return DOG in client.get(address, query).content.decode()


def test_a_note_stands_on_top_of_the_family_page(client, household):
    client.post(url("-create", household), typed())

    page = client.get(household.get_absolute_url()).content.decode()
    assert page.index("Let op bij een huisbezoek") < page.index("Vaste buurtwerker")
    assert DOG in page and "Wat we doen: Eerst bellen" in page


def test_r24_a_note_leaves_every_screen_on_its_review_day_unless_renewed(client, household):
    note = make_visit_note(household, review_on=in_days(30))
    screens = [
        (household.get_absolute_url(), {}),
        (url("s", household), {}),
        (reverse("households:note-visit"), {"who": household.code, "mode": "home"}),
    ]
    age(note, 29)
    assert all(shows(client, address, **query) for address, query in screens)

    age(note, 30)

    assert not any(shows(client, address, **query) for address, query in screens)
    assert client.get(url("-edit", household, note.pk)).status_code == 404


def test_r24_looking_at_it_again_keeps_it_and_says_who_did(client, household):
    note = make_visit_note(household, noted_by=make_user(centre=household.centre), review_on=in_days(100))
    age(note, 95)

    client.post(
        url("-edit", household, note.pk), {**typed(fact="Kleine hond", review_on=in_days(120)), "loaded_version": 1}
    )

    note.refresh_from_db()
    assert (note.fact, note.renewed_by, note.agreed_on, note.review_on) == (
        "Kleine hond",
        household.primary_worker,
        timezone.localdate(),
        in_days(120),
    )


def test_a_note_that_is_no_longer_needed_goes_and_can_come_back(client, household):
    note = make_visit_note(household)

    client.post(url("-end", household, note.pk))

    assert not shows(client, household.get_absolute_url())
    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))
    assert shows(client, household.get_absolute_url())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"review_on": ""}, "Kies een dag om dit opnieuw te bekijken."),
        ({"review_on": in_days(200)}, "Kies een dag binnen de zes maanden."),
        ({"review_on": in_days(0)}, "Kies een dag na vandaag."),
        ({"review_on": "2062-01-01"}, "Kies een dag binnen de zes maanden."),
        ({"review_on": "morgen"}, "geldige datum"),
        ({"fact": ""}, "Schrijf wat er is."),
        ({"fact": "a" * 301}, "300"),
        ({"source": " "}, "Schrijf van wie of waarvan je dit weet."),
        ({"measure": ""}, "Schrijf wat we doen."),
        ({"kind": ""}, "Kies waarover het gaat."),
        ({"kind": "gevaarlijk"}, "geldige keuze"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_kept(client, household, wrong, message):
    response = client.post(url("-create", household), typed(**wrong))

    assert response.status_code == 200
    assert message.lower() in response.content.decode().lower()
    assert not HomeVisitNote.objects.exists()


def test_the_same_submit_twice_keeps_one_note(client, household):
    form = typed()

    for _ in range(2):
        client.post(url("-create", household), form)

    assert HomeVisitNote.objects.count() == 1


def test_two_colleagues_at_one_note_lose_nothing(client, household):
    note = make_visit_note(household)
    form = typed() | {"loaded_version": 1}
    client.post(url("-edit", household, note.pk), {**form, "measure": "Bel aan"})

    page = client.post(url("-edit", household, note.pk), {**form, "measure": "Klop"}).content.decode()

    note.refresh_from_db()
    assert note.measure == "Bel aan" and "Klop" in page and "Bel aan" in page


# Who reads it


def test_only_who_goes_there_reads_what_to_know(client, household):
    make_visit_note(household)
    centre = household.centre
    backup = make_user(centre=centre)
    household.backup_worker = backup
    household.save()
    goes, went, waits = (make_user(centre=centre) for _ in range(3))
    make_follow_up(household, assigned_to=goes)
    make_follow_up(household, assigned_to=waits, due_on=in_days(1))
    people = {
        "primary": household.primary_worker,
        "backup": backup,
        "coordinator": make_user(Role.COORDINATOR, centre=centre),
        "reception": make_user(Role.RECEPTION, centre=centre),
        "goes today": goes,
        "goes tomorrow": waits,
        "colleague": went,
        "volunteer": make_user(Role.VOLUNTEER, centre=centre),
        "elsewhere": make_user(),
    }

    seen = set()
    for name, user in people.items():
        client.force_login(user)
        if shows(client, url("s", household)):
            seen.add(name)

    assert seen == {"primary", "backup", "coordinator", "reception", "goes today"}
    visible = {name for name, user in people.items() if HomeVisitNote.objects.visible_to(user).exists()}
    assert visible == seen


@pytest.mark.parametrize(("mode", "shown"), [("home", True), ("door", True), ("phone", False), ("", False)])
def test_whoever_notes_a_visit_or_a_talk_at_the_door_is_told(client, household, mode, shown):
    note = make_visit_note(household)
    client.force_login(make_user(centre=household.centre))

    assert shows(client, reverse("households:note-visit"), who=household.code, mode=mode) == shown
    assert Access.objects.filter(record_type="visit_note", record_ids=[note.pk]).exists() == shown


def test_the_page_that_notes_says_it_too_when_the_form_comes_back(client, household):
    make_visit_note(household)

    page = client.post(reverse("households:note"), {"who": household.code, "mode": "home"}).content.decode()

    assert DOG in page


def test_the_database_keeps_the_notes_of_a_restricted_family_from_others(household):
    make_visit_note(household)
    household.restricted, household.restricted_reason = True, "Op hun vraag."
    household.save()

    def rows(user):
        with asking_as(user), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM households_homevisitnote")
            return cursor.fetchone()[0]

    assert rows(household.primary_worker) == 1
    assert rows(make_user(Role.RECEPTION, centre=household.centre)) == 0
    assert rows(make_user()) == 0


def test_the_vaste_buurtwerker_is_asked_to_look_again_in_time(household):
    soon = make_visit_note(household, review_on=in_days(10))
    make_visit_note(household, review_on=in_days(30))
    gone = make_visit_note(household, review_on=in_days(5))
    age(gone, 6)

    assert list(notes_to_review(household.primary_worker)) == [soon]
    assert not notes_to_review(make_user(centre=household.centre))


# What the table itself refuses


@pytest.mark.parametrize("days", [0, -1, 185])
def test_a_review_is_always_within_half_a_year(household, days):
    with breaks("visit_note_reviewed_within_half_a_year"):
        make_visit_note(household, review_on=in_days(days))


def test_a_note_says_what_from_whom_and_what_we_do(household):
    with breaks("visit_note_says_what_we_do"):
        make_visit_note(household, source="")


def test_a_note_is_ended_by_someone(household):
    with breaks("visit_note_ended_by_someone"):
        make_visit_note(household, ended_at=timezone.now())


# Everything to know before going somewhere


def test_the_reception_finds_what_to_know_before_a_visit_from_the_list_and_vandaag(client, household):
    note = make_visit_note(household, fact="Grote hond in de gang")
    gone = make_visit_note(household, fact="Al voorbij")
    HomeVisitNote.objects.filter(pk=gone.pk).update(ended_at=timezone.now(), ended_by=household.primary_worker)
    make_visit_note(make_household(), fact="Van elders")
    client.force_login(make_user(Role.RECEPTION, centre=household.centre))
    address = reverse("households:visit-list")

    for page in (reverse("households:list"), reverse("overview:today")):
        assert f'href="{address}"' in client.get(page).content.decode()
    shown = client.get(address).content.decode()
    assert "Grote hond in de gang" in shown and household.code in shown
    assert "Al voorbij" not in shown and "Van elders" not in shown
    line = Access.objects.get(record_type="visit_note")
    assert (line.action, line.record_ids) == ("list", [note.pk])


def test_the_list_before_a_visit_says_when_there_is_nothing(client, household):
    client.force_login(make_user(Role.RECEPTION, centre=household.centre))

    assert "Er is nergens iets" in client.get(reverse("households:visit-list")).content.decode()


def test_the_list_before_a_visit_knows_of_no_restricted_family(client):
    household = make_household(restricted=True)
    make_visit_note(household, fact="Enkel voor wie het weet")
    client.force_login(make_user(Role.RECEPTION, centre=household.centre))

    assert "Enkel voor wie het weet" not in client.get(reverse("households:visit-list")).content.decode()


def test_the_list_before_a_visit_costs_the_same_for_any_number_of_notes(client, household):
    client.force_login(make_user(Role.RECEPTION, centre=household.centre))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("households:visit-list"))
        return len(captured.captured_queries)

    make_visit_note(household)
    queries()
    one = queries()
    for _ in range(4):
        make_visit_note(make_household(centre=household.centre))

    assert queries() == one <= 12


def test_r23_a_number_that_kept_itself_in_a_draft_is_caught_all_the_same(client, household):
    number = "Op BE68 5390 0754 7034"
    about = {"form": "huisbezoek", "subject": household.code, "title": "Aandachtspunt", "address": "/team/"}
    Draft.objects.keep(user=household.primary_worker, typed={"fact": [number]}, **about)

    response = client.post(url("-create", household), typed(fact=number))

    assert 'name="mask_numbers"' in response.content.decode()
    assert not HomeVisitNote.objects.exists()
