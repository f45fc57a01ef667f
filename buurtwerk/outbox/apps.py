from importlib import import_module

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "buurtwerk.outbox"
    verbose_name = "Berichten"

    def ready(self):
        from buurtwerk.interface import navigation

        # It registers what goes by the clock.
        import_module("buurtwerk.outbox.expiry")
        navigation.add("Berichten", "outbox:list", icon="mail", order=87, right="messages.check")
