import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Draft, Undo
from buurtwerk.trail.models import Access
from households import phrases, timeline
from households.actions.families import take_out
from households.actions.plans import differences
from households.models import Household, Plan, PlanGoal, PlanStep
from tests.breaking import breaks
from tests.factories import make_centre, make_user
from tests.households.factories import make_household, make_member, make_plan
from tests.html import forms_of
from tests.partners.factories import make_organisation

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def noor():
    return make_user(first_name="Noor", centre=make_centre(phone="016 00 00 99", name="Buurtcentrum De Linde"))


@pytest.fixture
def household(noor):
    return make_household(worker=noor, languages=["ar", "nl"], intensity_reason="", address="Lindestraat 12")


@pytest.fixture
def samira(household):
    return make_member(household, phone="0470 11 22 33", last_name="Benali")


@pytest.fixture
def signed_in(client, noor):
    client.force_login(noor)
    return client


def address(name, household, *args):
    return reverse(f"households:plan{name}", args=[household.code, *args])


def typed(plan=None, **fields):
    return {
        "token": uuid.uuid4(),
        "loaded": f"{plan.pk}.{plan.version}" if plan else "0",
        "own_words": "",
        "g0-what": "Een droge kamer",
        "g0s0-what": "Bel de huisbaas",
        "g0s0-who": "family",
        **fields,
    }


def save(client, household, plan=None, *, luik=None, **fields):
    query = f"?luik={luik.pk}" if luik else ""
    return client.post(address("-edit", household) + query, typed(plan, **fields))


def newest(household, compartment=None):
    return Plan.objects.filter(household=household, compartment=compartment).with_steps().first()


def undo(client):
    return client.post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]))


# What always holds


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("plan_step_is_someones", {"who": "worker"}),
        ("plan_step_is_someones", {"who": "partner"}),
        ("plan_step_is_someones", {"who": "iemand"}),
        ("plan_step_says_what", {"what": ""}),
        ("plan_step_done_by_someone", {"done_on": TODAY}),
    ],
)
def test_a_step_is_of_exactly_one_and_says_what(household, constraint, fields):
    step = make_plan(household).steps[0]

    with breaks(constraint):
        PlanStep.objects.filter(pk=step.pk).update(**fields)


def test_a_step_of_the_family_has_no_colleague_beside_it(household, noor):
    step = make_plan(household).steps[0]

    with breaks("plan_step_is_someones"):
        PlanStep.objects.filter(pk=step.pk).update(worker=noor)


def test_a_goal_says_what_and_stands_in_one_place(household):
    goal = make_plan(household).goals.get()

    with breaks("plan_goal_says_what"):
        PlanGoal.objects.filter(pk=goal.pk).update(what="")
    with breaks("plan_goal_once_in_a_place"):
        PlanGoal.objects.create(plan=goal.plan, place=goal.place, what="Nog een")
    with breaks("plan_step_once_in_a_place"):
        goal.steps.create(place=goal.steps.get().place, what="Nog een", who="resident")


# Writing down


def test_each_step_is_of_a_resident_a_colleague_or_a_partner(signed_in, household, samira, noor):
    partner = make_organisation(name="Woondienst Voorbeeld")
    day = TODAY + timedelta(days=7)

    save(
        signed_in,
        household,
        own_words="Ik wil dat mijn zoon goed slaapt.",
        **{"g0s0-who": f"p{samira.person_id}", "g0s0-due_on": day},
        **{"g0s1-what": "Bel de dienst", "g0s1-who": f"w{noor.pk}", "g0s1-done": "on"},
        **{"g0s2-what": "Kom kijken", "g0s2-who": "partner", "g0s2-partner": "woondienst voorbeeld"},
    )

    plan = newest(household)
    assert plan.own_words == "Ik wil dat mijn zoon goed slaapt."
    assert [goal.what for goal in plan.goals.all()] == ["Een droge kamer"]
    assert [(step.owner, step.what, step.due_on, step.done_by) for step in plan.steps] == [
        ("Samira", "Bel de huisbaas", day, None),
        ("Noor", "Bel de dienst", None, noor),
        (partner.name, "Kom kijken", None, None),
    ]


