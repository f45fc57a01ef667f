import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role
from buurtwerk.drafts.models import Draft, SavedOnce, Undo
from buurtwerk.trail.models import Access
from households.forms.fields import PHONE_NUMBER
from households.models import Contact, FollowUp, Person
from tests.factories import make_centre, make_user
from tests.households.factories import make_contact, make_follow_up, make_household, make_member

pytestmark = pytest.mark.django_db

NOTE = reverse("households:note")
SEARCH = reverse("households:note-search")
CHOOSE_WHO = "Kies met wie je gesproken hebt."


@pytest.fixture
def noor():
    return make_user(first_name="Noor")


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


@pytest.fixture
def signed_in(client, noor):
    client.force_login(noor)
    return client


def filled(household=None, **fields):
    """Four taps and nothing typed, as the page sends them."""
    taps = {
        "token": uuid.uuid4(),
        "who": household.code if household else "zonder-naam",
        "mode": "home",
        "outcome": "talked",
        "happened_on": timezone.localdate().isoformat(),
        "visibility": "file",
        "next_step": "none",
        "save": "1",
    }
    return {**taps, **fields}


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors(response):
    return response.context["form"].errors


def test_a_door_visit_takes_a_family_a_mode_a_result_and_nothing_typed(signed_in, noor, household):
    response = signed_in.post(NOTE, filled(household))

    assert response.status_code == 302
    assert response.url == household.get_absolute_url()
    contact = Contact.objects.get()
    assert (contact.household, contact.author, contact.centre) == (household, noor, household.centre)
    assert (contact.mode, contact.outcome, contact.happened_on) == ("home", "talked", timezone.localdate())
    assert (contact.minutes, contact.visibility, contact.note) == (None, "file", "")
    assert said(response) == ["Bewaard: Huisbezoek, gesproken."]


@pytest.mark.parametrize("mode", Contact.Mode.values)
def test_every_way_of_meeting_can_be_noted(signed_in, household, mode):
    signed_in.post(NOTE, filled(household, mode=mode))

    assert Contact.objects.get().mode == mode


@pytest.mark.parametrize("outcome", Contact.Outcome.values)
def test_every_result_moves_the_effort_and_only_reaching_someone_the_rhythm(signed_in, household, outcome):
    signed_in.post(NOTE, filled(household, outcome=outcome))

    household.refresh_from_db()
    today = timezone.localdate()
    assert household.last_attempt_on == today
    assert household.last_reached_on == (today if outcome in ("talked", "brief") else None)


def test_everything_that_may_be_added_is_kept(signed_in, noor, household):
    samira = make_member(household).person
    yesterday = timezone.localdate() - timedelta(days=1)

    signed_in.post(
        NOTE,
        filled(
            household,
            themes=["housing", "mobility"],
            note="De huisbaas belde.",
            present=[samira.pk],
            happened_on=yesterday.isoformat(),
            part_of_day="evening",
            minutes_tile="30",
            place="Aan de poort",
            initiative="resident",
            visibility="team",
            next_step="date",
            next_on=(yesterday + timedelta(days=9)).isoformat(),
            next_what="Bel de huisbaas",
        ),
    )

    contact = Contact.objects.get()
    assert contact.themes == ["housing", "mobility"]
    assert (contact.note, contact.place, contact.part_of_day) == ("De huisbaas belde.", "Aan de poort", "evening")
    assert (contact.minutes, contact.initiative, contact.visibility) == (30, "resident", "team")
    assert contact.happened_on == yesterday
    assert list(contact.present.all()) == [samira]
    follow_up = FollowUp.objects.get()
    assert (follow_up.born_from, follow_up.assigned_to, follow_up.created_by) == (contact, noor, noor)
    assert (follow_up.what, follow_up.due_on) == ("Bel de huisbaas", yesterday + timedelta(days=9))


def test_typed_minutes_win_from_the_tile(signed_in, household):
    signed_in.post(NOTE, filled(household, minutes_tile="30", minutes="20"))

    assert Contact.objects.get().minutes == 20


