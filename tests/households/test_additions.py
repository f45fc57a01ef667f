"""R8: the author edits seven days; afterwards text is added and the original stays; a correction says why."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Draft
from buurtwerk.notices.models import Notice
from households.actions.contacts import save_with_text
from households.models import Contact, ContactAddition
from tests.factories import make_centre, make_user
from tests.households.factories import make_contact, make_household

pytestmark = pytest.mark.django_db

TOKEN = "7c1b1f7e-0000-4000-8000-000000000001"
OLD = timedelta(days=8)


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def noor(centre):
    return make_user(Role.WORKER, centre=centre, first_name="Noor")


@pytest.fixture
def els(centre):
    return make_user(Role.COORDINATOR, centre=centre, first_name="Els")


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


def old_contact(household, **fields):
    then = timezone.now() - OLD
    return make_contact(household, created_at=then, happened_on=then.date(), **{"note": "Eerst geschreven.", **fields})


def at(name, contact):
    return reverse(f"households:{name}", args=[contact.pk])


def add(client, contact, text="Ze belde terug.", **fields):
    return client.post(at("addition-create", contact), {"token": TOKEN, "text": text, **fields})


def corrected(contact, **fields):
    return {
        "note": contact.note,
        "mode": contact.mode,
        "outcome": contact.outcome,
        "happened_on": contact.happened_on.isoformat(),
        "reason": "Het was een ander huis.",
        "loaded_version": contact.version,
        **fields,
    }


def correct(client, contact, **fields):
    return client.post(at("contact-correct", contact), corrected(contact, **fields))


def test_r8_after_seven_days_text_is_added_and_the_original_stays(client, household, noor):
    contact = old_contact(household)
    client.force_login(noor)

    response = add(client, contact)

    contact.refresh_from_db()
    page = client.get(response.url).content.decode()
    assert contact.note == "Eerst geschreven."
    assert "Eerst geschreven." in page and "Ze belde terug." in page and "Aangevuld door Noor" in page
    assert "later bijgeschreven" in client.get(household.get_absolute_url()).content.decode()


def test_in_the_first_week_the_author_edits_instead_of_adding(client, household, noor):
    contact = make_contact(household)
    client.force_login(noor)

    assert client.get(at("addition-create", contact)).status_code == 403
    assert at("addition-create", contact) not in client.get(contact.get_absolute_url()).content.decode()


def test_a_colleague_who_reads_the_note_adds_to_it_from_the_first_day(client, household, noor, centre):
    household.backup_worker = make_user(Role.WORKER, centre=centre)
    household.save()
    contact = make_contact(household)
    client.force_login(household.backup_worker)

    assert add(client, contact).status_code == 302
    assert ContactAddition.objects.get().by == household.backup_worker


def test_the_same_addition_twice_is_one(client, household, noor):
    contact = old_contact(household)
    client.force_login(noor)

    add(client, contact)
    add(client, contact)

    assert ContactAddition.objects.count() == 1


def test_an_addition_can_be_taken_back(client, household, noor):
    contact = old_contact(household)
    client.force_login(noor)
    page = client.get(add(client, contact).url)
    token = next(iter(page.context["messages"])).tags.split("undo:")[1].split()[0]

    client.post(reverse("drafts:take-back", args=[token]))

    assert not ContactAddition.objects.exists()


@pytest.mark.parametrize("text", ["", " ", "a\x00b", "x" * 60_000, "85.07.30-033.28"])
def test_bad_input_in_an_addition_keeps_nothing_and_what_was_typed(client, household, noor, text):
    contact = old_contact(household)
    client.force_login(noor)

    response = add(client, contact, text)

    assert response.status_code == 200
    assert "text" in response.context["form"].errors
    assert not ContactAddition.objects.exists()


def test_an_addition_to_a_talk_without_a_name_takes_no_number(client, noor):
    contact = old_contact(None, author=noor)
    client.force_login(noor)

    assert add(client, contact, "Haar nummer is 0470 12 34 56").status_code == 200
    assert not ContactAddition.objects.exists()


@pytest.mark.parametrize("visibility", ["team", "file", "named", "personal"])
def test_additions_have_the_readers_of_the_contact(client, household, noor, els, centre, visibility):
    named, stranger = make_user(Role.WORKER, centre=centre), make_user(Role.WORKER, centre=centre)
    contact = old_contact(household, visibility=visibility, readers=[named])
    client.force_login(noor)
    add(client, contact, "Enkel voor wie het mag lezen.")
    expected = {
        "team": {noor, els, named, stranger},
        "file": {noor, els},
        "named": {noor, named},
        "personal": {noor},
    }[visibility]

    for user in (noor, els, named, stranger):
        client.force_login(user)
        page = client.get(contact.get_absolute_url()).content.decode()
        assert ("Enkel voor wie het mag lezen." in page) == (user in expected)
        if visibility in ("named", "personal"):
            with asking_as(user):
                # The database itself keeps it from the others, and its history too.
                assert ContactAddition.objects.exists() == (user in expected)
                assert ContactAddition.pgh_event_model.objects.exists() == (user in expected)


def test_the_coordinator_corrects_with_a_reason_and_the_author_hears_of_it(client, household, noor, els):
    contact = old_contact(household, note="Samira woont in de Ridderstraat.")
    client.force_login(els)

    response = correct(client, contact, note="Samira woont in de Vaartstraat.", outcome="no_answer")

    contact.refresh_from_db()
    household.refresh_from_db()
    page = client.get(response.url).content.decode()
    assert (contact.note, contact.outcome, contact.author) == ("Samira woont in de Vaartstraat.", "no_answer", noor)
    assert "Verbeterd door Els" in page and "Waarom: Het was een ander huis." in page
    assert "Ridderstraat" not in page
    assert household.last_reached_on is None
    notice = Notice.objects.get(to=noor)
    assert household.code in notice.text and "Samira" not in notice.text


def test_what_stood_there_first_is_read_by_who_reads_the_note(client, household, noor, els, centre):
    contact = old_contact(household, note="Samira woont in de Ridderstraat.")
    client.force_login(els)
    correct(client, contact, note="Samira woont in de Vaartstraat.")

    page = client.get(at("contact-earlier", contact)).content.decode()
    assert "Ridderstraat" in page and "Zo bewaard door Noor" in page
    assert at("contact-earlier", contact) in client.get(contact.get_absolute_url()).content.decode()

    client.force_login(make_user(Role.WORKER, centre=centre))
    assert client.get(at("contact-earlier", contact)).status_code == 403
    client.force_login(make_user(Role.COORDINATOR))
    assert client.get(at("contact-earlier", contact)).status_code == 404


def test_a_correction_without_a_reason_is_refused_and_keeps_what_was_typed(client, household, els):
    contact = old_contact(household)
    client.force_login(els)

    response = correct(client, contact, note="Anders.", reason=" ")

    assert response.context["form"].errors == {"reason": ["Schrijf waarom je dit verbetert."]}
    assert "Anders." in response.content.decode()
    contact.refresh_from_db()
    assert contact.note == "Eerst geschreven."


@pytest.mark.parametrize("visibility", ["named", "personal"])
def test_the_coordinator_corrects_no_closed_text(client, household, els, visibility):
    contact = old_contact(household, visibility=visibility, readers=[els])
    client.force_login(els)

    assert correct(client, contact, note="Anders.").status_code == 403


def test_only_the_coordinator_corrects(client, household, noor, centre):
    contact = old_contact(household, visibility="team")

    for user in (noor, make_user(Role.WORKER, centre=centre)):
        client.force_login(user)
        assert correct(client, contact).status_code == 403


def test_an_overtaken_correction_shows_both_texts(client, household, els):
    contact = old_contact(household)
    client.force_login(els)
    correct(client, contact, note="De eerste verbetering.")

    response = correct(client, contact, note="De tweede verbetering.")

    page = response.content.decode()
    assert "De eerste verbetering." in page and "De tweede verbetering." in page
    assert ContactAddition.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"happened_on": "2062-01-01"},
        {"happened_on": "0001-01-01"},
        {"note": "x" * 60_000},
        {"mode": ""},
        {"outcome": "zomaar"},
        {"reason": "x" * 501},
        {"note": "85.07.30-033.28"},
    ],
)
def test_bad_input_in_a_correction_changes_nothing(client, household, els, wrong):
    contact = old_contact(household)
    client.force_login(els)

    response = correct(client, contact, **wrong)

    assert set(response.context["form"].errors) == set(wrong)
    contact.refresh_from_db()
    assert (contact.note, contact.version) == ("Eerst geschreven.", 1)
    assert not ContactAddition.objects.exists()


@pytest.mark.parametrize("name", ["addition-create", "contact-correct"])
def test_what_was_typed_and_not_saved_stands_there_again(client, household, els, name):
    contact = old_contact(household)
    client.force_login(els)
    page = client.get(at(name, contact))
    field = {"addition-create": "text", "contact-correct": "reason"}[name]
    keep = {key: page.context[key] for key in ("draft_form", "draft_subject", "draft_title", "draft_address")}

    client.post(reverse("drafts:keep"), {**keep, field: "Half geschreven"})

    assert "Half geschreven" in client.get(Draft.objects.get().address).content.decode()


def test_the_history_of_a_note_that_became_personal_is_for_its_author(client, household, noor, els):
    contact = make_contact(household, note="Eerst voor het team.", visibility="team")
    contact = Contact.objects.get(pk=contact.pk)
    contact.visibility, contact.note = "personal", ""
    contact.save()
    client.force_login(els)

    assert client.get(at("contact-earlier", contact)).status_code == 403


def changed(contact, **fields):
    contact = Contact.objects.get(pk=contact.pk)
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.version += 1
    save_with_text(contact, readers=fields.pop("readers", ()))
    return contact


def earlier_of(client, user, contact):
    client.force_login(user)
    return client.get(at("contact-earlier", contact)).content.decode()


def test_what_stood_there_before_a_note_was_closed_is_for_its_author_alone(client, household, noor, els, centre):
    sofie = make_user(Role.WORKER, centre=centre)
    contact = make_contact(household, note="Eerst voor iedereen.", visibility="team")
    sealed = changed(contact, visibility="named", note="Voor Sofie.")
    sealed.sealed_note.readers.set([sofie])

    assert "Eerst voor iedereen." not in earlier_of(client, sofie, contact)
    assert "Eerst voor iedereen." in earlier_of(client, noor, contact)

    changed(contact, visibility="team", note="Nu weer voor iedereen.")

    for someone in (sofie, els):
        page = earlier_of(client, someone, contact)
        assert "Eerst voor iedereen." not in page and "Voor Sofie." not in page
    assert "Eerst voor iedereen." in earlier_of(client, noor, contact)


def test_each_earlier_text_keeps_the_readers_it_had(client, household, noor, els, centre):
    contact = make_contact(household, note="Enkel voor het dossier.", visibility="file")
    changed(contact, visibility="team", note="Ook voor het team.")
    changed(contact, visibility="team", note="Verbeterd voor het team.")

    seen = earlier_of(client, make_user(Role.WORKER, centre=centre), contact)

    assert "Ook voor het team." in seen and "Enkel voor het dossier." not in seen
    assert "Enkel voor het dossier." in earlier_of(client, els, contact)
