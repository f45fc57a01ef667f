"""The right of one person to be erased, in a family that stays: nothing of them is left, and nothing of the others
is lost."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.daily.work import do_all
from buurtwerk.trail.models import Access
from households.actions import erasing, retention
from households.actions.erasing_person import ERASED
from households.figures import month
from households.models import (
    Contact,
    ContactAddition,
    DestructionLine,
    ErasureRecord,
    Member,
    Person,
    SubjectRequest,
    SupportLink,
)
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import (
    make_attachment,
    make_contact,
    make_follow_up,
    make_glass,
    make_help_request,
    make_household,
    make_member,
    make_plan,
    make_right_check,
    make_support_link,
    make_visit_note,
)
from tests.households.test_erasing import everywhere, keep_draft
from tests.households.test_subject_requests import make_request, post

pytestmark = pytest.mark.django_db

NAME, PHONE = "Zylofon", "0470 11 22 33"


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
def family(noor):
    return make_household(worker=noor, nickname="Gezin Bensaid", has_compartments=True)


@pytest.fixture
def gone(family):
    return make_member(family, first_name=NAME, last_name="Oyelaran", phone=PHONE, birth_year=1984,
                       email="zylofon@voorbeeld.be", has_compartment=True).person  # fmt: skip


@pytest.fixture
def mother(family):
    return make_member(
        family, first_name="Samira", last_name="Bensaid", phone="0470 99 88 77", has_compartment=True
    ).person


@pytest.fixture
def world(family, gone, mother, noor, centre):
    """Something in every table that can name the person, and beside it something of the others."""
    alone = make_contact(family, note=f"{NAME} wil verhuizen", place=f"bij {NAME}", minutes=25)
    alone.present.add(gone)
    make_attachment(contact=alone, name=f"{NAME}.pdf")
    ContactAddition.objects.create(contact=alone, text=f"Later: {NAME}", by=noor, centre=centre, household=family)
    child = make_member(family, first_name="Ilyas", role="child", birth_year=2014).person
    in_luik = make_contact(family, note="Hij vertelde over zijn schulden")
    in_luik.present.add(gone, child)
    together = make_contact(family, note=f"{NAME} en Samira kwamen samen.", themes=["housing"])
    together.present.add(gone, mother)
    together.note = f"{NAME} en Samira kwamen samen, met de kinderen."
    together.save()
    sealed = make_contact(family, visibility="named", readers=[noor], note="")
    sealed.sealed_note.text = f"Samira zegt dat {NAME} drinkt"
    sealed.sealed_note.save()
    make_follow_up(family, what=f"Bel Samira over {NAME.upper()}")
    make_help_request(family, person=gone, words="Een studio voor hem", status="solved", next_on=None,
                      ended_at=timezone.now(), ended_by=noor)  # fmt: skip
    make_plan(family, goals=[("Rust", [f"Samira belt {NAME} niet"])], own_words=f"Zonder {NAME}")
    make_right_check(family, apps.get_model("households", "Right").objects.first(), person=gone)
    make_support_link(family, name="Oom Bert", person=gone)
    make_support_link(family, other=gone, person=mother, note="Broer")
    make_support_link(family, name="Oma Rosa", person=mother, note=f"Moeder van {NAME}")
    make_visit_note(family, fact=f"{NAME} heeft een hond", source="Samira")
    make_glass(family, make_user(Role.WORKER, centre=centre), reason=f"{NAME} belde in paniek")
    Access.objects.create(user=noor, action="break_glass", record_type="household", record_ids=[family.pk],
                          reason=f"{NAME} belde", centre=centre)  # fmt: skip
    keep_draft(noor, "contact", {"who": [family.code], "note": [f"{NAME} was er niet"]})
    gone.first_name = NAME.lower()
    gone.save()
    return family


def on_the_list(person, household, *, by, approved_by=None, keep=(), **fields):
    line = retention.propose_person(person, household, ground="Vraag om te wissen", by=by)
    if fields:
        DestructionLine.objects.filter(pk=line.pk).update(**fields)
    if approved_by:
        retention.approve(line, by=approved_by, keep=keep)
    line.refresh_from_db()
    return line


def rows_of(model, **about):
    return list(model.objects.filter(**about).order_by("pk").values())


def test_r19_of_one_person_nothing_is_left_in_any_table_or_history_and_the_family_stays(world, gone, mother, els, ann):
    before = {model: rows_of(model, pk=mother.pk) for model in (Person,)}
    memberships = rows_of(Member, person=mother)
    assert len(everywhere(NAME)) > 15

    assert erasing.erase(on_the_list(gone, world, by=els, approved_by=ann))

    assert everywhere(NAME, "Oyelaran", PHONE, "zylofon@", "Oom Bert", "schulden", "Een studio voor hem") == []
    assert {model: rows_of(model, pk=mother.pk) for model in before} == before
    assert rows_of(Member, person=mother) == memberships
    assert mother.events.exists()
    world.refresh_from_db()
    assert (world.status, world.nickname) == ("active", "Gezin Bensaid")
    assert SupportLink.objects.get().name == "Oma Rosa"
    assert Contact.objects.filter(note=f"{ERASED} en Samira kwamen samen, met de kinderen.").exists()
    assert Contact.pgh_event_model.objects.filter(note=f"{ERASED} en Samira kwamen samen.").exists()


def test_r19_the_figures_of_the_month_are_the_same_before_and_after_one_person(world, gone, els, ann, centre):
    today = timezone.localdate()
    before = month(centre, today.year, today.month)

    erasing.erase(on_the_list(gone, world, by=els, approved_by=ann))

    assert month(centre, today.year, today.month) == before
    assert before.contacts == 4


def test_a_talk_that_was_shared_shows_someone_in_the_place_of_who_is_erased(client, world, gone, els, ann, noor):
    contact = Contact.objects.get(themes=["housing"])
    erasing.erase(on_the_list(gone, world, by=els, approved_by=ann))
    client.force_login(noor)

    page = client.get(contact.get_absolute_url()).content.decode()

    assert f"Samira Bensaid, {ERASED}" in page


def test_texts_that_name_the_person_are_read_before_approval_and_each_is_masked_or_kept(
    client, world, gone, els, ann, noor
):
    line = on_the_list(gone, world, by=els)
    client.force_login(ann)
    page = client.get(reverse("households:destruction-line", args=[line.pk])).content.decode()
    assert f"Bel Samira over {NAME.upper()}" in page
    assert f"Moeder van {NAME}" in page
    assert "drinkt" not in page
    follow_up = world.follow_ups.get()
    key = f"FollowUp.what:{follow_up.pk}"
    sealed = f"SealedNote.text:{apps.get_model('households', 'SealedNote').objects.get().pk}"

    client.post(reverse("households:destruction-approve", args=[line.pk]), {"keep": [key, sealed, "Bogus.text:1"]})
    client.post(reverse("households:destruction-erase"))

    follow_up.refresh_from_db()
    assert follow_up.what == f"Bel Samira over {NAME.upper()}"
    assert {table for table, _, _ in everywhere(NAME)} == {"households_followup", "households_followupevent"}
    assert everywhere("zegt dat iemand (gewist) drinkt") == [("households_sealednote", "text", 1)]


def test_a_family_name_that_others_bear_as_well_stays(family, mother, els, ann):
    sister = make_member(family, first_name="Nawal", last_name="Bensaid").person
    make_contact(family, note="Mevrouw Bensaid was er, Nawal niet.").present.add(mother)

    erasing.erase(on_the_list(sister, family, by=els, approved_by=ann))

    assert Contact.objects.get().note == f"Mevrouw Bensaid was er, {ERASED} niet."
    family.refresh_from_db()
    assert family.nickname == "Gezin Bensaid"


def test_the_journal_keeps_a_number_and_the_line_its_days(world, gone, els, ann):
    pk = gone.pk
    line = on_the_list(gone, world, by=els, approved_by=ann)

    erasing.erase(line)

    line.refresh_from_db()
    assert (line.person, line.decided_by, line.kept_texts) == (None, ann, [])
    assert line.erased_at
    assert ErasureRecord.objects.get(code=f"P-{pk}").table == "households_person"
    assert erasing.erase(line) == {}


def test_nobody_erases_a_person_alone_and_the_database_says_the_same(world, gone, els, ann):
    line = on_the_list(gone, world, by=els)
    with pytest.raises(retention.Overtaken, match="zelf voor"):
        retention.approve(line, by=els)
    with breaks("destruction_approved_by_someone_else"):
        DestructionLine.objects.update(decision="approved", decided_by=els, decided_at=timezone.now())
    with pytest.raises(erasing.NotApproved):
        erasing.erase(line)
    events = list(Person.pgh_event_model.objects.values_list("pgh_id", flat=True))
    for sql, args in [
        ("SELECT erase_history_of_person(%s, 'households_personevent', %s)", [line.pk, events]),
        ("SELECT change_history(%s, 'households_personevent', 'first_name', %s, %s)", [line.pk, [1], ["x"]]),
    ]:
        with pytest.raises(ProgrammingError, match="nobody approved"), transaction.atomic():
            call(sql, args)


def test_after_approval_only_history_of_the_own_centre_goes(world, gone, els, ann):
    line = on_the_list(gone, world, by=els, approved_by=ann)
    elsewhere = make_member(make_household()).person
    events = list(elsewhere.events.values_list("pgh_id", flat=True))

    call("SELECT erase_history_of_person(%s, 'households_personevent', %s)", [line.pk, events])
    assert elsewhere.events.exists()
    for sql in (
        "SELECT erase_history_of_person(%s, 'households_person', ARRAY[1])",
        "SELECT erase_history_of_person(%s, 'trail_access', ARRAY[1])",
        "SELECT erase_history_of_person(%s, 'accounts_user', ARRAY[1])",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            call(sql, [line.pk])
    stranger = make_user(Role.COORDINATOR)
    with asking_as(stranger), pytest.raises(ProgrammingError), transaction.atomic():
        call("SELECT erase_history_of_person(%s, 'households_personevent', ARRAY[1])", [line.pk])


def call(sql, args):
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def test_a_line_about_one_person_is_held_by_the_database(world, gone, els):
    on_the_list(gone, world, by=els)
    with breaks("destruction_person_of_a_line_about_one"):
        DestructionLine.objects.update(person=None)
    with breaks("destruction_person_proposed_by_someone"):
        DestructionLine.objects.update(proposed_by=None)
    with breaks("destruction_family_names_no_person"):
        DestructionLine.objects.update(rule="contact")


def test_r20_a_resident_asks_to_be_erased_alone_and_a_second_coordinator_approves(client, els, ann, noor, world, gone):
    asked = make_request(world, gone, by=els, kind="erasure", words=f"Ik, {NAME}, wil weg")
    post(client, els, "-list", asked, {"who": "person"})
    line = DestructionLine.objects.get()
    assert (line.rule, line.person, line.proposed_by) == ("person", gone, els)
    address = reverse("households:destruction-approve", args=[line.pk])
    for user, status in [(noor, 403), (make_user(Role.COORDINATOR), 404), (els, 302)]:
        client.force_login(user)
        assert client.post(address).status_code == status
        line.refresh_from_db()
        assert line.decision == "waiting"
    client.force_login(ann)
    client.post(address)
    do_all()
    do_all()

    asked.refresh_from_db()
    assert (asked.status, asked.person, asked.signed_by, asked.words) == ("given", None, ann, "")
    assert everywhere(NAME) == []
    assert not SubjectRequest.objects.running().exists()


def test_a_coordinator_proposes_somebody_who_left_from_their_page_with_a_reason(client, els, noor, world, gone):
    address = reverse("households:person-erase", args=[world.code, gone.memberships.get().pk])
    client.force_login(noor)
    assert client.get(address).status_code == 403
    client.force_login(make_user(Role.COORDINATOR))
    assert client.get(address).status_code == 404
    client.force_login(els)
    person_page = client.get(reverse("households:person", args=[world.code, gone.memberships.get().pk]))
    assert address in person_page.content.decode()

    empty = client.post(address, {"ground": ""}).content.decode()
    assert "Schrijf waarom." in empty
    for bad in ("a" * 60_000, "nul\x00"):
        page = client.post(address, {"ground": bad})
        assert page.status_code == 200
        assert not DestructionLine.objects.exists()
    client.post(address, {"ground": "Woont al drie jaar elders."})
    again = client.post(address, {"ground": "Woont al drie jaar elders."}, follow=True).content.decode()

    line = DestructionLine.objects.get()
    assert (line.person, line.proposed_by, line.ground) == (gone, els, "Woont al drie jaar elders.")
    assert "Beslis dat eerst" in again


def test_who_still_waits_for_something_is_not_proposed(world, gone, els):
    make_help_request(world, person=gone)

    with pytest.raises(retention.Overtaken, match="Rond dat eerst af"):
        on_the_list(gone, world, by=els)


def test_a_family_that_is_erased_takes_the_line_of_one_person_along(world, gone, els, ann):
    line = on_the_list(gone, world, by=els)
    retention.keep(line, reason=f"{NAME} belde", until=timezone.localdate() + timedelta(days=9), by=ann)
    request = make_request(world, gone, by=els, kind="erasure")
    world.help_requests.open().delete()
    world.follow_ups.all().delete()
    whole = retention.propose_on_request(request, by=els)
    retention.approve(whole, by=ann)

    erasing.erase(whole)

    line.refresh_from_db()
    assert (line.person, line.decision) == (None, "kept")
    assert everywhere(NAME) == []
