from importlib import import_module

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "buurtwerk.places"
    label = "places"
    verbose_name = "Plaatsen"

    def ready(self):
        # Holidays of the years to come are computed by the clock.
        import_module("buurtwerk.places.computed")
