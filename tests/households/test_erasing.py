"""R19: after erasing, nothing anywhere tells who a family was; and last year's figures are what they were."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Draft
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households.actions import erasing, retention
from households.erasable import STAYS, erasable
from households.figures import month
from households.models import (
    Consent,
    Contact,
    ContactAddition,
    ContactAgreement,
    ContactFact,
    DestructionLine,
    ErasureRecord,
    Household,
    MergeRecord,
    NotDouble,
    Person,
    Referral,
    ReferralMove,
    RetentionHold,
    Review,
    Right,
    SubjectRequest,
    UploadedSheet,
)
from households.moving import relations_to
from tests.breaking import breaks
from tests.factories import make_neighbourhood, make_user
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
    make_round,
    make_support_link,
    make_visit_note,
)
from tests.partners.factories import make_service

pytestmark = pytest.mark.django_db

MARK = "Zylofoon"


def everywhere(*words):
    """The tables and columns, of the whole database and its history, in which one of these words stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type NOT IN ('bigint', 'integer', 'smallint', 'boolean', 'uuid', 'date') "
            "AND data_type NOT LIKE 'time%%' "
            "AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')"
        )
        columns = {}
        for table, column, data_type in cursor.fetchall():
            as_text = f"convert_from({column}, 'LATIN1')" if data_type == "bytea" else f'"{column}"::text'
            columns.setdefault(table, {})[column] = f"count(*) FILTER (WHERE {as_text} ILIKE ANY (%(words)s))"
        found = []
        for table, counts in columns.items():
            cursor.execute(f'SELECT {", ".join(counts.values())} FROM "{table}"', {"words": [f"%{w}%" for w in words]})
            numbers = zip(counts, cursor.fetchone(), strict=True)
            found += [(table, column, number) for column, number in numbers if number]
        return found


@pytest.fixture
def els():
    return make_user(Role.COORDINATOR, first_name="Els")


@pytest.fixture
def centre(els):
    return els.membership_set.get().centre


@pytest.fixture
def noor(centre):
    return make_user(Role.WORKER, centre=centre, first_name="Noor")


@pytest.fixture
def family(noor):
    """With something in every table that can hold something of it, each with the mark."""
    household = make_household(
        worker=noor,
        nickname=f"Gezin {MARK}",
        address=f"{MARK}straat 5",
        neighbourhood=make_neighbourhood(),
        found_via=f"via {MARK}",
        restricted=True,
        restricted_reason=MARK,
    )
    mother = make_member(household, first_name=MARK, last_name=f"van {MARK}", phone="0470 11 22 33", birth_year=1984)
    child = make_member(household, first_name=f"Kleine {MARK}", role="child", birth_year=2015)
    fill(household, mother, child, noor)
    return household


