"""R20: what a resident asks about their own data is answered in thirty days, without a word about anyone else."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.daily.work import do_all
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households import package
from households.actions import retention
from households.actions import subject_requests as actions
from households.models import DestructionLine, Household, Person, Right, SubjectRequest
from households.moving import relations_to
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import (
    make_attachment,
    make_contact,
    make_follow_up,
    make_help_request,
    make_household,
    make_member,
    make_plan,
    make_right_check,
    make_support_link,
    make_visit_note,
)
from tests.households.test_retention import form_with, typed
from tests.households.test_sheets import confirm_password

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def els():
    return make_user(Role.COORDINATOR, first_name="Els")


@pytest.fixture
def centre(els):
    return els.membership_set.get().centre


@pytest.fixture
def ann(centre):
    return make_user(Role.COORDINATOR, centre=centre, first_name="Ann")


@pytest.fixture
def noor(centre):
    return make_user(Role.WORKER, centre=centre, first_name="Noor")


@pytest.fixture
def home(noor):
    """Samira and her ex-partner Karim, each with a luik, and their son."""
    household = make_household(worker=noor, has_compartments=True, address="Hoogland 5")
    make_member(household, first_name="Samira", last_name="El Amrani", phone="0470 12 34 56", has_compartment=True)
    make_member(household, first_name="Karim", last_name="Bensaid", phone="0470 99 88 77", has_compartment=True)
    make_member(household, first_name="Ilyas", role="child", birth_year=2014)
    return household


def person(household, name):
    return household.members.get(person__first_name=name).person


def make_request(household, who, *, by, kind="access", **fields):
    asked = SubjectRequest(
        household=household, centre=household.centre, person=who, kind=kind, identity="known", **fields
    )
    return actions.register(asked, by=by)


def told(contact, *people):
    contact.present.add(*people)
    return contact


def post(client, user, name, asked, data=None, **more):
    client.force_login(user)
    args = [asked.pk, *more.pop("args", [])]
    return client.post(reverse(f"households:subject-request{name}", args=args), data or {}, **more)


# Scenario 10


def test_scenario_10_a_resident_asks_for_her_data_and_gets_a_reviewed_package_without_her_ex_partner(
    client, els, ann, home
):
    """Given a resident asks for her data, then within 30 days a reviewed package exists with her ex-partner's parts
    masked."""
    samira, karim = person(home, "Samira"), person(home, "Karim")
    told(make_contact(home, note="Samira vertelde dat Karim Bensaid haar belde op 0470 99 88 77."), samira)
    told(make_contact(home, note="Karim zoekt een studio in Kessel-Lo."), karim)
    make_help_request(home, person=karim, words="Ik wil een eigen studio.")
    make_help_request(home, person=samira, words="Ik wil rust.")
    client.force_login(els)
    address = f"{reverse('households:subject-request-create')}?gezin={home.code}"
    form = typed(form_with("identity", client.get(address)))
    sent = {**form, "person": samira.pk, "kind": "access", "identity": "card", "received_on": TODAY().isoformat()}

    client.post(address, sent)
    client.post(address, sent)
    asked = SubjectRequest.objects.get()
    post(client, els, "", asked)
    post(client, els, "-give", asked)
    asked.refresh_from_db()
    assert asked.status == "in_review"
    post(client, ann, "-sign", asked)
    post(client, els, "-give", asked)

    asked.refresh_from_db()
    assert (asked.status, asked.signed_by, asked.due_on) == ("given", ann, TODAY() + timedelta(days=30))
    confirm_password(client)
    page = client.get(reverse("households:subject-request-package", args=[asked.pk])).content.decode()
    answer = client.get(reverse("households:subject-request-json", args=[asked.pk])).content.decode()
    assert json.loads(answer)["name"] == "Samira El Amrani"
    for shown in (page, answer):
        assert "Samira vertelde dat iemand anders haar belde op iemand anders." in shown
        assert "Ik wil rust." in shown
        for word in ("Karim", "Bensaid", "0470 99 88 77", "Kessel-Lo", "studio", "Ilyas", "Hoogland 5 bus"):
            assert word not in shown


def test_scenario_10_a_closed_file_past_its_term_goes_after_approval_and_the_figures_stay(client, els, noor, home):
    """Given a closed file passes its term, then it stands on the destruction list with rule and reason, nothing is
    erased before approval, afterwards no search finds a name, and last year's figures are unchanged."""
    from households.figures import month

    long_ago = timezone.now() - timedelta(days=6 * 366)
    day = timezone.localdate(long_ago)
    told(make_contact(home, happened_on=day, created_at=long_ago, note="Over de huur"), person(home, "Samira"))
    make_plan(home)
    Household.objects.filter(pk=home.pk).update(
        created_at=long_ago, status="closed", closed_on=day, closure_reason="goal"
    )
    before = month(home.centre, day.year, day.month)
    do_all()
    client.force_login(els)
    page = client.get(reverse("households:destruction-list")).content.decode()
    line = DestructionLine.objects.get()
    assert all(words in page for words in (home.code, "Lang geleden afgerond", "60 maanden"))
    do_all()
    assert Person.objects.filter(first_name="Samira").exists()

    client.post(reverse("households:destruction-approve", args=[line.pk]))
    DestructionLine.objects.update(due_on=TODAY())
    client.post(reverse("households:destruction-erase"))

    assert not Person.objects.filter(first_name="Samira").exists()
    assert not Person.pgh_event_model.objects.filter(first_name="Samira").exists()
    found = client.post(reverse("households:list"), {"q": "Samira"}, follow=True).content.decode()
    assert "Geen enkel gezin" in found
    assert month(home.centre, day.year, day.month) == before


