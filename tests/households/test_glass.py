"""Noodtoegang: with a reason, for half an hour, in one file, and never in silence."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households.models import BreakGlass, Contact
from tests.breaking import breaks
from tests.factories import make_centre, make_user
from tests.households.factories import make_contact, make_glass, make_household

pytestmark = pytest.mark.django_db

REASON = "Er klopte een buur aan in paniek."
BY_CODE = "/team/noodtoegang/"


@pytest.fixture
def family():
    household = make_household(nickname="Zebravink", backup_worker=None)
    make_contact(household, note="Vertrouwelijk gesprek")
    return household


@pytest.fixture
def youssef(family):
    return make_user(centre=family.centre, first_name="Youssef")


@pytest.fixture
def els(family):
    return make_user(Role.COORDINATOR, centre=family.centre, first_name="Els")


def confirm(client):
    """Sign in once more, as the page asks."""
    client.post(reverse("account_reauthenticate"), {"password": "wachtwoord"})


def sign_in(client, user, *, confirmed=True):
    client.force_login(user)
    if confirmed:
        confirm(client)


def page_of(family):
    return reverse("households:break-glass", args=[family.code])


def typed(client, address, **fields):
    token = client.get(address).context["form"]["token"].value()
    return {"ground": "danger", "reason": REASON, "token": token, **fields}


def break_it(client, family, **fields):
    return client.post(page_of(family), typed(client, page_of(family), **fields))


def test_a_colleague_opens_one_file_for_half_an_hour(client, family, youssef):
    other = make_household(centre=family.centre)
    make_contact(other, note="Van een ander gezin")
    sign_in(client, youssef)

    response = break_it(client, family)

    assert response.url == family.get_absolute_url()
    assert "Vertrouwelijk gesprek" in client.get(response.url).content.decode()
    assert "Van een ander gezin" not in client.get(other.get_absolute_url()).content.decode()
    glass = BreakGlass.objects.get()
    assert glass.until - glass.at == timedelta(minutes=30)


def test_after_half_an_hour_it_is_closed(client, family, youssef):
    make_glass(family, youssef, minutes_ago=31)
    client.force_login(youssef)

    assert "Vertrouwelijk gesprek" not in client.get(family.get_absolute_url()).content.decode()


def test_the_password_is_asked_again_and_what_was_typed_is_kept(client, family, youssef):
    sign_in(client, youssef)
    data = typed(client, page_of(family))
    session = client.session
    session["account_authentication_methods"] = []
    session.save()

    asked = client.post(page_of(family), data)

    assert asked.url == f"{reverse('account_reauthenticate')}?{urlencode({'next': page_of(family)})}"
    assert not BreakGlass.objects.exists()
    back = client.post(asked.url, {"password": "wachtwoord"}, follow=True)
    assert REASON in back.content.decode()


def test_a_session_that_was_left_open_does_not_get_in(client, family, youssef):
    sign_in(client, youssef, confirmed=False)

    assert client.get(page_of(family)).url.startswith("/team/wachtwoord/bevestig/")


@pytest.mark.parametrize("reason", ["", "nood", " " * 20 + "nood"])
def test_a_reason_of_less_than_fifteen_characters_opens_nothing(client, family, youssef, reason):
    sign_in(client, youssef)

    page = break_it(client, family, reason=reason)

    assert page.status_code == 200
    assert not BreakGlass.objects.exists()


def test_everyone_it_concerns_hears_of_it_at_once(client, family, youssef, els):
    backup = make_user(centre=family.centre)
    family.backup_worker = backup
    family.save()
    sign_in(client, youssef)

    break_it(client, family)

    assert {notice.to for notice in Notice.objects.all()} == {family.primary_worker, backup, els}
    assert {notice.text for notice in Notice.objects.all()} == {
        f"Youssef opende {family.code} met noodtoegang: er is gevaar voor iemand."
    }


def test_the_trail_keeps_who_and_why(client, family, youssef):
    sign_in(client, youssef)

    break_it(client, family)

    line = Access.objects.get(action=Access.Action.BREAK_GLASS)
    assert (line.user, line.record_ids, line.role) == (youssef, [family.pk], "Buurtwerker")
    assert line.reason == f"Er is gevaar voor iemand: {REASON}"


def test_the_same_submit_twice_opens_it_once(client, family, youssef):
    sign_in(client, youssef)
    data = typed(client, page_of(family))

    client.post(page_of(family), data)
    client.post(page_of(family), data)

    assert BreakGlass.objects.count() == 1


def test_the_red_bar_stands_on_every_page_and_closes_it_now(client, family, youssef):
    contact = family.contacts.get()
    sign_in(client, youssef)
    break_it(client, family)

    for address in (family.get_absolute_url(), contact.get_absolute_url(), "/team/"):
        assert "noodtoegang/sluit/" in client.get(address).content.decode()

    client.post(reverse("households:break-glass-close", args=[family.code]))

    page = client.get(family.get_absolute_url()).content.decode()
    assert "noodtoegang/sluit/" not in page
    assert "Vertrouwelijk gesprek" not in page


def test_after_signing_in_again_the_bar_is_back(client, family, youssef):
    make_glass(family, youssef, minutes_ago=1)
    client.force_login(youssef)

    assert "noodtoegang/sluit/" in client.get(family.get_absolute_url()).content.decode()


def test_what_is_read_meanwhile_says_how(client, family, youssef):
    make_glass(family, youssef, minutes_ago=1)
    client.force_login(youssef)

    client.get(family.get_absolute_url())

    assert Access.objects.get(action=Access.Action.VIEW).reason == "Met noodtoegang"


def test_a_sealed_note_opens_to_a_coordinator_and_its_author_is_told(client, family, els):
    author, reader = make_user(centre=family.centre), make_user(centre=family.centre)
    contact = make_contact(family, author=author, visibility="named", note="Verzegeld", readers=[reader])
    sign_in(client, els)
    assert "Verzegeld" not in client.get(contact.get_absolute_url()).content.decode()

    break_it(client, family)

    assert "Verzegeld" in client.get(contact.get_absolute_url()).content.decode()
    assert "verzegelde nota" in Notice.objects.get(to=author).text


def test_a_sealed_note_stays_closed_to_a_colleague_who_breaks_the_glass(client, family, youssef):
    author, reader = make_user(centre=family.centre), make_user(centre=family.centre)
    make_contact(family, author=author, visibility="named", note="Verzegeld", readers=[reader])
    sign_in(client, youssef)

    break_it(client, family)

    assert "Verzegeld" not in client.get(family.get_absolute_url()).content.decode()


def test_who_reads_the_file_needs_no_glass(client, family):
    sign_in(client, family.primary_worker)

    assert client.get(page_of(family)).url == family.get_absolute_url()


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MONITOR, Role.VOLUNTEER, Role.READER, Role.ADMINISTRATOR])
def test_only_workers_and_coordinators_have_noodtoegang(client, family, role):
    sign_in(client, make_user(role, centre=family.centre))

    assert client.get(BY_CODE).status_code == 403
    assert client.get(page_of(family)).status_code in (403, 404)


# --- a restricted family, by its code


def restrict(family):
    family.restricted, family.restricted_reason = True, "Een ex-partner zoekt het adres."
    family.save()


def test_a_restricted_family_opens_by_its_code(client, family, youssef, els):
    restrict(family)
    sign_in(client, youssef)
    assert client.get(page_of(family)).status_code == 404

    response = client.post(BY_CODE, typed(client, BY_CODE, code=family.code.lower()))

    assert "Vertrouwelijk gesprek" in client.get(response.url).content.decode()
    assert Notice.objects.filter(to=els).count() == 1


def test_a_code_that_opens_nothing_is_written_down_and_told_too(client, family, youssef, els):
    elsewhere = make_household(centre=make_centre())
    sign_in(client, youssef)

    pages = [
        client.post(BY_CODE, typed(client, BY_CODE, code=code)).content.decode().split("<main")[1]
        for code in ("HH-2026-9999", elsewhere.code)
    ]

    pages = [re.sub('value="[^"]+"', "", page) for page in pages]
    assert pages[0] == pages[1] and "Er ging geen dossier open" in pages[0]
    lines = Access.objects.filter(action=Access.Action.BREAK_GLASS)
    assert [(line.user, line.record_ids, line.centre) for line in lines] == [(youssef, [], family.centre)] * 2
    assert Notice.objects.filter(to=els).count() == 2
    assert not BreakGlass.objects.exists()


def test_nobody_tries_code_after_code(client, family, youssef):
    restrict(family)
    sign_in(client, youssef)
    for number in range(5):
        client.post(BY_CODE, typed(client, BY_CODE, code=f"HH-2019-000{number}"))

    page = client.post(BY_CODE, typed(client, BY_CODE, code=family.code)).content.decode()

    assert "vandaag al vijf keer" in page
    assert not BreakGlass.objects.exists()


# --- looking at it afterwards


def test_it_stays_on_vandaag_of_the_coordinator_until_it_is_seen(client, family, youssef, els):
    glass = make_glass(family, youssef)
    client.force_login(els)
    assert "Noodtoegang na te kijken" in client.get("/team/").content.decode()

    client.post(reverse("households:break-glass-seen", args=[glass.pk]))

    glass.refresh_from_db()
    assert glass.seen_by == els
    assert "Noodtoegang na te kijken" not in client.get("/team/").content.decode()


def test_nobody_ticks_their_own(client, family, els):
    glass = make_glass(family, els)
    client.force_login(els)

    assert client.post(reverse("households:break-glass-seen", args=[glass.pk])).status_code == 404


def test_the_vaste_buurtwerker_may_tick_it_and_a_colleague_may_not(client, family, youssef):
    glass = make_glass(family, youssef)
    client.force_login(make_user(centre=family.centre))
    assert client.post(reverse("households:break-glass-seen", args=[glass.pk])).status_code == 404

    client.force_login(family.primary_worker)
    client.post(reverse("households:break-glass-seen", args=[glass.pk]))

    glass.refresh_from_db()
    assert glass.seen_by == family.primary_worker


def test_a_contact_that_is_noted_meanwhile_stays_with_the_family(client, family, youssef):
    restrict(family)
    make_glass(family, youssef, minutes_ago=1)
    client.force_login(youssef)
    assert client.get(f"/team/noteer/?gezin={family.code}").status_code == 200

    make_contact(family, author=youssef, note="In nood langs geweest")

    assert Contact.objects.filter(household=family).count() == 2
    assert timezone.now() < BreakGlass.objects.get().until


# What the table itself refuses


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("break_glass_ends", {"until": timezone.now() - timedelta(days=1)}),
        ("break_glass_seen_by_someone", {"seen_at": timezone.now()}),
        ("break_glass_seen_by_someone_else", {"seen_at": timezone.now(), "seen_by": F("user")}),
    ],
)
def test_the_database_ends_each_glass_and_has_it_seen_by_someone_else(family, youssef, constraint, fields):
    glass = make_glass(family, youssef)

    with breaks(constraint):
        BreakGlass.objects.filter(pk=glass.pk).update(**fields)
