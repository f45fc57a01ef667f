"""The fixed words of activities: understood in any language once translated, whatever the title says."""

from django.db import models


class Kind(models.TextChoices):
    """What a resident sees first: a word with a picture and a colour."""

    KIND = "kind", "Voor kinderen"
    ETEN = "eten", "Samen eten"
    TAAL = "taal", "Nederlands praten"
    BEWEEG = "beweeg", "Bewegen"
    MAAK = "maak", "Maken"
    HULP = "hulp", "Hulp en uitleg"
    ONTMOET = "ontmoet", "Elkaar ontmoeten"
    FEEST = "feest", "Feest"

    @property
    def icon(self):
        return KIND_ICONS[self]


KIND_ICONS = {
    Kind.KIND: "toy-brick",
    Kind.ETEN: "soup",
    Kind.TAAL: "messages-square",
    Kind.BEWEEG: "bike",
    Kind.MAAK: "palette",
    Kind.HULP: "life-buoy",
    Kind.ONTMOET: "coffee",
    Kind.FEEST: "party-popper",
}


class ActivityType(models.TextChoices):
    DROP_IN = "drop_in", "Open huis"
    COMPUTER_CORNER = "computer_corner", "Computerhoek"
    WORKSHOP = "workshop", "Atelier"
    PLAY_PLACE = "play_place", "Speelplek"
    TALK_GROUP = "talk_group", "Praatgroep"
    HOMEWORK = "homework", "Huiswerkbegeleiding"
    PARENTING_EVENING = "parenting_evening", "Opvoedingsavond"
    PLAY_AFTERNOON = "play_afternoon", "Speelnamiddag"
    YOUTH = "youth", "Tienerwerking"
    MEAL = "meal", "Maaltijd"
    MEETING = "meeting", "Vergadering"
    ADVICE_DESK = "advice_desk", "Onthaal en rechten"
    COMPUTER_COURSE = "computer_course", "Computercursus"
    REPAIR_CAFE = "repair_cafe", "Repair café"
    OUTING = "outing", "Uitstap"
    HOLIDAY_PROGRAMME = "holiday_programme", "Vakantiewerking"
    COMMEMORATION = "commemoration", "Herdenking"
    NEIGHBOURHOOD_PARTY = "neighbourhood_party", "Buurtfeest"


class Audience(models.TextChoices):
    EVERYONE = "everyone", "Iedereen"
    ADULTS = "adults", "Volwassenen"
    CHILDREN = "children", "Kinderen"
    TEENS = "teens", "Tieners"
    PARENTS = "parents", "Ouders"
    PARENTS_YOUNG_CHILDREN = "parents_young_children", "Ouders met jonge kinderen"
    FAMILIES = "families", "Gezinnen"
    COMMITTEE = "committee", "Comité"


class Allergen(models.TextChoices):
    """The fourteen of annex II of Regulation (EU) 1169/2011, in its order."""

    GLUTEN = "cereals_containing_gluten", "Glutenbevattende granen"
    CRUSTACEANS = "crustaceans", "Schaaldieren"
    EGGS = "eggs", "Eieren"
    FISH = "fish", "Vis"
    PEANUTS = "peanuts", "Pinda's"
    SOY = "soybeans", "Soja"
    MILK = "milk", "Melk"
    NUTS = "tree_nuts", "Noten"
    CELERY = "celery", "Selderij"
    MUSTARD = "mustard", "Mosterd"
    SESAME = "sesame", "Sesamzaad"
    SULPHITES = "sulphur_dioxide_sulphites", "Zwaveldioxide en sulfieten"
    LUPIN = "lupin", "Lupine"
    MOLLUSCS = "molluscs", "Weekdieren"
