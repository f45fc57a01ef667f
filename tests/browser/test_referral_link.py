"""What an organisation does with its link, in a browser that says where a form comes from, or does not."""

import pytest

from households.actions.referrals import give_link
from households.models import Referral

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_organisation_answers_with_its_link_in_one_tap(visitor, scripts):
    partner = visitor(scripts=scripts)
    referral = Referral.objects.filter(status=Referral.Status.SENT).first()
    partner.goes_to(f"/doorverwijzing/{give_link(referral)}/")
    partner.taps_on("Aangekomen", role="button")
    assert partner.sees("Bedankt")
    referral.refresh_from_db()
    assert referral.status == Referral.Status.ARRIVED
