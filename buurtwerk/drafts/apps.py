from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "buurtwerk.drafts"
    label = "drafts"
    verbose_name = "Concepten"
