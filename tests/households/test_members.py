import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.models import Undo
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households.models import Member, Person
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_contact, make_household, make_member

pytestmark = pytest.mark.django_db


def url(name, household, *more):
    return reverse(f"households:member-{name}", args=[household.code, *more])


def open_family(client):
    household = make_household()
    client.force_login(household.primary_worker)
    return household


def typed(**fields):
    membership = {"role": "child", "stays": "always", "since": timezone.localdate()}
    return {"token": uuid.uuid4(), "first_name": "Ilyas", "interpreter": "no", **membership, **fields}


def edited(member, **fields):
    return {
        "loaded_version": member.person.version,
        "first_name": member.person.first_name,
        "interpreter": "no",
        "role": member.role,
        "stays": member.stays,
        "since": member.since,
        **fields,
    }


def take_back(client, household):
    undo = reverse("drafts:take-back", args=[Undo.objects.latest("pk").token])
    return client.post(undo, {"next": household.get_absolute_url()}, follow=True).content.decode()


# Adding someone


def test_someone_new_joins_the_family(client):
    household = open_family(client)

    response = client.post(url("create-details", household), typed(birth_year="2014", is_contact_person="on"))

    member = household.members.get()
    assert response.url == household.get_absolute_url()
    assert (member.person.first_name, member.person.birth_year, member.role) == ("Ilyas", 2014, "child")
    assert member.is_contact_person and member.centre == member.person.centre == household.centre


def test_sending_the_form_twice_adds_one_person(client):
    household = open_family(client)
    form = typed()

    client.post(url("create-details", household), form)
    client.post(url("create-details", household), form)

    assert Person.objects.count() == Member.objects.count() == 1


def test_someone_we_know_is_shown_before_they_are_made_again(client):
    household = open_family(client)
    known = make_member(make_household(centre=household.centre, nickname="Bij papa"), first_name="Ilyas").person

    page = client.post(url("create", household), {"first_name": "Iljas"}).content.decode()
    live = client.post(url("candidates", household), {"first_name": "Ilyas"}).content.decode()

    assert url("link", household, known.pk) in page and "Bij papa" in page
    assert url("link", household, known.pk) in live


def test_someone_of_another_centre_is_never_shown(client):
    household = open_family(client)
    stranger = make_member(make_household(), first_name="Ilyas", phone="0470 11 22 33").person

    page = client.post(url("create", household), {"first_name": "Ilyas", "phone": "0470112233"}).content.decode()

    assert "Kennen we" not in page and "Nieuwe persoon" in page
    assert client.get(url("link", household, stranger.pk)).status_code == 404
    assert client.post(url("link", household, stranger.pk), typed()).status_code == 404
    assert not household.members.exists()


def test_who_is_in_the_family_already_cannot_be_chosen(client):
    household = open_family(client)
    person = make_member(household, first_name="Ilyas").person

    page = client.post(url("create", household), {"first_name": "Ilyas"}).content.decode()

    assert "hoort al bij dit gezin" in page
    assert url("link", household, person.pk) not in page


def test_a_child_belongs_to_two_families(client):
    household = open_family(client)
    elsewhere = make_member(make_household(centre=household.centre), first_name="Ilyas", role="child")

    client.post(url("link", household, elsewhere.person.pk), typed(stays="part_time"))

    assert elsewhere.person.memberships.count() == 2
    assert household.members.get().stays == "part_time"
    for family in (household, elsewhere.household):
        client.force_login(family.primary_worker)
        assert "Ilyas" in client.get(family.get_absolute_url()).content.decode()


def test_the_same_person_twice_at_a_time_is_refused_in_words(client):
    household = open_family(client)
    person = make_member(household, since=timezone.localdate() - timedelta(days=30)).person

    response = client.post(url("link", household, person.pk), typed())

    assert response.status_code == 200
    assert "hoort in die periode al bij het gezin" in response.content.decode()
    assert household.members.count() == 1


def test_someone_can_come_back_after_having_left(client):
    household = open_family(client)
    today = timezone.localdate()
    person = make_member(household, since=today - timedelta(days=30), until=today).person

    client.post(url("link", household, person.pk), typed())

    assert household.members.count() == 2


def test_the_database_itself_refuses_two_memberships_at_a_time():
    member = make_member(make_household())

    with breaks("member_once_at_a_time"):
        Member.objects.create(
            household=member.household, person=member.person, centre=member.centre, role="child", since=member.since
        )


