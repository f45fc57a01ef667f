import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role
from buurtwerk.drafts.models import Draft, Undo
from buurtwerk.trail.models import Access
from households.models import Contact, ContactAgreement, Household, Person
from tests.factories import make_centre, make_neighbourhood, make_user
from tests.households.factories import make_contact, make_follow_up, make_household, make_member

pytestmark = pytest.mark.django_db

CLOSED = {"status": Household.Status.CLOSED, "closed_on": date(2026, 1, 5), "closure_reason": "goal"}

LIST = reverse("households:list")
CREATE = reverse("households:create")
CANDIDATES = reverse("households:create-candidates")
DETAILS = reverse("households:create-details")
NOBODY_HERE = [Role.VOLUNTEER, Role.READER, Role.MONITOR, Role.ADMINISTRATOR]


def sign_in(client, role=Role.WORKER, *, centre=None, **fields):
    user = make_user(role, centre=centre, **fields)
    client.force_login(user)
    return user


def typed(household=None, *, user=None, **fields):
    """What the browser sends for a new family; empty fields come along as empty."""
    return {
        "token": uuid.uuid4(),
        "nickname": "Gezin van Samira",
        "intensity": 0,
        "primary_worker": user.pk if user else "",
        **fields,
    }


def edited(household, **fields):
    return {
        "loaded_version": household.version,
        "nickname": household.nickname,
        "primary_worker": household.primary_worker_id,
        **fields,
    }


def statements(client, url):
    """The answer, and what it asked the database; without savepoints, and without the tests' own context."""
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
    ours = r"SAVEPOINT|RELEASE|SELECT set_config\('buurtwerk.centres', '\*'"
    return response, [each for each in asked if not re.match(ours, each["sql"])]


# Who may come here


@pytest.mark.parametrize("role", NOBODY_HERE)
def test_who_does_not_work_with_families_is_refused_everywhere(client, role):
    household = make_household()
    sign_in(client, role, centre=household.centre)
    pages = [LIST, CREATE, DETAILS, household.get_absolute_url()]
    pages += [reverse(f"households:{name}", args=[household.code]) for name in ("edit", "agreement", "member-create")]

    assert {client.get(page).status_code for page in pages} == {403}
    assert client.post(LIST, {"q": "Samira"}).status_code == 403
    assert client.post(CANDIDATES, {"nickname": "Samira"}).status_code == 403
    assert not Access.objects.exists()


def test_reception_sees_code_nickname_and_worker_and_no_way_in(client):
    worker = make_user(first_name="Noor")
    household = make_household(
        worker=worker, neighbourhood=make_neighbourhood(name="Verborgenbuurt"), last_reached_on=timezone.localdate()
    )
    sign_in(client, Role.RECEPTION, centre=household.centre)

    page = client.get(LIST).content.decode()

    assert household.code in page and "Gezin van Samira" in page and "Noor" in page
    assert "Verborgenbuurt" not in page and "Bereikt" not in page
    assert household.get_absolute_url() not in page


def test_reception_does_not_open_a_family(client):
    household = make_household()
    sign_in(client, Role.RECEPTION, centre=household.centre)

    assert client.get(household.get_absolute_url()).status_code == 403
    assert not Access.objects.exists()


def test_reception_learns_nothing_by_filtering_or_by_searching_people_and_addresses(client):
    household = make_household(nickname="Van het plein", address="Dorpsstraat 5", languages=["so"], intensity=1)
    make_member(household, first_name="Fatuma")
    sign_in(client, Role.RECEPTION, centre=household.centre)

    assert "Van het plein" in client.get(LIST, {"language": "tr", "intensity": "2"}).content.decode()
    for words in ("Fatuma", "Dorpsstraat"):
        assert "Van het plein" not in client.post(LIST, {"q": words}, follow=True).content.decode()
    assert "Van het plein" in client.post(LIST, {"q": "van hét plein"}, follow=True).content.decode()


def test_a_worker_of_one_centre_who_is_reception_elsewhere_opens_only_the_first(client):
    mine, theirs = make_household(nickname="Hier"), make_household(nickname="Ginder", languages=["tr"])
    user = sign_in(client, Role.WORKER, centre=mine.centre)
    Membership.objects.create(user=user, centre=theirs.centre, role=Role.RECEPTION)

    page = client.get(LIST).content.decode()

    assert mine.get_absolute_url() in page
    assert "Ginder" in page and theirs.get_absolute_url() not in page
    assert client.get(theirs.get_absolute_url()).status_code == 403
    assert "Ginder" not in client.get(LIST, {"language": "tr"}).content.decode()