@pytest.mark.parametrize(("step", "days"), [("tomorrow", 1), ("two_weeks", 14)])
def test_the_next_step_is_planned_without_typing(signed_in, household, step, days):
    signed_in.post(NOTE, filled(household, next_step=step))

    follow_up = FollowUp.objects.get()
    assert follow_up.due_on == timezone.localdate() + timedelta(days=days)
    assert follow_up.what == "Neem opnieuw contact op"


def test_this_week_ends_on_friday_and_is_never_over(signed_in, household):
    signed_in.post(NOTE, filled(household, next_step="week"))

    follow_up = FollowUp.objects.get()
    assert follow_up.due_on >= timezone.localdate()
    assert follow_up.due_on.weekday() >= 4


def test_the_page_itself_brings_today_and_the_dossierteam(signed_in):
    page = signed_in.get(NOTE).content.decode()

    assert f'name="happened_on" value="{timezone.localdate().isoformat()}"' in page
    assert re.search(r'name="visibility" value="file"[^>]* checked', page)
    assert re.search(r'name="next_step" value="none"[^>]* checked', page)


def test_mode_and_result_are_never_chosen_beforehand(signed_in, household):
    page = signed_in.get(NOTE, {"gezin": household.code}).content.decode()

    checked = set(re.findall(r'name="(\w+)"[^>]* checked', page))
    assert checked & {"mode", "outcome", "themes"} == set()
    assert re.search(rf'name="who" value="{household.code}"[^>]* checked', page)


def test_the_newest_families_come_first_and_then_those_i_follow(signed_in, noor, household):
    old, new = make_household(worker=noor, nickname="Vroeger"), make_household(worker=noor, nickname="Net nog")
    make_contact(old, author=noor, happened_on=timezone.localdate() - timedelta(days=9))
    make_contact(new, author=noor)

    form = signed_in.get(NOTE).context["form"]

    assert form.fields["who"].widget.choices == [
        (new.code, "Net nog"),
        (old.code, "Vroeger"),
        (household.code, "Gezin van Samira"),
        ("zonder-naam", "Zonder naam"),
    ]


def test_two_families_with_one_name_are_told_apart(signed_in, noor, household):
    other = make_household(worker=noor)

    labels = [label for _, label in signed_in.get(NOTE).context["form"].fields["who"].widget.choices]

    assert f"Gezin van Samira ({household.code})" in labels
    assert f"Gezin van Samira ({other.code})" in labels


def test_ones_own_frequent_themes_come_first(signed_in, noor, household):
    for themes in (["mobility"], ["mobility", "work"], ["mobility"]):
        make_contact(household, author=noor, themes=themes)

    choices = [code for code, _ in signed_in.get(NOTE).context["form"].fields["themes"].choices]

    assert choices[:3] == ["mobility", "work", "income_debt"]
    assert len(choices) == 20


# Without a name


def test_a_talk_without_a_name_makes_no_person(signed_in, noor):
    signed_in.post(NOTE, filled(mode="street", age_group="senior", themes=["mental_wellbeing"]))

    contact = Contact.objects.get()
    assert (contact.household, contact.age_group, contact.mode) == (None, "senior", "street")
    assert contact.centre_id == noor.centre_ids[0]
    assert Person.objects.count() == 0


def test_a_talk_without_a_name_refuses_a_person(signed_in, household):
    person = make_member(household).person

    response = signed_in.post(NOTE, filled(present=[person.pk]))

    assert "present" in errors(response)
    assert Contact.objects.count() == 0


def test_a_family_needs_no_age_group(signed_in, household):
    signed_in.post(NOTE, filled(household, age_group="adult"))

    assert Contact.objects.get().age_group == ""


@pytest.mark.parametrize("text", ["Bel haar op 0470 12 34 56", "016/00.00.12", "+32 470 12 34 56", "0032470123456"])
def test_a_note_without_a_name_holds_no_telephone_number(signed_in, text):
    response = signed_in.post(NOTE, filled(note=text))

    assert errors(response)["note"] == ["Dit lijkt een nummer van iemand. Haal het weg of kies een persoon."]
    assert text in response.content.decode()
    assert Contact.objects.count() == 0


