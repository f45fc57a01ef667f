"""Children's bikes at the demo centre: Hoogland lends its own, Sint-Maartensdal refers. Invented, amounts included."""

from datetime import timedelta

from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.demo.people import HOOGLAND, MAARTENSDAL
from buurtwerk.places.models import Centre
from households.actions import bikes as actions
from households.bikes import age_on, sizes_on, tariff_on
from households.forms.bike_loans import children_of
from households.models import Bike, BikeService, BikeTariff, Household
from partners.models import Organisation

# Number, wheel, what it looks like.
BIKES = [
    ("1", 12, "Rood, met zijwielen"),
    ("2", 12, "Blauw"),
    ("3", 14, "Geel"),
    ("4", 14, "Paars, met mandje"),
    ("5", 16, "Groen"),
    ("6", 16, "Rood"),
    ("7", 16, "Zwart"),
    ("8", 20, "Blauw, drie versnellingen"),
    ("9", 20, "Wit, drie versnellingen"),
    ("10", 20, "Oranje"),
    ("11", 24, "Grijs, zes versnellingen"),
    ("12", 24, "Blauw, zes versnellingen"),
]
# Days since each was lent: the first is late, the second ends soon.
LENT_AGO = [380, 350, 200, 120, 60, 12]
FEE, DEPOSIT = 2000, 2500


def load_bikes():
    """Once for a centre that never chose anything about bikes; after that it is theirs."""
    with asking_everything():
        centres = {centre.slug: centre for centre in Centre.objects.filter(slug__in=[HOOGLAND, MAARTENSDAL])}
        partner = Organisation.objects.filter(slug="velokadee").first()
        if partner and not _was_here(centres[MAARTENSDAL]):
            BikeService.objects.create(centre=centres[MAARTENSDAL], mode=BikeService.Mode.REFER, partner=partner)
        if not _was_here(centres[HOOGLAND]):
            _open_lending(centres[HOOGLAND], User.objects.get(username="noor"))


def _was_here(centre):
    return BikeService.pgh_event_model.objects.filter(centre=centre).exists()


def _open_lending(centre, noor):
    today = timezone.localdate()
    since = today - timedelta(days=500)
    BikeService.objects.create(centre=centre, mode=BikeService.Mode.OWN)
    BikeTariff.objects.create(
        centre=centre, since=since, fee_cents=FEE, deposit_cents=DEPOSIT, source="Verzonnen, voor de demo"
    )
    actions.take_guide(centre, since=since)
    bikes = [Bike(centre=centre, number=number, wheel=wheel, description=words) for number, wheel, words in BIKES]
    for bike in bikes:
        bike.save()
    _lend(centre, bikes, noor)
    free = next(bike for bike in Bike.objects.filter(centre=centre).free() if bike.number in ("5", "6", "7", "10"))
    actions.start_repair(free, what="De rem pakt niet goed", by=noor)


def _lend(centre, bikes, noor):
    """To children for whom the bike fitted when they got it: the longest ago is too small by now."""
    today = timezone.localdate()
    sizes, free = sizes_on(centre.pk, today), list(bikes)
    children = _children(centre, noor)
    for days in LENT_AGO:
        since = today - timedelta(days=days)
        pair = next(_pairs(children, free, sizes, since, outgrown=days == LENT_AGO[2]), None)
        if pair is None:
            continue
        child, household, bike = pair
        tariff = tariff_on(centre.pk, since)
        about = {"deposit_cents": tariff.deposit_cents, "by": noor}
        actions.lend(bike=bike, child=child, household=household, since=since, **about)
        children.remove((child, household))
        free.remove(bike)


def _children(centre, noor):
    families = (
        Household.objects.filter(centre=centre, primary_worker=noor, restricted=False).followed().order_by("code")
    )
    return [(child, family) for family in families for child in children_of(family) if child.birth_year]


def _pairs(children, free, sizes, since, *, outgrown):
    """A child and a bike that fitted on that day; `outgrown` when it does no longer today."""
    today = timezone.localdate()
    for child, household in children:
        for bike in free:
            size = sizes[bike.wheel]
            fitted = size.from_age <= age_on(child, since) < size.to_age
            if fitted and (not outgrown or age_on(child, today) + 0.5 >= size.to_age):
                yield child, household, bike
