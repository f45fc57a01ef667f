"""The entries of this app in the main menu of the team."""

from buurtwerk.interface import navigation

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
    "Opvolging",
    "households:follow-up-list",
    icon="list-checks",
    order=25,
    right="followups.work",
    also=("/team/hulpvragen/", "/team/overdrachten/", "/team/rechten/", "/team/beheer/rechten/"),
)
navigation.add("Doorverwijzingen", "households:referral-list", icon="send", order=50, right="referrals.make")
navigation.add("Rondes", "households:round-list", icon="footprints", order=55, right="rounds.walk")
navigation.add("Fietsen", "households:bike-list", icon="bike", order=58, right="bikes.lend")
navigation.add("Inzage", "households:digest", icon="eye", order=85, right="files.review", also=("/team/privacy/",))
