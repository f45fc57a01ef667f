"""What someone typed survives a session that is gone, and is read again without being in the way."""

import pytest
from django.contrib.sessions.models import Session

from households.models import Contact
from tests.browser.test_main_jobs import tap

pytestmark = pytest.mark.django_db(transaction=True)


def test_r6_what_was_typed_is_still_there_after_the_session_is_gone(visitor):
    noor = visitor().signs_in_as("noor")
    noor.goes_to("/team/noteer/")
    tap(noor, "Gezin van Fatuma")
    typed = "De verwarming is stuk. " * 20
    # The page keeps what is typed by itself, two seconds after the last letter.
    with noor.page.expect_response(lambda kept: "verwarming" in (kept.request.post_data or "")):
        noor.page.fill("textarea[name=note]", typed)
    Session.objects.all().delete()

    tap(noor, "Huisbezoek")
    tap(noor, "Gesproken")
    tap(noor, "Bewaar")
    noor.page.wait_for_url("**/team/aanmelden/**")
    noor.page.fill("[name=username]", "noor")
    noor.page.fill("[name=password]", "buurtwerk-demo")
    noor.page.locator("main form button").first.click()
    noor.page.wait_for_load_state("load")
    noor.goes_to("/team/noteer/")

    assert noor.page.input_value("textarea[name=note]").strip() == typed.strip()
    assert not Contact.objects.filter(note__startswith="De verwarming is stuk.").exists()


def test_hints_stand_beside_a_note_and_block_nothing(visitor):
    noor = visitor().signs_in_as("noor")
    noor.goes_to("/team/noteer/")
    tap(noor, "Gezin van Fatuma")
    noor.page.fill("textarea[name=note]", "Haar broer is lui.")
    noor.page.locator("textarea[name=note]").blur()

    noor.page.locator("#nalezen strong", has_text="lui").wait_for()
    tap(noor, "Huisbezoek")
    tap(noor, "Gesproken")
    tap(noor, "Bewaar")
    noor.page.get_by_role("button", name="Maak ongedaan").wait_for()

    assert Contact.objects.filter(note="Haar broer is lui.").exists()


def test_without_scripts_a_sentence_is_marked_and_everything_typed_comes_back(visitor):
    noor = visitor(scripts=False).signs_in_as("noor")
    noor.goes_to("/team/noteer/")
    tap(noor, "Gezin van Fatuma")
    tap(noor, "Huisbezoek")
    noor.page.fill("textarea[name=note]", "Ze verhuist in mei.")

    tap(noor, "Lees na")
    tap(noor, "Gehoord")
    tap(noor, "Neem over")

    assert noor.page.input_value("textarea[name=note]") == "Gehoord: Ze verhuist in mei."
    assert noor.page.get_by_label("Huisbezoek").is_checked()
    assert noor.page.get_by_label("Gezin van Fatuma").is_checked()
