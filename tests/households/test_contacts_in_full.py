"""Everything that may be noted about a contact beside its four taps, and who reads it."""

import re
from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.daily.work import do_all
from buurtwerk.drafts.models import Draft, SavedOnce, Undo
from buurtwerk.interface.uploads import WRONG_KIND
from households.forms.note import CHOOSE_AGAIN
from households.habits import habits_of
from households.models import Attachment, Contact, Household, Person, SealedNote, WorkNote
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_contact, make_household, make_member
from tests.households.test_contacts import AROUND, NOTE, as_edited, detail, edit, errors, filled, keep

pytestmark = pytest.mark.django_db

LOOK = reverse("households:note-look")
AS_HTMX = {"HX-Request": "true"}


@pytest.fixture
def noor():
    return make_user(first_name="Noor")


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


@pytest.fixture
def sofie(household):
    return make_user(centre=household.centre, first_name="Sofie")


@pytest.fixture
def signed_in(client, noor):
    client.force_login(noor)
    return client


def yesterday():
    return timezone.localdate() - timedelta(days=1)


# R1, R2, R3, R4, R7


@pytest.mark.parametrize("missing", ["who", "mode", "outcome"])
def test_r1_a_contact_needs_who_how_and_what_came_of_it(signed_in, household, missing):
    response = signed_in.post(NOTE, filled(household, **{missing: ""}))

    assert missing in errors(response)
    assert Contact.objects.count() == 0


def test_r1_nothing_else_is_needed(signed_in, household):
    taps = filled(household)
    only = {name: taps[name] for name in ("token", "who", "mode", "outcome", "happened_on", "visibility")}

    assert signed_in.post(NOTE, only).status_code == 302
    assert Contact.objects.count() == 1


def test_r2_nothing_that_states_a_fact_is_filled_in_by_itself(signed_in, household):
    page = signed_in.get(NOTE, {"gezin": household.code}).content.decode()
    signed_in.post(NOTE, filled(household))

    checked = set(re.findall(r'name="(\w+)"[^>]* checked', page))
    assert checked <= {"who", "visibility", "next_step", "part_of_day", "initiative", "minutes_tile"}
    contact = Contact.objects.get()
    assert (contact.minutes, contact.at_time, contact.part_of_day, contact.initiative) == (None, None, "", "")
    assert (contact.also_present, contact.head_count, contact.co_workers.count()) == ([], 0, 0)


def test_r3_a_contact_of_tomorrow_or_later_today_is_refused(signed_in, household):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    assert "happened_on" in errors(signed_in.post(NOTE, filled(household, happened_on=tomorrow)))
    if timezone.localtime().time() < time(23, 58):
        assert errors(signed_in.post(NOTE, filled(household, at_time="23:59")))["at_time"] == [
            "Dit uur moet nog komen."
        ]
    assert Contact.objects.count() == 0


def test_r3_more_than_thirty_days_back_is_accepted_and_marked(signed_in, household):
    signed_in.post(NOTE, filled(household, happened_on=(timezone.localdate() - timedelta(days=40)).isoformat()))

    assert "achteraf genoteerd" in signed_in.get(detail(Contact.objects.get())).content.decode()


def test_r4_an_attempt_never_counts_as_reached(signed_in, household):
    for outcome in set(Contact.Outcome.values) - set(Contact.REACHED):
        signed_in.post(NOTE, filled(household, outcome=outcome))

    household.refresh_from_db()
    assert (household.last_reached_on, household.last_attempt_on) == (None, timezone.localdate())


def test_r6_what_was_typed_lies_on_the_server_and_in_no_address(signed_in, household, sofie):
    keep(signed_in, who=household.code, note="Half getypt", co_workers=[sofie.pk], readers=[sofie.pk], at_time="14:05")

    page = signed_in.get(NOTE)

    form = page.context["form"]
    assert (form["note"].value(), form["at_time"].value()) == ("Half getypt", "14:05")
    assert (form["co_workers"].value(), form["readers"].value()) == ([str(sofie.pk)], [str(sofie.pk)])
    assert page.request["QUERY_STRING"] == ""
    assert "localStorage" not in page.content.decode()


