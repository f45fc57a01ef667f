"""Luiken on or off."""

from django.db import transaction
from django.urls import reverse

from buurtwerk.notices.models import Notice
from households.models import Household, Member


@transaction.atomic
def set_compartments(household, *, adults, by):
    """Save whether the family has luiken, and which adults; the colleagues of the file hear of it."""
    before = Household.objects.values_list("has_compartments", flat=True).get(pk=household.pk)
    household.save()
    of_family = Member.objects.filter(household=household)
    people = [member.person_id for member in adults]
    of_family.filter(person__in=people, has_compartment=False).update(has_compartment=True)
    of_family.exclude(person__in=people).filter(has_compartment=True).update(has_compartment=False)
    if before != household.has_compartments:
        Notice.objects.tell(
            household.primary_worker,
            household.backup_worker,
            *household.colleagues.all(),
            text=f"{household.code}: luiken staan nu {'aan' if household.has_compartments else 'uit'}.",
            url=reverse("households:compartments", args=[household.code]),
            by=by,
        )