def test_every_save_is_a_version_that_is_kept_and_can_be_read(signed_in, household):
    save(signed_in, household)
    first = newest(household)

    save(signed_in, household, first, **{"g0s0-what": "Schrijf de huisbaas"})

    page = signed_in.get(address("-versions", household)).content.decode()
    old = signed_in.get(address("-version", household, first.pk)).content.decode()
    assert Plan.objects.count() == 2
    assert ["Versie 2" in page, "Versie 1" in page] == [True, True]
    assert "Weg: Bel de huisbaas" in page
    assert "Nieuw: Schrijf de huisbaas" in page
    assert "Bel de huisbaas" in old


def test_what_changed_is_said_in_words(household, noor):
    before = make_plan(household, goals=[("Rust", ["Slaap", "Wandel"])])
    after = make_plan(household, goals=[("Rust", ["Slaap", "Wandel"])], own_words="Ik ben moe.")
    PlanStep.objects.filter(goal__plan=after, what="Slaap").update(done_on=TODAY, done_by=noor)
    PlanStep.objects.filter(goal__plan=after, what="Wandel").update(who="worker", worker=noor)
    before, after = (Plan.objects.with_steps().get(pk=plan.pk) for plan in (before, after))

    assert differences(before, after) == [
        "Gedaan: Slaap",
        "Wandel: nu Noor in plaats van Het gezin",
        "De eigen woorden zijn aangepast.",
    ]


def test_a_save_can_be_taken_back_and_the_version_before_counts_again(signed_in, household):
    save(signed_in, household)
    first = newest(household)
    save(signed_in, household, first, **{"g0-what": "Iets anders"})

    undo(signed_in)

    assert newest(household) == first


def test_the_same_click_twice_makes_one_version(signed_in, household):
    fields = typed()

    first = signed_in.post(address("-edit", household), fields)
    second = signed_in.post(address("-edit", household), fields)

    assert Plan.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_two_colleagues_at_once_both_see_both_texts_and_lose_nothing(signed_in, household):
    fields = typed(**{"g0s0-what": "Wat ik typte"})
    theirs = make_plan(household, goals=[("Een droge kamer", ["Wat Youssef typte"])])

    told = signed_in.post(address("-edit", household), fields)
    kept_apart = newest(household)
    now = next(form for form in forms_of(told.content.decode()) if "loaded" in form.fields)
    signed_in.post(address("-edit", household), {**fields, "loaded": now.fields["loaded"].values[-1]})

    page = told.content.decode()
    assert "Wat ik typte" in page
    assert "Wat Youssef typte" in page
    assert kept_apart == theirs
    assert [step.what for step in newest(household).steps] == ["Wat ik typte"]


def test_a_tick_meanwhile_is_not_lost_either(signed_in, household):
    plan = make_plan(household)
    fields = typed(plan)
    signed_in.post(address("-tick", household, plan.steps[0].pk))

    told = signed_in.post(address("-edit", household), fields)

    assert "Iemand anders bewaarde dit intussen." in told.content.decode()
    assert newest(household).steps[0].is_done


def test_one_more_row_comes_without_scripts_and_keeps_what_was_typed(signed_in, household):
    step = signed_in.post(address("-edit", household), typed(more="g0")).content.decode()
    goal = signed_in.post(address("-edit", household), typed(more="goal")).content.decode()

    assert 'name="g0s1-what"' in step
    assert 'name="g1-what"' in goal
    assert "Bel de huisbaas" in step
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"g0-what": ""}, "Schrijf bij deze stappen wat het gezin wil."),
        ({"g0s0-who": ""}, "Kies wie dit doet."),
        ({"g0s0-who": "p99999"}, "Kies iemand uit de lijst."),
        ({"g0s0-who": "partner"}, "Kies een organisatie uit de lijst."),
        ({"g0s0-who": "partner", "g0s0-partner": "Bestaat niet"}, "Kies een organisatie uit de lijst."),
        ({"g0s0-due_on": "2062-01-01"}, "Kies een dag binnen de twee jaar."),
        ({"g0s0-due_on": "gisteren"}, "Kies een dag, zoals 24/12/2026."),
        ({"g0s0-what": "a" * 300}, "niet meer dan 200 tekens"),
        ({"g0s0-what": "85.07.30-033.28"}, "rijksregisternummer"),
        ({"g0s1-due_on": "2026-12-24", "g0s1-what": ""}, "Schrijf wat er gebeurt, of maak de hele regel leeg."),
        ({"own_words": "a" * 501}, "niet meer dan 500 tekens"),
    ],
)
def test_bad_input_is_said_at_the_row_and_keeps_the_rest(signed_in, household, fields, sentence):
    response = save(signed_in, household, **{"g1-what": "Blijft staan", **fields})

    page = response.content.decode()
    assert "Blijft staan" in page
    assert sentence in page
    assert not Plan.objects.exists()