@pytest.mark.parametrize("text", ["van 02.12.2026 om 14.05 uur", "02/12/2026 15u", "2025 2026 2027", "bus 3 of 7"])
def test_a_date_or_an_hour_is_not_taken_for_a_telephone_number(text):
    assert not PHONE_NUMBER.search(text)


def test_a_note_about_a_family_may_hold_a_telephone_number(signed_in, household):
    signed_in.post(NOTE, filled(household, note="Nieuw nummer: 0470 12 34 56"))

    assert Contact.objects.count() == 1


def test_nothing_is_followed_up_for_someone_without_a_name(signed_in):
    response = signed_in.post(NOTE, filled(next_step="tomorrow"))

    assert "next_step" in errors(response)
    assert (Contact.objects.count(), FollowUp.objects.count()) == (0, 0)


def test_who_works_in_two_centres_says_which_one_a_talk_without_a_name_is_for(client, noor):
    second = make_centre()
    Membership.objects.create(user=noor, centre=second, role=Role.WORKER)
    client.force_login(type(noor).objects.get(pk=noor.pk))

    refused = client.post(NOTE, filled())
    client.post(NOTE, filled(centre=second.pk))

    assert errors(refused)["centre"] == ["Kies het centrum."]
    assert Contact.objects.get().centre == second


def test_who_works_in_two_centres_finds_the_one_of_the_last_contact_tapped_already(client, noor):
    second = make_centre()
    Membership.objects.create(user=noor, centre=second, role=Role.WORKER)
    noor = type(noor).objects.get(pk=noor.pk)
    client.force_login(noor)

    first_time = client.get(NOTE).context["form"]["centre"].value()
    make_contact(author=noor, centre=second)
    next_time = client.get(NOTE).context["form"]["centre"].value()

    assert (first_time, next_time) == (noor.centre_ids[0], second.pk)


# Once


def test_the_same_form_sent_twice_is_one_contact(signed_in, household):
    form = filled(household, next_step="tomorrow")

    first, second = signed_in.post(NOTE, form), signed_in.post(NOTE, form)

    assert (first.url, second.url) == (household.get_absolute_url(), household.get_absolute_url())
    assert (Contact.objects.count(), FollowUp.objects.count()) == (1, 1)
    assert Contact.objects.get().client_uuid == form["token"]


def test_save_and_one_more_keeps_mode_place_and_day(signed_in, household):
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    form = filled(household, mode="door", place="Hoogland 69", happened_on=yesterday, note="Kort", again="1")
    del form["save"]

    response = signed_in.post(NOTE, form)

    assert response.url == NOTE
    next_form = signed_in.get(NOTE).context["form"]
    assert next_form["mode"].value() == "door"
    assert next_form["place"].value() == "Hoogland 69"
    assert next_form["happened_on"].value() == yesterday
    assert not next_form["who"].value()
    assert not next_form["outcome"].value()
    assert not next_form["note"].value()
    assert not signed_in.get(NOTE).context["form"]["mode"].value()


# Bad input


def test_an_empty_form_says_what_is_missing(signed_in):
    response = signed_in.post(NOTE, {"token": uuid.uuid4()})

    assert errors(response)["who"] == [CHOOSE_WHO]
    assert errors(response)["mode"] == ["Kies hoe je contact had."]
    assert errors(response)["outcome"] == ["Kies wat het resultaat was."]
    page = response.content.decode()
    assert "Er is nog iets nodig" in page
    assert page.count(CHOOSE_WHO) == 2
    assert "<title>Fout: Noteer" in page


