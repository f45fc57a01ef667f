"""The three main jobs, in a real Chromium on a phone of 390 pixels wide, at the demo centre."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activities.models import Session
from households.models import Contact, Household, Referral
from signals.models import Signal

pytestmark = pytest.mark.django_db(transaction=True)


def tap(visitor, label):
    """One tap on a tile, chip or button that says exactly this."""
    page = visitor.page
    tile = page.locator("label", has_text=label).locator("visible=true")
    target = tile if tile.count() else page.get_by_role("button", name=label, exact=True)
    target.first.click()
    visitor.taps += 1


@pytest.mark.parametrize("scripts", [True, False])
def test_noor_notes_a_home_visit_with_a_recent_family_in_four_taps(visitor, scripts):
    noor = visitor(scripts=scripts).signs_in_as("noor")
    family = Household.objects.get(nickname="Gezin van Fatuma")
    before = Contact.objects.count()
    noor.goes_to("/team/noteer/")

    tap(noor, "Gezin van Fatuma")
    tap(noor, "Huisbezoek")
    tap(noor, "Gesproken")
    tap(noor, "Bewaar")
    noor.page.wait_for_url(f"**{family.get_absolute_url()}")

    assert noor.taps == 4
    assert Contact.objects.count() == before + 1
    newest = noor.page.locator("ol.line > li").first
    assert "Huisbezoek" in newest.inner_text()
    assert "vandaag" in newest.inner_text().lower() or f"{timezone.localdate():%-d}" in newest.inner_text()
    contact = Contact.objects.order_by("-pk").first()
    assert (contact.household, contact.mode, contact.outcome, contact.minutes) == (family, "home", "talked", None)


def test_a_double_tap_on_bewaar_saves_once(visitor):
    noor = visitor().signs_in_as("noor")
    before = Contact.objects.count()
    noor.goes_to("/team/noteer/")
    tap(noor, "Zonder naam")
    tap(noor, "Op straat")
    tap(noor, "Gesproken")

    noor.page.get_by_role("button", name="Bewaar", exact=True).dblclick()
    noor.page.get_by_role("button", name="Maak ongedaan").wait_for()

    assert Contact.objects.count() == before + 1


def test_a_save_that_lacks_something_keeps_what_was_typed(visitor):
    noor = visitor().signs_in_as("noor")
    noor.goes_to("/team/noteer/")
    noor.page.fill("textarea[name=note]", "De verwarming is stuk.")

    tap(noor, "Bewaar")
    noor.page.get_by_role("alert").wait_for()

    assert noor.page.title().startswith("Fout:")
    assert noor.page.input_value("textarea[name=note]") == "De verwarming is stuk."
    assert noor.page.evaluate("document.activeElement.getAttribute('role')") == "alert"


def test_the_green_message_takes_a_contact_back(visitor):
    noor = visitor().signs_in_as("noor")
    before = Contact.objects.count()
    noor.goes_to("/team/noteer/")
    for label in ("Gezin van Fatuma", "Telefoon", "Niet bereikt", "Bewaar"):
        tap(noor, label)

    noor.page.get_by_role("button", name="Maak ongedaan").click()
    noor.page.wait_for_load_state("load")

    assert Contact.objects.count() == before


def test_els_weighs_a_new_signal_and_takes_it_on(visitor):
    els = visitor().signs_in_as("els")
    signal = Signal.objects.filter(status="new").order_by("pk").first()
    els.goes_to("/team/")
    els.page.locator(f'a[href="{signal.get_absolute_url()}"]').first.click()

    els.page.fill("[name=summary]", "Mensen vragen om dit samen te bekijken.")
    els.page.get_by_role("button", name="Bewaar en neem zelf op").click()
    els.page.wait_for_load_state("load")

    signal.refresh_from_db()
    assert signal.status == "assigned"
    assert signal.assigned_to.username == "els"


def test_a_referral_without_consent_is_refused_and_nothing_typed_is_lost(visitor):
    noor = visitor().signs_in_as("noor")
    family = Household.objects.get(nickname="Gezin van Fatuma")
    before = Referral.objects.count()
    noor.goes_to(f"{family.get_absolute_url()}doorverwijzen/")
    noor.page.fill("[name=need]", "Fatuma zoekt een grotere woning.")
    noor.page.select_option("[name=theme]", "housing")
    noor.page.get_by_label("Voornaam").check()

    noor.page.get_by_role("button", name="Geef door").click()
    noor.page.wait_for_load_state("load")

    assert Referral.objects.count() == before
    assert noor.sees("Zonder toestemming kan je niets doorgeven.")
    assert noor.page.input_value("[name=need]") == "Fatuma zoekt een grotere woning."
    assert noor.page.input_value("[name=theme]") == "housing"
    assert noor.page.get_by_label("Voornaam").is_checked()


FOR_SEVEN = ["speelnamiddag", "vakantiewerking"]


def next_wednesday():
    today = timezone.localdate()
    return today + timedelta(days=(2 - today.weekday()) % 7)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_resident_finds_what_there_is_for_a_seven_year_old_on_wednesday_in_two_taps(visitor, scripts):
    resident = visitor(scripts=scripts)
    resident.goes_to("/")

    resident.page.get_by_role("link", name="6 tot 11 jaar").click()
    resident.page.get_by_role("link", name=f"woensdag {next_wednesday().day}").first.click()
    resident.page.wait_for_load_state("load")

    # In a holiday it is the vakantiewerking, on a public holiday nothing: what it is, comes from the demo's calendar.
    expected = Session.objects.public().planned().on(next_wednesday()).filter(series__slug__in=FOR_SEVEN)
    titles = [session.series.title for session in expected.select_related("series")]
    first = resident.page.locator("li.act" if titles else ".empty").first
    assert first.bounding_box()["y"] < 844
    for title in titles:
        assert resident.page.get_by_role("link", name=title).count() == 1
    assert resident.page.context.cookies() == []
    assert resident.page.locator("script").count() == 0


def test_a_resident_sees_that_a_moment_is_cancelled_and_why(visitor):
    resident = visitor()
    moment = Session.objects.public().filter(status="cancelled").order_by("starts_at").first()

    resident.goes_to(moment.public_url)

    assert resident.sees("Gaat niet door")
    assert resident.sees(moment.reason_public)


@pytest.mark.parametrize("username", ["mia", "lena"])
def test_who_does_not_work_with_families_finds_no_way_to_them(visitor, username):
    someone = visitor().signs_in_as(username)
    family = Household.objects.get(nickname="Gezin van Fatuma")

    assert someone.page.locator('a[href^="/team/gezinnen"]').count() == 0
    for path in ("/team/gezinnen/", family.get_absolute_url(), "/team/gezinnen/?q=Fatuma"):
        response = someone.page.goto(someone.base + path)
        assert response.status in (403, 404)
        assert "Fatuma" not in someone.page.content()
