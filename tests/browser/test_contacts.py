"""Noting a contact in a real Chromium: four taps, who reads it, what was agreed (scenarios 1 and 6)."""

import pytest
from django.utils import timezone

from households.models import Contact, ContactAgreement, Household
from tests.browser.test_main_jobs import tap

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_scenario_1_a_door_visit_in_four_taps_and_a_second_tap_adds_nothing(visitor, scripts):
    noor = visitor(scripts=scripts).signs_in_as("noor")
    family = Household.objects.get(nickname="Gezin van Fatuma")
    before = Contact.objects.count()
    noor.goes_to("/team/noteer/")
    for label in ("Gezin van Fatuma", "Huisbezoek", "Gesproken"):
        tap(noor, label)

    noor.page.get_by_role("button", name="Bewaar", exact=True).dblclick()
    noor.page.get_by_role("button", name="Maak ongedaan").wait_for()

    assert noor.taps == 3
    assert Contact.objects.count() == before + 1
    contact = Contact.objects.order_by("-pk").first()
    assert (contact.household, contact.mode, contact.outcome) == (family, "home", "talked")
    assert (contact.author.username, contact.happened_on) == ("noor", timezone.localdate())
    assert (contact.minutes, contact.visibility, contact.created_at.date()) == (None, "file", timezone.now().date())
    family.refresh_from_db()
    assert family.last_reached_on == timezone.localdate()
    noor.goes_to("/team/noteer/")
    assert noor.page.locator("label", has_text="Gezin van Fatuma").first.is_visible()


def test_who_reads_a_note_and_what_was_agreed_appear_while_tapping(visitor):
    noor = visitor().signs_in_as("noor")
    family = Household.objects.get(nickname="Gezin van Fatuma")
    ContactAgreement.objects.create(household=family, centre=family.centre, channels=["phone"])
    noor.goes_to("/team/noteer/")
    noor.page.fill("textarea[name=note]", "De verwarming is stuk.")

    tap(noor, "Gezin van Fatuma")
    tap(noor, "Huisbezoek")
    noor.page.get_by_text("Aan huis is niet afgesproken").wait_for()
    noor.page.get_by_text("Wie mag dit lezen", exact=True).first.click()
    noor.page.get_by_text("Els (coördinator)").wait_for()
    noor.page.get_by_text("Enkel ik: een werknota").click()
    noor.page.get_by_text("Niemand anders. Na 90 dagen is deze werknota weg.").wait_for()
    tap(noor, "Gesproken")
    tap(noor, "Bewaar")
    noor.page.get_by_role("alert").wait_for()

    assert noor.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert noor.page.input_value("textarea[name=note]") == "De verwarming is stuk."
    noor.page.fill("[name=override_reason]", "De bel van de buren ging niet.")
    tap(noor, "Bewaar")
    noor.page.get_by_role("button", name="Maak ongedaan").wait_for()
    assert Contact.objects.order_by("-pk").first().override_reason == "De bel van de buren ging niet."


def test_who_reads_a_note_is_said_without_scripts(visitor):
    noor = visitor(scripts=False).signs_in_as("noor")
    before = Contact.objects.count()
    noor.goes_to("/team/noteer/")
    noor.page.fill("textarea[name=note]", "De verwarming is stuk.")
    tap(noor, "Gezin van Fatuma")
    noor.page.get_by_text("Wie mag dit lezen", exact=True).first.click()

    noor.page.get_by_role("button", name="Wie kan dit lezen?").click()
    noor.page.wait_for_load_state("load")

    assert noor.sees("Els (coördinator)")
    assert noor.page.input_value("textarea[name=note]") == "De verwarming is stuk."
    assert Contact.objects.count() == before


def test_enter_in_a_field_saves_and_does_not_only_look(visitor):
    noor = visitor(scripts=False).signs_in_as("noor")
    before = Contact.objects.count()
    noor.goes_to("/team/noteer/")
    for label in ("Gezin van Fatuma", "Huisbezoek", "Gesproken"):
        tap(noor, label)
    noor.page.get_by_text("Wie, wanneer, waar, hoe lang").click()
    noor.page.fill("[name=place]", "Aan de poort")

    noor.page.press("[name=place]", "Enter")
    noor.page.wait_for_load_state("load")

    assert Contact.objects.count() == before + 1


def test_scenario_6_bad_input_says_its_own_at_each_field_and_loses_nothing(visitor):
    youssef = visitor(scripts=False).signs_in_as("youssef")
    before = Contact.objects.count()
    youssef.goes_to("/team/noteer/")
    youssef.page.fill("textarea[name=note]", "woord " * 10_000)
    youssef.page.get_by_text("Wie, wanneer, waar, hoe lang").click()
    youssef.page.fill("[name=happened_on]", "2062-01-01")
    youssef.page.fill("[name=minutes]", "een uurtje")

    tap(youssef, "Bewaar")
    youssef.page.get_by_role("alert").wait_for()

    for words in ("Dit contact ligt in de toekomst", "Vul minuten in als een getal", "5000"):
        assert youssef.sees(words)
    assert youssef.page.input_value("[name=happened_on]") == "2062-01-01"
    assert youssef.page.input_value("[name=minutes]") == "een uurtje"
    assert len(youssef.page.input_value("textarea[name=note]")) > 59_000
    assert Contact.objects.count() == before
