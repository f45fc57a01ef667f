from importlib import import_module

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = "Gezinnen"

    def ready(self):
        from buurtwerk.interface import navigation

        # These register what they add to a family's story and how their steps are undone.
        for module in (
            "story",
            "actions.attachments",
            "actions.contacts",
            "actions.families",
            "actions.follow_ups",
            "actions.merge",
            "actions.referrals",
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
            also=("/team/contacten/",),
        )
        navigation.add("Opvolging", "households:follow-up-list", icon="list-checks", order=25, right="followups.work")
        navigation.add("Doorverwijzingen", "households:referral-list", icon="send", order=50, right="referrals.make")
