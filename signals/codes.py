"""The fixed lists around a signal."""

from django.db import models


class Status(models.TextChoices):
    NEW = "new", "Nieuw"
    TRIAGED = "triaged", "Beoordeeld"
    ASSIGNED = "assigned", "In behandeling"
    WAITING = "waiting", "Wacht op antwoord"
    CLOSED = "closed", "Afgerond"
    REOPENED = "reopened", "Heropend"
    SPAM = "spam", "Spam"
    ERASED = "erased", "Gewist"


OPEN = [Status.NEW, Status.TRIAGED, Status.ASSIGNED, Status.WAITING, Status.REOPENED]
# From here on a signal carries what triage decided.
WEIGHED = [Status.TRIAGED, Status.ASSIGNED, Status.WAITING, Status.CLOSED, Status.REOPENED]


class Channel(models.TextChoices):
    DESK = "desk", "Balie"
    STREET = "street", "Straat"
    HOME_VISIT = "home_visit", "Huisbezoek"
    PHONE = "phone", "Telefoon"
    ONLINE = "online", "Online"
    ACTIVITY = "activity", "Activiteit"
    PARTNER = "partner", "Partner"
    LETTER = "letter", "Brief"


class Kind(models.TextChoices):
    NEED = "need", "Nood"
    QUESTION = "question", "Vraag"
    COMPLAINT = "complaint", "Klacht"
    IDEA = "idea", "Idee"
    CONCERN = "concern", "Bezorgdheid"
    COMPLIMENT = "compliment", "Compliment"


class Urgency(models.TextChoices):
    NORMAL = "normal", "Gewoon"
    THIS_WEEK = "this_week", "Deze week"
    TODAY = "today", "Vandaag"
    DANGER = "danger", "Gevaar"


# Due on the day itself.
URGENT = [Urgency.TODAY, Urgency.DANGER]


class ToldBy(models.TextChoices):
    RESIDENT = "resident", "Bewoner"
    VOLUNTEER = "volunteer", "Vrijwilliger"
    PARTNER = "partner", "Partner"
    OWN_OBSERVATION = "own_observation", "Eigen vaststelling"


class Repeats(models.TextChoices):
    YES = "yes", "Ja"
    NO = "no", "Nee"
    UNKNOWN = "unknown", "Weet niet"


class AgeGroup(models.TextChoices):
    SMALL = "0_5", "0 tot 5 jaar"
    CHILD = "6_11", "6 tot 11 jaar"
    TEEN = "12_17", "12 tot 17 jaar"
    YOUNG_ADULT = "18_25", "18 tot 25 jaar"
    ADULT = "26_64", "26 tot 64 jaar"
    OLDER = "65_plus", "65 jaar of ouder"


class Resolution(models.TextChoices):
    ANSWERED = "answered", "Beantwoord"
    HELPED = "helped", "Geholpen"
    REFERRED = "referred", "Doorverwezen"
    NOT_POSSIBLE = "not_possible", "Niet mogelijk"
    DUPLICATE = "duplicate", "Dubbel"
    WITHDRAWN = "withdrawn", "Ingetrokken"
    SPAM = "spam", "Spam"


class What(models.TextChoices):
    """What happened to a signal."""

    LOGGED = "logged", "Genoteerd"
    MOVED = "moved", "Nieuwe toestand"
    CHANGED = "changed", "Aangepast"
    HANDED_OVER = "handed_over", "Doorgegeven"
    TAKEN_BACK = "taken_back", "Ongedaan gemaakt"
