"""What a family agreed with us about contact, and what happens when a contact is not like that (R10)."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buurtwerk.drafts.models import Draft
from buurtwerk.notices.models import Notice
from households import agreements
from households.agreements import breaches
from households.models import Contact, ContactAgreement, Household
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_household, make_member
from tests.households.test_contacts import NOTE, as_edited, detail, edit, errors, filled

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 16)
WHY = "Dit is niet zoals afgesproken. Zeg waarom je toch contact had."


@pytest.fixture
def noor():
    return make_user(first_name="Noor")


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


@pytest.fixture
def sofie(household):
    return make_user(centre=household.centre, first_name="Sofie")


def agree(household, **fields):
    agreement = ContactAgreement.objects.create(household=household, centre=household.centre, **fields)
    household.agreement = agreement
    return agreement


def address(household):
    return reverse("households:agreement", args=[household.code])


# What is a breach


@pytest.mark.parametrize(
    ("agreed", "contact", "said"),
    [
        ({}, {"mode": "phone"}, []),
        ({"channels": ["phone"]}, {"mode": "phone"}, []),
        ({"channels": ["phone"]}, {"mode": "home"}, ["Aan huis is niet afgesproken. Wel: bellen."]),
        ({"channels": ["phone"]}, {"mode": "door"}, ["Aan huis is niet afgesproken. Wel: bellen."]),
        (
            {"channels": ["message", "email"]},
            {"mode": "phone"},
            ["Bellen is niet afgesproken. Wel: bericht (sms of app) of e-mail."],
        ),
        # A square, a walk to a service and a talk with a partner are no channel to the family.
        ({"channels": ["phone"]}, {"mode": "street"}, []),
        ({"channels": ["phone"]}, {"mode": "partner_talk"}, []),
        ({"parts_of_day": ["morning"]}, {"mode": "phone", "part_of_day": "morning"}, []),
        ({"parts_of_day": ["morning"]}, {"mode": "phone", "at_time": time(11, 59)}, []),
        (
            {"parts_of_day": ["morning"]},
            {"mode": "phone", "at_time": time(12, 0)},
            ["De namiddag is niet afgesproken. Wel: ochtend."],
        ),
        (
            {"parts_of_day": ["morning"]},
            {"mode": "home", "part_of_day": "evening"},
            ["De avond is niet afgesproken. Wel: ochtend."],
        ),
        # Nobody is woken by a letter.
        ({"parts_of_day": ["morning"]}, {"mode": "card", "part_of_day": "evening"}, []),
        ({"weekdays": [1, 3]}, {"mode": "phone"}, []),
        ({"weekdays": [3, 4]}, {"mode": "phone"}, ["Maandag is niet afgesproken. Wel: woensdag of donderdag."]),
        ({"weekdays": [3]}, {"mode": "email"}, []),
        ({"pause_until": MONDAY}, {"mode": "email"}, ["Dit gezin vroeg rust tot en met maandag 16 november."]),
        ({"pause_until": MONDAY - timedelta(days=1)}, {"mode": "email"}, []),
        ({"pause_until": MONDAY + timedelta(days=2), "pause_from": MONDAY + timedelta(days=1)}, {"mode": "email"}, []),
        ({"pause_until": MONDAY}, {"mode": "partner_talk"}, []),
        ({"pause_until": MONDAY}, {"mode": "phone", "initiative": "resident"}, []),
        ({"channels": ["phone"]}, {"mode": "home", "initiative": "chance"}, []),
        ({"channels": ["phone"]}, {"mode": "home", "initiative": "us"}, ["Aan huis is niet afgesproken. Wel: bellen."]),
    ],
)
def test_what_breaks_an_agreement(household, agreed, contact, said):
    agree(household, **agreed)

    assert breaches(household, on=MONDAY, **contact) == said


def test_a_family_at_rest_is_left_in_peace_in_every_way(household):
    household.status = Household.Status.PAUSED

    assert breaches(household, mode="street", on=MONDAY) == ["Dit gezin staat op rust, op eigen vraag."]
    assert breaches(household, mode="home", on=MONDAY, initiative="resident") == []


def test_who_notes_today_without_an_hour_was_there_just_now(household):
    now = timezone.localtime()
    other_parts = [part for part in Contact.PartOfDay.values if part != agreements.part_of(now)]
    agree(household, parts_of_day=other_parts)

    assert len(breaches(household, mode="phone", on=now.date())) == 1
    assert breaches(household, mode="phone", on=now.date() - timedelta(days=1)) == []


# R10 on noteer


def test_r10_a_contact_against_the_agreement_waits_for_a_reason_and_keeps_what_was_typed(client, noor, household):
    agree(household, channels=["phone"], rather_not="Niet aan de deur")
    client.force_login(noor)

    response = client.post(NOTE, filled(household, note="Half getypt"))

    page = response.content.decode()
    assert errors(response) == {"override_reason": [WHY]}
    assert "Aan huis is niet afgesproken. Wel: bellen." in page
    assert "Niet aan de deur" in page and "Half getypt" in page
    assert Contact.objects.count() == 0
    client.post(NOTE, filled(household, note="Half getypt", override_reason="De bel bleef stuk."))
    contact = Contact.objects.get()
    assert contact.override_reason == "De bel bleef stuk."
    shown = client.get(detail(contact)).content.decode()
    assert "De bel bleef stuk." in shown and "niet zoals afgesproken" in shown


@pytest.mark.parametrize("outcome", Contact.Outcome.values)
def test_r10_an_attempt_breaks_it_as_much_as_a_talk(client, noor, household, outcome):
    agree(household, channels=["phone"])
    client.force_login(noor)

    assert "override_reason" in errors(client.post(NOTE, filled(household, outcome=outcome)))


def test_r10_a_family_at_rest_waits_for_a_reason(client, noor, household):
    Household.objects.update(status="paused")
    client.force_login(noor)

    assert "override_reason" in errors(client.post(NOTE, filled(household)))
    assert client.post(NOTE, filled(household, initiative="resident")).status_code == 302


def test_r10_the_vaste_buurtwerker_hears_of_it_without_a_name(client, noor, household, sofie):
    agree(household, channels=["phone"])
    household.colleagues.add(sofie)
    client.force_login(sofie)

    client.post(NOTE, filled(household, override_reason="Er was brand."))

    notice = Notice.objects.get()
    assert (notice.to, notice.url) == (noor, Contact.objects.get().get_absolute_url())
    assert notice.text == f"{household.code}: Sofie had contact tegen de contactafspraak (huisbezoek)."


def test_r10_nobody_is_told_of_what_they_did_themselves(client, noor, household):
    agree(household, channels=["phone"])
    client.force_login(noor)

    client.post(NOTE, filled(household, override_reason="Er was brand."))

    assert Notice.objects.count() == 0


def test_a_reason_that_nobody_asked_for_is_not_kept(client, noor, household, sofie):
    agree(household, channels=["home"])
    client.force_login(sofie)

    client.post(NOTE, filled(household, override_reason="Zomaar"))

    assert Contact.objects.get().override_reason == ""
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    "wrong", ["x" * 301, "85.07.30-033.28", "a\x00b", "   "], ids=["long", "national number", "NUL", "blank"]
)
def test_a_bad_reason_is_refused_and_kept(client, noor, household, wrong):
    agree(household, channels=["phone"])
    client.force_login(noor)

    response = client.post(NOTE, filled(household, override_reason=wrong, note="Half getypt"))

    assert "override_reason" in errors(response)
    assert response.context["form"]["note"].value() == "Half getypt"
    assert Contact.objects.count() == 0


def test_the_agreement_is_said_as_soon_as_the_family_and_the_way_are_tapped(client, noor, household):
    agree(household, channels=["message"], hours="na 14 uur")
    client.force_login(noor)
    assert "na 14 uur" in client.get(NOTE, {"gezin": household.code}).content.decode()

    page = client.post(
        reverse("households:note-look"), filled(household, mode="phone"), headers={"HX-Request": "true"}
    ).content.decode()

    assert 'id="afspraak" hx-swap-oob="innerHTML"' in page
    assert "Bellen is niet afgesproken" in page and 'name="override_reason"' in page


def test_a_change_that_breaks_the_agreement_waits_for_a_reason_too(client, noor, household, sofie):
    agree(household, channels=["phone"])
    client.force_login(sofie)
    client.post(NOTE, filled(household, mode="phone"))
    contact = Contact.objects.get()

    refused = client.post(edit(contact), as_edited(contact, mode="home"))
    client.post(edit(contact), as_edited(contact, mode="home", override_reason="Vergist van vorm."))

    assert errors(refused) == {"override_reason": [WHY]}
    contact.refresh_from_db()
    assert (contact.mode, contact.override_reason) == ("home", "Vergist van vorm.")
    assert Notice.objects.get().to == noor


def test_an_agreement_of_today_does_not_stop_a_better_word_in_a_note_of_yesterday(client, noor, household):
    client.force_login(noor)
    client.post(NOTE, filled(household))
    contact = Contact.objects.get()
    agree(household, channels=["phone"])

    assert client.post(edit(contact), as_edited(contact, note="Beter")).status_code == 302


# R10 on the page of the family


def test_r10_a_number_is_no_button_when_calling_is_not_agreed(client, noor, household):
    make_member(household, phone="0470 11 22 33")
    agree(household, channels=["message"])
    client.force_login(noor)

    page = client.get(household.get_absolute_url()).content.decode()

    warning = page[page.index("Toch bellen?") :]
    assert "Bellen is niet afgesproken. Wel: bericht (sms of app)." in warning
    assert page.count("tel:0470112233") == warning.count("tel:0470112233") == 1


def test_calling_that_is_agreed_stays_one_tap(client, noor, household):
    make_member(household, phone="0470 11 22 33")
    agree(household, channels=["phone"])
    client.force_login(noor)

    page = client.get(household.get_absolute_url()).content.decode()

    assert "Toch bellen?" not in page
    assert "tel:0470112233" in page


def test_r10_an_address_is_no_button_when_mail_is_not_agreed(client, noor, household):
    member = make_member(household, email="samira@voorbeeld.be")
    person_page = reverse("households:person", args=[household.code, member.pk])
    client.force_login(noor)
    assert "Toch mailen?" not in client.get(person_page).content.decode()

    agree(household, channels=["phone"])

    page = client.get(person_page).content.decode()
    assert page.index("E-mail is niet afgesproken. Wel: bellen.") < page.index("mailto:samira@voorbeeld.be")


# Making it


def test_everything_that_is_agreed_is_kept_and_shown(client, noor, household):
    client.force_login(noor)

    client.post(
        address(household),
        {
            "loaded_version": 0,
            "channels": ["phone"],
            "parts_of_day": ["morning"],
            "weekdays": ["5", "1"],
            "hours": "na 9 uur",
            "via": "de zus",
            "rather_not": "Niet aanbellen.",
        },
    )

    agreement = ContactAgreement.objects.get()
    assert (agreement.weekdays, agreement.parts_of_day) == ([1, 5], ["morning"])
    page = client.get(household.get_absolute_url()).content.decode()
    for words in ("Bellen", "maandag, vrijdag; ochtend", "na 9 uur", "de zus", "Niet aanbellen."):
        assert words in page
    form = client.get(address(household)).content.decode()
    assert 'value="5"' in form and form.count("checked") == 4


@pytest.mark.parametrize("wrong", [{"weekdays": ["8"]}, {"weekdays": ["zondag"]}, {"parts_of_day": ["nacht"]}])
def test_a_day_or_part_of_it_that_does_not_exist_is_refused(client, noor, household, wrong):
    client.force_login(noor)

    response = client.post(address(household), {"loaded_version": 0, "hours": "na 9 uur", **wrong})

    assert set(errors(response)) == set(wrong)
    assert not ContactAgreement.objects.exists()


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("agreement_days_of_the_week", {"weekdays": [8]}),
        ("agreement_days_of_the_week", {"weekdays": [0]}),
        ("agreement_parts_of_the_day", {"parts_of_day": ["nacht"]}),
        ("agreement_rest_runs_forward", {"pause_from": timezone.localdate()}),
        ("agreement_rest_runs_forward", {"pause_from": timezone.localdate(), "pause_until": "2026-01-01"}),
    ],
)
def test_the_database_refuses_days_that_do_not_exist_and_a_rest_that_runs_backwards(household, constraint, wrong):
    with breaks(constraint):
        agree(household, **wrong)


def test_rest_begins_on_the_day_it_is_asked_and_not_again_when_it_is_made_longer(client, noor, household):
    client.force_login(noor)
    today = timezone.localdate()
    client.post(address(household), {"loaded_version": 0, "pause_until": today + timedelta(days=5)})
    agreement = ContactAgreement.objects.get()
    assert agreement.pause_from == today
    ContactAgreement.objects.update(pause_from=today - timedelta(days=3))

    client.post(address(household), {"loaded_version": 1, "pause_until": today + timedelta(days=9)})

    agreement.refresh_from_db()
    assert agreement.pause_from == today - timedelta(days=3)
    client.post(address(household), {"loaded_version": 2, "pause_until": ""})
    agreement.refresh_from_db()
    assert (agreement.pause_from, agreement.pause_until) == (None, None)


def test_a_day_that_came_from_a_draft_is_judged_all_the_same(client, noor, household):
    client.force_login(noor)
    Draft.objects.keep(
        user=noor,
        form="contactafspraak",
        subject=household.code,
        title="Contactafspraak",
        address=address(household),
        typed={"pause_until": ["2062-01-01"], "weekdays": ["2", "3"]},
    )
    assert client.get(address(household)).content.decode().count("checked") == 2

    response = client.post(address(household), {"loaded_version": 0, "pause_until": "2062-01-01"})

    assert "pause_until" in errors(response)


def test_a_colleague_outside_the_file_team_does_not_change_it(client, household, sofie):
    client.force_login(sofie)

    assert client.get(address(household)).status_code == 403
    assert client.post(address(household), {"loaded_version": 0, "hours": "altijd"}).status_code == 403
    assert not ContactAgreement.objects.exists()
