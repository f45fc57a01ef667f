"""Rounds: planning one, its doors, the sheet without names, the grid that takes them all in one save, the counts."""

import re
import uuid
from datetime import time, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Draft, Undo
from buurtwerk.trail.models import Access
from households.actions.contacts import settle_rhythm
from households.models import (
    Contact,
    ContactAddition,
    ContactAgreement,
    FollowUp,
    Household,
    OutreachRound,
    Person,
    RoundDoor,
)
from tests.breaking import breaks
from tests.factories import make_centre, make_neighbourhood, make_user
from tests.households.factories import make_contact, make_household, make_round
from tests.html import forms_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def noor(client):
    noor = make_user(first_name="Noor")
    client.force_login(noor)
    return noor


@pytest.fixture
def buurt():
    return make_neighbourhood()


def family_of(worker, **fields):
    return make_household(worker=worker, **fields)


def address(name, *args):
    return reverse(f"households:round-{name}", args=args)


def plan_form(buurt, *workers, **fields):
    form = {"token": uuid.uuid4(), "neighbourhood": buurt.pk, "place": "Het plein", "on": TODAY().isoformat()}
    return form | {"starts": "14:00", "ends": "16:00", "workers": [worker.pk for worker in workers]} | fields


def grid(client, outreach, *rows, token=None):
    """Send rows (dicts) as the grid would; the number of a row is its place."""
    form = {"token": token or uuid.uuid4(), "rows_shown": 20}
    for number, row in enumerate(rows, start=1):
        form |= {f"{number}-{name}": value for name, value in row.items()}
    return client.post(address("fill", outreach.pk), form)


def talked(family, **fields):
    return {"code": family.code, "mode": "door", "outcome": "talked", **fields}


# Planning


def test_a_round_is_planned_with_who_goes_along_and_can_be_taken_back(client, noor, buurt):
    sofie = make_user(centre=noor.membership_set.get().centre)

    response = client.post(address("create"), plan_form(buurt, noor, sofie))

    outreach = OutreachRound.objects.get()
    assert response.url == address("doors", outreach.pk)
    assert set(outreach.workers.all()) == {noor, sofie}
    assert (outreach.status, outreach.starts, outreach.ends) == ("planned", time(14), time(16))
    assert "Maak ongedaan" in client.get(response.url).content.decode()