# The clock


def test_r20_the_clock_runs_from_the_day_it_came_in(els, home):
    asked = make_request(home, person(home, "Samira"), by=els, received_on=TODAY() - timedelta(days=10))

    assert asked.due_on == TODAY() + timedelta(days=20)
    assert asked.days_left == 20


def test_r20_seven_days_before_the_readers_hear_of_it_once_and_again_when_it_is_late(els, ann, noor, home):
    make_request(home, person(home, "Samira"), by=els, received_on=TODAY() - timedelta(days=24))
    Notice.objects.all().delete()

    do_all()
    do_all()

    soon = Notice.objects.filter(text__contains="moet klaar zijn")
    assert {notice.to for notice in soon} == {els, ann, noor}
    assert soon.count() == 3
    SubjectRequest.objects.update(received_on=TODAY() - timedelta(days=40), due_on=TODAY() - timedelta(days=10))
    do_all()
    assert Notice.objects.filter(text__contains="is te laat").count() == 3


def test_the_list_says_how_many_days_are_left_and_what_is_late(client, els, home):
    make_request(home, person(home, "Samira"), by=els, received_on=TODAY() - timedelta(days=33))
    make_request(home, person(home, "Karim"), by=els, kind="correction", words="Naam", received_on=TODAY())
    client.force_login(els)

    page = client.get(reverse("households:privacy")).content.decode()

    assert "te laat sinds" in page
    assert "nog 30 dagen" in page
    assert "Samira" not in page


# The second reader


def test_r20_who_made_it_cannot_sign_it_also_not_by_the_database(client, els, home):
    asked = make_request(home, person(home, "Samira"), by=els)
    actions.prepare(asked, by=els)

    page = post(client, els, "-sign", asked, follow=True).content.decode()

    assert "Je maakte dit zelf. Een collega leest het na." in page
    with breaks("subject_request_signed_by_someone_else"):
        SubjectRequest.objects.update(signed_by=els, signed_at=timezone.now())


def test_r20_the_vaste_buurtwerker_can_be_the_second_reader_and_no_other_worker(client, els, noor, centre, home):
    asked = make_request(home, person(home, "Samira"), by=els)
    actions.prepare(asked, by=els)
    post(client, make_user(Role.WORKER, centre=centre), "-sign", asked)
    asked.refresh_from_db()
    assert asked.status == "in_review"

    post(client, noor, "-sign", asked)

    asked.refresh_from_db()
    assert (asked.status, asked.signed_by) == ("ready", noor)
    assert post(client, noor, "-give", asked).status_code == 403


