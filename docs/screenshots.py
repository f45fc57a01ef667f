"""Takes the pictures of the README from a running demo: `uv run python docs/screenshots.py [address]`."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
PHONE = {"width": 390, "height": 844}


def main(base):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=PHONE, locale="nl-BE")
        page.goto(f"{base}/?wie=a611")
        page.screenshot(path=HERE / "agenda.png")
        page.goto(f"{base}/team/aanmelden/")
        page.fill("[name=username]", "noor")
        page.fill("[name=password]", "buurtwerk-demo")
        page.locator("main form button").first.click()
        page.wait_for_url(f"{base}/team/")
        page.screenshot(path=HERE / "vandaag.png")
        page.goto(f"{base}/team/gezinnen/HH-2026-0001/")
        page.screenshot(path=HERE / "gezin.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
