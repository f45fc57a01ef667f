"""Restricting a family on its own page: who still sees it, and what moves along."""

import pytest
from django.urls import reverse

from buurtwerk.accounts.models import Role
from buurtwerk.notices.models import Notice
from households.models import Household
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_follow_up, make_glass, make_household

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    return make_household(nickname="Zebravink")


def page_of(family):
    return reverse("households:restriction", args=[family.code])


def typed(family, **fields):
    family.refresh_from_db()
    return {"restricted": "True", "restricted_reason": "Een ex-partner zoekt het adres.", "colleagues": []} | {
        "loaded_version": family.version, **fields
    }  # fmt: skip


def test_the_vaste_buurtwerker_restricts_a_family_with_a_reason(client, family):
    client.force_login(family.primary_worker)

    response = client.post(page_of(family), typed(family))

    family.refresh_from_db()
    assert response.status_code == 302
    assert (family.restricted, family.restricted_reason) == (True, "Een ex-partner zoekt het adres.")


def test_the_page_names_who_will_still_see_it(client, family):
    sofie = make_user(centre=family.centre, first_name="Sofie")
    els = make_user(Role.COORDINATOR, centre=family.centre, first_name="Els")
    make_user(centre=family.centre, first_name="Youssef")
    family.colleagues.add(sofie)
    client.force_login(family.primary_worker)

    still = client.get(page_of(family)).context["still_readers"]

    assert [(reader.user, reader.why) for reader in still] == [
        (family.primary_worker, "vaste buurtwerker"),
        (sofie, "genoemde collega"),
        (els, "coördinator"),
    ]


@pytest.mark.parametrize("reason", ["", "   "])
def test_restricting_without_a_reason_is_refused_and_keeps_what_was_typed(client, family, reason):
    client.force_login(family.primary_worker)

    page = client.post(page_of(family), typed(family, restricted_reason=reason))

    family.refresh_from_db()
    assert page.status_code == 200
    assert "Schrijf waarom je dit gezin afschermt." in page.content.decode()
    assert not family.restricted


def test_lifting_it_leaves_the_reason_to_the_history(client, family):
    Household.objects.filter(pk=family.pk).update(restricted=True, restricted_reason="Een ex-partner zoekt het adres.")
    client.force_login(family.primary_worker)

    client.post(page_of(family), typed(family, restricted="False"))

    family.refresh_from_db()
    assert (family.restricted, family.restricted_reason) == (False, "")
    assert family.events.filter(restricted_reason="Een ex-partner zoekt het adres.").exists()


def test_what_a_colleague_still_had_to_do_goes_to_the_vaste_buurtwerker(client, family):
    youssef = make_user(centre=family.centre)
    follow_up = make_follow_up(family, assigned_to=youssef)
    Notice.objects.tell(youssef, text=f"{family.code}: bel terug.", url=follow_up.get_absolute_url())
    client.force_login(family.primary_worker)

    client.post(page_of(family), typed(family))

    follow_up.refresh_from_db()
    assert (follow_up.assigned_to, follow_up.handed_over_by) == (family.primary_worker, youssef)
    assert not Notice.objects.visible_to(youssef).unseen()


def test_a_named_colleague_hears_of_it_and_sees_the_family(client, family):
    sofie = make_user(centre=family.centre)
    client.force_login(family.primary_worker)

    client.post(page_of(family), typed(family, colleagues=[sofie.pk]))

    assert Notice.objects.get(to=sofie).text == f"{family.code}: je leest dit dossier nu mee."
    client.force_login(sofie)
    assert client.get(family.get_absolute_url()).status_code == 200


def test_a_family_without_a_vaste_buurtwerker_is_not_restricted(client, family):
    Household.objects.filter(pk=family.pk).update(primary_worker=None)
    client.force_login(make_user(Role.COORDINATOR, centre=family.centre))

    page = client.post(page_of(family), typed(family)).content.decode()

    assert "Kies eerst een vaste buurtwerker voor dit gezin." in page
    assert not Household.objects.get(pk=family.pk).restricted


def test_who_broke_the_glass_changes_nothing_about_who_reads_it(client, family):
    youssef = make_user(centre=family.centre)
    make_glass(family, youssef, minutes_ago=0)
    client.force_login(youssef)

    assert client.get(page_of(family)).status_code == 403
    assert client.post(page_of(family), typed(family)).status_code == 403


def test_a_colleague_is_not_let_in(client, family):
    client.force_login(make_user(centre=family.centre))

    assert client.get(page_of(family)).status_code == 403


def test_a_colleague_of_another_centre_cannot_be_named(client, family):
    client.force_login(family.primary_worker)

    page = client.post(page_of(family), typed(family, colleagues=[make_user().pk]))

    assert "Kies collega&#x27;s van dit centrum." in page.content.decode()
    assert not Household.objects.get(pk=family.pk).restricted


def test_who_restricts_it_for_others_and_themselves_goes_back_to_the_list(client, family):
    sofie = make_user(centre=family.centre)
    family.colleagues.add(sofie)
    client.force_login(sofie)

    response = client.post(page_of(family), typed(family))

    assert response.url == reverse("households:list")


def test_an_overtaken_page_shows_what_the_colleague_saved(client, family):
    client.force_login(family.primary_worker)
    data = typed(family)
    Household.objects.filter(pk=family.pk).update(version=family.version + 1, restricted_reason="Iets anders")

    page = client.post(page_of(family), data).content.decode()

    assert "Iemand anders bewaarde dit intussen" in page
    assert not Household.objects.get(pk=family.pk).restricted


def test_the_database_restricts_no_family_without_a_reason(family):
    with breaks("household_restricted_with_reason"):
        Household.objects.filter(pk=family.pk).update(restricted=True)
