from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    default = True
    name = "buurtwerk.accounts"
    label = "accounts"
    verbose_name = "Wie hier werkt"

    def ready(self):
        from buurtwerk.accounts.rowlevel import grant_rights
        from buurtwerk.accounts.sessions import begin

        post_migrate.connect(grant_rights, sender=self)
        user_logged_in.connect(begin)


class TeamAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "buurtwerk.accounts.admin_site.TeamAdminSite"
