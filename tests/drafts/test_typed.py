from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.rowlevel import asking
from buurtwerk.drafts.expiry import erase_outdated_drafts
from buurtwerk.drafts.models import Draft
from buurtwerk.interface.templatetags.look import day
from tests.breaking import breaks
from tests.factories import make_user

pytestmark = pytest.mark.django_db

TYPED = {
    "draft_form": "contact",
    "draft_subject": "42",
    "draft_title": "Contact met Samira",
    "draft_address": "/team/noteer/?gezin=HH-2026-0042",
    "csrfmiddlewaretoken": "geheim",
    "note": "De verwarming is stuk.",
    "themes": ["housing", "energy_water"],
}

# A draft about a family that its typist may not know of is not listed.
ABOUT_NOBODY = {**TYPED, "draft_subject": "", "draft_address": "/team/noteer/"}


def test_what_is_typed_is_kept_and_typed_on(client):
    noor = make_user()
    client.force_login(noor)

    client.post(reverse("drafts:keep"), TYPED)
    client.post(reverse("drafts:keep"), {**TYPED, "note": "De verwarming is stuk. Morgen bellen."})

    draft = Draft.objects.get()
    assert draft.typed == {"note": ["De verwarming is stuk. Morgen bellen."], "themes": ["housing", "energy_water"]}
    assert Draft.objects.of(user=noor, form="contact", subject="42") == draft


def test_a_character_that_cannot_be_stored_does_not_cost_the_rest(client):
    client.force_login(make_user())

    response = client.post(reverse("drafts:keep"), {**TYPED, "note": "De verwarming\x00 is stuk.", "no\x00te": "x"})

    assert response.status_code == 200
    assert Draft.objects.get().typed["note"] == ["De verwarming is stuk."]


def test_a_draft_is_listed_for_who_typed_it_and_nobody_else(client):
    noor, els = make_user(), make_user()
    client.force_login(noor)
    client.post(reverse("drafts:keep"), ABOUT_NOBODY)

    assert "Contact met Samira" in client.get(reverse("drafts:list")).content.decode()

    client.force_login(els)
    assert "Contact met Samira" not in client.get(reverse("drafts:list")).content.decode()
    assert client.post(reverse("drafts:discard", args=[Draft.objects.get().pk])).status_code == 404


def test_the_database_itself_shows_a_draft_to_nobody_else():
    noor, els = make_user(), make_user()
    Draft.objects.keep(user=noor, form="contact", subject="", title="Contact", address="/team/noteer/", typed={})

    with asking(centres=noor.centre_ids, user=els.pk):
        assert Draft.objects.count() == 0


def test_a_draft_can_be_thrown_away(client):
    noor = make_user()
    client.force_login(noor)
    client.post(reverse("drafts:keep"), TYPED)

    client.post(reverse("drafts:discard", args=[Draft.objects.get().pk]))

    assert not Draft.objects.exists()


@pytest.mark.parametrize("address", ["https://elders.example/", "//elders.example/team/", "/team/\x00", ""])
def test_a_draft_only_leads_back_to_a_page_of_the_team(client, address):
    client.force_login(make_user())

    response = client.post(reverse("drafts:keep"), {**TYPED, "draft_address": address})

    assert response.status_code == 400
    assert not Draft.objects.exists()


def test_a_draft_goes_after_seven_days_and_the_page_says_when(client):
    noor = make_user()
    client.force_login(noor)
    client.post(reverse("drafts:keep"), ABOUT_NOBODY)
    young = Draft.objects.get()
    assert f"Blijft tot {day(young.kept_until)}." in client.get(reverse("drafts:list")).content.decode()
    client.post(reverse("drafts:keep"), {**TYPED, "draft_subject": "oud"})
    Draft.objects.exclude(pk=young.pk).update(changed_at=timezone.now() - timedelta(days=8))

    assert erase_outdated_drafts() == 1
    assert Draft.objects.get() == young


def test_the_database_keeps_one_draft_per_form_and_subject():
    draft = {"user": make_user(), "form": "contact", "subject": "42"}
    Draft.objects.create(**draft)

    with breaks("draft_per_form_and_subject"):
        Draft.objects.create(**draft)