def test_r7_the_same_contact_twice_is_one_with_its_colleagues_and_people(signed_in, household, sofie):
    form = filled(household, co_workers=[sofie.pk], present=[make_member(household).person_id])

    signed_in.post(NOTE, form)
    signed_in.post(NOTE, form)

    contact = Contact.objects.get()
    assert (contact.co_workers.count(), contact.present.count()) == (1, 1)
    with breaks("households_contact_client_uuid_key"):
        make_contact(household, client_uuid=contact.client_uuid)


# Who was there, when and how long


def test_several_people_colleagues_and_others_are_kept_and_shown(signed_in, household, sofie):
    people = [make_member(household, first_name=name).person for name in ("Samira", "Bilal")]

    signed_in.post(
        NOTE,
        filled(
            household,
            present=[person.pk for person in people],
            co_workers=[sofie.pk],
            also_present=["interpreter", "close_one"],
            happened_on=yesterday().isoformat(),
            at_time="14.05",
        ),
    )

    contact = Contact.objects.get()
    assert set(contact.present.all()) == set(people)
    assert list(contact.co_workers.all()) == [sofie]
    assert (contact.at_time, contact.part_of_day) == (time(14, 5), "afternoon")
    page = signed_in.get(detail(contact)).content.decode()
    for words in ("Samira", "Bilal", "samen met Sofie", "Een tolk, Familie of vriend", "om 14.05 uur"):
        assert words in page
    assert "Noor en Sofie" in signed_in.get(household.get_absolute_url()).content.decode()


def test_a_contact_counts_for_the_colleague_who_came_along(household, noor, sofie):
    contact = make_contact(household, themes=["work"])
    contact.co_workers.add(sofie)

    habits = habits_of(type(sofie).objects.get(pk=sofie.pk))

    assert (habits.families, habits.themes) == ([household], ["work"])


def test_someone_elsewhere_or_oneself_is_no_colleague_who_came_along(signed_in, noor, household):
    for wrong in (make_user(), noor, make_user(Role.RECEPTION, centre=household.centre)):
        response = signed_in.post(NOTE, filled(household, co_workers=[wrong.pk]))
        assert errors(response)["co_workers"] == ["Kies een collega uit de lijst."]

    assert Contact.objects.count() == 0


def test_ones_own_frequent_minutes_stand_between_the_usual_ones(signed_in, noor, household):
    for minutes in (20, 20, 20, 7):
        make_contact(household, author=noor, minutes=minutes)

    page = signed_in.get(NOTE)

    offered = [value for value, _ in page.context["form"].fields["minutes_tile"].choices]
    assert offered == ["", 5, 15, 20, 30, 45, 60, 90]
    assert "Niet genoteerd" in page.content.decode()
    signed_in.post(NOTE, filled(household, minutes_tile="20"))
    assert Contact.objects.latest("pk").minutes == 20


# In group


GROUP = {"mode": "group", "who": "", "children": "12", "adults": "3"}


def test_a_group_is_counted_and_nobody_is_invented(signed_in, noor):
    response = signed_in.post(NOTE, filled(**GROUP))

    assert response.status_code == 302
    contact = Contact.objects.get()
    assert (contact.household, contact.children, contact.teens, contact.adults, contact.seniors) == (None, 12, 0, 3, 0)
    assert (contact.head_count, contact.age_group, Person.objects.count()) == (15, "", 0)
    assert "12 kinderen, 3 volwassenen" in signed_in.get(detail(contact)).content.decode()


def test_a_group_with_a_family_needs_no_count(signed_in, household):
    signed_in.post(NOTE, filled(household, mode="group"))

    assert Contact.objects.get().head_count == 0