def test_the_same_plan_sent_twice_is_one_round(client, noor, buurt):
    form = plan_form(buurt, noor)

    urls = {client.post(address("create"), form).url for _ in range(2)}

    assert OutreachRound.objects.count() == len(urls) == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("workers", [], "Kies wie meegaat."),
        ("on", "2062-01-01", "Kies een dag binnen de twee jaar."),
        ("on", "", "Kies de dag van de ronde."),
        ("on", "1950-01-01", "Kijk het jaar na."),
        ("ends", "13:00", "Het einde komt na het begin."),
        ("starts", "vroeg", "Vul een uur in, zoals 14:00."),
        ("neighbourhood", "", "Kies de buurt."),
        ("place", "nul\x00", "onzichtbaar teken"),
        ("place", "x" * 200, "120 tekens"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(client, noor, buurt, field, value, sentence):
    page = client.post(address("create"), plan_form(buurt, noor, **{field: value})).content.decode()

    assert sentence in page
    assert OutreachRound.objects.count() == 0


def test_nobody_of_another_centre_can_be_sent_along(client, noor, buurt):
    stranger = make_user()

    page = client.post(address("create"), plan_form(buurt, noor, stranger)).content.decode()

    assert "Kies collega&#x27;s van dit centrum." in page
    assert OutreachRound.objects.count() == 0


def test_who_works_in_two_centres_sends_along_who_works_there(client, noor, buurt):
    elsewhere = make_centre()
    Membership.objects.create(user=noor, centre=elsewhere, role=Role.WORKER)
    here = make_user(centre=noor.membership_set.first().centre)

    form = plan_form(buurt, here, centre=elsewhere.pk)
    page = client.post(address("create"), form).content.decode()

    assert f"Niet van dit centrum: {here}." in page


def test_a_round_of_another_centre_does_not_exist(client, noor):
    theirs = make_round(make_user())

    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert str(theirs.neighbourhood) not in client.get(address("list")).content.decode()
    with asking_as(noor):
        assert OutreachRound.objects.count() == RoundDoor.objects.count() == 0


def test_two_colleagues_who_change_a_round_lose_nothing(client, noor, buurt):
    outreach = make_round(noor, neighbourhood=buurt)
    form = plan_form(buurt, noor, loaded_version=1, place="Het park")
    OutreachRound.objects.filter(pk=outreach.pk).update(version=2, place="De kerk")

    page = client.post(address("edit", outreach.pk), form).content.decode()

    assert "De kerk" in page
    assert "Het park" in page
    outreach.refresh_from_db()
    assert outreach.place == "De kerk"


def test_a_planned_round_can_be_dropped_and_a_walked_one_stays(client, noor):
    planned, walked = make_round(noor), make_round(noor, status="walked")

    for outreach in (planned, walked):
        client.post(address("drop", outreach.pk))

    assert list(OutreachRound.objects.all()) == [walked]


# Choosing the doors


def choose(client, outreach, *families, had=()):
    form = {"families": [family.pk for family in families], "had": [family.pk for family in had]}
    return client.post(address("doors", outreach.pk), form)


def test_the_doors_whose_rhythm_ends_first_stand_on_top(client, noor, buurt):
    today = TODAY()
    soon = family_of(
        noor,
        nickname="Soon",
        neighbourhood=buurt,
        intensity=3,
        intensity_reason="Nodig",
        next_review_on=today,
        last_reached_on=today - timedelta(days=9),
    )
    later = family_of(noor, nickname="Later", neighbourhood=buurt, intensity=1, last_reached_on=today)
    never = family_of(noor, nickname="Never", neighbourhood=buurt, intensity=0)
    family_of(noor, nickname="Elders", neighbourhood=make_neighbourhood())
    family_of(noor, nickname="Klaar", neighbourhood=buurt, status="closed", closed_on=today, closure_reason="goal")

    page = client.get(address("doors", make_round(noor, neighbourhood=buurt).pk)).content.decode()

    assert [int(pk) for pk in re.findall(r'name="families" value="(\d+)"', page)] == [soon.pk, later.pk, never.pk]


def test_who_rests_or_wants_nobody_at_the_door_is_left_in_peace_with_the_reason(client, noor, buurt):
    resting = family_of(noor, nickname="Rust", neighbourhood=buurt, status="paused")
    pausing = family_of(noor, nickname="Pauze", neighbourhood=buurt)
    phoning = family_of(noor, nickname="Bellen", neighbourhood=buurt)
    ContactAgreement.objects.create(household=pausing, centre=pausing.centre, pause_until=TODAY() + timedelta(days=5))
    ContactAgreement.objects.create(household=phoning, centre=phoning.centre, channels=["phone"])
    outreach = make_round(noor, neighbourhood=buurt)

    page = client.get(address("doors", outreach.pk)).content.decode()
    response = choose(client, outreach, resting, pausing, phoning)

    assert 'name="families"' not in page
    for words in ("op rust", "vroeg rust tot en met", "Aan huis is niet afgesproken"):
        assert words in page
    assert outreach.doors.count() == 0
    assert response.status_code == 200
    assert "Kies gezinnen uit de lijst." in response.content.decode()


def test_a_restricted_family_of_someone_else_is_no_door_and_its_door_is_not_shown(client, noor, buurt):
    sofie = make_user(centre=noor.membership_set.get().centre)
    hidden = family_of(sofie, nickname="Afgeschermd gezin", neighbourhood=buurt, restricted=True)
    outreach = make_round(sofie, doors=[hidden], neighbourhood=buurt)

    pages = [client.get(address(name, outreach.pk)).content.decode() for name in ("doors", "detail", "sheet", "fill")]

    assert not [page for page in pages if hidden.nickname in page or hidden.code in page]
    choose(client, outreach, hidden)
    choose(client, outreach, had=[hidden])
    assert outreach.doors.count() == 1


def test_two_colleagues_who_choose_at_once_add_up(client, noor, buurt):
    first, second, third = [family_of(noor, nickname=f"Gezin {n}", neighbourhood=buurt) for n in range(3)]
    outreach = make_round(noor, neighbourhood=buurt, doors=[first])
    RoundDoor.objects.create(round=outreach, household=second, centre=outreach.centre, order=2)

    # The page was loaded when only the first stood on the list.
    choose(client, outreach, third, had=[first])

    assert {door.household for door in outreach.doors.all()} == {second, third}


def test_more_doors_than_fit_on_a_sheet_are_refused(client, noor, buurt):
    families = [family_of(noor, nickname=f"Gezin {n}", neighbourhood=buurt) for n in range(21)]
    outreach = make_round(noor, neighbourhood=buurt)

    page = choose(client, outreach, *families).content.decode()

    assert "Kies hoogstens 20 deuren. Je koos er 21." in page
    assert page.count(" checked") == 21
    assert outreach.doors.count() == 0


def test_a_door_can_be_passed_sooner(client, noor):
    doors = [family_of(noor, nickname=name) for name in "abc"]
    outreach = make_round(noor, doors=doors)

    client.post(address("door-up", outreach.pk, outreach.doors.get(household=doors[2]).pk))

    assert [door.household for door in outreach.doors.all()] == [doors[0], doors[2], doors[1]]


# The sheet


def test_the_sheet_carries_codes_and_no_name_and_no_house_number(client, noor):
    family = family_of(noor, nickname="Gezin van Samira", address="Kolveniersdreef 12 bus 3")
    outreach = make_round(noor, doors=[family])

    page = client.get(address("sheet", outreach.pk)).content.decode()

    printed = page[page.index("<main") :]
    assert family.code in printed
    assert "Kolveniersdreef" in printed
    assert not [word for word in ("Samira", "12 bus", "Kolveniersdreef 12") if word in printed]
    assert "Samira" in page[: page.index("<main")]
    row = Access.objects.get(action="print")
    assert (row.record_type, row.record_ids) == ("household", [family.pk])


def test_a_family_that_asked_for_rest_since_is_not_on_the_sheet(client, noor):
    family = family_of(noor)
    outreach = make_round(noor, doors=[family])
    ContactAgreement.objects.create(household=family, centre=family.centre, pause_until=TODAY())

    page = client.get(address("sheet", outreach.pk)).content.decode()

    assert family.code not in page[page.index("<main") :]
    assert f"{family.code} staat niet op het blad." in page


# The grid


def test_twenty_doors_in_one_save_move_the_rhythm_of_each_family(client, noor):
    families = [family_of(noor, nickname=f"Gezin {n}") for n in range(20)]
    outreach = make_round(noor, doors=families, place="Het plein")
    sofie = make_user(centre=outreach.centre)
    outreach.workers.add(sofie)

    response = grid(client, outreach, *[talked(family, minutes="10") for family in families])

    assert response.url == outreach.get_absolute_url()
    assert Contact.objects.filter(round=outreach, happened_on=outreach.on, author=noor, minutes=10).count() == 20
    assert Household.objects.filter(last_reached_on=TODAY()).count() == 20
    assert not outreach.doors.filter(contact=None).exists()
    assert {contact.co_workers.get() for contact in Contact.objects.all()} == {sofie}
    outreach.refresh_from_db()
    assert (outreach.status, outreach.version) == ("walked", 2)


def test_good_rows_are_kept_and_shown_and_a_bad_row_stays_as_it_was_typed(client, noor):
    good, bad = family_of(noor, nickname="Goed"), family_of(noor, nickname="Fout")
    outreach = make_round(noor, doors=[good, bad])

    response = grid(
        client,
        outreach,
        talked(good),
        talked(bad, outcome="", minutes="een uurtje", theme="Vliegen", next_on="2062-01-01", note="Kwam net thuis."),
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert Contact.objects.get().household == good
    assert "1 contact is bewaard." in page
    assert f"{good.code}, Aan de deur, gesproken" in page
    for sentence in ("Kies een resultaat.", "Van 1 tot 720.", "Kies een thema uit de lijst.", "binnen de twee jaar"):
        assert page.count(sentence) == 2, sentence
    for value in (bad.code, "een uurtje", "Vliegen", "2062-01-01", "Kwam net thuis."):
        assert f'value="{value}"' in page
    assert '<option value="door" selected>' in page
    assert 'href="#2-outcome"' in page
    assert 'id="2-outcome"' in page


def test_a_page_sent_twice_adds_nothing_and_the_corrected_row_is_added(client, noor):
    good, bad = family_of(noor, nickname="Goed"), family_of(noor, nickname="Fout")
    outreach, token = make_round(noor, doors=[good, bad]), uuid.uuid4()

    for _ in range(2):
        grid(client, outreach, talked(good), talked(bad, mode=""), token=token)
    assert Contact.objects.count() == 1
    response = grid(client, outreach, {}, talked(bad), token=token)
    assert response.url == outreach.get_absolute_url()
    grid(client, outreach, talked(good), talked(bad), token=token)

    assert {contact.household for contact in Contact.objects.all()} == {good, bad}
    assert Contact.objects.count() == 2


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", ""), lambda code: code[3:]])
def test_a_code_in_a_hurry_is_understood(client, noor, write):
    family = family_of(noor)
    outreach = make_round(noor)

    grid(client, outreach, talked(family, code=write(family.code)))

    assert Contact.objects.get().household == family


def test_a_code_that_one_may_not_know_is_no_family(client, noor):
    elsewhere = make_household()
    hidden = family_of(make_user(centre=noor.membership_set.get().centre), restricted=True)
    outreach = make_round(noor)

    page = grid(client, outreach, talked(elsewhere), talked(hidden), talked(hidden, code="iets")).content.decode()

    assert page.count("Rij 1: Geen gezin met deze code.") == 1
    assert page.count("Geen gezin met deze code.") == 6
    assert Contact.objects.count() == 0


def test_a_talk_without_a_name_is_a_contact_and_no_person(client, noor):
    outreach = make_round(noor)

    grid(
        client,
        outreach,
        {"age_group": "senior", "mode": "street", "outcome": "talked", "theme": "mentaal"},
        {"code": "Zonder naam", "mode": "street", "outcome": "brief"},
    )

    contacts = Contact.objects.order_by("pk")
    assert [(contact.household, contact.age_group, contact.round) for contact in contacts] == [
        (None, "senior", outreach),
        (None, "", outreach),
    ]
    assert contacts[0].themes == ["mental_wellbeing"]
    assert Person.objects.count() == 0


def test_a_row_without_a_name_keeps_no_number_and_promises_nothing(client, noor):
    row = {"age_group": "adult", "mode": "street", "outcome": "talked", "note": "Bel 0470 00 00 12"}
    row |= {"next_on": (TODAY() + timedelta(days=1)).isoformat()}

    page = grid(client, make_round(noor), row).content.decode()

    assert "Dit lijkt een nummer van iemand." in page
    assert "Opvolgen kan enkel voor een gezin." in page
    assert Contact.objects.count() == 0


def test_a_row_with_only_the_printed_code_is_skipped_and_another_is_asked_about(client, noor):
    door, other = family_of(noor, nickname="Deur"), family_of(noor, nickname="Ander")
    outreach = make_round(noor, doors=[door])

    page = grid(client, outreach, {"code": door.code}, {"code": other.code}, {"outcome": "talked"}).content.decode()

    assert "Rij 1:" not in page
    assert "Rij 2: Kies een vorm." in page
    assert "Rij 3: Vul een code in" in page


def test_an_empty_grid_says_so(client, noor):
    outreach = make_round(noor)

    response = grid(client, outreach)

    assert "Er was nog niets ingevuld." in client.get(response.url).content.decode()


def test_a_contact_that_the_family_asked_us_not_to_make_needs_a_reason_in_its_row(client, noor):
    family = family_of(noor)
    ContactAgreement.objects.create(household=family, centre=family.centre, channels=["phone"])
    outreach, token = make_round(noor), uuid.uuid4()

    page = grid(client, outreach, talked(family), token=token).content.decode()
    assert "Zeg waarom het toch zo ging." in page
    assert 'name="1-override_reason"' in page
    assert Contact.objects.count() == 0
    grid(client, outreach, talked(family, override_reason="Ze riep ons zelf binnen."), token=token)

    assert Contact.objects.get().override_reason == "Ze riep ons zelf binnen."


def test_the_next_step_of_a_row_is_a_follow_up_of_who_fills_in(client, noor):
    family, tomorrow = family_of(noor), TODAY() + timedelta(days=1)

    grid(client, make_round(noor), talked(family, next_on=tomorrow.isoformat()))

    follow_up = FollowUp.objects.get()
    assert (follow_up.household, follow_up.assigned_to, follow_up.due_on) == (family, noor, tomorrow)


def test_a_note_with_a_national_number_or_of_sixty_thousand_characters_is_refused_in_its_row(client, noor):
    family = family_of(noor)
    outreach = make_round(noor)

    for note in ("85073003328", "a" * 60_000):
        page = grid(client, outreach, talked(family, note=note)).content.decode()
        assert "Rij 1:" in page
        assert f'value="{note}"' in page

    assert Contact.objects.count() == 0


def test_a_door_that_a_colleague_noted_meanwhile_is_not_noted_twice(client, noor):
    family = family_of(noor)
    outreach = make_round(noor, doors=[family])
    outreach.doors.update(contact=make_contact(family, round=outreach))

    page = grid(client, outreach, talked(family)).content.decode()

    assert "Een collega noteerde deze deur al." in page
    assert Contact.objects.count() == 1


def test_a_round_that_still_has_to_come_takes_no_contacts_and_no_counts(client, noor):
    outreach = make_round(noor, on=TODAY() + timedelta(days=2))

    for name in ("fill", "count"):
        assert client.get(address(name, outreach.pk)).url == outreach.get_absolute_url()
    assert grid(client, outreach, talked(family_of(noor))).url == outreach.get_absolute_url()
    assert Contact.objects.count() == 0


def test_what_was_typed_before_the_session_was_gone_stands_there_again(client, noor):
    family = family_of(noor)
    outreach = make_round(noor, doors=[family])
    typed = {"1-code": [family.code], "1-note": ["Kwam net thuis."], "1-mode": ["door"]}
    Draft.objects.keep(
        user=noor, form="ronde-invullen", subject=str(outreach.pk), title="Ronde", address="/team/", typed=typed
    )

    page = client.get(address("fill", outreach.pk)).content.decode()

    assert 'value="Kwam net thuis."' in page
    assert '<option value="door" selected>' in page


def test_after_a_save_only_the_bad_row_is_kept_as_a_draft(client, noor):
    good, bad = family_of(noor, nickname="Goed"), family_of(noor, nickname="Fout")
    outreach = make_round(noor)

    grid(client, outreach, talked(good, note="Goed gesprek"), talked(bad, mode="", note="Nog te doen"))

    typed = Draft.objects.get().typed
    assert ["Nog te doen"] in typed.values()
    assert ["Goed gesprek"] not in typed.values()


def test_the_grid_says_that_it_was_tampered_with_and_keeps_what_was_typed(client, noor):
    family = family_of(noor)
    form = {f"1-{name}": value for name, value in talked(family).items()}

    page = client.post(address("fill", make_round(noor).pk), form | {"token": "x", "rows_shown": "999"})

    assert page.status_code == 200
    assert f'value="{family.code}"' in page.content.decode()
    assert Contact.objects.count() == 0


def test_the_grid_has_twenty_rows_with_the_codes_of_the_doors_and_stays_light(client, noor):
    families = [family_of(noor, nickname=f"Gezin {n}") for n in range(5)]
    outreach = make_round(noor, doors=families)

    page = client.get(address("fill", outreach.pk)).content.decode()

    fields = next(form.fields for form in forms_of(page) if "1-code" in form.fields)
    codes = [fields[f"{number}-code"].values[0] for number in range(1, 21)]
    assert codes == [family.code for family in families] + [""] * 15
    assert len(page) < 45_000


@pytest.mark.parametrize("name", ["fill", "detail", "sheet", "doors"])
def test_a_page_of_a_round_costs_the_same_for_one_door_and_for_many(client, noor, buurt, name):
    def queries(number):
        outreach = make_round(noor, doors=[family_of(noor, neighbourhood=buurt) for _ in range(number)])
        for door in outreach.doors.all():
            make_contact(door.household, round=outreach)
        with connection.execute_wrapper(count := Counter()):
            client.get(address(name, outreach.pk))
        return count.number

    client.get(address("list"))
    few, many = queries(1), queries(5)

    assert few == many <= 14


class Counter:
    number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += 1
        return execute(sql, params, many, context)


# The counts


def count_form(outreach, **fields):
    return {"loaded_version": outreach.version, **fields}


def test_who_was_seen_is_kept_as_counts_and_never_becomes_people(client, noor):
    outreach = make_round(noor)

    form = count_form(outreach, children_seen="12", children_spoken="5", seniors_seen="2", observed="De lamp is stuk.")
    response = client.post(address("count", outreach.pk), form)

    assert response.status_code == 302
    outreach.refresh_from_db()
    assert (outreach.seen, outreach.spoken, outreach.status) == (14, 5, "walked")
    assert outreach.observed == "De lamp is stuk."
    assert Person.objects.count() == Contact.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"teens_seen": "2", "teens_spoken": "3"}, "Je zag er 2."),
        ({"teens_seen": "veel"}, "Vul een getal in van 0 tot 999."),
        ({"teens_seen": "-1"}, "Vul een getal in van 0 tot 999."),
        ({"observed": "Bel 0470 00 00 12"}, "Dit lijkt een nummer van iemand."),
        ({"observed": "85073003328"}, "rijksregisternummer"),
        ({"ends": "09:00"}, "Het einde komt na het begin."),
    ],
)
def test_counts_that_cannot_be_are_refused_beside_their_field(client, noor, fields, sentence):
    outreach = make_round(noor)

    page = client.post(address("count", outreach.pk), count_form(outreach, **fields)).content.decode()

    assert sentence in page
    outreach.refresh_from_db()
    assert (outreach.status, outreach.seen, outreach.observed) == ("planned", 0, "")


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("round_adults_spoken_were_seen", {"status": "walked", "adults_seen": 1, "adults_spoken": 2}),
        ("round_children_spoken_were_seen", {"status": "walked", "children_spoken": 1}),
        ("round_teens_spoken_were_seen", {"status": "walked", "teens_spoken": 1}),
        ("round_seniors_spoken_were_seen", {"status": "walked", "seniors_spoken": 1}),
        ("round_counts_when_walked", {"status": "planned", "adults_seen": 1}),
        ("round_counts_when_walked", {"status": "planned", "observed": "Donker"}),
        ("round_ends_after_start", {"starts": time(14), "ends": time(14)}),
    ],
)
def test_the_table_itself_refuses_a_round_that_cannot_be(noor, constraint, fields):
    with breaks(constraint):
        make_round(noor, **fields)