def test_nothing_at_all_is_not_an_agreement(signed_in, household):
    response = save(signed_in, household, **{"g0-what": "", "g0s0-what": ""})

    assert "Schrijf minstens één afspraak op" in response.content.decode()
    assert not Plan.objects.exists()


def test_a_draft_comes_back_with_all_its_rows(signed_in, noor, household):
    Draft.objects.keep(
        user=noor,
        form="afspraken",
        subject=household.code,
        title="Afspraken",
        address=address("-edit", household),
        typed={name: [str(value)] for name, value in typed(**{"g1-what": "Half"}).items() if name != "token"},
    )

    page = signed_in.get(address("-edit", household)).content.decode()
    save(signed_in, household)

    assert "Half" in page
    assert "Bel de huisbaas" in page
    assert not Draft.objects.exists()


# Ticking


def test_a_step_is_ticked_and_the_tick_is_taken_back(signed_in, noor, household):
    step = make_plan(household).steps[0]

    signed_in.post(address("-tick", household, step.pk))
    ticked = newest(household).steps[0]
    undo(signed_in)

    assert (ticked.done_on, ticked.done_by) == (TODAY, noor)
    assert not newest(household).steps[0].is_done


def test_a_step_of_an_old_version_stays_as_it_was(signed_in, household):
    old = make_plan(household).steps[0]
    make_plan(household)

    assert signed_in.post(address("-tick", household, old.pk)).status_code == 404


# Who sees it


def test_a_colleague_of_the_centre_does_not_read_the_agreements(client, household):
    plan = make_plan(household, own_words="Ik wil rust.")
    client.force_login(make_user(centre=household.centre))

    answers = [client.get(address(name, household)) for name in ("", "-edit", "-sheet", "-versions")]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert client.get(address("-version", household, plan.pk)).status_code == 403
    assert not any("Ik wil rust." in answer.content.decode() for answer in answers)


def test_another_centre_sees_no_row_of_it(household):
    make_plan(household)

    with asking_as(make_user(Role.COORDINATOR)):
        assert (Plan.objects.count(), PlanGoal.objects.count(), PlanStep.objects.count()) == (0, 0, 0)


def test_the_version_of_another_family_is_not_here(signed_in, household):
    other = make_plan(make_household(centre=household.centre))

    assert signed_in.get(address("-version", household, other.pk)).status_code == 404


# The sheet


def test_the_sheet_says_who_does_what_and_nothing_else(signed_in, household, samira, noor):
    make_member(household, first_name="Karim", phone="0470 99 88 77", last_name="Benali")
    make_plan(household, own_words="Ik wil dat mijn zoon goed slaapt.")

    page = signed_in.get(address("-sheet", household)).content.decode()

    for shown in ("Onze afspraken", "Bel de huisbaas", "Samira", "Ik wil dat mijn zoon", "De Linde", "016 00 00 99"):
        assert shown in page
    body = page[page.index("<main") :]
    for kept_away in ("0470", "Benali", household.code, "Lindestraat", household.get_intensity_display()):
        assert kept_away not in body


def test_the_sheet_is_a5_and_leaves_a_line_of_a_print(signed_in, noor, household):
    make_plan(household)

    page = signed_in.get(address("-sheet", household)).content.decode()

    line = Access.objects.get(action=Access.Action.PRINT)
    assert 'class="sheet a5"' in page
    assert (line.user, line.record_ids, line.reason) == (noor, [household.pk], "afsprakenblad")


def test_the_fold_is_in_the_language_of_the_family_from_right_to_left(signed_in, household):
    page = signed_in.get(address("-sheet", household)).content.decode()
    turkish = signed_in.get(address("-sheet", household), {"taal": "tr"}).content.decode()
    dutch = signed_in.get(address("-sheet", household), {"taal": "nl"}).content.decode()

    assert 'lang="ar" dir="rtl"' in page
    assert "Vertaling nog na te kijken." in page
    assert 'lang="tr" dir="ltr"' in turkish
    assert 'class="fold"' not in dutch


