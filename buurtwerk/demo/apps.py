from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "buurtwerk.demo"
    label = "demo"
    verbose_name = "Demo"