BAD = {
    "a date in 2062": {"happened_on": "2062-01-01"},
    "tomorrow": {"happened_on": (timezone.localdate() + timedelta(days=1)).isoformat()},
    "no date": {"happened_on": ""},
    "a day that does not exist": {"happened_on": "2026-02-30"},
    "a date before the centre": {"happened_on": "0001-01-01"},
    "words for a date": {"happened_on": "gisteren"},
    "minutes in words": {"minutes": "een uurtje"},
    "minutes below one": {"minutes": "0"},
    "too many minutes": {"minutes": "99999999999999999999"},
    "an impossible tile of minutes": {"minutes_tile": "721"},
    "a tile of minutes in words": {"minutes_tile": "een uurtje"},
    "a note of 60 000 characters": {"note": "x" * 60_000},
    "a note with NUL": {"note": "a\x00b"},
    "a note with a control character": {"note": "a\x07b"},
    "a note with a national number": {"note": "Ze heeft 85.07.30-033.28"},
    "a place with NUL": {"place": "a\x00b"},
    "too long a place": {"place": "x" * 121},
    "an unknown mode": {"mode": "teleport"},
    "an unknown outcome": {"outcome": "\x00"},
    "an unknown theme": {"themes": ["housing", "weather"]},
    "an unknown visibility": {"visibility": "everyone"},
    "an unknown family": {"who": "HH-2026-9999"},
    "NUL for a family": {"who": "HH\x00"},
    "a script for a family": {"who": "<script>alert(1)</script>"},
    "an unknown person": {"present": ["999999"]},
    "letters for a person": {"present": ["abc"]},
    "an unknown next step": {"next_step": "someday"},
    "a next step without its day": {"next_step": "date"},
    "a next step in the past": {"next_step": "date", "next_on": "2020-01-01"},
    "a next step in 2062": {"next_step": "date", "next_on": "2062-01-01"},
    "words without a day": {"next_what": "Bel de school"},
    "too long a next step": {"next_step": "tomorrow", "next_what": "x" * 201},
    "an unknown part of the day": {"part_of_day": "midnight"},
    "an unknown initiative": {"initiative": "god"},
    "no token": {"token": ""},
    "a wrong token": {"token": "abc"},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD.keys())
def test_bad_input_keeps_what_was_typed_and_stores_nothing(signed_in, household, wrong):
    make_member(household)
    typed = {"note": "Iets om te bewaren", "place": "Aan de poort", **wrong}

    response = signed_in.post(NOTE, filled(household, **typed))

    assert response.status_code == 200
    form = response.context["form"]
    assert form.errors
    # "A national number" and others of the model come under the same name as the field of the page.
    assert set(form.errors) & {*wrong, "next_on", "next_step"}
    assert form["note"].value() == typed["note"]
    assert form["place"].value() == typed["place"]
    assert (Contact.objects.count(), FollowUp.objects.count(), SavedOnce.objects.count()) == (0, 0, 0)


def test_a_long_note_comes_back_whole(signed_in, household):
    note = "woord " * 10_000

    page = signed_in.post(NOTE, filled(household, note=note)).content.decode()

    assert note.strip() in page
    assert 'name="note"' in page
    assert "maxlength" not in re.search(r"<textarea[^>]*>", page).group()


def test_markup_in_a_note_is_text(signed_in, household):
    page = signed_in.post(NOTE, filled(household, mode="", note="<script>alert(1)</script>")).content.decode()

    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_family_of_another_centre_is_answered_like_one_that_does_not_exist(signed_in, household):
    theirs = make_household(nickname="Van een ander centrum")

    foreign = signed_in.post(NOTE, filled(theirs))
    unknown = signed_in.post(NOTE, filled(theirs, who="HH-1999-0001"))

    assert errors(foreign)["who"] == errors(unknown)["who"] == [CHOOSE_WHO]
    assert "Van een ander centrum" not in foreign.content.decode()
    assert Contact.objects.count() == 0


def test_the_people_of_another_family_cannot_be_present(signed_in, noor, household):
    neighbour = make_member(make_household(worker=noor)).person

    response = signed_in.post(NOTE, filled(household, present=[neighbour.pk]))

    assert "present" in errors(response)
    assert Contact.objects.count() == 0


def test_someone_who_left_the_family_is_no_longer_offered(signed_in, household):
    today = timezone.localdate()
    make_member(household, first_name="Oude", since=today - timedelta(days=9), until=today - timedelta(days=1))

    form = signed_in.get(NOTE, {"gezin": household.code}).context["form"]

    assert form.fields["present"].choices == []


def test_a_visit_of_long_ago_is_marked(signed_in, household):
    response = signed_in.post(
        NOTE, filled(household, happened_on=(timezone.localdate() - timedelta(days=31)).isoformat())
    )

    assert Contact.objects.get().noted_late
    assert any("achteraf genoteerd" in sentence for sentence in said(response))


