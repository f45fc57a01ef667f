"""A real Chromium, where there is one. BROWSER_TESTS=required makes a missing one a failure."""

import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    if CHROMIUM is None and os.environ.get("BROWSER_TESTS") != "required":
        for item in items:
            if "browser" in item.path.parts:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser():
    assert CHROMIUM, "BROWSER_TESTS=required, and no Chromium was found"
    # Playwright keeps an event loop in this thread; Django may be used beside it, in order.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """Someone at a phone: opens pages, taps, and keeps count of the taps."""

    def __init__(self, page, base):
        self.page, self.base, self.taps = page, base, 0

    def goes_to(self, path):
        response = self.page.goto(self.base + path)
        assert response.status < 400, f"{path}: {response.status}"

    def taps_on(self, text, *, role=None):
        """One tap on the first thing that carries this text."""
        found = self.page.get_by_role(role, name=text) if role else self.page.get_by_text(text, exact=True)
        found.first.click()
        self.taps += 1

    def sees(self, text):
        return self.page.get_by_text(text).first.is_visible()

    def signs_in_as(self, username):
        self.goes_to("/team/aanmelden/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", "buurtwerk-demo")
        self.page.locator("main form button").first.click()
        self.page.wait_for_url(self.base + "/team/")
        return self


@pytest.fixture
def demo_centre(transactional_db):
    from buurtwerk.demo.loading import load_demo

    load_demo()


@pytest.fixture
def visitor(browser, live_server, demo_centre):
    """Makes visitors, each with cookies of their own; `scripts=False` for a browser without JavaScript."""
    contexts = []

    def make(*, scripts=True, viewport=PHONE):
        context = browser.new_context(
            viewport=viewport, java_script_enabled=scripts, locale="nl-BE", reduced_motion="reduce"
        )
        contexts.append(context)
        return Visitor(context.new_page(), live_server.url)

    yield make
    for context in contexts:
        context.close()
