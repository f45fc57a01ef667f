"""The 20 themes shared by contacts, signals, services and activities."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Theme(models.TextChoices):
    INCOME_DEBT = "income_debt", "Inkomen en schulden"
    ADMIN_RIGHTS = "admin_rights", "Administratie en rechten"
    HOUSING = "housing", "Wonen"
    ENERGY_WATER = "energy_water", "Energie en water"
    FOOD = "food", "Eten"
    GOODS = "goods", "Spullen en kledij"
    FAMILY_PARENTING = "family_parenting", "Gezin en opvoeding"
    CHILDCARE = "childcare", "Kinderopvang"
    SCHOOL_LEARNING = "school_learning", "School en huiswerk"
    YOUTH_LEISURE = "youth_leisure", "Vrije tijd en jeugd"
    DUTCH_LITERACY = "dutch_literacy", "Nederlands en geletterdheid"
    DIGITAL = "digital", "Digitaal"
    HEALTH = "health", "Gezondheid"
    MENTAL_WELLBEING = "mental_wellbeing", "Mentaal welzijn"
    CARE_AGEING = "care_ageing", "Zorg en ouder worden"
    WORK = "work", "Werk"
    RESIDENCE_NEWCOMER = "residence_newcomer", "Verblijf en nieuwkomers"
    MOBILITY = "mobility", "Mobiliteit"
    PUBLIC_SPACE_SAFETY = "public_space_safety", "Straat, plein en veiligheid"
    LIVING_TOGETHER = "living_together", "Samenleven"

    @property
    def icon(self):
        """The lucide picture of this theme."""
        return ICONS[self]


ICONS = {
    Theme.INCOME_DEBT: "wallet",
    Theme.ADMIN_RIGHTS: "clipboard-check",
    Theme.HOUSING: "house",
    Theme.ENERGY_WATER: "zap",
    Theme.FOOD: "soup",
    Theme.GOODS: "shirt",
    Theme.FAMILY_PARENTING: "heart-handshake",
    Theme.CHILDCARE: "baby",
    Theme.SCHOOL_LEARNING: "graduation-cap",
    Theme.YOUTH_LEISURE: "bike",
    Theme.DUTCH_LITERACY: "messages-square",
    Theme.DIGITAL: "laptop",
    Theme.HEALTH: "stethoscope",
    Theme.MENTAL_WELLBEING: "sun",
    Theme.CARE_AGEING: "life-buoy",
    Theme.WORK: "briefcase",
    Theme.RESIDENCE_NEWCOMER: "globe",
    Theme.MOBILITY: "bus",
    Theme.PUBLIC_SPACE_SAFETY: "traffic-cone",
    Theme.LIVING_TOGETHER: "users",
}


class ThemesField(ArrayField):
    """A list of themes, without doubles and in the order they were chosen."""

    def __init__(self, **options):
        options.setdefault("verbose_name", "thema's")
        options.setdefault("default", list)
        options.setdefault("blank", True)
        options["base_field"] = models.CharField(max_length=30, choices=Theme)
        super().__init__(**options)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["base_field"]
        return name, path, args, kwargs


def theme_labels(codes):
    """The Dutch labels of a list of theme codes; a code we no longer know is shown as it is."""
    return [Theme(code).label if code in Theme.values else code for code in codes]