def test_a_family_stands_once_on_a_round(noor):
    family = family_of(noor)

    with breaks("round_door_once"):
        make_round(noor, doors=[family, family])


def test_the_month_counts_what_was_seen_and_each_contact_once(client, noor):
    outreach = make_round(noor, status="walked", adults_seen=7, adults_spoken=3, children_seen=4)
    make_round(noor, status="walked", on=TODAY() - timedelta(days=40), adults_seen=100)
    make_contact(family_of(noor), round=outreach)
    make_contact(author=noor, round=outreach, mode="street")
    make_contact(family_of(make_user(centre=outreach.centre), restricted=True), round=outreach)

    page = client.get(address("list")).content.decode()

    assert "11, waarvan 3 gesproken" in page
    assert "<dd>2, waarvan 2 bereikt</dd>" in page
    assert "1 gesprek" in page


# What others see of it


def test_the_story_of_a_family_says_that_a_contact_was_on_a_round(client, noor):
    family = family_of(noor)
    contact = make_contact(family, round=make_round(noor))

    assert "op ronde" in client.get(family.get_absolute_url()).content.decode()
    assert "Bekijk de ronde" in client.get(contact.get_absolute_url()).content.decode()


def test_taking_a_contact_back_leaves_its_door_open_again(client, noor):
    family = family_of(noor)
    outreach = make_round(noor, doors=[family])
    grid(client, outreach, talked(family))

    Contact.objects.get().delete()

    assert outreach.doors.get().contact is None


