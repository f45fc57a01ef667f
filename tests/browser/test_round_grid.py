"""The grid of a round, with a keyboard and nothing else: twenty doors in one save, one bad row kept."""

import pytest
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.places.models import Centre
from households.models import Contact, Household, RoundDoor
from tests.households.factories import make_round

pytestmark = pytest.mark.django_db(transaction=True)

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture
def twenty(demo_centre):
    """A round of Noor with twenty doors where everyone may ring."""
    noor = User.objects.get(username="noor")
    centre = Centre.objects.get(slug="buurtcentrum-hoogland")
    families = Household.objects.followed().filter(centre=centre, primary_worker=noor, agreement=None, status="active")[
        :20
    ]
    return make_round(noor, doors=families, centre=centre, neighbourhood=centre.neighbourhood)


def type_row(page, *, mode, outcome, minutes):
    """From the code of a row to the code of the next one, as hands do it: never off the keyboard."""
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(mode)
    page.keyboard.press("Tab")
    page.keyboard.type(outcome)
    page.keyboard.press("Tab")
    page.keyboard.type(minutes)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    # A day is three fields in one.
    while page.evaluate("document.activeElement.type") == "date":
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")


@pytest.mark.parametrize(("scripts", "viewport"), [(True, DESK), (False, DESK), (True, PHONE)])
def test_twenty_doors_in_one_save_and_the_bad_row_stays(visitor, twenty, scripts, viewport):
    noor = visitor(scripts=scripts, viewport=viewport).signs_in_as("noor")
    page, before = noor.page, Contact.objects.count()
    noor.goes_to(f"{twenty.get_absolute_url()}invullen/")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    page.locator("[name='1-code']").focus()
    for number in range(1, 21):
        type_row(page, mode="Aan", outcome="Ges", minutes="een uurtje" if number == 7 else "10")
    page.locator("[name='20-code']").focus()
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()

    assert Contact.objects.count() == before + 19
    assert noor.sees("19 contacten zijn bewaard.")
    assert page.locator("[name='7-minutes']").input_value() == "een uurtje"
    assert page.locator("text=Bewaard:").count() == 19
    page.locator("[name='7-minutes']").fill("60")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{twenty.get_absolute_url()}")
    assert Contact.objects.filter(round=twenty, happened_on=timezone.localdate()).count() == 20
    assert not RoundDoor.objects.filter(round=twenty, contact=None).exists()


def test_what_was_typed_is_there_again_after_the_session_was_gone(visitor, twenty):
    noor = visitor(viewport=DESK).signs_in_as("noor")
    address = f"{twenty.get_absolute_url()}invullen/"
    noor.goes_to(address)

    noor.page.locator("[name='1-note']").fill("Kwam net thuis van het werk.")
    with noor.page.expect_response(lambda response: response.url.endswith("/bewaar/")):
        noor.page.locator("[name='2-note']").focus()
    noor.page.context.clear_cookies()
    noor.page.get_by_role("button", name="Bewaar alles").click()
    noor.page.wait_for_load_state()
    noor.signs_in_as("noor")
    noor.goes_to(address)

    assert noor.page.locator("[name='1-note']").input_value() == "Kwam net thuis van het werk."
