"""Tom calls the roll of 25 children on a phone of 390 pixels wide: with scripts, without, and without internet."""

import pytest
from django.utils import timezone

from activities.models import Attendance, Session
from activities.roll import roll_of

pytestmark = pytest.mark.django_db(transaction=True)
AWAY = ["Bram C.", "Finn M.", "Jana W.", "Louis J.", "Sem W.", "Tess H."]


@pytest.fixture
def session(demo_centre):
    return Session.objects.on(timezone.localdate()).get(series__slug="speelnamiddag")


def opens_the_roll(visitor):
    """From Vandaag: the first button."""
    visitor.page.locator("main .btn-1").first.click()
    visitor.page.wait_for_load_state("load")
    return visitor.page


def tap(visitor, name):
    visitor.page.locator(".roll label", has_text=name).click()
    visitor.taps += 1


def says(page, words):
    page.locator("#teller", has_text=words).wait_for(timeout=30_000)


@pytest.mark.parametrize("scripts", [True, False])
def test_twenty_five_children_in_eight_taps(visitor, session, scripts):
    tom = visitor(scripts=scripts).signs_in_as("tom")
    page = opens_the_roll(tom)
    says(page, "0 van 25 aanwezig")
    heights = page.locator(".roll label").evaluate_all("rows => rows.map((row) => row.getBoundingClientRect())")
    assert min(box["height"] for box in heights) >= 52
    assert len({round(box["x"]) for box in heights}) == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("button", name="Iedereen die verwacht is").click()
    tom.taps += 1
    says(page, "25 van 25 aanwezig")
    for name in AWAY:
        tap(tom, name)
    if scripts:
        says(page, "19 van 25 aanwezig")
    page.get_by_role("button", name="Klaar").click()
    tom.taps += 1
    page.get_by_text("Bewaard: 19 van 25 aanwezig.").wait_for()

    assert tom.taps == 8
    assert {row.participant.short_name for row in roll_of(session).rows if not row.is_here} == set(AWAY)
    # Each tap is one row, and the button at the end adds none to what was saved.
    assert Attendance.objects.filter(session=session).count() == 25 + len(AWAY)


def test_the_first_names_stand_on_the_screen_at_once(visitor, session):
    tom = visitor().signs_in_as("tom")
    page = opens_the_roll(tom)

    bottom = page.locator(".savebar").bounding_box()["y"]
    rows = page.locator(".roll label").evaluate_all("rows => rows.map((row) => row.getBoundingClientRect().bottom)")
    # Rows with marks are taller than the others.
    assert sum(row <= bottom for row in rows) >= 8


def test_without_internet_a_tick_waits_and_is_sent_once_with_the_time_it_happened(visitor, session):
    tom = visitor().signs_in_as("tom")
    page = opens_the_roll(tom)
    page.context.set_offline(True)
    tap(tom, "Aya B.")
    page.locator(".wait:visible").wait_for()
    page.get_by_text("1 vinkje is nog niet bewaard").wait_for(timeout=15_000)
    tapped = timezone.now()
    assert not Attendance.objects.filter(session=session).exists()
    # htmx keeps the path of the page, and nothing of a child.
    kept = page.evaluate("Object.values({...localStorage, ...sessionStorage})")
    assert set(kept) <= {f"/team/momenten/{session.code}/aanwezig/"}

    page.context.set_offline(False)
    page.locator(".wait:visible").wait_for(state="hidden", timeout=15_000)

    row = Attendance.objects.get(session=session)
    assert row.state == "present" and row.at < tapped


def test_an_answer_that_is_lost_on_the_way_back_counts_once(visitor, session):
    tom = visitor().signs_in_as("tom")
    page = opens_the_roll(tom)
    lost = []

    def arrives_but_no_answer(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/tik/", arrives_but_no_answer)
    tap(tom, "Aya B.")
    page.locator(".wait:visible").wait_for()
    page.locator(".wait:visible").wait_for(state="hidden", timeout=15_000)

    assert lost and Attendance.objects.filter(session=session).count() == 1


def test_two_phones_see_each_others_ticks(visitor, session):
    tom, els = visitor().signs_in_as("tom"), visitor().signs_in_as("els")
    page = opens_the_roll(tom)
    els.goes_to(f"/team/momenten/{session.code}/aanwezig/")

    tap(els, "Aya B.")
    says(els.page, "1 van 25 aanwezig")
    tap(tom, "Bram C.")

    says(page, "2 van 25 aanwezig")
    assert page.locator("label", has_text="Aya B.").locator("input").is_checked()