def test_a_stranger_does_not_learn_that_a_family_exists(client):
    household = make_household(nickname="Gezin van Samira")
    member = make_member(household, phone="0470 11 22 33")
    sign_in(client)
    code = household.code

    for name in ("detail", "edit", "agreement", "member-create"):
        assert client.get(reverse(f"households:{name}", args=[code])).status_code == 404
    assert client.get(reverse("households:member-edit", args=[code, member.pk])).status_code == 404
    assert client.post(reverse("households:member-leave", args=[code, member.pk])).status_code == 404
    assert "Samira" not in client.get(LIST).content.decode()
    assert code not in client.post(LIST, {"q": "Samira"}, follow=True).content.decode()
    found = client.post(CANDIDATES, {"nickname": "Gezin van Samira", "phone": "0470112233"})
    assert code not in found.content.decode() and "Kennen we" not in found.content.decode()
    assert not Access.objects.exists()


@pytest.mark.parametrize("code", ["HH-1999-0001", "x", "HH-2026-9999999999999999999999"])
def test_a_code_that_was_never_given_is_not_found(client, code):
    sign_in(client)

    assert client.get(reverse("households:detail", args=[code])).status_code == 404


def test_an_erased_family_is_gone(client):
    household = make_household(status=Household.Status.ERASED)
    client.force_login(household.primary_worker)

    assert client.get(household.get_absolute_url()).status_code == 404
    assert household.code not in client.get(LIST).content.decode()


def test_wrong_methods_are_refused(client):
    household = make_household()
    client.force_login(household.primary_worker)

    assert client.post(household.get_absolute_url()).status_code == 405
    assert client.get(CANDIDATES).status_code == 405
    assert client.delete(reverse("households:edit", args=[household.code])).status_code == 405


# The list


