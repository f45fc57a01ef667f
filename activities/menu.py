"""What activities add to the menu of the team."""

from buurtwerk.interface import navigation

navigation.add(
    "Activiteiten",
    "activities:series-list",
    icon="calendar-days",
    order=30,
    right="activities.read",
    on_phone=True,
    also=("/team/momenten/", "/team/deelnemers/"),
)