def test_r20_made_again_it_must_be_read_again(els, ann, home):
    asked = make_request(home, person(home, "Samira"), by=els)
    actions.prepare(asked, by=els)
    actions.sign(asked, by=ann)

    actions.prepare(asked, by=els)

    asked.refresh_from_db()
    assert (asked.status, asked.signed_by) == ("in_review", None)


def test_given_refused_and_ended_are_held_by_the_database(els, home):
    asked = make_request(home, person(home, "Samira"), by=els)
    ended = {"ended_by": els, "ended_at": timezone.now()}
    for constraint, fields in [
        ("subject_request_given_after_signing", {"status": "ready"}),
        ("subject_request_given_after_signing", {"status": "given", **ended}),
        ("subject_request_refused_with_reason", {"status": "refused", **ended}),
        ("subject_request_ended_by_someone", {"status": "open", **ended}),
        ("subject_request_answered_in_thirty_days", {"due_on": TODAY() + timedelta(days=31)}),
    ]:
        with breaks(constraint):
            SubjectRequest.objects.filter(pk=asked.pk).update(**fields)


def test_refusing_takes_a_reason_which_the_resident_gets(client, els, home):
    asked = make_request(home, person(home, "Samira"), by=els)

    empty = post(client, els, "-refuse", asked, {"refusal": " "}).content.decode()
    assert "Schrijf waarom we dit niet doen." in empty
    post(client, els, "-refuse", asked, {"refusal": "We konden niet nagaan wie het vroeg."})

    asked.refresh_from_db()
    assert (asked.status, asked.refusal) == ("refused", "We konden niet nagaan wie het vroeg.")


def test_a_correction_is_answered_in_words_and_read_by_a_second(client, els, ann, home):
    asked = make_request(home, person(home, "Samira"), by=els, kind="correction", words="Mijn naam is fout.")

    empty = post(client, els, "", asked, {"answer": ""}).content.decode()
    assert "Schrijf wat we deden of wat we antwoorden." in empty
    post(client, els, "", asked, {"answer": "De naam is verbeterd."})
    post(client, ann, "-sign", asked)
    post(client, els, "-give", asked)

    asked.refresh_from_db()
    assert (asked.status, asked.answer) == ("given", "De naam is verbeterd.")


# Erasing


def test_r20_erasing_on_request_goes_by_the_same_list_with_its_own_ground_and_second_pair_of_eyes(
    client, els, ann, home
):
    asked = make_request(home, person(home, "Samira"), by=els, kind="erasure")
    post(client, els, "-list", asked)
    line = DestructionLine.objects.get()
    assert (line.rule, line.proposed_by) == ("request", els)
    assert "artikel 17" in line.ground

    client.force_login(els)
    client.post(reverse("households:destruction-approve", args=[line.pk]))
    line.refresh_from_db()
    assert line.decision == "waiting"
    retention.approve(line, by=ann)
    do_all()
    do_all()

    asked.refresh_from_db()
    assert Household.objects.get(pk=home.pk).status == "erased"
    assert (asked.status, asked.person, asked.signed_by) == ("given", None, ann)
    client.force_login(els)
    assert client.get(asked.get_absolute_url()).status_code == 200


def test_erasing_waits_for_what_is_still_open(client, els, home):
    make_follow_up(home)
    asked = make_request(home, person(home, "Samira"), by=els, kind="erasure")

    page = post(client, els, "-list", asked, follow=True).content.decode()

    assert "Er wacht nog iets voor dit gezin." in page
    assert not DestructionLine.objects.exists()


# What is in it


def lines_of(made):
    return json.dumps({name: made[name] for name in ("name", "sections")}, ensure_ascii=False)


