"""Every change leaves its old and its new value, and who made it."""

import pytest
from django.urls import reverse
from pghistory.models import Events

from households.models import Household
from tests.households.factories import make_household

pytestmark = pytest.mark.django_db


def versions(household):
    return list(household.events.order_by("pgh_id").values_list("pgh_label", "nickname"))


def test_a_change_through_a_page_keeps_both_values_and_who(client):
    household = make_household(nickname="Gezin van Samira")
    worker = household.primary_worker
    client.force_login(worker)

    client.post(
        reverse("households:edit", args=[household.code]),
        {
            "nickname": "Samira en de kinderen",
            "intensity": household.intensity,
            "status": household.status,
            "primary_worker": worker.pk,
            "loaded_version": household.version,
        },
    )

    assert versions(household) == [("insert", "Gezin van Samira"), ("update", "Samira en de kinderen")]
    change = Events.objects.tracks(household).get(pgh_label="update")
    assert change.pgh_context["user"] == worker.pk
    assert change.pgh_diff["nickname"] == ["Gezin van Samira", "Samira en de kinderen"]


def test_a_change_of_many_rows_at_once_is_kept_too():
    household = make_household(nickname="Gezin van Samira")

    Household.objects.filter(pk=household.pk).update(nickname="Samira en de kinderen")

    assert versions(household)[-1] == ("update", "Samira en de kinderen")