@pytest.mark.parametrize("who", ["", "zonder-naam"])
def test_a_group_without_a_family_needs_a_count(signed_in, who):
    response = signed_in.post(NOTE, filled(mode="group", who=who))

    assert errors(response)["who" if not who else "children"]
    assert Contact.objects.count() == 0


@pytest.mark.parametrize("wrong", ["-1", "1000", "twaalf", "1e3", "9" * 60, "1,5", "<b>"])
def test_a_count_is_a_number_up_to_999(signed_in, wrong):
    response = signed_in.post(NOTE, filled(**{**GROUP, "teens": wrong}))

    assert errors(response)["teens"] == ["Vul een aantal in van 0 tot 999."]
    assert response.context["form"]["teens"].value() == wrong
    assert Contact.objects.count() == 0


def test_counts_outside_a_group_are_refused_and_kept(signed_in, household):
    response = signed_in.post(NOTE, filled(household, children="4"))

    assert "In groep" in errors(response)["children"][0]
    assert response.context["form"]["children"].value() == "4"


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("contact_counts_only_in_group", {"mode": "home", "adults": 2}),
        ("contact_counts_possible", {"mode": "group", "children": 1000}),
        ("contact_age_group_only_without_name", {"age_group": "adult"}),
        ("contact_minutes_possible", {"minutes": 0}),
        ("contact_minutes_possible", {"minutes": 721}),
        ("contact_not_in_future", {"happened_on": timezone.localdate() + timedelta(days=1)}),
        ("contact_linked_by_someone_to_a_family", {"linked_at": timezone.now()}),
    ],
)
def test_the_database_refuses_what_cannot_be(household, constraint, wrong):
    with breaks(constraint):
        make_contact(household, **wrong)


@pytest.mark.parametrize("visibility", ["named", "personal"])
def test_the_database_keeps_a_closed_text_out_of_the_contact(household, visibility):
    contact = make_contact(household, note="Voor iedereen")

    with breaks("contact_closed_text_stands_apart"):
        Contact.objects.filter(pk=contact.pk).update(visibility=visibility)


# Who may read it


@pytest.mark.parametrize("visibility", ["team", "file", "named", "personal"])
def test_a_text_stands_where_its_readers_look_and_nowhere_else(signed_in, household, sofie, visibility):
    readers = {"readers": [sofie.pk]} if visibility == "named" else {}

    signed_in.post(NOTE, filled(household, note="Voor wie het mag", visibility=visibility, **readers))

    contact = Contact.objects.get()
    where = {"named": SealedNote, "personal": WorkNote}.get(visibility)
    assert contact.note == ("" if where else "Voor wie het mag")
    assert [model.objects.count() for model in (SealedNote, WorkNote)] == [
        int(where is SealedNote),
        int(where is WorkNote),
    ]
    assert not Contact.pgh_event_model.objects.filter(note__contains="Voor wie").exists() or not where
    assert "Voor wie het mag" in signed_in.get(detail(contact)).content.decode()


def test_a_note_for_named_colleagues_needs_a_family_and_a_colleague(signed_in, household, sofie):
    nobody = signed_in.post(NOTE, filled(household, visibility="named"))
    no_family = signed_in.post(NOTE, filled(visibility="named", readers=[sofie.pk]))

    assert errors(nobody)["readers"] == ["Kies minstens één collega."]
    assert "visibility" in errors(no_family)
    assert Contact.objects.count() == 0


def test_colleagues_that_were_chosen_are_never_silently_left_out(signed_in, household, sofie):
    response = signed_in.post(NOTE, filled(household, visibility="file", readers=[sofie.pk]))

    assert "visibility" in errors(response)
    assert Contact.objects.count() == 0


def test_nobody_is_named_who_may_not_know_of_a_restricted_family(signed_in, household, sofie):
    Household.objects.update(restricted=True, restricted_reason="Op hun vraag.")

    response = signed_in.post(NOTE, filled(household, visibility="named", readers=[sofie.pk], note="Geheim"))

    assert "Sofie kan er niet bij" in errors(response)["readers"][0]
    assert Contact.objects.count() == 0