def fill(household, mother, child, worker):
    centre, now = household.centre, timezone.now()
    about = {"centre": centre, "household": household}
    contact = make_contact(household, note=f"Gesprek met {MARK}", place=MARK, themes=["housing"], minutes=25)
    contact.present.add(mother.person, child.person)
    make_contact(household, visibility="named", readers=[worker], note="").note = ""
    named = household.contacts.get(visibility="named")
    named.sealed_note.text = f"Verzegeld {MARK}"
    named.sealed_note.save()
    personal = make_contact(household)
    Contact.objects.filter(pk=personal.pk).update(visibility="personal")
    apps.get_model("households", "WorkNote").objects.create(contact=personal, user=worker, text=f"Werknota {MARK}")
    ContactAddition.objects.create(contact=contact, text=f"Later: {MARK}", by=worker, **about)
    make_attachment(contact=contact, name=f"{MARK}.pdf", content=f"%PDF-1.4 {MARK} %%EOF".encode())
    follow_up = make_follow_up(
        household, what=f"Bel {MARK}", status="done", born_from=contact, closed_at=now, closed_by=worker
    )
    service = make_service()
    consent = Consent.objects.create(
        given_by=MARK, how="spoken", given_on=date(2026, 1, 5), language="nl", text=MARK, noted_by=worker, **about
    )
    referral = Referral.objects.create(
        person=mother.person,
        organisation=service.organisation,
        theme="housing",
        need=f"{MARK} zoekt",
        shared=["first_name"],
        shared_text=MARK,
        consent=consent,
        status="helped",
        outcome="helped",
        sent_at=now,
        feedback_due_on=timezone.localdate(),
        check_back=follow_up,
        made_by=worker,
        **about,
    )
    ReferralMove.objects.create(
        centre=centre, referral=referral, from_status="sent", to_status="helped", by=worker, why=MARK
    )
    ended = {"status": "solved", "next_on": None, "ended_at": now, "ended_by": worker}
    make_help_request(household, words=MARK, person=mother.person, referral=referral, born_from=contact, **ended)
    make_plan(household, goals=[(f"Doel {MARK}", [f"Stap {MARK}"])], own_words=MARK)
    make_right_check(household, Right.objects.first(), person=mother.person)
    make_support_link(household, name=f"Oma {MARK}", person=mother.person)
    make_support_link(household, other=child.person, person=mother.person, note=MARK)
    make_visit_note(household, fact=MARK, source=MARK, measure=MARK)
    make_glass(household, make_user(Role.WORKER, centre=centre), reason=f"Om {MARK} te helpen")
    Access.objects.create(
        user=worker,
        action="break_glass",
        record_type="household",
        record_ids=[household.pk],
        reason=MARK,
        centre=centre,
    )
    Access.objects.create(user=worker, action="view", record_type="household", record_ids=[household.pk], centre=centre)
    ContactAgreement.objects.create(via=MARK, rather_not=MARK, hours=MARK, **about)
    Review.objects.create(before=0, after=1, text=MARK, by=worker, **about)
    make_round(worker, doors=[household])
    Draft.objects.create(
        user=worker,
        form="contact",
        title="Contact",
        address="/team/noteer/",
        typed={"who": [household.code], "note": MARK},
    )
    Draft.objects.create(user=worker, form="vul-aan", subject=str(contact.pk), title="Vul aan", typed={"text": MARK},
                         address=f"{contact.get_absolute_url()}vul-aan/")  # fmt: skip
    Notice.objects.create(to=worker, text=f"{household.code}: {MARK}", url=household.get_absolute_url())
    UploadedSheet.objects.create(
        user=worker, centre=centre, kind="families", headings=["Roepnaam"], rows=[[2, household.nickname]], columns=[]
    )
    old = make_household(worker=worker, centre=centre, nickname=f"Oud {MARK}", address=MARK)
    Household.objects.filter(pk=old.pk).update(merged_into=household)
    MergeRecord.objects.create(
        centre=centre, kept=household, gone=old, by=worker, changed=[{"before": {"nickname": MARK}}]
    )
    other = make_household(worker=worker, centre=centre)
    one, two = sorted([household, other], key=lambda each: each.pk)
    NotDouble.objects.create(centre=centre, one=one, other=two, by=worker)
    SubjectRequest.objects.create(
        person=mother.person,
        kind="access",
        identity="known",
        words=MARK,
        answer=MARK,
        package={"name": MARK},
        noted_by=worker,
        **about,
    )
    RetentionHold.objects.create(
        reason=f"Nog nodig voor {MARK}", since=date(2024, 1, 1), until=date(2024, 6, 1), by=worker, **about
    )
    # What changed since is in the history alone.
    mother.person.phone = ""
    mother.person.save()
    contact.note = f"Anders {MARK}"
    contact.save()


def on_the_list(household, *, by, decision="approved", **fields):
    batch = retention._open_list(household.centre)
    fields = {"rule": "contact", "ground": "24 maanden.", "due_on": timezone.localdate(), **fields}
    decided = {"decided_by": by, "decided_at": timezone.now()} if decision != "waiting" else {}
    return DestructionLine.objects.create(
        batch=batch, centre=household.centre, household=household, decision=decision, **decided, **fields
    )