def test_an_earlier_visit_does_not_turn_the_rhythm_back(signed_in, household):
    today = timezone.localdate()
    signed_in.post(NOTE, filled(household))

    signed_in.post(NOTE, filled(household, happened_on=(today - timedelta(days=5)).isoformat()))

    household.refresh_from_db()
    assert (household.last_reached_on, household.last_attempt_on) == (today, today)


def test_three_closed_doors_in_a_row_propose_another_way(signed_in, household):
    sentences = [said(signed_in.post(NOTE, filled(household, outcome="no_answer"))) for _ in range(3)]

    proposed = [any("Drie keer niemand bereikt" in sentence for sentence in each) for each in sentences[1:]]
    assert proposed == [False, True]


def test_a_talk_in_between_ends_the_row_of_closed_doors(signed_in, household):
    for outcome in ("no_answer", "talked", "no_answer"):
        signed_in.post(NOTE, filled(household, outcome=outcome))

    response = signed_in.post(NOTE, filled(household, outcome="no_answer"))

    assert not any("Drie keer" in sentence for sentence in said(response))


# Search


def test_searching_gives_families_as_tiles_and_keeps_what_was_typed(signed_in, household):
    other = make_household(worker=household.primary_worker, nickname="Gezin El Amrani")

    response = signed_in.post(SEARCH, filled(who="", search="elamrani", note="Half getypt", mode="door"))

    page = response.content.decode()
    assert f'name="who" value="{other.code}"' in page
    form = response.context["form"]
    assert (form["note"].value(), form["mode"].value()) == ("Half getypt", "door")
    assert form.errors == {}


def test_enter_in_the_search_field_searches(signed_in, household):
    make_household(worker=household.primary_worker, nickname="Gezin El Amrani")

    response = signed_in.post(NOTE, filled(who="", search="El-Amrani"))

    assert [found.nickname for found in response.context["found"]] == ["Gezin El Amrani"]
    assert response.context["form"].errors == {}


def test_htmx_gets_only_the_families(signed_in, household):
    response = signed_in.post(SEARCH, {"search": "samira"}, headers={"HX-Request": "true"})

    page = response.content.decode()
    assert household.code in page
    assert "<html" not in page


def test_a_name_never_goes_into_an_address(signed_in):
    assert signed_in.get(SEARCH, {"search": "Samira"}).status_code == 405
    assert f'hx-post="{SEARCH}"' in signed_in.get(NOTE).content.decode()


@pytest.mark.parametrize("words", ["", "x", "--", "\x00\x00", "x" * 500, "%", "<script>"])
def test_searching_for_nothing_finds_nothing(signed_in, household, words):
    response = signed_in.post(SEARCH, {"search": words}, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert household.code not in response.content.decode()


def test_search_never_finds_another_centre(signed_in, household):
    theirs = make_household(nickname="Gezin van Samira elders")

    page = signed_in.post(SEARCH, {"search": "samira"}, headers={"HX-Request": "true"}).content.decode()

    assert household.code in page
    assert theirs.code not in page


def test_the_people_of_a_tapped_family_are_offered(signed_in, household):
    make_member(household, first_name="Samira")

    page = signed_in.get(reverse("households:note-people"), {"who": household.code}).content.decode()

    assert "Samira" in page
    assert 'id="leeftijd"' in page
    assert 'name="age_group"' not in page


def test_the_age_is_offered_for_someone_without_a_name(signed_in):
    page = signed_in.get(reverse("households:note-people"), {"who": "zonder-naam"}).content.decode()

    assert 'name="age_group"' in page
    assert 'name="present"' not in page


def test_the_people_of_another_centre_are_not_offered(signed_in):
    theirs = make_household()
    make_member(theirs, first_name="Geheim")

    page = signed_in.get(reverse("households:note-people"), {"who": theirs.code}).content.decode()

    assert "Geheim" not in page


# Drafts


def keep(client, **typed):
    about = {"draft_form": "contact", "draft_title": "Contact noteren", "draft_address": NOTE}
    return client.post(reverse("drafts:keep"), {**about, **typed})


def test_what_was_typed_before_the_session_was_lost_is_there_again(signed_in, household):
    keep(signed_in, who=household.code, mode="door", note="Half getypt", themes=["housing", "work"])

    response = signed_in.get(NOTE)

    form = response.context["form"]
    assert (form["who"].value(), form["mode"].value()) == (household.code, "door")
    assert (form["note"].value(), form["themes"].value()) == ("Half getypt", ["housing", "work"])
    assert "nog niet bewaarde" in response.content.decode()


def test_saving_discards_the_draft(signed_in, household):
    keep(signed_in, note="Half getypt")

    signed_in.post(NOTE, filled(household))

    assert Draft.objects.count() == 0


def test_a_draft_about_one_family_does_not_land_on_another(signed_in, noor, household):
    other = make_household(worker=noor, nickname="Ander gezin")
    keep(signed_in, who=other.code, note="Over het andere gezin")

    response = signed_in.get(NOTE, {"gezin": household.code})

    assert "Over het andere gezin" not in response.content.decode()
    assert Draft.objects.count() == 1


def test_taps_alone_are_not_filled_in_again(signed_in, household):
    keep(signed_in, who=household.code, mode="door", outcome="no_answer")

    assert not signed_in.get(NOTE).context["form"]["mode"].value()


# Undo


def undo(client):
    return client.post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]), {"next": "/team/"})