@pytest.mark.parametrize("size", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(client, size):
    user = sign_in(client)
    for number in range(size):
        make_household(
            worker=make_user(centre=user.membership_set.get().centre),
            centre=user.membership_set.get().centre,
            nickname=f"Gezin {number}",
            neighbourhood=make_neighbourhood(),
        )

    response, asked = statements(client, LIST)

    assert response.content.decode().count('class="item"') == size
    # One of them writes down in the trail what the list showed.
    assert len(asked) == 7


def test_the_list_shows_how_long_ago_and_says_when_the_rhythm_ends(client):
    user = sign_in(client)
    today = timezone.localdate()
    for nickname, days in [("Op tijd", 5), ("Bijna", 9), ("Over", 12)]:
        make_household(
            worker=user,
            nickname=nickname,
            intensity=3,
            intensity_reason="Afgesproken",
            next_review_on=today,
            last_reached_on=today - timedelta(days=days),
        )

    page = client.get(LIST).content.decode()
    rows = {row.split("</strong>")[0]: row for row in page.split("<strong>")[1:]}

    assert "5 dagen geleden" in rows["Op tijd"] and "(om de 10 dagen)" in rows["Op tijd"]
    assert "ritme" not in rows["Op tijd"]
    assert "ritme loopt af" in rows["Bijna"]
    assert "12 dagen geleden" in rows["Over"] and "ritme voorbij" in rows["Over"]


def test_the_list_filters_by_whose_buurt_language_intensity_and_status(client):
    user = sign_in(client)
    centre = user.membership_set.get().centre
    colleague = make_user(centre=centre)
    plein = make_neighbourhood(slug="plein")
    make_household(worker=user, nickname="Mijne")
    make_household(worker=colleague, centre=centre, nickname="Backup", backup_worker=user)
    make_household(worker=colleague, centre=centre, nickname="Pleinen", neighbourhood=plein)
    make_household(worker=user, nickname="Turkstalig", languages=["nl", "tr"], intensity=2)
    make_household(worker=colleague, centre=centre, nickname="Andermans", languages=["nl", "tr"], intensity=2)
    make_household(worker=colleague, centre=centre, nickname="Afgeronde", **CLOSED)

    def shown(**filters):
        page = client.get(LIST, filters).content.decode()
        return re.findall(r'class="item"[^>]*>\s*<strong>(\w+)', page)

    assert shown() == ["Andermans", "Backup", "Mijne", "Pleinen", "Turkstalig"]
    assert shown(mine=1) == ["Backup", "Mijne", "Turkstalig"]
    assert shown(neighbourhood="plein") == ["Pleinen"]
    # What stands in the file of a colleague's family, is not found out by filtering.
    assert shown(language="tr") == ["Turkstalig"]
    assert shown(intensity=2) == ["Turkstalig"]
    assert shown(status="closed") == ["Afgeronde"]
    assert shown(mine=1, language="ar") == []


def test_the_list_filters_by_how_the_rhythm_stands(client):
    user = sign_in(client)
    today = timezone.localdate()
    for nickname, days in [("Optijd", 20), ("Bijna", 24), ("Rand", 30), ("Over", 31)]:
        make_household(worker=user, nickname=nickname, intensity=2, last_reached_on=today - timedelta(days=days))
    make_household(worker=user, nickname="Rust", intensity=2, status="paused", last_reached_on=date(2026, 1, 1))
    make_household(worker=user, nickname="Zonder", last_reached_on=date(2026, 1, 1))

    def shown(**filters):
        page = client.get(LIST, filters).content.decode()
        return re.findall(r'class="item"[^>]*>\s*<strong>(\w+)', page)

    assert shown(rhythm="loopt-af") == ["Bijna", "Rand"]
    assert shown(rhythm="voorbij") == ["Over"]


def test_longest_not_reached_comes_first_when_asked(client):
    user = sign_in(client)
    today = timezone.localdate()
    make_household(worker=user, nickname="Aaa", last_reached_on=today)
    make_household(worker=user, nickname="Bbb", last_reached_on=today - timedelta(days=40))
    make_household(worker=user, nickname="Ccc")

    page = client.get(LIST, {"order": "bereikt"}).content.decode()

    assert page.index("Ccc") < page.index("Bbb") < page.index("Aaa")


def test_search_finds_by_nickname_person_phone_and_address_and_keeps_names_out_of_the_address(client):
    user = sign_in(client)
    household = make_household(worker=user, nickname="El Amrani", address="Ridderbuurt 12")
    make_member(household, first_name="Fátima", phone="0470 11 22 33")
    make_household(worker=user, nickname="Iemand anders")

    for words in ("elamrani", "fatima", "0470112233", "ridderbuurt"):
        response = client.post(LIST, {"q": words}, follow=True)

        assert household.code in response.content.decode()
        assert "Iemand anders" not in response.content.decode()
        assert [where for where, _ in response.redirect_chain] == [f"{LIST}?zoek=1"]
    assert "Iemand anders" in client.get(LIST).content.decode()


def test_search_keeps_the_filters(client):
    sign_in(client)

    response = client.post(LIST, {"q": "Samira", "mine": "1", "language": "tr"})

    assert response.url == f"{LIST}?language=tr&mine=1&zoek=1"


def test_the_list_comes_in_pages_of_fifty(client):
    user = sign_in(client)
    for number in range(52):
        make_household(worker=user, nickname=f"Gezin {number:02}")

    first, second = client.get(LIST).content.decode(), client.get(LIST, {"page": 2}).content.decode()

    assert first.count('class="item"') == 50 and second.count('class="item"') == 2
    assert "Gezin 51" in second
    assert client.get(LIST, {"page": "x"}).status_code == client.get(LIST, {"page": 99}).status_code == 200


def test_an_empty_list_says_why(client):
    sign_in(client)

    assert "Er zijn nog geen gezinnen" in client.get(LIST).content.decode()
    assert "Geen enkel gezin past hierbij" in client.post(LIST, {"q": "xyz"}, follow=True).content.decode()
    assert "nog van geen enkel gezin" in client.get(LIST, {"mine": 1}).content.decode()


@pytest.mark.parametrize(
    "filters",
    [{"neighbourhood": "x\x00"}, {"language": "<script>"}, {"intensity": "veel"}, {"order": "?"}, {"status": "erased"}],
)
def test_a_strange_filter_is_said_and_breaks_nothing(client, filters):
    sign_in(client)

    response = client.get(LIST, filters)

    assert response.status_code == 200
    assert "Er is nog iets nodig" in response.content.decode()


@pytest.mark.parametrize("words", ["x" * 81, "Sam\x00ira"])
def test_strange_search_words_are_said_and_kept(client, words):
    sign_in(client)

    response = client.post(LIST, {"q": words})

    assert response.status_code == 200
    assert "Er is nog iets nodig" in response.content.decode()


# Search before create


def test_a_candidate_is_shown_before_someone_makes_the_family_again(client):
    user = sign_in(client)
    household = make_household(worker=user, nickname="El Amrani, Ridderbuurt")
    make_member(household, first_name="Fatima", phone="+32 470 11 22 33")

    for search in (
        {"nickname": "Elamrani"},
        {"nickname": "Gezin Amrami"},
        {"nickname": "iets anders", "phone": "0470/11.22.33"},
        {"first_name": "Fatíma"},
    ):
        page = client.post(CREATE, search).content.decode()

        assert "Kennen we dit gezin al?" in page and household.get_absolute_url() in page
        assert "Toch een nieuw gezin" in page
        assert household.code in client.post(CANDIDATES, search).content.decode()


def test_the_same_address_is_a_candidate_whatever_stands_behind_it(client):
    user = sign_in(client)
    household = make_household(worker=user, nickname="Willy", address="Hoogland 69 bus 3, 3000 Leuven")

    assert household.code in client.post(CANDIDATES, {"address": "hoogland 69"}).content.decode()
    assert household.code not in client.post(CANDIDATES, {"address": "Dorpsplein 2"}).content.decode()


def test_a_name_that_looks_like_nothing_leads_straight_to_the_form(client):
    user = sign_in(client)
    make_household(worker=user, nickname="Willy")

    page = client.post(CREATE, {"nickname": "Gezin van Samira", "phone": "0470112233"}).content.decode()

    assert "Gegevens van het gezin" in page
    assert 'value="Gezin van Samira"' in page and 'value="0470112233"' in page


def test_what_was_typed_in_the_search_goes_along_to_the_form(client):
    sign_in(client)

    page = client.post(DETAILS, {"nickname": "<b>Samira</b>", "first_name": "Samira", "address": "Plein 1"})

    assert 'value="&lt;b&gt;Samira&lt;/b&gt;"' in page.content.decode()
    assert 'value="Plein 1"' in page.content.decode()


def test_searching_for_nothing_asks_for_something(client):
    sign_in(client)

    assert "Vul minstens één ding in" in client.post(CREATE, {}).content.decode()
    assert client.post(CANDIDATES, {}).status_code == 200


@pytest.mark.parametrize("text", ["x" * 300, "Sam\x00ira", "%_'\"", "gezin van de"])
def test_strange_words_break_nothing_while_typing(client, text):
    user = sign_in(client)
    make_household(worker=user, nickname="Ergens")

    for field in ("nickname", "first_name", "phone", "address"):
        assert client.post(CANDIDATES, {field: text}).status_code == 200
        assert client.post(CREATE, {field: text}).status_code == 200


def test_a_reload_of_the_form_goes_back_to_the_search(client):
    sign_in(client)

    assert client.get(DETAILS).url == CREATE


@pytest.mark.parametrize("size", [1, 5])
def test_searching_while_typing_is_answered_by_one_query_on_families(client, size):
    user = sign_in(client)
    for number in range(size):
        make_member(make_household(worker=user, nickname=f"Samira {number}"))

    with CaptureQueriesContext(connection) as asked:
        response = client.post(CANDIDATES, {"nickname": "Samira"})

    assert response.content.decode().count("HH-") == size * 2
    assert len([each for each in asked if "households_household" in each["sql"]]) == 1


# Making a family


def test_a_roepnaam_is_enough_for_a_new_family(client):
    user = sign_in(client)

    response = client.post(DETAILS, typed(user=user))

    household = Household.objects.get()
    assert response.url == household.get_absolute_url()
    assert (household.primary_worker, household.created_by) == (user, user)
    assert household.centre_id in user.centre_ids
    assert not Person.objects.exists()


def test_a_new_family_can_begin_with_its_first_person(client):
    user = sign_in(client)

    client.post(DETAILS, typed(user=user, first_name="Samira", role="parent", birth_year="1989", phone="0470 11 22 33"))

    member = Household.objects.get().members.get()
    assert (member.person.first_name, member.role, member.person.birth_year) == ("Samira", "parent", 1989)
    assert member.person.centre_id == member.household.centre_id


def test_sending_the_form_twice_makes_one_family(client):
    user = sign_in(client)
    form = typed(user=user, first_name="Samira", role="parent")

    first, second = client.post(DETAILS, form), client.post(DETAILS, form)

    assert Household.objects.count() == Person.objects.count() == 1
    assert first.url == second.url


def test_someone_of_two_centres_says_which_one(client):
    user = sign_in(client)
    there = make_centre()
    Membership.objects.create(user=user, centre=there, role=Role.WORKER)

    refused = client.post(DETAILS, typed(user=user))
    client.post(DETAILS, typed(user=user, centre=there.pk))

    assert "Kies iets bij “Centrum”" in refused.content.decode()
    assert Household.objects.get().centre == there


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"nickname": ""}, "Geef het gezin een roepnaam."),
        ({"nickname": "x" * 81}, "80"),
        ({"nickname": "Sam\x00ira"}, "teken"),
        ({"nickname": "Samira 85.07.30-033.28"}, "rijksregisternummer"),
        ({"found_via": "Nummer 85073003328"}, "rijksregisternummer"),
        ({"first_name": "Samira", "role": "parent", "phone": "85.07.30-033.28"}, "rijksregisternummer"),
        ({"intensity": "3"}, "Schrijf waarom je aanklampend opvolgt."),
        ({"intensity": "3"}, "Kies een dag om dit te herbekijken, ten laatste"),
        ({"intensity": "9"}, "keuze"),
        ({"next_review_on": "2062-01-01"}, "binnen de twee jaar"),
        ({"next_review_on": "morgen"}, "datum"),
        ({"primary_worker": ""}, "Kies wie de vaste buurtwerker is."),
        ({"primary_worker": "99999999999999999999"}, "keuze"),
        ({"neighbourhood": "x"}, "keuze"),
        ({"languages": ["xx"]}, "keuze"),
        ({"first_name": "Ilyas", "role": "child", "birth_year": "2062"}, "2062 moet nog komen"),
        ({"first_name": "Ilyas", "role": "child", "birth_year": "1850"}, "vanaf 1900"),
        ({"first_name": "Ilyas", "role": "child", "birth_year": "zeven"}, "Vul een jaartal in"),
        ({"first_name": "Ilyas", "role": "child", "birth_year": "9" * 30}, "moet nog komen"),
        ({"first_name": "Ilyas"}, "Kies een rol voor deze persoon."),
        ({"first_name": "Ilyas", "role": "koning"}, "keuze"),
        ({"phone": "0470112233"}, "Vul de voornaam van deze persoon in."),
        ({"first_name": "Ilyas", "role": "child", "phone": "bel maar"}, "Vul een telefoonnummer in"),
        ({"first_name": "x" * 81, "role": "child"}, "80"),
        ({"token": "x"}, "Er is nog iets nodig"),
    ],
)
def test_a_mistake_is_said_at_the_field_and_everything_typed_is_kept(client, fields, message):
    user = sign_in(client)

    response = client.post(DETAILS, {**typed(user=user, address="Hoekstraat 7"), **fields})

    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert 'value="Hoekstraat 7"' in page and "Er is nog iets nodig" in page and "<title>Fout:" in page
    assert not Household.objects.exists() and not Person.objects.exists()


