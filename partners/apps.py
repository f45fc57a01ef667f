from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = "Wegwijzer"

    def ready(self):
        from buurtwerk.interface import navigation

        navigation.add("Partners", "partners:list", icon="map-pinned", order=60, right="partners.read")