def test_undo_takes_back_the_contact_its_follow_up_and_the_rhythm(signed_in, household):
    week_ago = timezone.localdate() - timedelta(days=7)
    signed_in.post(NOTE, filled(household, happened_on=week_ago.isoformat()))
    signed_in.post(NOTE, filled(household, next_step="tomorrow"))

    response = undo(signed_in)

    assert said(response)[-1] == "Ongedaan gemaakt. Het contact is weg."
    assert Contact.objects.get().happened_on == week_ago
    assert FollowUp.objects.count() == 0
    household.refresh_from_db()
    assert (household.last_reached_on, household.last_attempt_on) == (week_ago, week_ago)


def test_the_history_keeps_what_was_undone(signed_in, household):
    signed_in.post(NOTE, filled(household, note="Toch niet"))
    undo(signed_in)

    assert Contact.pgh_event_model.objects.get().note == "Toch niet"


def test_a_follow_up_that_someone_worked_on_survives_the_undo(signed_in, noor, household):
    signed_in.post(NOTE, filled(household, next_step="tomorrow"))
    follow_up = FollowUp.objects.get()
    signed_in.post(reverse("households:follow-up-postpone", args=[follow_up.pk]), {"to": "next_week", "version": "1"})
    contact_undo = Undo.objects.get(name="households.contact-saved")

    signed_in.post(reverse("drafts:take-back", args=[contact_undo.token]))

    assert Contact.objects.count() == 0
    assert FollowUp.objects.get().born_from is None


def test_the_same_form_can_be_sent_again_after_an_undo(signed_in, household):
    form = filled(household)
    signed_in.post(NOTE, form)
    undo(signed_in)

    signed_in.post(NOTE, {**form, "outcome": "brief"})

    assert Contact.objects.get().outcome == "brief"


def test_only_who_saved_can_undo(signed_in, client, household):
    signed_in.post(NOTE, filled(household))
    client.force_login(make_user(centre=household.centre))

    assert undo(client).status_code == 404
    assert Contact.objects.count() == 1


def test_after_ten_minutes_there_is_no_undo(signed_in, household):
    signed_in.post(NOTE, filled(household))
    Undo.objects.update(at=timezone.now() - timedelta(minutes=11))

    assert undo(signed_in).status_code == 404
    assert Contact.objects.count() == 1


# Reading and correcting


def detail(contact):
    return reverse("households:contact-detail", args=[contact.pk])


def edit(contact):
    return reverse("households:contact-edit", args=[contact.pk])


READERS = {
    # who reads the note of a contact by the vaste buurtwerker, by visibility
    "author": {"team", "file", "named", "personal"},
    "backup": {"team", "file"},
    "colleague": {"team"},
    "named": {"team", "named"},
    "coordinator": {"team", "file"},
}


