"""The last bike of a size, and two colleagues who lend it at the very same moment: over real connections."""

from functools import partial

import pytest
from django.urls import reverse

from households.models import Bike, BikeLoan
from tests.factories import make_user
from tests.households.factories import make_bike, make_household, make_loan
from tests.households.test_bikes import child_of, lend_form
from tests.households.test_contacts_at_once import at_once, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_lend_the_last_bike_at_once_one_wins_and_the_other_hears_it():
    family = make_household()
    worker, bike = family.primary_worker, make_bike(family.centre, number="1")
    children = [child_of(family, first_name=name) for name in ("Amina", "Bilal")]
    colleagues = [worker, make_user(centre=family.centre)]
    path = reverse("households:bike-lend", args=[family.code])
    clients = [signed_in(each) for each in colleagues]

    sends = [
        partial(client.post, path, lend_form(child, bike)) for client, child in zip(clients, children, strict=True)
    ]
    answers = sorted(at_once(*sends), key=lambda answer: answer.status_code)

    assert [answer.status_code for answer in answers] == [200, 302]
    refusal = answers[0].content.decode()
    assert "niet meer vrij: een collega leende ze net uit." in refusal
    assert BikeLoan.objects.open().count() == 1
    assert Bike.objects.get().status == "lent"


def test_two_bikes_for_one_child_at_once_is_one_bike():
    family = make_household()
    amina = child_of(family)
    bikes = [make_bike(family.centre, number=number) for number in "12"]
    path = reverse("households:bike-lend", args=[family.code])
    clients = [signed_in(each) for each in (family.primary_worker, make_user(centre=family.centre))]

    at_once(*[partial(client.post, path, lend_form(amina, bike)) for client, bike in zip(clients, bikes, strict=True)])

    assert BikeLoan.objects.open().count() == Bike.objects.filter(status="lent").count() == 1


def test_a_return_and_a_swap_at_once_leave_one_story():
    family = make_household()
    small, large = make_bike(family.centre, number="1"), make_bike(family.centre, number="2", wheel=20)
    loan = make_loan(small, child_of(family), by=family.primary_worker)
    clients = [signed_in(each) for each in (family.primary_worker, make_user(centre=family.centre))]
    back, swap = (reverse(f"households:loan-{name}", args=[loan.pk]) for name in ("return", "swap"))

    at_once(
        partial(clients[0].post, back, {"returned_state": "good", "deposit": "20"}),
        partial(clients[1].post, swap, {"returned_state": "good", "bike": large.pk}),
    )

    small.refresh_from_db(), large.refresh_from_db()
    riding = BikeLoan.objects.open().count()
    assert small.status == "stock"
    assert large.status == ("lent" if riding else "stock")
