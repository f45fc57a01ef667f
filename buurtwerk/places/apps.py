from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "buurtwerk.places"
    label = "places"
    verbose_name = "Plaatsen"