@pytest.mark.parametrize("visibility", Contact.Visibility.values)
@pytest.mark.parametrize("reader", READERS)
def test_who_reads_the_note(client, household, reader, visibility):
    users = {
        "author": household.primary_worker,
        "backup": make_user(centre=household.centre),
        "colleague": make_user(centre=household.centre),
        "named": make_user(centre=household.centre),
        "coordinator": make_user(Role.COORDINATOR, centre=household.centre),
    }
    household.backup_worker = users["backup"]
    household.save()
    contact = make_contact(
        household, note="Wat besproken werd", place="Thuisadres", visibility=visibility, readers=[users["named"]]
    )
    client.force_login(users[reader])

    page = client.get(detail(contact)).content.decode()

    assert ("Wat besproken werd" in page) == (visibility in READERS[reader])
    assert ("Thuisadres" in page) == (visibility in READERS[reader])
    assert "Huisbezoek" in page


def test_reading_a_contact_leaves_a_trail(signed_in, noor, household):
    contact = make_contact(household)

    signed_in.get(detail(contact))

    row = Access.objects.get()
    assert (row.user, row.record_type, row.record_ids, row.centre) == (
        noor,
        "contact",
        [contact.pk],
        household.centre,
    )


def as_edited(contact, **fields):
    return {
        "mode": contact.mode,
        "outcome": contact.outcome,
        "happened_on": contact.happened_on.isoformat(),
        "visibility": contact.visibility,
        "note": contact.note,
        "loaded_version": contact.version,
        **fields,
    }


def test_the_author_corrects_in_the_first_week(signed_in, household):
    contact = make_contact(household, note="Eerst")

    response = signed_in.post(edit(contact), as_edited(contact, note="Beter", outcome="no_answer"))

    assert response.url == detail(contact)
    contact.refresh_from_db()
    assert (contact.note, contact.outcome, contact.version) == ("Beter", "no_answer", 2)
    assert list(Contact.pgh_event_model.objects.order_by("pgh_id").values_list("note", flat=True)) == [
        "Eerst",
        "Beter",
    ]


def test_a_talk_that_turns_out_to_be_an_attempt_moves_the_rhythm_back(signed_in, household):
    signed_in.post(NOTE, filled(household))
    contact = Contact.objects.get()

    signed_in.post(edit(contact), as_edited(contact, outcome="no_answer"))

    household.refresh_from_db()
    assert (household.last_reached_on, household.last_attempt_on) == (None, timezone.localdate())


def test_after_seven_days_the_text_stays_as_it_is(signed_in, household):
    old = timezone.now() - timedelta(days=8)
    contact = make_contact(household, note="Eerst", created_at=old, happened_on=old.date())

    assert signed_in.get(edit(contact)).status_code == 403
    assert signed_in.post(edit(contact), as_edited(contact, note="Anders")).status_code == 403
    assert edit(contact) not in signed_in.get(detail(contact)).content.decode()
    contact.refresh_from_db()
    assert contact.note == "Eerst"


def test_a_colleague_does_not_correct(client, household):
    contact = make_contact(household, note="Eerst", visibility="team")
    client.force_login(make_user(Role.COORDINATOR, centre=household.centre))

    assert client.post(edit(contact), as_edited(contact, note="Anders")).status_code == 403
    assert edit(contact) not in client.get(detail(contact)).content.decode()


def test_an_overtaken_edit_shows_both_texts_and_loses_none(signed_in, household):
    contact = make_contact(household, note="Eerst")
    signed_in.post(edit(contact), as_edited(contact, note="Van mijn telefoon"))

    response = signed_in.post(edit(contact), as_edited(contact, note="Van mijn laptop"))

    page = response.content.decode()
    assert response.status_code == 200
    assert "Van mijn telefoon" in page
    assert "Van mijn laptop" in page
    contact.refresh_from_db()
    assert contact.note == "Van mijn telefoon"


