"""What an organisation tells by its link: without an account, without a name on the page, once."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role, SecureLink
from buurtwerk.notices.models import Notice
from households.actions import referrals as actions
from households.models import FollowUp, Referral
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_household, make_member
from tests.households.test_referrals import fingerprint_on, make_referral, previewed

pytestmark = pytest.mark.django_db

Status = Referral.Status


def address_of(referral):
    return reverse("households:referral-link", args=[actions.give_link(referral)])


def press(address, answer):
    return Client().post(address, {"answer": answer})


def status_of(referral):
    return Referral.objects.get(pk=referral.pk).status


def link_on(response):
    found = re.search(r"/doorverwijzing/[\w-]+/", response.content.decode())
    return found and found.group(0)


def test_a_referral_with_feedback_from_consent_to_taking_it_back(client, page, noor, filled_in):
    """Scenario 5: no consent keeps all text; with consent a link; no show gives a follow-up; taking back kills it."""
    refused = client.post(page, {**previewed(client, page, filled_in), "how": "", "send": "1"})
    assert "Zonder toestemming kan je niets doorgeven" in refused.content.decode()
    assert filled_in["need"] in refused.content.decode()
    assert not Referral.objects.exists()

    saved = client.post(page, {**previewed(client, page, filled_in), "send": "1"}, follow=True)
    referral, link = Referral.objects.get(), link_on(saved)
    assert referral.status == Status.SENT
    days = SecureLink.objects.get().expires_at - timezone.now()
    assert timedelta(days=13, hours=23) < days <= timedelta(days=14)

    assert press(link, "not_arrived").status_code == 200
    todo = FollowUp.objects.open().get()
    assert (todo.assigned_to, todo.what) == (noor, f"Niet opgedaagd bij {referral.organisation}: hoor wat er misliep")

    again = link_on(client.post(reverse("households:referral-new-link", args=[referral.pk]), follow=True))
    client.post(reverse("households:referral-withdraw", args=[referral.pk]))
    assert Client().get(again).status_code == 404
    told = FollowUp.objects.open().get()
    assert told.what == f"Laat {referral.organisation} weten dat de toestemming ingetrokken is"
    assert told.due_on == timezone.localdate()


@pytest.mark.parametrize(
    ("answer", "status"),
    [("arrived", "arrived"), ("waitlist", "waitlisted"), ("not_arrived", "no_show"), ("call_me", "needs_info")],
)
def test_each_answer_moves_the_referral_and_tells_who_made_it(answer, status):
    referral = make_referral()

    press(address_of(referral), answer)

    assert status_of(referral) == status
    assert referral.moves.first().by is None
    notice = Notice.objects.get()
    assert (notice.to, notice.url) == (referral.made_by, referral.get_absolute_url())
    assert FollowUp.objects.open().count() == 1


def test_the_page_names_nobody_and_is_not_kept_anywhere():
    household = make_household(nickname="Gezin van Samira", address="Hoogland 5")
    member = make_member(household, first_name="Samira", last_name="El Amrani", phone="0470 00 00 12")
    referral = make_referral(household, person=member.person)

    response = Client().get(address_of(referral))

    text = response.content.decode()
    assert not [
        word for word in ("Samira", "Amrani", "0470", "Hoogland 5", household.code, referral.need) if word in text
    ]
    assert "no-store" in response["Cache-Control"]
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("strict-origin", "noindex")


def test_opening_it_uses_nothing_up():
    referral = make_referral()
    address = address_of(referral)

    for _ in range(3):
        assert Client().get(address).status_code == 200
        assert Client().head(address).status_code == 200

    assert status_of(referral) == Status.SENT
    assert press(address, "arrived").status_code == 200


def test_a_used_old_changed_foreign_or_revoked_link_gives_one_neutral_page():
    referral = make_referral()
    used, replaced = address_of(make_referral()), address_of(referral)
    press(used, "arrived")
    living = address_of(referral)
    other_purpose = SecureLink.objects.give_out(purpose="nazicht", subject_id=referral.pk)
    expired = SecureLink.objects.give_out(purpose="referral", subject_id=referral.pk, valid_for=timedelta(0))
    dead = [used, replaced, living[:-2] + "x/", *[f"/doorverwijzing/{token}/" for token in (other_purpose, expired)]]

    pages = [Client().get(address) for address in dead] + [press(address, "arrived") for address in dead]

    assert {page.status_code for page in pages} == {404}
    assert all("Deze link werkt niet (meer)" in page.content.decode() for page in pages)
    assert status_of(referral) == Status.SENT


@pytest.mark.parametrize("answer", ["", "accepted", "closed", "nul\0", "x" * 5000])
def test_no_answer_or_another_one_decides_nothing(answer):
    referral = make_referral()
    address = address_of(referral)

    response = press(address, answer)

    assert response.status_code == 200
    assert "Kies een van de antwoorden" in response.content.decode()
    assert status_of(referral) == Status.SENT


def test_a_referral_that_ended_has_no_link(client):
    referral = make_referral(status=Status.CLOSED)
    client.force_login(referral.made_by)

    assert "antwoordlink" not in client.get(referral.get_absolute_url()).content.decode()
    client.post(reverse("households:referral-new-link", args=[referral.pk]))
    assert not SecureLink.objects.filter(revoked_at=None, subject_id=referral.pk, used_at=None).exists()


def test_the_link_is_shown_once_and_only_its_fingerprint_is_kept(client):
    referral = make_referral()
    client.force_login(referral.made_by)

    first = client.post(reverse("households:referral-new-link", args=[referral.pk]), follow=True)
    token = link_on(first).split("/")[2]

    assert link_on(client.get(referral.get_absolute_url())) is None
    assert not SecureLink.objects.filter(token_hash__contains=token).exists()
    assert token not in str(client.session.items())


def emergency(filled_in):
    without = dict.fromkeys(("given_by", "given_on", "language"), "")
    return {**filled_in, **without, "how": "emergency", "emergency_ground": "Noodtoestand: er is brandgevaar in huis."}


def test_in_an_emergency_a_coordinator_passes_on_without_consent_and_says_why(client, page, family, filled_in):
    els = make_user(Role.COORDINATOR, centre=family.centre)
    client.force_login(els)
    typed = emergency({**filled_in, "previewed": fingerprint_on(client.post(page, {**filled_in, "preview": "1"}))})

    response = client.post(page, {**typed, "send": "1"}, follow=True)

    referral = Referral.objects.get()
    assert (referral.consent, referral.status, referral.made_by) == (None, Status.SENT, els)
    assert "Doorgegeven zonder toestemming" in response.content.decode()


@pytest.mark.parametrize("ground", ["", "gevaar"])
def test_an_emergency_asks_for_its_ground(client, page, family, filled_in, ground):
    client.force_login(make_user(Role.COORDINATOR, centre=family.centre))
    typed = emergency({**filled_in, "previewed": fingerprint_on(client.post(page, {**filled_in, "preview": "1"}))})

    response = client.post(page, {**typed, "emergency_ground": ground, "send": "1"})

    assert "emergency_ground" in response.context["form"].errors
    assert not Referral.objects.exists()


def test_a_worker_has_no_way_without_consent(client, page, filled_in):
    typed = emergency(previewed(client, page, filled_in))

    response = client.post(page, {**typed, "send": "1"})

    assert "how" in response.context["form"].errors
    assert not Referral.objects.exists()


def test_nothing_leaves_without_consent_or_ground_whatever_the_code_does():
    referral = make_referral()

    with breaks("referral_leaves_with_consent"):
        Referral.objects.filter(pk=referral.pk).update(consent=None)


def test_a_token_is_not_a_guess():
    assert Client().get(f"/doorverwijzing/{uuid.uuid4()}/").status_code == 404
