from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = "Gezinnen"

    def ready(self):
        from buurtwerk.interface import navigation
        from households import story, ways_back  # noqa: F401  they register themselves

        navigation.add("Noteer", "households:note", icon="notebook-pen", order=10, right="contacts.log", on_phone=True)
        navigation.add("Gezinnen", "households:list", icon="users", order=20, right="families.list", on_phone=True)
        navigation.add("Opvolging", "households:follow-up-list", icon="list-checks", order=25, right="followups.work")
        navigation.add("Doorverwijzingen", "households:referral-list", icon="send", order=50, right="referrals.make")