def test_r20_the_package_holds_every_noun_of_the_person_and_of_the_family(els, noor):
    family = make_household(worker=noor, address="Hoogland 5")
    mother = make_member(family, first_name="Samira", phone="0470 12 34 56", birth_year=1989).person
    contact = told(make_contact(family, note="Samen koffie gedronken", themes=["housing"]), mother)
    make_follow_up(family, what="Bel de huisbaas", born_from=contact)
    make_help_request(family, person=mother, words="Weg van de schimmel")
    make_plan(family, own_words="Stap voor stap")
    make_right_check(family, Right.objects.get(code="rent_support"), person=mother)
    make_support_link(family, person=mother, note="Helpt met de kinderen")
    make_visit_note(family, fact="Grote hond")
    make_attachment(family, name="huurcontract.pdf")
    Access.objects.create(
        user=noor, role="Buurtwerker", action="view", record_type="household", record_ids=[family.pk],
        centre=family.centre,
    )  # fmt: skip

    words = lines_of(package.make(mother, family))

    for each in (
        ["Samira", "0470 12 34 56", "1989", "Hoogland 5", "Samen koffie gedronken", "Bel de huisbaas"]
        + ["Weg van de schimmel", "Stap voor stap", "Helpt met de kinderen", "Grote hond", "huurcontract.pdf"]
        + ["Buurtwerker", "opende het dossier"]
    ):
        assert each in words
    assert "Noor" not in words


def test_r20_a_talk_with_someone_else_of_the_family_is_named_without_its_text(els, noor):
    family = make_household(worker=noor)
    mother = make_member(family, first_name="Samira").person
    father = make_member(family, first_name="Karim").person
    told(make_contact(family, note="Hij heeft schulden"), father)

    words = lines_of(package.make(mother, family))

    assert "schulden" not in words
    assert package.WITH_SOMEONE in words


def test_r20_a_name_inside_a_word_is_left_alone_and_with_an_accent_or_capitals_it_is_not(noor):
    family = make_household(worker=noor)
    mother = make_member(family, first_name="Samira").person
    make_member(family, first_name="An", last_name="Özgür")
    told(make_contact(family, note="An ging naar een ander kantoor, zei ÖZGÜR. An's fiets."), mother)

    words = lines_of(package.make(mother, family))

    assert "iemand anders ging naar een ander kantoor, zei iemand anders. iemand anders's fiets." in words


def test_r20_a_note_with_a_lock_stays_out_until_who_may_read_it_gives_it_along(client, els, ann, noor):
    family = make_household(worker=noor)
    mother = make_member(family, first_name="Samira").person
    contact = told(make_contact(family, visibility="named", readers=[els]), mother)
    contact.sealed_note.text = "Enkel voor Els"
    contact.sealed_note.save()
    asked = make_request(family, mother, by=ann)
    actions.prepare(asked, by=ann)
    asked.refresh_from_db()
    assert "Enkel voor Els" not in json.dumps(asked.package)
    assert [each["contact"] for each in asked.package["locked"]] == [contact.pk]

    refused = post(client, ann, "-note", asked, args=[contact.pk], follow=True).content.decode()
    assert "Enkel wie deze nota mag lezen" in refused
    post(client, els, "-note", asked, args=[contact.pk])

    asked.refresh_from_db()
    assert asked.package["locked"][0]["text"] == "Enkel voor Els"
    # Who gave it along, had a hand in it.
    assert asked.made_by == els


def test_r20_a_table_that_comes_later_must_be_placed_in_the_package_or_left_out_with_a_reason():
    named = {relation.model._meta.label for target in (Household, Person) for relation in relations_to(target)}

    assert named <= package.IN_PACKAGE | set(package.LEFT_OUT)
    assert {apps.get_model(label) for label in package.IN_PACKAGE}
    assert all(package.LEFT_OUT.values())