def test_a_script_in_a_name_is_only_text(client):
    user = sign_in(client)

    client.post(DETAILS, typed(user=user, nickname="<script>alert(1)</script>"))

    assert "<script>alert" not in client.get(Household.objects.get().get_absolute_url()).content.decode()


def test_a_colleague_of_another_centre_cannot_be_chosen(client):
    user = sign_in(client)

    page = client.post(DETAILS, typed(user=user, backup_worker=make_user().pk)).content.decode()

    assert "Er is nog iets nodig" in page
    assert not Household.objects.exists()


def test_a_new_family_can_be_taken_back(client):
    user = sign_in(client)
    client.post(DETAILS, typed(user=user, first_name="Samira", role="parent"))
    household = Household.objects.get()

    response = client.post(
        reverse("drafts:take-back", args=[Undo.objects.get().token]), {"next": household.get_absolute_url()}
    )

    assert response.url == LIST
    assert not Household.objects.exists() and not Person.objects.exists()


@pytest.mark.parametrize("hang", [make_contact, make_follow_up, make_member])
def test_a_new_family_stays_once_something_hangs_on_it(client, hang):
    user = sign_in(client)
    client.post(DETAILS, typed(user=user, first_name="Samira", role="parent"))
    hang(Household.objects.get())

    undo = reverse("drafts:take-back", args=[Undo.objects.get().token])
    response = client.post(undo, {"next": LIST}, follow=True)

    assert "Het blijft staan" in response.content.decode()
    assert Household.objects.exists()