def test_a_reader_of_another_centre_is_refused(signed_in, household):
    response = signed_in.post(NOTE, filled(household, visibility="named", readers=[make_user().pk]))

    assert errors(response)["readers"] == ["Kies een collega uit de lijst."]


def test_a_work_note_says_when_it_is_gone_and_goes(signed_in, household):
    assert "Na 90 dagen is ze weg" in signed_in.get(NOTE).content.decode()
    long_ago = timezone.now() - timedelta(days=91)
    old = make_contact(
        household, note="Mijn kladje", visibility="personal", created_at=long_ago, happened_on=long_ago.date()
    )
    new = make_contact(household, note="Nog nodig", visibility="personal")
    assert "Deze werknota is weg op" in signed_in.get(detail(new)).content.decode()

    run = do_all()

    assert {"label": "Werknota's van meer dan 90 dagen gewist", "result": 1, "failed": False} in run.done
    assert list(WorkNote.objects.values_list("contact", flat=True)) == [new.pk]
    assert Contact.objects.filter(pk=old.pk).exists()
    assert "Mijn kladje" not in signed_in.get(detail(old)).content.decode()


def test_changing_a_work_note_does_not_make_it_live_longer(signed_in, household):
    before = timezone.now() - timedelta(days=6)
    contact = make_contact(
        household, note="Kladje", visibility="personal", created_at=before, happened_on=before.date()
    )

    signed_in.post(edit(contact), as_edited(contact, note="Langer kladje"))

    work_note = WorkNote.objects.get()
    assert (work_note.text, work_note.created_at) == ("Langer kladje", contact.created_at)


# Who can read this, before it is saved


def readers_said(page):
    return re.sub(r"\s+", " ", re.search(r"Dit lezen nu:</strong>(.*?)</p>", page, re.S).group(1)).strip()


def test_who_can_read_is_said_by_name_while_choosing(signed_in, household, sofie):
    els = make_user(Role.COORDINATOR, centre=household.centre, first_name="Els")
    household.backup_worker = sofie
    household.save()

    def said(**chosen):
        response = signed_in.post(LOOK, filled(household, **chosen), headers=AS_HTMX)
        assert "<html" not in response.content.decode()
        return readers_said(response.content.decode())

    assert said(visibility="file") == "jij, Sofie (back-up), Els (coördinator)."
    assert said(visibility="personal").startswith("jij.")
    assert said(visibility="named", readers=[els.pk]).startswith("jij, Els (genoemd bij deze nota).")


def test_who_can_read_is_said_without_scripts_and_nothing_is_saved_or_lost(signed_in, household, sofie):
    typed = filled(household, note="Half getypt", visibility="team", look="1", minutes="een uurtje", children="x")

    response = signed_in.post(LOOK, typed)

    page = response.content.decode()
    assert "Sofie (team)" in readers_said(page)
    form = response.context["form"]
    assert [form[name].value() for name in ("note", "minutes", "children")] == ["Half getypt", "een uurtje", "x"]
    assert form.errors == {}
    assert (Contact.objects.count(), SavedOnce.objects.count()) == (0, 0)
    assert f'formaction="{LOOK}"' in page


def test_enter_saves_and_does_not_only_look(signed_in, household):
    page = signed_in.get(NOTE).content.decode()

    form = page[page.index(f'action="{NOTE}"') :]
    assert re.search(r"<button[^>]*>", form).group() == '<button hidden name="save" value="1">'


def test_who_can_read_about_someone_without_a_name(signed_in, noor):
    centre = noor.membership_set.get().centre
    make_user(Role.COORDINATOR, centre=centre, first_name="Els")
    make_user(centre=centre, first_name="Sofie")

    def said(visibility):
        return readers_said(signed_in.post(LOOK, filled(visibility=visibility), headers=AS_HTMX).content.decode())

    assert said("file") == "jij, Els (coördinator)."
    assert said("team") == "jij, Els (coördinator), Sofie (team)."


