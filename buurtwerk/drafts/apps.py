from importlib import import_module

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "buurtwerk.drafts"
    label = "drafts"
    verbose_name = "Concepten"

    def ready(self):
        # What is left lying goes by the clock.
        import_module("buurtwerk.drafts.expiry")