def kept_of(*models):
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def undo_grid(client):
    undo = Undo.objects.filter(name="households.round-noted").latest("pk")
    return client.post(reverse("drafts:take-back", args=[undo.token]), follow=True).text


def test_a_whole_grid_is_taken_back_and_nothing_else_is_touched(client, noor):
    families = [family_of(noor) for _ in range(3)]
    outreach = make_round(noor, doors=families)
    make_contact(families[2], happened_on=TODAY() - timedelta(days=9))
    settle_rhythm(families[2])
    models = (Contact, FollowUp, Household, RoundDoor)
    before = kept_of(*models)
    tomorrow = TODAY() + timedelta(days=1)

    response = grid(client, outreach, *[talked(family, next_on=tomorrow.isoformat()) for family in families])
    assert Contact.objects.filter(round=outreach).count() == FollowUp.objects.count() == 3
    assert "Maak ongedaan" in client.get(response.url).text

    assert "De contacten die je samen bewaarde, zijn weg." in undo_grid(client)
    assert kept_of(*models) == before
    outreach.refresh_from_db()
    assert outreach.status == OutreachRound.Status.PLANNED
    # And the same doors can be noted again.
    grid(client, outreach, talked(families[0]))
    assert Contact.objects.filter(round=outreach).count() == 1


