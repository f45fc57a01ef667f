"""One handover that waits for an answer: Noor asks a new colleague to take two families over."""

from datetime import timedelta

from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.demo.people import HOOGLAND
from buurtwerk.places.models import Centre
from households.actions.handovers import propose
from households.models import HandedFamily, Handover, Household

FAMILIES = {"Kevin en Tamara": ["notes", "papers", "network"], "Rosa": ["notes"]}
IN_DAYS = 6


def load_handovers():
    """Only when there never was one here."""
    centre = Centre.objects.get(slug=HOOGLAND)
    noor = User.objects.get(username="noor")
    if Handover.pgh_event_model.objects.filter(centre=centre).exists():
        return
    families = Household.objects.filter(centre=centre, nickname__in=FAMILIES, primary_worker=noor, merged_into=None)
    going = [
        HandedFamily(
            household=family,
            goes_along=FAMILIES[family.nickname],
            introduction_on=timezone.localdate() + timedelta(days=IN_DAYS),
        )
        for family in families
    ]
    if going:
        handover = Handover(
            centre=centre,
            from_user=noor,
            to_user=User.objects.get(username="sofie"),
            message="Ik ga vanaf juli minder werken.",
        )
        propose(handover, families=going, by=noor)