def test_r19_after_erasing_no_table_and_no_history_holds_a_name_a_text_a_paper_or_a_draft(family, els):
    assert len(everywhere(MARK)) > 40

    erasing.erase(on_the_list(family, by=els))

    assert everywhere(MARK) == []
    assert everywhere("0470 11 22 33") == []


def test_r19_the_file_keeps_its_code_and_nothing_else_and_the_trail_stays(family, els):
    looks, code = Access.objects.count(), family.code

    erasing.erase(on_the_list(family, by=els))

    family = Household.objects.get(code=code)
    assert (family.status, family.nickname, family.address) == ("erased", "Geanonimiseerd", "")
    assert family.primary_worker is None
    assert not family.restricted
    assert family.closed_on == timezone.localdate()
    assert Access.objects.count() == looks


def test_r19_a_code_is_never_given_again(family, els):
    codes = set(Household.objects.values_list("code", flat=True))

    erasing.erase(on_the_list(family, by=els))

    assert make_household(centre=family.centre).code not in codes


def test_r19_the_figures_of_a_month_are_the_same_before_and_after(family, els):
    today = timezone.localdate()
    make_contact(author=els, centre=family.centre, themes=["housing"])
    make_contact(family, happened_on=today, outcome="no_answer")
    before = month(family.centre, today.year, today.month)

    erasing.erase(on_the_list(family, by=els))

    assert Contact.objects.filter(household=family).count() == 0
    assert month(family.centre, today.year, today.month) == before
    assert before.contacts == 5


def test_r19_what_counts_stays_without_a_key_to_anyone(family, els):
    erasing.erase(on_the_list(family, by=els))

    fact = ContactFact.objects.get(themes=["housing"])
    assert (fact.minutes, fact.people, fact.month.day, fact.has_name) == (30, 2, 1, True)
    assert fact.age_group == ""
    keys = {field.name for field in ContactFact._meta.concrete_fields if field.is_relation}
    assert keys == {"centre", "neighbourhood"}


def test_r19_who_also_belongs_to_another_family_stays_there(family, els, noor):
    child = family.members.get(role="child").person
    other = make_household(worker=noor, nickname="Bij papa")
    other.members.create(person=child, role="child", centre=other.centre)
    contact = make_contact(other, note="Samen gefietst")
    contact.present.add(child)

    erasing.erase(on_the_list(family, by=els))

    assert list(Person.objects.filter(memberships__household=other)) == [child]
    assert list(contact.present.all()) == [child]
    assert child.events.exists()
    assert not child.memberships.filter(household=family).exists()


def test_r19_who_was_once_at_a_talk_of_another_family_is_gone_there_and_the_count_stays(family, els, noor):
    mother = family.members.get(role="parent").person
    other = make_household(worker=noor, nickname="De buren")
    contact = make_contact(other, note="Koffie")
    contact.present.add(mother, make_member(other, first_name="Buurvrouw").person)
    follow_up = make_follow_up(other, born_from=family.contacts.first())
    support = make_support_link(other, other=mother)
    today = timezone.localdate()
    before = month(family.centre, today.year, today.month)

    erasing.erase(on_the_list(family, by=els))

    contact.refresh_from_db()
    follow_up.refresh_from_db()
    assert contact.present.get().first_name == "Buurvrouw"
    assert follow_up.born_from is None
    assert not type(support).objects.filter(pk=support.pk).exists()
    assert month(family.centre, today.year, today.month) == before


def keep_draft(user, form, typed, **fields):
    return Draft.objects.create(
        user=user, form=form, typed=typed, **{"title": "Concept", "address": "/team/noteer/", **fields}
    )


