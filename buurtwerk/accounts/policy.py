"""Who may do what: one table, readable by a colleague who does not program.

A right holds in the centres where someone has one of its roles; rights never cross centres.
Which rows follow from it, is a `visible_to(user)` on each queryset.
"""

from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    WORKER = "worker", "Buurtwerker"
    COORDINATOR = "coordinator", "Coördinator"
    RECEPTION = "reception", "Onthaal"
    MONITOR = "monitor", "Kinderwerker of monitor"
    VOLUNTEER = "volunteer", "Vrijwilliger"
    READER = "reader", "Lezer (bestuur, beleid)"
    ADMINISTRATOR = "administrator", "Beheerder"


@dataclass(frozen=True)
class Right:
    sentence: str
    roles: frozenset


def _right(sentence, *roles):
    return Right(sentence, frozenset(roles))


WORKER, COORDINATOR, RECEPTION = Role.WORKER, Role.COORDINATOR, Role.RECEPTION
MONITOR, VOLUNTEER, READER, ADMINISTRATOR = Role.MONITOR, Role.VOLUNTEER, Role.READER, Role.ADMINISTRATOR

RIGHTS = {
    "families.list": _right(
        "Ziet welke gezinnen er zijn: code, roepnaam en vaste buurtwerker.", WORKER, COORDINATOR, RECEPTION
    ),
    "families.open": _right("Opent een gezin en leest wat de buurtwerkers delen.", WORKER, COORDINATOR),
    "families.change": _right("Maakt een gezin aan, past het aan en voegt mensen toe.", WORKER, COORDINATOR),
    "families.oversee": _right(
        "Ziet ook de afgeschermde gezinnen van het centrum en leest er wat voor het dossierteam is.", COORDINATOR
    ),
    "families.merge": _right("Voegt twee dossiers van hetzelfde gezin samen.", COORDINATOR),
    "families.move": _right("Leest gezinnen in uit een rekenblad en voert de eigen dossiers uit.", WORKER, COORDINATOR),
    "files.break_glass": _right("Opent in nood een dossier dat niet het eigene is, met reden.", WORKER, COORDINATOR),
    "files.review": _right(
        "Kijkt na wie dossiers las, antwoordt op een vraag om inzage en keurt de vernietigingslijst goed.", COORDINATOR
    ),
    "visits.prepare": _right(
        "Leest waar we op letten bij een huisbezoek, om een collega te verwittigen.", COORDINATOR, RECEPTION
    ),
    "contacts.log": _right("Noteert een contact.", WORKER, COORDINATOR),
    "contacts.read_files": _right("Leest elke nota van het dossierteam in het eigen centrum.", COORDINATOR),
    "contacts.correct": _right("Verbetert wat een collega noteerde, en zegt waarom.", COORDINATOR),
    "followups.work": _right("Vinkt een opvolging af, verzet ze of geeft ze door.", WORKER, COORDINATOR),
    "handovers.make": _right("Draagt gezinnen over aan een collega en neemt er over.", WORKER, COORDINATOR),
    "rounds.walk": _right("Plant een ronde en noteert wat ze opleverde.", WORKER, COORDINATOR),
    "rights.change": _right("Past de lijst van rechten aan die we met gezinnen overlopen.", COORDINATOR),
    "bikes.lend": _right("Leent kinderfietsen uit, ruilt ze en neemt ze terug.", WORKER, COORDINATOR, RECEPTION),
    "bikes.manage": _right("Beheert de kinderfietsen, hun maten en het tarief.", COORDINATOR),
    "referrals.make": _right("Verwijst een gezin door, met toestemming.", WORKER, COORDINATOR),
    "referrals.overview": _right("Ziet alle doorverwijzingen van het centrum.", COORDINATOR),
    "signals.log": _right("Noteert een signaal.", WORKER, COORDINATOR, RECEPTION, MONITOR, VOLUNTEER),
    "signals.read": _right("Leest de signalen van het centrum.", WORKER, COORDINATOR),
    "signals.triage": _right("Beoordeelt een signaal, wijst het toe en sluit het af.", WORKER, COORDINATOR),
    "signals.contact_details": _right("Ziet hoe de melder te bereiken is.", WORKER, COORDINATOR),
    "activities.read": _right(
        "Ziet de activiteiten en momenten van het centrum.", WORKER, COORDINATOR, RECEPTION, MONITOR, VOLUNTEER, READER
    ),
    "activities.change": _right("Plant activiteiten en zegt een moment af.", WORKER, COORDINATOR),
    "activities.settle": _right(
        "Stelt de sluitingsdagen, de verhouding per leeftijd en de teksten van berichten in.", COORDINATOR
    ),
    "participants.read": _right("Zoekt deelnemers en ziet hun inschrijvingen.", WORKER, COORDINATOR, RECEPTION),
    "participants.change": _right(
        "Schrijft mensen in of uit, aan de balie of aan de telefoon.", WORKER, COORDINATOR, RECEPTION
    ),
    "care.read": _right("Leest de zorgfiche van een kind.", WORKER, COORDINATOR),
    "care.change": _right("Past een zorgfiche, afhalers en toestemmingen aan.", WORKER, COORDINATOR),
    "care.let_go": _right("Laat een kind gaan met iemand die niet op de lijst staat, met reden.", COORDINATOR, WORKER),
    "presence.tick": _right(
        "Vinkt aan wie er is: monitors en vrijwilligers enkel waar ze zelf staan.",
        WORKER,
        COORDINATOR,
        RECEPTION,
        MONITOR,
        VOLUNTEER,
    ),
    "partners.read": _right("Zoekt in de sociale kaart.", WORKER, COORDINATOR, RECEPTION, MONITOR, VOLUNTEER, READER),
    "partners.change": _right("Past een kaart in de sociale kaart aan en kijkt ze na.", WORKER, COORDINATOR),
    "messages.check": _right(
        "Kijkt na welke berichten vertrokken en probeert opnieuw wat mislukte.", COORDINATOR, ADMINISTRATOR
    ),
    "messages.read": _right("Leest naar wie een bericht ging en wat erin staat.", COORDINATOR),
    "users.manage": _right("Beheert gebruikers en hun rollen.", ADMINISTRATOR),
}
