from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "buurtwerk.overview"
    label = "overview"
    verbose_name = "Overzicht"

    def ready(self):
        from buurtwerk.interface import navigation

        navigation.add("Vandaag", "overview:today", icon="sun", order=0, on_phone=True)
