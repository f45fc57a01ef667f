from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "signals"
    verbose_name = "Signalen"

    def ready(self):
        from buurtwerk.interface import navigation
        from signals import undo  # noqa: F401  registers the ways back

        navigation.add("Signalen", "signals:list", icon="megaphone", order=27, right="signals.read", on_phone=True)
        navigation.add(
            "Signaal",
            "signals:new",
            icon="megaphone",
            order=40,
            right="signals.log",
            unless="signals.read",
            on_phone=True,
        )
