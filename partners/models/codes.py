"""The fixed lists of the directory."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class NetworkFunction(models.TextChoices):
    """The seven functions of a buurtgericht netwerk."""

    MEETING = "meeting_cohesion", "Ontmoeting en samenhang"
    CHILDCARE = "childcare_education", "Kinderopvang en basisonderwijs"
    LEISURE = "play_leisure_culture_sport", "Spel, vrije tijd, cultuur, sport en kunst"
    FAMILY_SUPPORT = "family_support_health", "Preventieve gezinsondersteuning en gezondheid"
    PUBLIC_SPACE = "children_public_space", "Plaats van kinderen en gezinnen in de openbare ruimte"
    RIGHTS = "rights_reception_services", "Basisrechten, onthaal en sociale dienstverlening"
    ADVOCACY = "advocacy_signalling", "Belangen behartigen en signaleren"


class OrganisationKind(models.TextChoices):
    CITY = "city", "Stad"
    NGO = "ngo", "Vereniging (vzw)"
    NETWORK = "network", "Netwerk"
    PUBLIC_SERVICE = "public_service", "Openbare dienst"
    SCHOOL = "school", "School"
    HEALTH = "health", "Gezondheid"


class SourceRead(models.TextChoices):
    """How far someone read what the source says; that is not yet a check with the organisation itself."""

    YES = "yes", "Gelezen in de bron"
    PARTLY = "partly", "Deels gelezen"
    NO = "no", "Niet nagekeken"


class AccessMode(models.TextChoices):
    WALK_IN = "walk_in", "Binnenlopen"
    PHONE = "phone", "Bellen"
    EMAIL = "email", "Mailen"
    FORM = "form", "Formulier invullen"
    REFERRAL = "referral", "Via een doorverwijzer"


class ServiceStatus(models.TextChoices):
    ACTIVE = "active", "Loopt"
    PAUSED = "paused", "Even niet"
    ENDED = "ended", "Gestopt"


class CheckEvery(models.IntegerChoices):
    MONTH = 1, "elke maand"
    QUARTER = 3, "elke 3 maanden"
    HALF_YEAR = 6, "elke 6 maanden"
    YEAR = 12, "elk jaar"


class Freshness(models.TextChoices):
    CURRENT = "current", "Actueel"
    DUE = "due", "Nakijken"
    OUTDATED = "outdated", "Verouderd"


class CheckMethod(models.TextChoices):
    PHONE = "phone", "Telefoon"
    VISIT = "visit", "Bezoek"
    WEBSITE = "website", "Website"
    PARTNER = "partner", "Partner zelf"


class CheckResult(models.TextChoices):
    CORRECT = "correct", "Alles klopt"
    CORRECTED = "corrected", "Ik paste de kaart aan"
    UNREACHED = "unreached", "Niemand bereikt"
    GONE = "gone", "Het aanbod is gestopt"


def codes_field(label, codes):
    """A field for any number of codes from one fixed list."""
    return ArrayField(models.CharField(max_length=30, choices=codes), verbose_name=label, default=list, blank=True)


def known_codes(field, codes):
    """The condition of a constraint: nothing in this list that we do not know."""
    return models.Q(**{f"{field}__contained_by": list(codes.values)})


def known_code(field, codes):
    """The condition of a constraint: one code that we know."""
    return models.Q(**{f"{field}__in": list(codes.values)})