def test_the_database_itself_refuses_a_period_that_ends_before_it_begins():
    today = timezone.localdate()

    with breaks("member_until_after_since"):
        make_member(make_household(), since=today, until=today)


@pytest.mark.parametrize("year", [1899, 2101])
def test_the_database_itself_refuses_a_year_in_which_nobody_was_born(year):
    with breaks("person_birth_year_possible"):
        make_member(make_household(), birth_year=year)


def test_what_was_typed_in_the_search_goes_along_to_the_form(client):
    household = open_family(client)

    page = client.post(url("create", household), {"first_name": "Ilyas", "phone": "0470 11 22 33"}).content.decode()

    assert 'value="Ilyas"' in page and 'value="0470 11 22 33"' in page


def test_a_new_person_can_be_taken_back(client):
    household = open_family(client)
    client.post(url("create-details", household), typed())

    assert "niet toegevoegd" in take_back(client, household)
    assert not Person.objects.exists() and not Member.objects.exists()


def test_someone_with_a_story_stays_known_when_taken_back(client):
    household = open_family(client)
    client.post(url("create-details", household), typed())
    make_contact(household).present.add(Person.objects.get())

    take_back(client, household)

    assert Person.objects.exists() and not Member.objects.exists()


FUTURE = "2062-01-01"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"first_name": ""}, "Vul een voornaam in."),
        ({"first_name": "x" * 81}, "80"),
        ({"first_name": "Il\x00yas"}, "teken"),
        ({"last_name": "85.07.30-033.28"}, "rijksregisternummer"),
        ({"birth_year": FUTURE[:4]}, "2062 moet nog komen"),
        ({"birth_year": "1899"}, "vanaf 1900"),
        ({"birth_year": "-5"}, "vanaf 1900"),
        ({"birth_year": "zeven"}, "Vul een jaartal in"),
        ({"birth_year": "9" * 25}, "komen"),
        ({"phone": "bel maar"}, "Vul een telefoonnummer in"),
        ({"email": "geen adres"}, "e-mailadres"),
        ({"preferred_language": "xx"}, "keuze"),
        ({"interpreter": "soms"}, "keuze"),
        ({"role": ""}, "Kies een rol in het gezin."),
        ({"role": "koning"}, "keuze"),
        ({"stays": "nooit"}, "keuze"),
        ({"since": FUTURE}, "Kies vandaag of een dag ervoor."),
        ({"since": "1800-01-01"}, "Kies vandaag of een dag ervoor."),
        ({"since": "gisteren"}, "datum"),
        ({"since": ""}, "Kies sinds wanneer."),
        ({"until": FUTURE}, "Kies een dag binnen het jaar."),
        ({"until": "2020-01-01"}, "De laatste dag komt na de eerste."),
        ({"token": ""}, "Laad de pagina opnieuw."),
    ],
)
def test_a_mistake_is_said_at_the_field_and_everything_typed_is_kept(client, fields, message):
    household = open_family(client)

    response = client.post(url("create-details", household), typed(last_name="Blijft staan") | fields)

    page = response.content.decode()
    assert response.status_code == 200
    assert message in page and "Er is nog iets nodig" in page
    assert "last_name" in fields or 'value="Blijft staan"' in page
    assert not Person.objects.exists() and not Member.objects.exists()


# Changing someone


def test_a_person_and_how_they_belong_are_changed_together(client):
    household = open_family(client)
    member = make_member(household, first_name="Ilias", role="child")

    client.post(
        url("edit", household, member.pk), edited(member, first_name="Ilyas", stays="visits", is_contact_person="on")
    )

    member.refresh_from_db()
    assert (member.person.first_name, member.stays, member.is_contact_person) == ("Ilyas", "visits", True)
    assert member.person.search_key == "ilyas"


def test_the_form_shows_what_we_know_and_leaves_a_trail(client):
    household = open_family(client)
    since = timezone.localdate() - timedelta(days=20)
    member = make_member(household, first_name="Ilyas", role="foster_child", since=since)

    page = client.get(url("edit", household, member.pk)).content.decode()

    assert 'value="Ilyas"' in page and f'value="{since:%Y-%m-%d}"' in page
    assert '<option value="foster_child" selected>' in page
    assert [(row.record_type, row.record_ids) for row in Access.objects.all()] == [("member", [member.pk])]


