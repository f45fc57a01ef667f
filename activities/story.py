"""What a family's story tells of activities: where its people were, for who may open that family."""

from django.db.models import F
from django.db.models.functions import JSONObject
from django.urls import reverse

from activities.models import Attendance
from households import timeline
from households.models import Member
from households.story import name_of


def _entries(told, household):
    yield timeline.entry_at(
        told["starts_at"],
        kind="presence",
        icon="calendar-days",
        title=f"{told['child']} was bij {told['series']}",
        by=told["by"],
        url=reverse("activities:session", args=[told["code"]]),
    )


@timeline.register_light(entries=_entries, knows_compartments=True)
def presences(household, *, user, before):
    """Of the people who live in it now. Who has a luik, is told of in that luik alone."""
    compartment = household.compartment
    hidden = household.people_with_compartment - {compartment and compartment.person_id}
    people = Member.objects.filter(household=household.pk, until=None).exclude(person__in=hidden).values("person")
    came = Attendance.objects.filter(participant__person__in=people).holding().who_came()
    came = came.filter(centre__in=user.centres_where("participants.read"))
    if not household.is_read_by(user):
        # Where people mourn, is for who reads the file.
        came = came.filter(session__series__is_sensitive=False)
    if before:
        came = came.filter(session__starts_at__date__lt=before)
    told = JSONObject(
        starts_at="session__starts_at",
        code="session__code",
        series="session__series__title",
        child="participant__first_name",
        by=name_of("by"),
    )
    return came.annotate(newest=F("session__starts_at"), told=told)