@pytest.mark.parametrize("language", ["\x00", "xx", "<script>", "a" * 5000])
def test_a_strange_language_gives_a_sheet_without_a_fold(signed_in, household, language):
    response = signed_in.get(address("-sheet", household), {"taal": language})

    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_every_sentence_stands_in_every_language():
    assert len(phrases.PHRASES) == 12
    assert {tuple(phrase) for phrase in phrases.PHRASES} == {("nl", "fr", "en", "tr", "ar", "es", "uk")}
    assert all(all(phrase.values()) for phrase in phrases.PHRASES)


# Luiken


@pytest.fixture
def two_homes(household, samira):
    karim = make_member(household, first_name="Karim")
    household.members.update(has_compartment=True)
    Household.objects.filter(pk=household.pk).update(has_compartments=True)
    make_plan(household, goals=[("Zoon goed op school", ["Ga naar het oudercontact"])])
    make_plan(household, goals=[("Eigen woning", ["Kijk naar huizen"])], compartment=samira)
    make_plan(household, goals=[("Werk", ["Bel het kantoor"])], compartment=karim)
    return samira, karim


def test_a_sheet_shows_what_is_shared_and_one_luik(signed_in, household, two_homes):
    samira, karim = two_homes

    hers = signed_in.get(address("-sheet", household), {"luik": samira.pk}).content.decode()
    his = signed_in.get(address("-sheet", household), {"luik": karim.pk}).content.decode()

    assert ["Zoon goed op school" in page for page in (hers, his)] == [True, True]
    assert ["Eigen woning" in page for page in (hers, his)] == [True, False]
    assert ["Werk" in page for page in (hers, his)] == [False, True]
    assert "Karim" not in hers


def test_no_sheet_is_printed_before_someone_said_whose_it_is(signed_in, household, two_homes):
    page = signed_in.get(address("-sheet", household)).content.decode()

    assert "Voor wie is het blad?" in page
    assert "Zoon goed op school" not in page
    assert not Access.objects.filter(action=Access.Action.PRINT).exists()


def test_a_luik_is_changed_apart_from_what_is_shared(signed_in, household, two_homes):
    samira, karim = two_homes

    save(signed_in, household, newest(household, samira), luik=samira, **{"g0-what": "Rust"})

    assert newest(household, samira).goals.get().what == "Rust"
    assert newest(household).goals.get().what == "Zoon goed op school"
    assert Plan.objects.filter(compartment=karim).count() == 1


def test_in_a_luik_the_other_adult_has_no_step_and_in_what_is_shared_both_can(signed_in, household, two_homes):
    samira, karim = two_homes
    code = f'value="p{karim.person_id}"'

    hers = signed_in.get(address("-edit", household), {"luik": samira.pk}).content.decode()
    shared = signed_in.get(address("-edit", household)).content.decode()

    assert (code in hers, code in shared) == (False, True)


def test_the_page_and_the_versions_of_one_luik_do_not_show_the_other(signed_in, household, two_homes):
    samira, karim = two_homes
    his = newest(household, karim)

    for name in ("", "-versions"):
        page = signed_in.get(address(name, household), {"luik": samira.pk}).content.decode()
        assert "Bel het kantoor" not in page
    assert signed_in.get(address("-version", household, his.pk), {"luik": samira.pk}).status_code == 404
    assert signed_in.get(address("-version", household, his.pk)).status_code == 404


# The story


def test_a_new_version_stands_in_the_story_with_the_own_words(noor, household):
    make_plan(household, own_words="Ik wil rust.")

    told = [(entry.title, entry.text) for entry in timeline.of(household, user=noor) if entry.kind == "plan"]

    assert told == [("Nieuwe afspraken", "“Ik wil rust.”")]


def test_who_was_just_added_is_not_taken_out_again_once_agreements_were_made(signed_in, household, samira):
    make_plan(household, compartment=samira)

    assert "afspraken gemaakt" in take_out(samira.pk, by=household.primary_worker)
    assert household.members.filter(pk=samira.pk).exists()


def test_without_agreements_the_page_says_what_to_do(signed_in, household):
    assert "Er staat nog niets afgesproken." in signed_in.get(address("", household)).content.decode()
