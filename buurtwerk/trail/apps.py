from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "buurtwerk.trail"
    label = "trail"
    verbose_name = "Inzagelogboek"
