from django.apps import AppConfig


class InterfaceConfig(AppConfig):
    name = "buurtwerk.interface"
    label = "interface"
    verbose_name = "Het uitzicht"
