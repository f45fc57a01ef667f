"""A draft about a family carries its code, and often its name: it is shown as long as one may know of the family."""

from django.db.models import CharField, Exists, Func, OuterRef, Q, Value

from buurtwerk.drafts.typed import hide_when
from households.models import Household


@hide_when
def about_unknown_families(user):
    # Behind the code may stand which part of the family it is about.
    code = Func(OuterRef("subject"), Value(" "), Value(1), function="SPLIT_PART", output_field=CharField())
    known = Household.objects.filter(code=code).exclude(pk__in=Household.objects.hidden_from(user))
    return Q(subject__startswith="HH-") & ~Exists(known)