def test_r19_of_the_grid_of_a_round_only_the_row_about_the_family_goes_however_its_code_was_typed(family, els, noor):
    other = make_household(worker=noor)
    year, number = family.code.split("-")[1:]
    for place, typed in enumerate([family.code.lower(), f"hh{year}{number}", f"{year}-{int(number)}"]):
        keep_draft(
            noor,
            "ronde-invullen",
            {"1-code": [typed], "1-note": ["Nooit thuis"], "2-code": [other.code], "2-note": ["Zwaaide"]},
            subject=str(place),
        )
    keep_draft(noor, "ronde-invullen", {"rows_shown": ["20"], "1-code": [family.code], "1-note": ["Weg"]}, subject="9")

    erasing.erase(on_the_list(family, by=els))

    assert everywhere("Nooit thuis") == []
    left = Draft.objects.filter(form="ronde-invullen")
    assert [draft.typed for draft in left] == [{"2-code": [other.code], "2-note": ["Zwaaide"]}] * 3


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("ronde-tellen", "Aan het plein vertelde Fatma Oruc over haar huis."),
        ("signal", "De FATMA ORUÇ van de hoek zei het ook."),
        ("vul-aan", "Bel naar 0477/12.34.56 voor meer."),
        ("contact", "Het gezin Oruç was er ook."),
    ],
)
def test_r19_a_draft_of_any_kind_that_names_someone_of_the_family_goes_along(family, els, centre, form, words):
    make_member(family, first_name="Fatma", last_name="Oruç", phone="0477 12 34 56")
    colleague = make_user(Role.WORKER, centre=centre)
    keep_draft(colleague, form, {"observed": [words]})
    keep_draft(colleague, "andere", {"note": ["Fatma van de winkel, en orucen is geen woord."]})

    erasing.erase(on_the_list(family, by=els))

    assert [draft.form for draft in Draft.objects.filter(user=colleague)] == ["andere"]


def test_r19_a_first_name_alone_says_enough_in_the_drafts_of_who_works_with_the_family(family, els, noor, centre):
    make_member(family, first_name="Fatma", last_name="Oruç")
    for user in (noor, make_user(Role.WORKER, centre=centre), make_user(Role.WORKER)):
        keep_draft(user, "contact-edit", {"note": ["Fatma was er niet."]})

    erasing.erase(on_the_list(family, by=els))

    left = Draft.objects.filter(form="contact-edit")
    assert left.count() == 2
    assert noor not in {draft.user for draft in left}


def test_r19_erasing_twice_does_it_once(family, els):
    line = on_the_list(family, by=els)
    assert erasing.erase(line)
    facts, records = ContactFact.objects.count(), ErasureRecord.objects.count()

    assert erasing.erase(line) == {}
    assert (ContactFact.objects.count(), ErasureRecord.objects.count()) == (facts, records)


def test_r19_the_journal_says_how_many_rows_of_which_table_and_nobody_changes_it(family, els):
    code = family.code
    erasing.erase(on_the_list(family, by=els))

    rows = dict(ErasureRecord.objects.exclude(code=code).values_list("table", "rows"))
    assert rows["households_person"] == 2
    assert rows["history"] > 10
    assert ErasureRecord.objects.get(code=code).table == "households_household"
    with pytest.raises(ProgrammingError), transaction.atomic():
        ErasureRecord.objects.update(rows=0)


def test_r19_a_look_before_touches_nothing(family, els):
    line = on_the_list(family, by=els, decision="waiting")

    counts = dict(erasing.dry_run(line))

    assert counts["personen"] == 2
    assert everywhere(MARK)


@pytest.mark.parametrize("decision", ["waiting", "kept", "lapsed"])
def test_r18_nothing_is_erased_without_approval_also_not_by_the_database(family, els, decision):
    line = on_the_list(family, by=els, decision=decision, reason="Nog nodig")

    with pytest.raises(erasing.NotApproved):
        erasing.erase(line)
    with pytest.raises(ProgrammingError, match="nobody approved"), transaction.atomic():
        _erase_history(family)


def test_r18_nothing_is_erased_before_its_day(family, els):
    line = on_the_list(family, by=els, due_on=timezone.localdate() + timedelta(days=1))

    with pytest.raises(erasing.NotApproved):
        erasing.erase(line)
    with pytest.raises(ProgrammingError, match="nobody approved"), transaction.atomic():
        _erase_history(family)


