from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "buurtwerk.accounts"
    label = "accounts"
    verbose_name = "Wie hier werkt"

    def ready(self):
        from buurtwerk.accounts.rowlevel import grant_rights

        post_migrate.connect(grant_rights, sender=self)