# Changing a family


def test_a_change_is_saved_and_kept_in_the_history(client):
    household = make_household()
    client.force_login(household.primary_worker)

    response = client.post(
        reverse("households:edit", args=[household.code]), edited(household, nickname="Samira en co", languages=["ar"])
    )

    household.refresh_from_db()
    assert response.url == household.get_absolute_url()
    assert (household.nickname, household.languages, household.version) == ("Samira en co", ["ar"], 2)
    assert household.search_key.startswith("samiraenco")
    history = Household.pgh_event_model.objects.filter(pgh_obj_id=household.pk).order_by("pk")
    assert [event.nickname for event in history] == ["Gezin van Samira", "Samira en co"]


def test_an_overtaken_edit_shows_both_texts_and_loses_nothing(client):
    household = make_household()
    client.force_login(household.primary_worker)
    mine = edited(household, nickname="Mijn woorden")
    url = reverse("households:edit", args=[household.code])
    client.post(url, edited(household, nickname="Andere woorden"))

    page = client.post(url, mine).content.decode()

    assert "Iemand anders bewaarde dit intussen" in page
    assert "Andere woorden" in page and 'value="Mijn woorden"' in page
    household.refresh_from_db()
    assert household.nickname == "Andere woorden"
    client.post(url, {**mine, "loaded_version": 2})
    household.refresh_from_db()
    assert household.nickname == "Mijn woorden"


