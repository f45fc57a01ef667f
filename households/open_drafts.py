"""A draft about a family carries its code, and often its name: it is shown as long as one may know of the family."""

from django.db.models import Exists, OuterRef, Q

from buurtwerk.drafts.typed import hide_when
from households.models import Household


@hide_when
def about_unknown_families(user):
    known = Household.objects.filter(code=OuterRef("subject")).exclude(pk__in=Household.objects.hidden_from(user))
    return Q(subject__startswith="HH-") & ~Exists(known)
