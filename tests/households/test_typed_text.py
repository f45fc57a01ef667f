"""R6: no long text of a family or a signal is lost with a session. Every page with a textarea keeps a draft."""

import pytest
from django.urls import reverse

from buurtwerk.accounts.models import Membership, Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Draft
from tests.addresses import ADDRESSES, make_world, path_of
from tests.factories import make_user
from tests.households.factories import make_help_request, make_household
from tests.html import forms_of
from tests.signals.factories import make_signal

pytestmark = pytest.mark.django_db


def test_r6_every_page_with_a_long_text_keeps_a_draft(client):
    world = make_world()
    Membership.objects.create(user=world.worker, centre=world.centre, role=Role.COORDINATOR)
    client.force_login(world.worker)
    pages, without = 0, []
    for name, address in ADDRESSES.items():
        if address.method != "get" or name.partition(":")[0] not in ("households", "signals"):
            continue
        response = client.get(path_of(name, world))
        is_page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
        for form in forms_of(response.content.decode()) if is_page else ():
            if any(field.kind == "textarea" for field in form.fields.values()):
                pages += 1
                without += [name] if "draft_form" not in form.fields else []

    assert pages >= 5
    assert without == []


def test_a_draft_about_a_part_of_a_family_is_listed_for_who_may_know_of_the_family(client):
    household = make_household(restricted=True)
    stranger = make_user(centre=household.centre)
    for user in (household.primary_worker, stranger):
        with asking_as(user):
            Draft.objects.keep(
                user=user,
                form="afspraken",
                subject=f"{household.code} 12",
                title=f"Afspraken {household.code}",
                address="/team/",
                typed={},
            )

    client.force_login(household.primary_worker)
    assert f"Afspraken {household.code}" in client.get(reverse("drafts:list")).content.decode()
    client.force_login(stranger)
    assert household.code not in client.get(reverse("drafts:list")).content.decode()


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("help-request-create", "words"),
        ("follow-up-create", "what"),
        ("visit-note-create", "measure"),
        ("agreement", "rather_not"),
        ("close", "text"),
        ("plan-edit", "g0s0-what"),
        ("plan-edit", "own_words"),
    ],
)
def test_lees_na_stands_under_each_text_and_reads_it(client, name, field):
    household = make_household()
    client.force_login(household.primary_worker)
    page = client.get(reverse(f"households:{name}", args=[household.code])).content.decode()
    form = next(form for form in forms_of(page) if "draft_form" in form.fields)

    assert "Lees na" in page
    assert field in form.fields
    typed = {
        key: form.fields[key].values[-1] for key in ("draft_form", "draft_subject", "draft_title", "draft_address")
    }
    hints = client.post(
        reverse("households:reread"), {**typed, field: "De vader is lui."}, headers={"HX-Request": "true"}
    )

    assert "kwam de afspraak niet na" in hints.content.decode()


@pytest.mark.parametrize("which", ["end", "edit"])
def test_lees_na_stands_under_a_question_too(client, which):
    household = make_household()
    asked = make_help_request(household)
    client.force_login(household.primary_worker)

    assert "Lees na" in client.get(reverse(f"households:help-request-{which}", args=[asked.pk])).content.decode()


def test_a_half_written_draft_of_a_question_is_read_again_only_by_who_may_read_the_question(client):
    household = make_household()
    asked = make_help_request(household)
    youssef = make_user(centre=household.centre)
    with asking_as(youssef):
        Draft.objects.keep(
            user=youssef,
            form="hulpvraag-aanpassen",
            subject=str(asked.pk),
            title="Hulpvraag",
            address=reverse("households:help-request-edit", args=[asked.pk]),
            typed={"words": ["De vraag van toen."]},
        )
        draft = Draft.objects.get()
    client.force_login(youssef)

    assert client.get(reverse("households:reread-draft", args=[draft.pk])).status_code == 404


def test_what_was_typed_in_a_decision_on_a_signal_is_there_again_and_gone_after_deciding(client):
    worker = make_user()
    signal = make_signal(by=worker, centre=worker.membership_set.get().centre)
    client.force_login(worker)
    address = signal.get_absolute_url()
    keep = {"draft_subject": signal.reference, "draft_title": "Beoordeling van een signaal", "draft_address": address}

    client.post(reverse("drafts:keep"), {**keep, "draft_form": "signal-triage", "summary": "Half samengevat"})

    assert "Half samengevat" in client.get(address).content.decode()
    form = next(form for form in forms_of(client.get(address).content.decode()) if "summary" in form.fields)
    typed = {name: field.values[-1] for name, field in form.fields.items() if field.values}
    client.post(
        reverse("signals:triage", args=[signal.reference]),
        {**typed, "summary": "Het licht op het pad is stuk.", "theme": "public_space_safety", "urgency": "normal"},
    )
    assert not Draft.objects.filter(form="signal-triage").exists()