def test_the_edit_form_leaves_the_level_and_the_rest_of_a_family_alone(client):
    past = timezone.localdate() - timedelta(days=10)
    household = make_household(intensity=3, intensity_reason="Zelf gevraagd", next_review_on=past, rhythm_days=7)
    client.force_login(household.primary_worker)

    client.post(
        reverse("households:edit", args=[household.code]),
        edited(household, intensity=0, status="closed", rhythm_days=90, next_review_on="", address="Plein 3"),
    )

    household.refresh_from_db()
    assert (household.address, household.status) == ("Plein 3", "active")
    assert (household.intensity, household.rhythm_days, household.next_review_on) == (3, 7, past)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"address": "x" * 201}, "200"),
        ({"loaded_version": "x"}, "Er is nog iets nodig"),
        ({"loaded_version": ""}, "Laad de pagina opnieuw."),
    ],
)
def test_bad_input_in_an_edit_is_said_and_nothing_is_saved(client, fields, message):
    household = make_household()
    client.force_login(household.primary_worker)

    response = client.post(
        reverse("households:edit", args=[household.code]), edited(household, nickname="Nieuw", **fields)
    )

    assert response.status_code == 200
    assert message in response.content.decode() and 'value="Nieuw"' in response.content.decode()
    household.refresh_from_db()
    assert household.nickname == "Gezin van Samira"


def test_the_edit_form_is_a_view_of_the_family_too(client):
    household = make_household()
    client.force_login(household.primary_worker)

    client.get(reverse("households:edit", args=[household.code]))
    client.get(reverse("households:agreement", args=[household.code]))

    assert [row.record_ids for row in Access.objects.all()] == [[household.pk]] * 2


def test_the_contact_agreement_is_made_and_shown(client):
    household = make_household()
    client.force_login(household.primary_worker)
    until = timezone.localdate() + timedelta(days=5)

    client.post(
        reverse("households:agreement", args=[household.code]),
        {"loaded_version": 0, "channels": ["phone", "centre"], "hours": "na 18 uur", "pause_until": until},
    )

    page = client.get(household.get_absolute_url()).content.decode()
    assert "In het buurtcentrum" in page or "Bellen" in page
    assert "na 18 uur" in page and "Op rust tot en met" in page
    assert household.agreement.centre == household.centre


