"""Two files of one family: chosen per line, everything along, and back again exactly (R15)."""

import json
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.drafts.models import Draft
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households import moving
from households.actions.merge import CHOSEN, EITHER, LATEST, OF_THE_FILE, forget_what_both_were, merge, take_apart
from households.looks import looks_at
from households.models import (
    BreakGlass,
    Consent,
    Contact,
    ContactAgreement,
    DestructionBatch,
    DestructionLine,
    FollowUp,
    Household,
    Member,
    MergeRecord,
    Person,
    Referral,
)
from tests.factories import make_centre, make_neighbourhood, make_user
from tests.households.factories import make_contact, make_follow_up, make_household, make_member
from tests.html import forms_of
from tests.partners.factories import make_organisation

pytestmark = pytest.mark.django_db

# What changes by itself at each save, and what is written down about the merging.
NOT_COMPARED = {"version"}
ABOUT_MERGING = {"households_mergerecord", "trail_access", "notices_notice", "django_session", "drafts_undo", "cache"}


def dump():
    """Every row of every table, apart from versions and history."""
    rows = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if hasattr(model, "pgh_tracked_model") or meta.db_table in ABOUT_MERGING or meta.app_label == "pghistory":
            continue
        names = [field.attname for field in meta.concrete_fields if field.name not in NOT_COMPARED]
        rows[meta.db_table] = json.dumps(
            sorted(json.dumps(row, cls=DjangoJSONEncoder) for row in model._base_manager.values(*names))
        )
    return rows


def differing(before, after):
    return [table for table in before if before[table] != after[table]]


def merge_page(household, met=None):
    return reverse("households:merge", args=[household.code]) + (f"?met={met.code}" if met else "")


