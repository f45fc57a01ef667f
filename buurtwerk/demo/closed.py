"""A restricted family with a named colleague, and noodtoegang that waits until someone looks at it."""

from datetime import timedelta

from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role, User
from buurtwerk.demo.people import HOOGLAND
from buurtwerk.places.models import Centre
from buurtwerk.trail.models import Access
from households.models import BreakGlass, Contact, Household, Member, Person

NICKNAME = "Achter de blauwe deur"
WHY = "Een ex-partner zoekt het adres."
GLASS = "De school belde in paniek en Noor was niet te bereiken."


def load_closed():
    """Once: what people changed or removed since is left as it is, as the history knows."""
    centre, noor = Centre.objects.get(slug=HOOGLAND), User.objects.get(username="noor")
    if not Household.pgh_event_model.objects.filter(centre=centre, nickname=NICKNAME).exists():
        _load_restricted_family(centre, noor)
    if not BreakGlass.objects.filter(reason=GLASS).exists():
        _load_noodtoegang(centre, noor)


def _load_restricted_family(centre, noor):
    household = Household.objects.create(
        centre=centre,
        nickname=NICKNAME,
        primary_worker=noor,
        created_by=noor,
        restricted=True,
        restricted_reason=WHY,
        intensity=Household.Intensity.FOLLOWED,
        last_reached_on=timezone.localdate() - timedelta(days=6),
        last_attempt_on=timezone.localdate() - timedelta(days=6),
    )
    household.colleagues.add(_sofie(centre))
    lina = Person.objects.create(centre=centre, first_name="Lina", phone="0470 00 00 61")
    Member.objects.create(
        centre=centre, household=household, person=lina, role=Member.Role.PARENT, is_contact_person=True
    )
    Contact.objects.create(
        centre=centre,
        household=household,
        author=noor,
        mode=Contact.Mode.CENTRE,
        outcome=Contact.Outcome.TALKED,
        happened_on=timezone.localdate() - timedelta(days=6),
        themes=["housing"],
        note="Lina wil dat niemand haar nieuwe adres kent. We spreken af in het buurtcentrum.",
    )


def _sofie(centre):
    """A colleague of Noor, who does not sign in at the demo."""
    sofie = User.objects.filter(username="sofie").first()
    if sofie is None:
        sofie = User.objects.create_user(username="sofie", first_name="Sofie")
        Membership.objects.create(user=sofie, centre=centre, role=Role.WORKER)
    return sofie


def _load_noodtoegang(centre, noor):
    """Els opened a file of Noor's yesterday, for what was sealed; Noor still has to look at it."""
    els, at = User.objects.get(username="els"), timezone.now() - timedelta(days=1)
    household = Household.objects.filter(centre=centre, primary_worker=noor, restricted=False).order_by("pk").first()
    glass = BreakGlass.objects.create(
        centre=centre,
        household=household,
        user=els,
        ground=BreakGlass.Ground.ABSENT,
        reason=GLASS,
        at=at,
        until=at + timedelta(minutes=BreakGlass.MINUTES),
    )
    Access.objects.create(
        user=els,
        role=Role.COORDINATOR.label,
        action=Access.Action.BREAK_GLASS,
        record_type="household",
        record_ids=[household.pk],
        centre=centre,
        reason=f"{glass.get_ground_display()}: {GLASS}",
    )
