from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate

# Each registers what it adds when it is imported: to the menu, to a family's story, to the work of every day, to Undo.
REGISTERING = [
    "menu",
    "story",
    "help_story",
    "bike_story",
    "digest",
    "open_drafts",
    "actions.additions",
    "actions.attachments",
    "actions.bikes",
    "actions.contacts",
    "actions.families",
    "actions.follow_ups",
    "actions.handovers",
    "actions.help_requests",
    "actions.levels",
    "actions.linking",
    "actions.merge",
    "actions.offers",
    "actions.plans",
    "actions.referrals",
    "actions.retention",
    "actions.rights",
    "actions.rounds",
    "actions.sheets",
    "actions.subject_requests",
    "actions.support",
    "actions.visit_notes",
]


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = "Gezinnen"

    def ready(self):
        from households.rights_list import load_rights

        post_migrate.connect(load_rights, sender=self)
        for module in REGISTERING:
            import_module(f"households.{module}")
