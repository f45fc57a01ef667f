"""One follow-up that Els offers to Noor: it waits on Noor's Vandaag until she takes it or not."""

from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.demo.people import HOOGLAND
from buurtwerk.places.models import Centre
from households.actions.offers import offer
from households.days import in_two_weeks
from households.models import FollowUp, Household

FAMILY, WHAT = "Kevin en Tamara", "Vraag na of de kinderopvang plaats heeft"


def load_offers():
    """Only when there never was such a promise here: what people answered, stays answered."""
    centre = Centre.objects.get(slug=HOOGLAND)
    if FollowUp.pgh_event_model.objects.filter(centre=centre, what=WHAT).exists():
        return
    noor, els = User.objects.get(username="noor"), User.objects.get(username="els")
    family = Household.objects.filter(centre=centre, nickname=FAMILY, merged_into=None, restricted=False).first()
    if family and family.status == Household.Status.ACTIVE:
        about = {"centre": centre, "household": family, "assigned_to": els, "created_by": els}
        promised = FollowUp.objects.create(what=WHAT, due_on=in_two_weeks(timezone.localdate()), **about)
        offer(promised, to=noor, by=els)