def test_an_overtaken_edit_shows_both_texts_and_loses_nothing(client):
    household = open_family(client)
    member = make_member(household, first_name="Ilias", role="child")
    mine = edited(member, first_name="Mijn Ilyas", role="grandchild")
    client.post(url("edit", household, member.pk), edited(member, first_name="Hun Ilyas", role="foster_child"))

    page = client.post(url("edit", household, member.pk), mine).content.decode()

    assert "Iemand anders bewaarde dit intussen" in page
    assert "Hun Ilyas" in page and '<dd class="prose">Pleegkind</dd>' in page
    assert 'value="Mijn Ilyas"' in page and '<option value="grandchild" selected>' in page
    member.refresh_from_db()
    assert (member.person.first_name, member.role) == ("Hun Ilyas", "foster_child")


def test_dates_that_meet_another_period_are_refused_in_words(client):
    household = open_family(client)
    today = timezone.localdate()
    earlier = make_member(household, since=today - timedelta(days=100), until=today - timedelta(days=50))
    now = Member.objects.create(
        household=household, person=earlier.person, centre=household.centre, role="parent", since=today
    )

    page = client.post(url("edit", household, now.pk), edited(now, since=today - timedelta(days=60))).content.decode()

    assert "hoort in die periode al bij het gezin" in page
    now.refresh_from_db()
    assert now.since == today


def test_someone_who_no_longer_lives_there_leaves_from_today_and_can_come_back(client):
    household = open_family(client)
    today = timezone.localdate()
    member = make_member(household, since=today - timedelta(days=10))

    client.post(url("leave", household, member.pk))

    member.refresh_from_db()
    assert member.until == today and not member.is_current
    assert "hoort weer bij het gezin" in take_back(client, household)
    member.refresh_from_db()
    assert member.until is None


def test_who_came_today_and_leaves_today_breaks_nothing(client):
    household = open_family(client)
    member = make_member(household)

    response = client.post(url("leave", household, member.pk))

    assert response.status_code == 302
    member.refresh_from_db()
    assert member.until == timezone.localdate() + timedelta(days=1)


def test_a_form_that_was_open_does_not_bring_back_who_left(client):
    household = open_family(client)
    member = make_member(household, since=timezone.localdate() - timedelta(days=10))
    before = edited(member)
    client.post(url("leave", household, member.pk))

    page = client.post(url("edit", household, member.pk), before).content.decode()

    assert "Iemand anders bewaarde dit intussen" in page
    member.refresh_from_db()
    assert member.until is not None


def test_a_member_of_another_family_is_not_found_under_this_one(client):
    household = open_family(client)
    other = make_member(make_household(centre=household.centre))

    assert client.get(url("edit", household, other.pk)).status_code == 404
    assert client.post(url("leave", household, other.pk)).status_code == 404
    assert client.get(url("edit", household, 10**30)).status_code == 404


def test_wrong_methods_are_refused(client):
    household = open_family(client)
    member = make_member(household)

    assert client.get(url("leave", household, member.pk)).status_code == 405
    assert client.get(url("candidates", household)).status_code == 405
    assert client.get(url("create-details", household)).url == url("create", household)


def test_a_named_colleague_may_add_someone_too(client):
    household = make_household()
    colleague = make_user(centre=household.centre)
    household.colleagues.add(colleague)
    client.force_login(colleague)

    client.post(url("create-details", household), typed())

    assert household.members.count() == 1


def test_who_follows_a_family_hears_that_a_colleague_took_someone_of_it_into_another():
    theirs = make_household(nickname="Van een ander")
    child = make_member(theirs, first_name="Ilyas", role="child")
    mine = make_household(centre=theirs.centre, worker=make_user(centre=theirs.centre, first_name="Noor"))
    client = Client()
    client.force_login(mine.primary_worker)
    form = {"token": uuid.uuid4(), "role": "child", "stays": "part_time", "since": timezone.localdate().isoformat()}

    client.post(reverse("households:member-link", args=[mine.code, child.person_id]), form)

    notice = Notice.objects.get()
    assert notice.to == theirs.primary_worker
    assert notice.text == f"Noor voegde iemand van {theirs.code} toe aan een ander gezin."
    assert mine.members.filter(person=child.person_id).exists()