def test_who_reads_a_family_elsewhere_is_not_said(signed_in):
    theirs = make_household(nickname="Van elders")

    page = signed_in.post(LOOK, filled(theirs), headers=AS_HTMX).content.decode()

    assert "Dit lezen nu" not in page
    assert "Van elders" not in page and theirs.primary_worker.first_name not in page


# Noting one more like it


def test_one_more_like_it_brings_everything_but_what_came_of_it(signed_in, household, sofie):
    person = make_member(household).person
    signed_in.post(
        NOTE,
        filled(
            household,
            mode="accompany",
            place="Het OCMW",
            themes=["housing"],
            minutes="50",
            present=[person.pk],
            co_workers=[sofie.pk],
            note="Een nota",
            happened_on=yesterday().isoformat(),
            initiative="resident",
        ),
    )
    contact = Contact.objects.get()
    link = f"{NOTE}?zoals={contact.pk}"
    assert link in signed_in.get(detail(contact)).content.decode()

    response = signed_in.get(link)

    form = response.context["form"]
    assert [form[name].value() for name in ("who", "mode", "place")] == [household.code, "accompany", "Het OCMW"]
    assert (form["themes"].value(), form["minutes_tile"].value()) == (["housing"], "50")
    assert (form["present"].value(), form["co_workers"].value()) == ([str(person.pk)], [str(sofie.pk)])
    assert [form[name].value() for name in ("outcome", "note", "initiative")] == [None, None, None]
    assert form["happened_on"].value() == timezone.localdate()
    assert "50 min." in response.content.decode()


def test_what_one_may_not_read_is_not_repeated(client, household, sofie):
    contact = make_contact(household, place="Een geheime plek", themes=["housing"])
    client.force_login(sofie)

    assert "zoals" not in client.get(detail(contact)).content.decode()
    assert "Een geheime plek" not in client.get(NOTE, {"zoals": contact.pk}).content.decode()


@pytest.mark.parametrize("wrong", ["0", "x", "\x00", "9" * 30, "-1", "²", "<script>"])
def test_repeating_something_that_does_not_exist_is_an_empty_form(signed_in, wrong):
    response = signed_in.get(NOTE, {"zoals": wrong})

    assert response.status_code == 200
    assert not response.context["form"]["mode"].value()


# Changing it


def test_the_author_finds_the_closed_text_again_with_its_readers(signed_in, household, sofie):
    contact = make_contact(household, note="Verzegeld", visibility="named", readers=[sofie])

    page = signed_in.get(edit(contact))

    assert page.context["form"]["note"].value() == "Verzegeld"
    assert page.context["form"]["readers"].value() == [sofie.pk]
    signed_in.post(edit(contact), as_edited(contact, note="Verzegeld en beter", readers=[sofie.pk]))
    sealed = SealedNote.objects.get()
    assert (sealed.text, list(sealed.readers.all())) == ("Verzegeld en beter", [sofie])
    contact.refresh_from_db()
    assert (contact.note, contact.version) == ("", 2)


@pytest.mark.parametrize("before", Contact.Visibility.values)
@pytest.mark.parametrize("after", Contact.Visibility.values)
def test_the_text_moves_along_with_who_may_read_it(signed_in, household, sofie, before, after):
    contact = make_contact(household, note="Dezelfde woorden", visibility=before, readers=[sofie])
    readers = {"readers": [sofie.pk]} if "named" in (before, after) else {}

    response = signed_in.post(edit(contact), as_edited(contact, note="Dezelfde woorden", visibility=after, **readers))

    assert response.status_code == 302
    contact = Contact.objects.get()
    assert contact.visibility == after
    where = {"named": [1, 0], "personal": [0, 1]}.get(after, [0, 0])
    assert [SealedNote.objects.count(), WorkNote.objects.count()] == where
    assert contact.note == ("" if after in Contact.CLOSED else "Dezelfde woorden")
    assert contact.note_for(household.primary_worker) == "Dezelfde woorden"
    assert (contact.note_for(sofie) == "Dezelfde woorden") == (after in ("named", "team"))


