from importlib import import_module

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "Activiteiten"

    def ready(self):
        # The way back from a cancelled moment is registered there.
        from activities import actions, enrolment_daily, retention, story  # noqa: F401
        from activities.actions import care, pickup, posting, presence  # noqa: F401
        from buurtwerk.interface import navigation

        import_module("activities.actions.date")
        import_module("activities.actions.closure")
        import_module("activities.actions.session")
        import_module("activities.clock")

        navigation.add(
            "Activiteiten",
            "activities:series-list",
            icon="calendar-days",
            order=30,
            right="activities.read",
            on_phone=True,
            also=("/team/momenten/", "/team/deelnemers/"),
        )