def form_of(client, kept, gone):
    page = client.get(merge_page(kept, gone)).content.decode()
    (form,) = [form for form in forms_of(page) if "kept_version" in form.fields]
    sent = {name: field.values[-1] for name, field in form.fields.items() if field.values and field.kind != "button"}
    return {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"}


def send(client, kept, gone, **chosen):
    form = form_of(client, kept, gone) | chosen
    return client.post(merge_page(kept), {name: value for name, value in form.items() if value is not None})


def undo(client, kept):
    record = MergeRecord.objects.filter(kept=kept, undone_at=None).first()
    return client.post(reverse("households:merge-undo", args=[kept.code, record.pk]), follow=True)


@pytest.fixture
def coordinator(client):
    coordinator = make_user(Role.COORDINATOR)
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def pair(coordinator):
    """The scenario of the spec: the same family twice, each with a story of its own."""
    centre = coordinator.membership_set.get().centre
    noor, youssef = (make_user(centre=centre, first_name=name) for name in ("Noor", "Youssef"))
    kept = make_household(
        worker=noor,
        centre=centre,
        nickname="El Amrani, Ridderbuurt",
        address="Ridderstraat 12",
        languages=["ar", "nl"],
        last_reached_on=date(2026, 5, 1),
    )
    gone = make_household(
        worker=youssef,
        centre=centre,
        nickname="Elamrani",
        neighbourhood=make_neighbourhood(),
        languages=["fr", "nl"],
        intensity=3,
        intensity_reason="Dreigende uitzetting",
        next_review_on=timezone.localdate() + timedelta(days=30),
        last_reached_on=date(2026, 6, 1),
        last_attempt_on=date(2026, 6, 2),
        found_via="Via de school",
        dwelling_type="social",
    )
    samira = make_member(kept, phone="0470 11 22 33").person
    twin = make_member(gone, last_name="El Amrani", phone="0470 11 22 33", birth_year=1988).person
    ilyas = make_member(kept, first_name="Ilyas", role="child").person
    Member.objects.create(household=gone, person=ilyas, centre=centre, role="child")
    fatima = make_member(gone, first_name="Fatima", role="grandparent").person
    contact = make_contact(gone, note="Over de huur", happened_on=date(2026, 6, 1))
    contact.present.add(twin, fatima)
    sealed = make_contact(gone, visibility="named", note="Voor enkelen", readers=[noor], happened_on=date(2026, 6, 1))
    make_contact(kept, happened_on=date(2026, 5, 1))
    make_follow_up(gone, born_from=contact)
    consent = Consent.objects.create(
        centre=centre, household=gone, given_by="S", how="spoken", given_on=date(2026, 6, 1), language="nl",
        noted_by=youssef,
    )  # fmt: skip
    Referral.objects.create(
        centre=centre, household=gone, person=twin, organisation=make_organisation(), theme="housing", need="Huur",
        consent=consent, made_by=youssef,
    )  # fmt: skip
    ContactAgreement.objects.create(household=kept, centre=centre, hours="Na 16 uur")
    ContactAgreement.objects.create(
        household=gone, centre=centre, hours="Woensdag", pause_until=timezone.localdate() + timedelta(days=9)
    )
    gone.colleagues.add(noor, make_user(centre=centre))
    kept.colleagues.add(noor)
    Draft.objects.create(user=youssef, form="contactafspraak", subject=gone.code, title="A", address="/team/")
    return kept, gone, twin, samira, sealed


def test_scenario_8_merging_moves_everything_and_the_old_code_leads_on(client, pair):
    kept, gone, twin, samira, sealed = pair

    response = send(client, kept, gone)

    assert response.status_code == 302 and response.url == kept.get_absolute_url()
    for model in (FollowUp, Consent, Referral):
        assert model.objects.get().household == kept
    assert set(Contact.objects.values_list("household", flat=True)) == {kept.pk}
    sealed.sealed_note.refresh_from_db()
    assert sealed.sealed_note.household == kept
    assert Referral.objects.get().person == samira
    assert Draft.objects.get().subject == kept.code
    assert {str(member.person) for member in kept.members.all()} == {"Samira El Amrani", "Ilyas", "Fatima"}
    assert kept.members.count() == 3
    led = client.get(gone.get_absolute_url() + "?voor=2026-01-01")
    assert (led.status_code, led.url) == (302, kept.get_absolute_url() + "?voor=2026-01-01")
    kept.refresh_from_db()
    assert kept.ids_of_file == [kept.pk, gone.pk]


def test_the_old_code_still_finds_the_family_in_the_list(client, pair):
    kept, gone, *_ = pair
    send(client, kept, gone)

    page = client.post(reverse("households:list"), {"q": gone.code.lower()}, follow=True).content.decode()

    assert kept.code in page and "1 gevonden" in page


def test_r15_an_old_code_finds_the_family_after_two_merges(client, coordinator, pair):
    kept, gone, *_ = pair
    send(client, kept, gone)
    last = make_household(worker=kept.primary_worker, centre=kept.centre, nickname="Allen samen")
    kept.refresh_from_db()
    merge(last, kept, by=coordinator, chosen={})

    page = client.post(reverse("households:list"), {"q": gone.code}, follow=True).content.decode()

    assert last.code in page and "1 gevonden" in page
    assert Household.objects.visible_to(coordinator).matching(kept.code).get() == last


def test_scenario_8_undo_restores_both_exactly(client, pair):
    kept, gone, *_ = pair
    before = dump()
    chosen = {"nickname": "gone", "primary_worker": "gone", "agreement": "gone", "level": "gone"}
    send(client, kept, gone, **chosen)
    changed = differing(before, dump())

    page = undo(client, kept).content.decode()

    tables = ["contact", "followup", "referral", "consent", "sealednote", "member", "person", "contactagreement"]
    tables += ["household", "household_colleagues", "contact_present"]
    assert {f"households_{table}" for table in tables} <= set(changed)
    assert differing(before, dump()) == []
    assert "weer twee dossiers" in page
    assert client.get(gone.get_absolute_url()).status_code == 200


def test_what_was_added_since_stays_with_the_kept_file(client, pair):
    kept, gone, *_ = pair
    send(client, kept, gone)
    later = make_contact(kept, happened_on=timezone.localdate())
    Household.objects.filter(pk=kept.pk).update(last_reached_on=timezone.localdate(), last_attempt_on=later.happened_on)

    undo(client, kept)

    kept.refresh_from_db()
    gone.refresh_from_db()
    later.refresh_from_db()
    assert later.household == kept
    assert kept.last_reached_on == timezone.localdate()
    assert gone.last_reached_on == date(2026, 6, 1)


def test_undo_says_what_cannot_go_back(client, pair):
    kept, gone, *_ = pair
    send(client, kept, gone)
    FollowUp.objects.all().delete()
    Household.objects.filter(pk=kept.pk).update(found_via="Via de buren")

    page = undo(client, kept).content.decode()

    kept.refresh_from_db()
    assert "is intussen weg" in page and "hoe leerden we elkaar kennen" in page
    assert kept.found_via == "Via de buren"
    assert Contact.objects.filter(household=gone).count() == 2


def test_a_level_that_changed_since_keeps_its_own_reason_and_day(client, pair):
    kept, gone, *_ = pair
    send(client, kept, gone, level="gone")
    Household.objects.filter(pk=kept.pk).update(intensity_reason="Nog altijd")

    undo(client, kept)

    kept.refresh_from_db()
    assert (kept.intensity, kept.intensity_reason) == (3, "Nog altijd")
    assert kept.next_review_on == gone.next_review_on


def test_per_line_is_chosen_which_file_counts(client, pair):
    kept, gone, *_ = pair

    send(client, kept, gone, nickname="gone", languages="both", level="gone", primary_worker="gone", agreement="gone")

    kept.refresh_from_db()
    assert kept.nickname == "Elamrani"
    assert kept.address == "Ridderstraat 12"
    assert kept.languages == ["ar", "nl", "fr"]
    assert (kept.intensity, kept.intensity_reason) == (3, "Dreigende uitzetting")
    assert kept.neighbourhood == gone.neighbourhood
    assert kept.dwelling_type == "social"
    assert kept.primary_worker == gone.primary_worker
    assert kept.agreement.hours == "Woensdag"
    assert kept.agreement.pause_until == timezone.localdate() + timedelta(days=9)
    assert kept.last_reached_on == date(2026, 6, 1)
    # Who is no longer the vaste buurtwerker, reads on.
    assert {colleague.first_name for colleague in kept.colleagues.all()} >= {"Noor"}


def test_a_rest_that_was_asked_for_is_kept_whichever_agreement_counts(client, pair):
    kept, gone, *_ = pair

    send(client, kept, gone, agreement="kept")

    agreement = ContactAgreement.objects.get(household=kept)
    assert agreement.hours == "Na 16 uur"
    assert agreement.pause_until == timezone.localdate() + timedelta(days=9)


@pytest.mark.parametrize("which", ["kept", "gone"])
def test_a_restricted_family_stays_restricted(client, pair, which):
    kept, gone = pair[:2]
    Household.objects.filter(pk={"kept": kept, "gone": gone}[which].pk).update(
        restricted=True, restricted_reason="Op hun vraag."
    )

    send(client, kept, gone)

    assert list(Household.objects.values_list("restricted", flat=True)) == [True, True]
    client.force_login(make_user(centre=kept.centre))
    assert client.get(kept.get_absolute_url()).status_code == 404
    assert client.get(gone.get_absolute_url()).status_code == 404


def test_the_old_code_is_nothing_for_who_may_not_know_the_family(client, pair):
    kept, gone, *_ = pair
    send(client, kept, gone)
    client.force_login(make_user())

    assert client.get(gone.get_absolute_url()).status_code == 404


def test_a_form_that_was_open_on_the_old_file_is_not_lost(client, pair):
    kept, gone, *_ = pair
    send(client, kept, gone)

    edit = client.post(reverse("households:edit", args=[gone.code]), {"nickname": "Getypt"})

    assert (edit.status_code, edit.url) == (307, reverse("households:edit", args=[kept.code]))
    assert "Getypt" in client.post(edit.url, {"nickname": "Getypt"}).content.decode()
    assert client.post(reverse("households:edit", args=["HH-1999-0001"])).status_code == 404


def test_a_contact_that_is_noted_with_the_old_code_comes_in_the_kept_file(client, pair):
    kept, gone, *_ = pair
    send(client, kept, gone)

    page = client.get(reverse("households:note"), {"gezin": gone.code})

    assert page.context["form"].household == kept


def test_merged_again_and_back_in_the_same_order(client, pair):
    first, second, *_ = pair
    third = make_household(worker=first.primary_worker, centre=first.centre, nickname="Derde")
    before = dump()
    send(client, second, first)
    send(client, third, second)

    assert client.get(first.get_absolute_url()).url == third.get_absolute_url()
    assert third.ids_of_file == [third.pk, second.pk, first.pk]
    assert Contact.objects.filter(household=third).count() == 3

    undo(client, third)
    undo(client, second)

    assert differing(before, dump()) == []


def test_only_the_last_merge_of_a_file_is_taken_back_first(client, pair):
    kept, gone, *_ = pair
    third = make_household(worker=kept.primary_worker, centre=kept.centre, nickname="Derde")
    send(client, kept, gone)
    send(client, kept, third)
    first = MergeRecord.objects.order_by("pk").first()

    page = client.post(reverse("households:merge-undo", args=[kept.code, first.pk]), follow=True).content.decode()

    assert f"Daarna kwam {third.code} erbij" in page
    assert MergeRecord.objects.filter(undone_at=None).count() == 2


def test_after_thirty_days_there_is_no_way_back_and_nothing_to_read(client, pair):
    kept, gone, *_ = pair
    send(client, kept, gone)
    MergeRecord.objects.update(at=timezone.now() - timedelta(days=30, minutes=1))

    assert "Maak ongedaan" not in client.get(kept.get_absolute_url()).content.decode()
    assert "kan niet meer ongedaan" in undo(client, kept).content.decode()
    assert forget_what_both_were() == 1
    assert forget_what_both_were() == 0
    gone.refresh_from_db()
    assert (gone.nickname, gone.address, gone.intensity_reason) == (gone.code, "", "")
    assert MergeRecord.objects.get().changed == []
    assert client.get(gone.get_absolute_url()).url == kept.get_absolute_url()


def test_both_vaste_buurtwerkers_are_told_and_the_trail_knows(client, pair):
    kept, gone, *_ = pair

    send(client, kept, gone)

    told = {notice.to: notice.text for notice in Notice.objects.all()}
    assert set(told) == {kept.primary_worker, gone.primary_worker}
    assert all("Amrani" not in text and kept.code in text for text in told.values())
    line = Access.objects.filter(reason__startswith="Samengevoegd").get()
    assert line.record_ids == [kept.pk, gone.pk]


def test_who_looked_at_the_old_file_is_told_of_the_kept_one(client, pair):
    kept, gone, *_ = pair
    client.get(gone.get_absolute_url())
    looked = Access.objects.latest("pk")

    send(client, kept, gone)

    assert looked.record_ids == [gone.pk]
    assert looked in looks_at(kept)


def test_a_file_that_someone_just_changed_is_looked_at_again(client, pair):
    kept, gone, *_ = pair
    form = form_of(client, kept, gone) | {"nickname": "gone"}
    Household.objects.filter(pk=gone.pk).update(version=7)

    page = client.post(merge_page(kept), form).content.decode()

    assert "paste intussen een van beide dossiers aan" in page
    assert Household.objects.filter(merged_into=None).count() == 2
    assert client.post(merge_page(kept), form | {"gone_version": 7}).status_code == 302


def test_the_preview_counts_what_moves_and_not_what_is_for_others(client, pair):
    kept, gone, *_ = pair

    page = client.get(merge_page(kept, gone)).content.decode()

    assert "2 contactmomenten" in page and "1 opvolging" in page
    assert "verzegelde" not in page


def test_a_glass_that_is_broken_now_does_not_open_the_other_file(client, pair):
    kept, gone, *_ = pair
    someone, now = make_user(centre=kept.centre), timezone.now()
    for until in (now - timedelta(days=1), now + timedelta(minutes=20)):
        BreakGlass.objects.create(
            centre=kept.centre, household=gone, user=someone, ground="danger", reason="Er is rook",
            at=now - timedelta(days=2), until=until,
        )  # fmt: skip

    send(client, kept, gone)

    assert not kept.is_open_by_glass_to(someone)
    assert BreakGlass.objects.filter(household=kept).count() == 1


def test_two_people_are_not_one_and_the_same_person_twice(client, pair):
    kept, gone, twin, samira, _ = pair
    fatima = Person.objects.get(first_name="Fatima")

    page = send(client, kept, gone, **{f"person_{fatima.pk}": samira.pk}).content.decode()

    assert "koos je al voor iemand anders" in page
    assert Household.objects.filter(merged_into=None).count() == 2


def test_who_turned_out_to_be_someone_else_is_not_found_any_more(client, pair):
    kept, gone, twin, samira, _ = pair
    send(client, kept, gone)

    found = client.post(
        reverse("households:member-candidates", args=[kept.code]), {"first_name": "Samira"}
    ).content.decode()

    assert found.count("Samira") == 1
    assert twin not in Person.objects.visible_to(kept.primary_worker)


@pytest.mark.parametrize("met", ["HH-1999-0001", "", "elders", "zelf"])
def test_another_file_must_be_one_that_can_be_merged(client, pair, met):
    kept = pair[0]
    elsewhere = make_household(centre=make_centre())
    code = {"elders": elsewhere.code, "zelf": kept.code}.get(met, met)

    page = client.get(merge_page(kept), {"met": code})

    assert page.status_code == 200
    assert "Er is nog iets nodig" in page.content.decode()


def test_a_worker_does_not_merge(client, pair):
    kept, gone, *_ = pair
    client.force_login(kept.primary_worker)

    assert client.get(merge_page(kept, gone)).status_code == 403
    assert "Voeg samen" not in client.get(kept.get_absolute_url()).content.decode()


def test_closed_is_not_chosen_while_something_is_to_be_done(client, pair):
    kept, gone, *_ = pair
    Household.objects.filter(pk=kept.pk).update(status="closed", closed_on=date(2026, 6, 3), closure_reason="moved")

    page = send(client, kept, gone, status="kept").content.decode()

    assert "Er staat nog opvolging open" in page
    send(client, kept, gone)
    kept.refresh_from_db()
    assert (kept.status, kept.closure_reason) == ("active", "")


# That nothing is forgotten


@pytest.mark.parametrize("target", [Household, Person, Member])
def test_every_table_that_names_a_family_or_a_person_moves_or_is_listed_with_its_reason(target):
    for relation in moving.relations_to(target):
        listed = relation.name in moving.STAYS or relation.name in moving.ONCE
        assert listed or not getattr(relation.model, "append_only", False), f"{relation.name} cannot move: list it"
        assert listed or not relation.is_once, f"{relation.name} can be there only once: list what happens"


def test_the_list_names_nothing_that_is_gone():
    names = {relation.name for target in (Household, Person, Member) for relation in moving.relations_to(target)}

    assert {*moving.STAYS, *moving.ONCE, *moving.ONLY, *moving.NOT_COUNTED} <= names


def test_every_field_of_a_family_is_chosen_kept_or_of_the_file():
    decided = [*(name for fields in CHOSEN.values() for name in fields), *EITHER, *LATEST, *OF_THE_FILE]

    assert sorted(decided) == sorted(field.name for field in Household._meta.concrete_fields)


def test_the_page_asks_the_same_number_of_questions_for_one_contact_and_for_five(client, pair):
    kept, gone, *_ = pair
    with CaptureQueriesContext(connection) as few:
        client.get(merge_page(kept, gone))
    for _ in range(5):
        make_contact(gone)

    with CaptureQueriesContext(connection) as many:
        client.get(merge_page(kept, gone))

    assert len(many) == len(few)


def test_the_story_says_which_file_went_up_in_it_until_it_is_taken_apart(client):
    els = make_user(Role.COORDINATOR)
    kept = make_household(worker=els)
    gone = make_household(worker=els)
    record = merge(kept, gone, by=els, chosen={})
    client.force_login(els)

    assert f"Samengevoegd met {gone.code}" in client.get(kept.get_absolute_url()).content.decode()

    take_apart(record, by=els)

    assert f"Samengevoegd met {gone.code}" not in client.get(kept.get_absolute_url()).content.decode()


def test_a_draft_about_one_luik_or_one_person_goes_along_and_back(pair):
    kept, gone, *_ = pair
    coordinator = make_user(Role.COORDINATOR, centre=kept.centre)
    Draft.objects.create(user=coordinator, form="afspraken", subject=f"{gone.code} 12", title="A", address="/team/")

    record = merge(kept, gone, by=coordinator, chosen={})
    assert Draft.objects.get(form="afspraken").subject == f"{kept.code} 12"

    take_apart(record, by=coordinator)
    assert Draft.objects.get(form="afspraken").subject == f"{gone.code} 12"


def test_what_was_approved_to_be_erased_never_comes_over_another_file(pair):
    kept, gone, *_ = pair
    batch = DestructionBatch.objects.create(centre=kept.centre)
    line = DestructionLine.objects.create(
        batch=batch, centre=kept.centre, household=gone, rule="request", ground="Op vraag", due_on=timezone.localdate(),
        decision="approved", decided_by=kept.primary_worker, decided_at=timezone.now(),
    )  # fmt: skip

    merge(kept, gone, by=make_user(Role.COORDINATOR, centre=kept.centre), chosen={})

    line.refresh_from_db()
    assert line.household == gone