def test_two_colleagues_who_both_make_the_first_agreement_see_each_other(client):
    household = make_household()
    client.force_login(household.primary_worker)
    url = reverse("households:agreement", args=[household.code])
    assert 'name="loaded_version" value="0"' in client.get(url).content.decode()
    client.post(url, {"loaded_version": 0, "hours": "na 18 uur"})

    page = client.post(url, {"loaded_version": 0, "hours": "voor de middag"}).content.decode()

    assert "na 18 uur" in page and "voor de middag" in page
    assert ContactAgreement.objects.get().hours == "na 18 uur"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pause_until": "2062-01-01"}, "over een jaar"),
        ({"pause_until": "2020-01-01"}, "over een jaar"),
        ({"channels": ["duif"]}, "keuze"),
        ({"rather_not": "x" * 501}, "500"),
        ({"rather_not": "Nummer 85073003328"}, "rijksregisternummer"),
        ({"via": "zus\x07"}, "teken"),
    ],
)
def test_bad_input_in_an_agreement_is_said_and_nothing_is_saved(client, fields, message):
    household = make_household()
    client.force_login(household.primary_worker)

    response = client.post(
        reverse("households:agreement", args=[household.code]),
        {"loaded_version": 0, "hours": "na 18 uur", **fields},
    )

    assert response.status_code == 200
    assert message in response.content.decode() and 'value="na 18 uur"' in response.content.decode()
    assert not ContactAgreement.objects.exists()


def test_an_agreement_that_was_being_typed_comes_back(client):
    household = make_household()
    user = household.primary_worker
    client.force_login(user)
    url = reverse("households:agreement", args=[household.code])
    Draft.objects.keep(
        user=user,
        form="contactafspraak",
        subject=household.code,
        title="Contactafspraak",
        address=url,
        typed={"rather_not": ["Liever niet op zaterdag"], "channels": ["phone"], "loaded_version": ["0"]},
    )

    assert "Liever niet op zaterdag" in client.get(url).content.decode()
    client.post(url, {"loaded_version": 0, "rather_not": "Liever niet op zaterdag"})
    assert not Draft.objects.exists()


# The page of one family


def test_opening_a_family_leaves_exactly_one_row_in_the_trail(client):
    household = make_household()
    client.force_login(household.primary_worker)

    client.get(household.get_absolute_url())

    row = Access.objects.get()
    assert (row.user, row.action, row.record_type) == (household.primary_worker, "view", "household")
    assert (row.record_ids, row.centre) == ([household.pk], household.centre)


def test_a_coordinator_who_reads_file_notes_is_in_the_trail(client):
    household = make_household()
    make_contact(household, note="Voor het dossier")
    els = sign_in(client, Role.COORDINATOR, centre=household.centre)

    assert "Voor het dossier" in client.get(household.get_absolute_url()).content.decode()
    assert Access.objects.get().user == els


def full_page(household, size):
    for number in range(size):
        make_member(household, first_name=f"Kind {number}")
        make_contact(household, note="Iets", themes=["housing"])
        make_follow_up(household)


