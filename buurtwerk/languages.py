from django.db import models


class Language(models.TextChoices):
    """The languages people speak with us, most heard first."""

    NL = "nl", "Nederlands"
    FR = "fr", "Frans"
    EN = "en", "Engels"
    AR = "ar", "Arabisch"
    TR = "tr", "Turks"
    ES = "es", "Spaans"
    UK = "uk", "Oekraïens"
    RU = "ru", "Russisch"
    PRS = "prs", "Dari"
    PS = "ps", "Pasjtoe"
    SO = "so", "Somali"
    TI = "ti", "Tigrinya"
    BER = "ber", "Berbers"
    RO = "ro", "Roemeens"
    NE = "ne", "Nepali"
