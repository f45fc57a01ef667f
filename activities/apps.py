from importlib import import_module

from django.apps import AppConfig

# Each registers what it adds when it is imported: to the menu, to a family's story, to the work of every day, to Undo.
REGISTERING = [
    "menu",
    "story",
    "clock",
    "enrolment_daily",
    "retention",
    "actions.care",
    "actions.closing",
    "actions.closure",
    "actions.date",
    "actions.moving",
    "actions.pickup",
    "actions.posting",
    "actions.presence",
    "actions.session",
]


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "Activiteiten"

    def ready(self):
        for module in REGISTERING:
            import_module(f"activities.{module}")
