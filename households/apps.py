from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = "Gezinnen"

    def ready(self):
        from buurtwerk.interface import navigation
        from households.rights_list import load_rights

        post_migrate.connect(load_rights, sender=self)
        # These register what they add to a family's story and how their steps are undone.
        for module in (
            "story",
            "help_story",
            "bike_story",
            "actions.additions",
            "digest",
            "open_drafts",
            "actions.attachments",
            "actions.bikes",
            "actions.contacts",
            "actions.families",
            "actions.follow_ups",
            "actions.handovers",
            "actions.linking",
            "actions.merge",
            "actions.offers",
            "actions.help_requests",
            "actions.plans",
            "actions.levels",
            "actions.referrals",
            "actions.retention",
            "actions.rights",
            "actions.sheets",
            "actions.subject_requests",
            "actions.support",
            "actions.visit_notes",
            "actions.rounds",
        ):
            import_module(f"households.{module}")

        navigation.add("Noteer", "households:note", icon="notebook-pen", order=10, right="contacts.log", on_phone=True)
        navigation.add(
            "Gezinnen",
            "households:list",
            icon="users",
            order=20,
            right="families.list",
            on_phone=True,
            also=("/team/contacten/", "/team/ritme/"),
        )
        navigation.add(
            "Inzage", "households:digest", icon="eye", order=85, right="files.review", also=("/team/privacy/",)
        )
        navigation.add(
            "Opvolging",
            "households:follow-up-list",
            icon="list-checks",
            order=25,
            right="followups.work",
            also=("/team/hulpvragen/", "/team/overdrachten/", "/team/rechten/", "/team/beheer/rechten/"),
        )
        navigation.add("Doorverwijzingen", "households:referral-list", icon="send", order=50, right="referrals.make")
        navigation.add("Fietsen", "households:bike-list", icon="bike", order=58, right="bikes.lend")
        navigation.add("Rondes", "households:round-list", icon="footprints", order=55, right="rounds.walk")