def test_taking_a_grid_back_leaves_what_was_noted_before_it_and_the_round_walked(client, noor):
    first, second = family_of(noor), family_of(noor)
    outreach = make_round(noor, doors=[first, second])
    grid(client, outreach, talked(first))
    grid(client, outreach, talked(second))

    undo_grid(client)

    assert Contact.objects.get().household == first
    outreach.refresh_from_db()
    assert outreach.is_walked


@pytest.mark.parametrize("change", ["contact", "promise", "addition"])
def test_a_grid_that_a_colleague_worked_on_stays_whole_and_says_where(client, noor, change):
    families = [family_of(noor) for _ in range(2)]
    outreach = make_round(noor, doors=families)
    tomorrow = TODAY() + timedelta(days=1)
    grid(client, outreach, *[talked(family, next_on=tomorrow.isoformat()) for family in families])
    touched = Contact.objects.get(household=families[1])
    if change == "contact":
        Contact.objects.filter(pk=touched.pk).update(minutes=30, version=2)
    elif change == "promise":
        FollowUp.objects.filter(born_from=touched).update(due_on=tomorrow + timedelta(days=7), version=2)
    else:
        ContactAddition.objects.create(
            centre=touched.centre, household=touched.household, contact=touched, by=noor, text="Ze belde terug."
        )
    models = (Contact, FollowUp, Household, RoundDoor, OutreachRound)
    before = kept_of(*models)

    page = undo_grid(client)

    assert f"Hier is intussen iets aan veranderd: {families[1].code}." in page
    assert kept_of(*models) == before


def test_a_grid_with_a_bad_row_takes_back_the_good_ones_and_keeps_what_was_typed(client, noor):
    good, bad = family_of(noor), family_of(noor)
    outreach = make_round(noor, doors=[good, bad])
    page = grid(client, outreach, talked(good), talked(bad, outcome="", minutes="5"))
    assert "Maak ongedaan" in page.text and Contact.objects.count() == 1

    undo_grid(client)

    assert not Contact.objects.exists()
    assert bad.code in client.get(address("fill", outreach.pk)).text
