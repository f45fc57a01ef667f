from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "buurtwerk.overview"
    label = "overview"
    verbose_name = "Overzicht"