def test_everything_about_a_contact_can_be_changed(signed_in, noor, household, sofie):
    person = make_member(household).person
    contact = make_contact(household, happened_on=yesterday())

    signed_in.post(
        edit(contact),
        as_edited(
            contact,
            mode="group",
            adults="4",
            at_time="09:30",
            present=[person.pk],
            co_workers=[sofie.pk],
            also_present=["volunteer"],
        ),
    )

    contact.refresh_from_db()
    assert (contact.mode, contact.adults, contact.at_time) == ("group", 4, time(9, 30))
    assert (list(contact.present.all()), list(contact.co_workers.all())) == ([person], [sofie])
    assert contact.also_present == ["volunteer"]
    form = signed_in.get(edit(contact)).context["form"]
    assert (form["present"].value(), form["co_workers"].value()) == ([person.pk], [sofie.pk])


def test_who_left_the_family_or_the_team_stays_where_they_were(signed_in, household, sofie):
    member = make_member(household, since=yesterday() - timedelta(days=9))
    contact = make_contact(household)
    contact.present.add(member.person)
    contact.co_workers.add(sofie)
    member.until = timezone.localdate()
    member.save()
    type(sofie).objects.filter(pk=sofie.pk).update(is_active=False)

    response = signed_in.post(
        edit(contact), as_edited(contact, present=[member.person_id], co_workers=[sofie.pk], note="Beter")
    )

    assert response.status_code == 302
    assert (contact.present.count(), contact.co_workers.count()) == (1, 1)


def test_looking_who_reads_it_changes_nothing(signed_in, household, sofie):
    contact = make_contact(household, note="Eerst")

    response = signed_in.post(edit(contact), as_edited(contact, note="Half", visibility="team", look="1"))

    assert "Sofie (team)" in readers_said(response.content.decode())
    assert response.context["form"]["note"].value() == "Half"
    contact.refresh_from_db()
    assert (contact.note, contact.version) == ("Eerst", 1)


def test_an_overtaken_edit_of_closed_text_shows_both(signed_in, household, sofie):
    contact = make_contact(household, note="Eerst", visibility="named", readers=[sofie])
    signed_in.post(edit(contact), as_edited(contact, note="Van mijn telefoon", readers=[sofie.pk]))

    page = signed_in.post(
        edit(contact), as_edited(contact, note="Van mijn laptop", readers=[sofie.pk])
    ).content.decode()

    assert "Van mijn telefoon" in page and "Van mijn laptop" in page
    assert SealedNote.objects.get().text == "Van mijn telefoon"


# Scenario 2 and 6


def test_scenario_2_a_talk_on_a_bench_counts_and_makes_nobody(signed_in, noor):
    talk = {"mode": "street", "outcome": "talked", "age_group": "senior", "themes": ["mental_wellbeing"]}

    signed_in.post(NOTE, filled(**talk))

    contact = Contact.objects.get()
    assert (contact.head_count, contact.age_group, contact.themes) == (1, "senior", ["mental_wellbeing"])
    assert (Person.objects.count(), Household.objects.count()) == (0, 0)