def test_r20_making_reading_printing_and_taking_it_out_leave_a_line_that_the_resident_can_read(client, els, ann, home):
    asked = make_request(home, person(home, "Samira"), by=els)
    post(client, els, "", asked)
    client.force_login(ann)

    client.get(asked.get_absolute_url())
    confirm_password(client)
    client.get(reverse("households:subject-request-package", args=[asked.pk]))
    client.get(reverse("households:subject-request-json", args=[asked.pk]))

    of_family = Access.objects.filter(record_type="household", record_ids=[home.pk])
    assert of_family.filter(user=els, action="export").count() == 1
    assert set(of_family.filter(user=ann).values_list("action", flat=True)) == {"view", "print", "export"}


@pytest.mark.parametrize("name", ["households:subject-request-package", "households:subject-request-json"])
def test_r20_the_package_is_taken_out_after_the_password_was_given_again(client, els, ann, home, name):
    asked = make_request(home, person(home, "Samira"), by=els)
    actions.prepare(asked, by=els)
    address = reverse(name, args=[asked.pk])
    client.force_login(ann)

    refused = client.get(address)

    assert refused.status_code == 302
    assert refused.url == f"{reverse('account_reauthenticate')}?{urlencode({'next': address})}"
    assert not Access.objects.filter(action__in=["print", "export"], user=ann).exists()
    after = client.post(refused.url, {"password": "wachtwoord", "next": address}, follow=True)
    assert "El Amrani" in after.content.decode()
    assert Access.objects.filter(action__in=["print", "export"], user=ann).count() == 1


def test_privacy_asks_as_much_for_five_requests_as_for_one(client, els, noor):
    client.force_login(els)
    numbers = []
    for more in (1, 4):
        for _ in range(more):
            family = make_household(worker=noor)
            make_request(family, make_member(family).person, by=noor)
            ended = make_request(family, family.members.get().person, by=noor)
            actions.refuse(ended, reason="Al gegeven", by=els)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("households:privacy"))
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 12


def test_r20_our_own_copy_of_what_was_given_goes_after_thirty_days(els, ann, home):
    asked = make_request(home, person(home, "Samira"), by=els)
    actions.prepare(asked, by=els)
    actions.sign(asked, by=ann)
    actions.give(asked, by=els)
    SubjectRequest.objects.update(ended_at=timezone.now() - timedelta(days=31))

    do_all()

    asked.refresh_from_db()
    assert (asked.package, asked.status) == (None, "given")


# Bad input, and strangers


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("person", "", "Kies wie het vraagt."),
        ("person", "999999", "Selecteer een geldige keuze"),
        ("kind", "iets", "Selecteer een geldige keuze"),
        ("received_on", "2062-01-01", "niet in de toekomst"),
        ("received_on", "gisteren", "geldige datum"),
        ("identity", "", "Kies hoe je weet wie het is."),
        ("words", "a" * 60_000, "1000"),
        ("words", "nul\x00", "teken"),
    ],
)
def test_a_wrong_request_is_refused_with_what_was_typed(client, els, home, field, value, says):
    client.force_login(els)
    address = f"{reverse('households:subject-request-create')}?gezin={home.code}"
    form = typed(form_with("identity", client.get(address)))
    sent = {**form, "person": person(home, "Samira").pk, "kind": "access", "identity": "known"}

    page = client.post(address, {**sent, field: value})

    assert page.status_code == 200
    assert says.casefold() in page.content.decode().casefold()
    assert not SubjectRequest.objects.exists()


def test_a_code_of_another_centre_is_a_code_that_does_not_exist(client, els):
    elsewhere = make_household()
    client.force_login(els)
    for code in (elsewhere.code, "HH-2062-9999", "<script>", "\x00"):
        page = client.get(reverse("households:subject-request-create"), {"gezin": code})
        assert page.status_code == 200
        assert "Wie vraagt het" not in page.content.decode()


def test_another_centre_finds_no_request_in_the_pages_nor_in_the_database(client, els, home):
    asked = make_request(home, person(home, "Samira"), by=els)
    stranger = make_user(Role.COORDINATOR)
    client.force_login(stranger)

    assert client.get(asked.get_absolute_url()).status_code == 404
    with asking_as(stranger):
        assert not SubjectRequest.objects.exists()
        assert not SubjectRequest.pgh_event_model.objects.exists()
