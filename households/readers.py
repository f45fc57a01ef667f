"""Who can read what is written about a family: said before it is saved, and before a family is restricted."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from buurtwerk.accounts.models import Membership, User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.interface.templatetags.look import clock
from households.models import BreakGlass, Contact, Household


class Reader(NamedTuple):
    user: User
    why: str


PRIMARY, BACKUP, COLLEAGUE = "vaste buurtwerker", "back-up", "genoemde collega"
OVERSEES, TEAM, AUTHOR, NAMED = "coördinator", "team", "schrijft het", "genoemd bij deze nota"
NEAREST_FIRST = [AUTHOR, NAMED, PRIMARY, BACKUP, COLLEAGUE, OVERSEES]


def readers_of(household, visibility, named=(), *, author=None):
    """Everyone who can read a text about this family, nearest first: pairs of user and why. One query.

    `visibility` is one of Contact.Visibility; `named` are the colleagues of a text for named readers (or their ids).
    It answers for the family as it stands in memory, so that a page can say what a change would do.
    """
    named = {getattr(each, "pk", each) for each in named}
    readers = []
    for user in _team_of(household):
        if user == author:
            readers.append(Reader(user, AUTHOR))
        elif why := _why(user, household, visibility, named):
            readers.append(Reader(user, why))
    return sorted(readers, key=lambda reader: _nearness(reader.why))


def may_read_files(centre_id):
    """The colleagues who open families in this centre, and did not leave."""
    here = Membership.objects.filter(user=OuterRef("pk"), centre=centre_id)
    return (
        User.objects.filter(Exists(here.filter(role__in=RIGHTS["families.open"].roles)), is_active=True)
        .filter(Q(leaves_on=None) | Q(leaves_on__gte=timezone.localdate()))
        .annotate(oversees=Exists(here.filter(role__in=RIGHTS["families.oversee"].roles)))
        .order_by("first_name", "username", "pk")
    )


def _team_of(household):
    """The colleagues of the centre, with what ties each of them to this family."""
    mine = Household.colleagues.through.objects.filter(household=household.pk, user=OuterRef("pk"))
    glass = BreakGlass.objects.filter(household=household.pk, user=OuterRef("pk"), until__gt=timezone.now())
    return may_read_files(household.centre_id).annotate(
        is_colleague=Exists(mine), glass_until=Subquery(glass.order_by("-until").values("until")[:1])
    )


def _why(user, household, visibility, named):
    """Why this colleague reads it; an empty string for who does not."""
    if visibility == Contact.Visibility.PERSONAL:
        return ""
    reads_file = _tie(user, household)
    if visibility == Contact.Visibility.NAMED:
        # Who is named, but may not know of a restricted family, does not get to its contacts.
        knows = reads_file or not household.restricted
        return NAMED if user.pk in named and knows else user.oversees and _by_glass(user)
    if visibility == Contact.Visibility.TEAM and not household.restricted:
        return reads_file or TEAM
    return reads_file


def _tie(user, household):
    """What makes a file someone's own: the same rule as `Household.is_read_by`, in words."""
    if user.pk == household.primary_worker_id:
        return PRIMARY
    if user.pk == household.backup_worker_id:
        return BACKUP
    if user.is_colleague:
        return COLLEAGUE
    if user.oversees:
        return OVERSEES
    if household.primary_worker_id is None and not household.restricted:
        return TEAM
    return _by_glass(user)


def _by_glass(user):
    return f"noodtoegang tot {clock(user.glass_until)}" if user.glass_until else ""


def _nearness(why):
    return NEAREST_FIRST.index(why) if why in NEAREST_FIRST else len(NEAREST_FIRST)
