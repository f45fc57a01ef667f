"""Two minutes before a sign-in ends by itself, the page says so; here with limits of a few seconds more than that."""

from datetime import timedelta

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def limits(settings):
    def set_to(*, idle, at_most):
        settings.SESSION_IDLE, settings.SESSION_AT_MOST = timedelta(seconds=idle), timedelta(seconds=at_most)

    set_to(idle=1800, at_most=12 * 3600)
    return set_to


def bar(visitor):
    return visitor.page.locator(".session")


def test_who_types_a_long_note_is_warned_and_stays(visitor, limits):
    noor = visitor().signs_in_as("noor")
    noor.goes_to("/team/noteer/")
    assert not bar(noor).is_visible()
    # From here on two minutes and a half are left, and the page believes that one is over.
    limits(idle=150, at_most=12 * 3600)
    noor.page.clock.install()
    noor.goes_to("/team/noteer/")
    noor.page.fill("textarea[name=note]", "De verwarming is stuk.")
    assert not bar(noor).is_visible()

    noor.page.clock.run_for(100_000)
    bar(noor).get_by_text("Binnen twee minuten word je afgemeld").wait_for()
    limits(idle=1800, at_most=12 * 3600)
    with noor.page.expect_response("**/aanmelden/blijf/") as answer:
        bar(noor).get_by_role("button", name="Blijf aangemeld").click()

    assert answer.value.status == 200
    bar(noor).wait_for(state="hidden")
    assert noor.page.input_value("textarea[name=note]") == "De verwarming is stuk."
    noor.page.wait_for_function("document.activeElement.name === 'note'")


def test_the_twelve_hours_are_said_but_not_stretched(visitor, limits):
    noor = visitor().signs_in_as("noor")
    limits(idle=1800, at_most=100)

    noor.goes_to("/team/noteer/")

    bar(noor).get_by_text("meld opnieuw aan").wait_for()
    assert not bar(noor).get_by_role("button").is_visible()


def test_when_it_is_over_the_page_stays_and_says_so(visitor, limits):
    noor = visitor().signs_in_as("noor")
    noor.page.clock.install()
    noor.goes_to("/team/noteer/")
    noor.page.fill("textarea[name=note]", "De verwarming is stuk.")
    # Keeping the draft is a sign of life: from then on half an hour is counted.
    with noor.page.expect_response("**/team/concepten/**"):
        noor.page.clock.run_for(15_000)
    noor.page.wait_for_load_state("networkidle")

    noor.page.clock.run_for(2_000_000)

    bar(noor).get_by_text("Je bent afgemeld. Meld opnieuw aan").wait_for()
    assert noor.page.input_value("textarea[name=note]") == "De verwarming is stuk."
