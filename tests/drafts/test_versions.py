import pytest
from django.urls import reverse

from households.models import Household
from tests.households.factories import make_household

pytestmark = pytest.mark.django_db


def edit(client, household, *, version, **changes):
    fields = {
        "nickname": household.nickname,
        "intensity": household.intensity,
        "status": household.status,
        "primary_worker": household.primary_worker_id,
        "loaded_version": version,
    }
    return client.post(reverse("households:edit", args=[household.code]), {**fields, **changes})


def test_the_second_saver_sees_both_texts_and_overwrites_only_on_purpose(client):
    household = make_household(nickname="Gezin van Samira")
    client.force_login(household.primary_worker)
    edit(client, household, version=1, nickname="Samira en de kinderen")

    overtaken = edit(client, household, version=1, nickname="Samira, Ilyas en Hafsa")

    page = overtaken.content.decode()
    assert "Iemand anders bewaarde dit intussen" in page
    assert "Samira en de kinderen" in page
    assert "Samira, Ilyas en Hafsa" in page
    household.refresh_from_db()
    assert household.nickname == "Samira en de kinderen"

    edit(client, household, version=2, nickname="Samira, Ilyas en Hafsa")
    household.refresh_from_db()
    assert (household.nickname, household.version) == ("Samira, Ilyas en Hafsa", 3)


def test_what_a_form_does_not_show_is_not_put_back_to_an_older_value(client, monkeypatch):
    household = make_household()
    client.force_login(household.primary_worker)
    lock = Household._base_manager.select_for_update

    def reached_meanwhile():
        Household.objects.filter(pk=household.pk).update(last_reached_on="2026-11-20")
        return lock()

    monkeypatch.setattr(Household._base_manager, "select_for_update", reached_meanwhile)
    edit(client, household, version=1, nickname="Samira en de kinderen")

    household.refresh_from_db()
    assert household.nickname == "Samira en de kinderen"
    assert str(household.last_reached_on) == "2026-11-20"