@pytest.mark.parametrize(
    "wrong",
    [
        {"happened_on": "2062-01-01"},
        {"minutes": "een uurtje"},
        {"note": "a\x00b"},
        {"note": "x" * 60_000},
        {"outcome": ""},
        {"loaded_version": ""},
        {"note": "85.07.30-033.28"},
    ],
)
def test_bad_input_in_a_correction_changes_nothing(signed_in, household, wrong):
    contact = make_contact(household, note="Eerst")

    response = signed_in.post(edit(contact), as_edited(contact, **wrong))

    assert response.status_code == 200
    assert set(errors(response)) == set(wrong)
    contact.refresh_from_db()
    assert (contact.note, contact.version) == ("Eerst", 1)


def test_a_correction_puts_no_number_into_a_note_without_a_name(signed_in, noor):
    contact = make_contact(author=noor, note="Eerst")

    response = signed_in.post(edit(contact), as_edited(contact, note="0470 12 34 56"))

    assert "note" in errors(response)


# Who may

ADDRESSES = [NOTE, reverse("households:note-people")]


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MONITOR, Role.VOLUNTEER, Role.READER, Role.ADMINISTRATOR])
def test_other_roles_note_and_read_no_contact(client, household, role):
    contact = make_contact(household)
    client.force_login(make_user(role, centre=household.centre))

    assert [client.get(address).status_code for address in ADDRESSES] == [403, 403]
    assert client.post(NOTE, filled(household)).status_code == 403
    assert client.post(SEARCH, {"search": "samira"}).status_code == 403
    assert client.get(detail(contact)).status_code == 403
    assert client.get(edit(contact)).status_code == 403
    assert Contact.objects.count() == 1


def test_a_contact_of_another_centre_does_not_exist(client, household):
    contact = make_contact(household)
    client.force_login(make_user())

    assert client.get(detail(contact)).status_code == 404
    assert client.get(edit(contact)).status_code == 404


def test_nobody_reaches_these_pages_without_signing_in(client, household):
    contact = make_contact(household)

    for address in [*ADDRESSES, detail(contact), edit(contact)]:
        assert client.get(address).url.startswith("/team/aanmelden/")


def test_the_wrong_method_is_refused(signed_in, household):
    contact = make_contact(household)

    assert signed_in.put(NOTE).status_code == 405
    assert signed_in.post(detail(contact)).status_code == 405
    assert signed_in.delete(edit(contact)).status_code == 405


# What it costs


# What every request of the team costs: the session, who is signed in, and telling the database who asks.
AROUND = ("SAVEPOINT", "django_session", "buurtwerk.centres", 'FROM "accounts_user"')


def queries(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len([each for each in captured.captured_queries if not any(part in each["sql"] for part in AROUND)])


@pytest.mark.parametrize("size", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_contacts(signed_in, noor, household, size):
    for _ in range(size):
        family = make_household(worker=noor)
        make_contact(family, author=noor, themes=["work"])
        make_follow_up(family)

    assert queries(lambda: signed_in.get(NOTE)) <= 4


@pytest.mark.parametrize(("taps", "most"), [({}, 8), ({"next_step": "tomorrow"}, 9)])
def test_saving_costs_few_queries(signed_in, household, taps, most):
    form = filled(household, **taps)

    assert queries(lambda: signed_in.post(NOTE, form)) == most


# Numbers that do not belong in a note

IBAN = "BE68 5390 0754 7034"


@pytest.mark.parametrize(
    ("typed", "tick", "kept"),
    [
        ("Nummer 85.07.30-033.28", {}, None),
        ("Nummer 85.07.30-033.28", {"keep_numbers": "on"}, None),
        ("Nummer 85.07.30-033.28", {"mask_numbers": "on"}, "Nummer ***"),
        (f"Op {IBAN}", {}, None),
        (f"Op {IBAN}", {"mask_numbers": "on"}, "Op ***"),
        (f"Op {IBAN}", {"keep_numbers": "on"}, f"Op {IBAN}"),
        ("Kaart 4111 1111 1111 1111", {}, None),
    ],
)
def test_r23_a_number_in_a_note_is_masked_or_confirmed_and_nothing_typed_is_lost(
    signed_in, household, typed, tick, kept
):
    response = signed_in.post(NOTE, filled(household, note=typed, **tick))

    if kept is None:
        page = response.content.decode()
        assert typed in page and 'name="mask_numbers"' in page
        assert not Contact.objects.exists()
    else:
        assert Contact.objects.get().note == kept
