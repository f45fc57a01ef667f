import os

import pytest
from django.core.management import call_command

from buurtwerk.demo.management.commands import demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(monkeypatch, settings):
    """What the demo would start, without loading or starting it."""
    started = {}
    settings.SITE_URL = "http://127.0.0.1:8000"
    monkeypatch.setenv("SITE_URL", "")
    monkeypatch.delenv("SITE_URL")
    monkeypatch.setattr(demo, "call_command", lambda *names, **options: None)
    monkeypatch.setattr(demo, "load_demo", lambda: None)
    monkeypatch.setattr(demo, "collect_static", lambda: None)
    monkeypatch.setattr(
        demo, "serve", lambda **options: started.update(options, site=(os.environ["SITE_URL"], settings.SITE_URL))
    )
    return started


def test_feeds_lead_to_the_port_that_was_asked_for(served):
    call_command("demo", port=8300)

    assert served["port"] == 8300
    assert served["site"] == ("http://127.0.0.1:8300", "http://127.0.0.1:8300")


def test_an_address_that_was_set_stays(served, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://buurtwerk.voorbeeld.be")

    call_command("demo", port=8300)

    assert served["site"] == ("https://buurtwerk.voorbeeld.be", "http://127.0.0.1:8000")