def test_history_of_a_family_goes_only_through_its_own_centre(family, els):
    on_the_list(family, by=els)

    with asking_as(make_user(Role.COORDINATOR)), pytest.raises(ProgrammingError), transaction.atomic():
        _erase_history(family)


def test_the_application_may_not_erase_history_by_itself(family):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM households_personevent")


def _erase_history(family):
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_history(%s)", [family.pk])


def test_a_table_that_names_a_family_or_a_person_goes_along_or_says_why_not(family, els):
    """A noun that comes later goes along by itself; a row that stays is named in STAYS with a reason."""
    people = set(family.members.values_list("person", flat=True))
    erasing.erase(on_the_list(family, by=els))

    left = [
        relation.name
        for target, ids in ((Household, family.ids_of_file), (Person, people))
        for relation in relations_to(target)
        if relation.name not in STAYS and relation.model._base_manager.filter(**{f"{relation.field.name}__in": ids})
    ]
    assert left == []
    assert all(reason for reason in STAYS.values())


# Tables with words in them that are not about families: of colleagues, of organisations, of activities, of the site.
NOT_ABOUT_FAMILIES = {
    "accounts", "account", "activities", "admin", "auth", "contenttypes", "daily", "partners", "pghistory", "places",
    "sessions", "signals",
}  # fmt: skip
# Words about families without a link to one: erased by name in actions/erasing.py, or never about one family.
BY_NAME = {
    "drafts.Draft", "drafts.SavedOnce", "notices.Notice", "households.UploadedSheet", "households.Handover",
}  # fmt: skip
NEVER_OF_ONE = {
    "drafts.Undo": "holds numbers, for ten minutes",
    "outbox.Message": "a sentence and a link, to who registered for an activity; gone after ninety days",
    "trail.Access": "stays; a reason to break the glass is taken out",
    "households.OutreachRound": "about a place, counts only",
    "households.Bike": "about a bike",
    "households.BikeRepair": "about a bike",
    "households.BikeService": "about the centre",
    "households.BikeSize": "about a bike",
    "households.BikeTariff": "about the centre",
    "households.Right": "a list for everyone",
    "households.RetentionTerm": "about the centre",
    "households.ErasureRecord": "the journal itself",
    "households.ContactFact": "counts without a key",
    "households.DestructionBatch": "only days",
}


def test_every_table_with_words_is_erased_or_says_why_not(family):
    """A new noun with a text that hangs on nothing cannot be forgotten: this fails until it is placed."""
    reached = set(erasable(family).gone) | {Household, DestructionLine, SubjectRequest}
    with_words = [
        model
        for model in apps.get_models(include_auto_created=True)
        if not hasattr(model, "pgh_tracked_model")
        and model._meta.app_label not in NOT_ABOUT_FAMILIES
        and any(_holds_words(field) for field in model._meta.concrete_fields)
    ]
    assert [
        model._meta.label
        for model in with_words
        if model not in reached and model._meta.label not in BY_NAME and model._meta.label not in NEVER_OF_ONE
    ] == []


def _holds_words(field):
    words = ("CharField", "TextField", "JSONField", "BinaryField", "FreeText", "FreeLine", "EmailField")
    return field.get_internal_type() in words and not field.choices


def test_every_history_of_families_is_named_after_its_table_so_that_erasing_finds_it():
    kept = [model for model in apps.get_app_config("households").get_models() if hasattr(model, "pgh_tracked_model")]

    assert kept
    assert all(model._meta.db_table == f"{model.pgh_tracked_model._meta.db_table}event" for model in kept)


def test_an_approval_by_who_proposed_it_is_refused_by_the_database(family, els):
    with breaks("destruction_approved_by_someone_else"):
        on_the_list(family, by=els, proposed_by=els)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [("contact_fact_of_a_month", {"month": "2026-03-02"}), ("contact_fact_counts_once", {"contacts": 2})],
)
def test_the_database_counts_what_was_erased_once_and_by_the_month(centre, constraint, fields):
    with breaks(constraint):
        ContactFact.objects.create(**{"centre": centre, "month": "2026-03-01", "mode": "home", **fields})