def test_scenario_6_each_field_says_its_own_and_nothing_typed_is_lost(signed_in, household):
    typed = {
        "happened_on": "2062-01-01",
        "minutes": "een uurtje",
        "note": "woord " * 10_000,
        "at_time": "kwart voor",
        "children": "veel",
        "place": "x" * 121,
        "co_workers": ["999999"],
        "also_present": ["de hond"],
        "readers": ["x"],
        "override_reason": "y" * 301,
    }

    response = signed_in.post(NOTE, filled(household, **typed))

    page = response.content.decode()
    assert response.status_code == 200
    assert set(errors(response)) == set(typed)
    for name, value in typed.items():
        assert response.context["form"][name].value() == value
    assert "toekomst" in errors(response)["happened_on"][0]
    assert errors(response)["minutes"] == ["Vul minuten in als een getal, zoals 20."]
    assert errors(response)["at_time"] == ["Vul een uur in, zoals 14.05."]
    assert 'role="alert" tabindex="-1" data-focus' in page
    # The summary leads to each field.
    for name in ("happened_on", "minutes", "note", "at_time"):
        assert f'href="#id_{name}"' in page
    assert (Contact.objects.count(), SavedOnce.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["note", "place"])
def test_scenario_6_a_national_number_is_not_kept(signed_in, household, name):
    response = signed_in.post(NOTE, filled(household, **{name: "Nummer 85.07.30-033.28"}))

    assert "rijksregisternummer" in errors(response)[name][0]
    assert "85.07.30-033.28" in response.content.decode()
    assert Contact.objects.count() == 0


# What it costs


@pytest.mark.parametrize("size", [1, 5])
def test_the_story_costs_the_same_for_any_number_of_named_notes(client, household, sofie, size):
    for number in range(size):
        contact = make_contact(household, note=f"Nota {number}", visibility="named", readers=[sofie])
        contact.co_workers.add(sofie)
    client.force_login(sofie)
    client.get(household.get_absolute_url())

    with CaptureQueriesContext(connection) as asked:
        page = client.get(household.get_absolute_url()).content.decode()

    assert page.count("Nota ") == size
    assert len([each for each in asked.captured_queries if not any(part in each["sql"] for part in AROUND)]) <= 12
    assert len([each for each in asked.captured_queries if "sealednote_readers" in each["sql"]]) <= 2


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def paper(name="attest.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_scenario_6_to_the_letter_with_a_program_as_a_file(signed_in, household):
    wrong = {"happened_on": "2062-01-01", "minutes": "een uurtje", "note": "x" * 60_000}

    response = signed_in.post(NOTE, filled(household, **wrong, file=paper("virus.exe", b"MZ" * 50)))

    form, page = response.context["form"], response.content.decode()
    assert form.errors["happened_on"] == ["Dit contact ligt in de toekomst. Kies vandaag of een dag ervoor."]
    assert form.errors["minutes"] == ["Vul minuten in als een getal, zoals 20."]
    assert form.errors["file"] == [WRONG_KIND]
    assert set(form.errors) == {"happened_on", "minutes", "note", "file"}
    assert [form[name].value() for name in wrong] == list(wrong.values())
    assert page.index("data-focus") < page.index('href="#id_note"') < page.index('href="#id_file"')
    assert not Contact.objects.exists()
    assert not Attachment.objects.exists()


def test_a_paper_goes_along_with_the_contact_and_away_with_it(signed_in, household):
    typed = filled(household)

    for _ in range(2):
        signed_in.post(NOTE, {**typed, "file": paper()})

    contact, attachment = Contact.objects.get(), Attachment.objects.get()
    assert (attachment.contact, attachment.household, attachment.name) == (contact, household, "attest.pdf")

    signed_in.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))
    assert not Attachment.objects.exists()


def test_a_good_file_beside_another_mistake_has_to_be_chosen_again_and_the_page_says_so(signed_in, household):
    response = signed_in.post(NOTE, filled(household, minutes="een uurtje", file=paper()))

    assert response.context["form"].errors["file"] == [CHOOSE_AGAIN]
    assert not Attachment.objects.exists()


def test_a_draft_brings_no_file_back(signed_in, noor):
    Draft.objects.keep(
        user=noor,
        form="contact",
        subject="",
        title="Contact noteren",
        address=NOTE,
        typed={"note": ["De verwarming is stuk."], "file": ["[object File]"]},
    )

    page = signed_in.get(NOTE, {"concept": "1"}).content.decode()

    assert "De verwarming is stuk." in page
    assert "[object File]" not in page