@pytest.mark.parametrize("size", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_rows_and_at_most_twelve(client, size):
    household = make_household()
    ContactAgreement.objects.create(household=household, centre=household.centre, channels=["phone"])
    full_page(household, size)
    client.force_login(household.primary_worker)

    response, asked = statements(client, household.get_absolute_url())

    assert response.status_code == 200
    assert len(asked) <= 12


def test_the_page_shows_who_what_and_how(client):
    today = timezone.localdate()
    household = make_household(languages=["ar"], last_reached_on=today - timedelta(days=3), intensity=2)
    make_member(household, first_name="Samira", birth_year=today.year - 37, interpreter="always", phone="0470 11 22 33")
    make_follow_up(household, what="Bel de school")
    client.force_login(household.primary_worker)

    page = client.get(household.get_absolute_url()).content.decode()

    for words in ("Gezin van Samira", household.code, "36 of 37 jaar", "Ouder", "Tolk: altijd", "Arabisch"):
        assert words in page
    assert "3 dagen geleden" in page and "om de 30 dagen" in page
    assert f"{reverse('households:note')}?gezin={household.code}" in page
    assert reverse("households:follow-up-close", args=[household.follow_ups.get().pk]) in page
    assert "tel:0470112233" in page


def test_someone_who_left_is_listed_apart(client):
    household = make_household()
    today = timezone.localdate()
    make_member(household, first_name="Vertrokken", since=today - timedelta(days=9), until=today)
    client.force_login(household.primary_worker)

    page = client.get(household.get_absolute_url()).content.decode()

    assert page.index("Hoort er nu niet bij") < page.index("Vertrokken")


def test_rows_of_another_centre_stay_away_even_without_the_python_layer(client):
    """The page asks through the family, and the database shows only one's own rows."""
    household = make_household()
    client.force_login(household.primary_worker)
    Contact.objects.filter(pk=make_contact(household, note="Van elders").pk).update(centre=make_centre())

    assert "Van elders" not in client.get(household.get_absolute_url()).content.decode()


# Search before create (R14)


def test_scenario_8_elamrani_finds_el_amrani_before_the_form_is_finished(client):
    household = make_household(nickname="El Amrani, Ridderbuurt", address="Ridderstraat 12")
    make_member(household, phone="0470 11 22 33")
    sign_in(client, centre=household.centre)

    for typed_so_far in ({"nickname": "Elamrani"}, {"phone": "+32 470 11 22 33"}, {"address": "ridderstraat 12"}):
        for where in (CANDIDATES, CREATE):
            page = client.post(where, typed_so_far).content.decode()
            assert household.code in page and household.primary_worker.first_name in page


def test_r14_of_a_closed_file_the_candidates_tell_code_nickname_and_worker_and_not_why(client):
    household = make_household(nickname="El Amrani", address="Ridderstraat 12")
    make_member(household, phone="0470 11 22 33", first_name="Samira")
    sign_in(client, centre=household.centre)

    closed = client.post(CANDIDATES, {"phone": "0470112233"}).content.decode()
    client.force_login(household.primary_worker)
    own = client.post(CANDIDATES, {"phone": "0470112233"}).content.decode()

    assert household.code in closed
    assert not [each for each in ("zelfde telefoon", "Ridderstraat", "Samira", "0470") if each in closed]
    assert "zelfde telefoon" in own


def test_r16_a_restricted_family_of_others_is_no_candidate(client):
    household = make_household(nickname="El Amrani", restricted=True)
    make_member(household, phone="0470 11 22 33")
    sign_in(client, centre=household.centre)

    for where in (CANDIDATES, CREATE):
        page = client.post(where, {"nickname": "El Amrani", "phone": "0470112233"}).content.decode()
        assert household.code not in page


@pytest.mark.parametrize("size", [1, 5])
def test_search_while_typing_asks_one_question_for_its_candidates(client, size):
    user = sign_in(client)
    for number in range(size):
        household = make_household(centre=user.membership_set.get().centre, nickname=f"El Amrani {number}")
        make_member(household, phone="0470 11 22 33")
        household.colleagues.add(make_user(centre=household.centre))

    with CaptureQueriesContext(connection) as asked:
        page = client.post(CANDIDATES, {"nickname": "Elamrani", "phone": "0470112233", "address": "Ridderstraat"})

    # Who asks (session and user), the trail and the transaction stand apart.
    about_families = [each["sql"] for each in asked if 'FROM "households_' in each["sql"]]
    assert len(about_families) == 1
    assert page.content.decode().count("HH-") >= size


def test_r12_the_form_of_a_family_gives_it_to_nobody_else(client):
    household = make_household()
    colleague = make_user(Role.WORKER, centre=household.centre)
    client.force_login(household.primary_worker)
    url = reverse("households:edit", args=[household.code])

    client.post(url, edited(household, primary_worker=colleague.pk, nickname="Fam. Elders"))

    kept = Household.objects.get()
    assert (kept.nickname, kept.primary_worker) == ("Fam. Elders", household.primary_worker)
    assert f"van={household.primary_worker_id}&amp;gezin={household.code}" in client.get(url).content.decode()


def test_the_vaste_buurtwerker_is_not_their_own_back_up(client):
    household = make_household()
    client.force_login(household.primary_worker)
    asked = edited(household, backup_worker=household.primary_worker_id)

    response = client.post(reverse("households:edit", args=[household.code]), asked)

    assert "Kies iemand anders dan de vaste buurtwerker." in response.content.decode()
