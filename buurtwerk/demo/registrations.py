"""Who is registered at the demo centre: a full holiday week, homework, a play afternoon. Invented, each of them."""

from django.utils import timezone

from activities.actions.registration import Contact, Person, enrol
from activities.actions.waiting import withdraw
from activities.models import ActivitySeries, RegistrationGroup
from activities.targets import Target
from buurtwerk.accounts.models import User

HOLIDAY_WEEK = "vakantiewerking"
HOMEWORK = ["huiswerk-dinsdag", "huiswerk-donderdag"]
PLAY = "speelnamiddag"
SEATS = 12
# First names of the children of one family, and its last name.
FAMILIES = [
    ("Ayoub", "Zilverberg"),
    ("Lotte Wout", "Lindekens"),
    ("Zeynep", "Wilgenaar"),
    ("Noé Mila", "Kastanjer"),
    ("Yusuf", "Beukelaar"),
    ("Elif Emre", "Esdoorn"),
    ("Fleur", "Hazelaar"),
    ("Sami", "Olmenaar"),
    ("Danylo", "Sparrenaar"),
    ("Hanne Jasper", "Populier"),
    ("Imane Rania", "Meidoorn"),
    ("Thiago", "Berkelaar"),
]


def load_registrations():
    """Once for each activity; after that its list is what people made of it."""
    _holiday_week()
    for number, slug in enumerate(HOMEWORK):
        _register(_next(slug, scope=ActivitySeries.EnrolScope.SERIES, seats=10), FAMILIES[number * 4 : number * 4 + 4])
    _register(_next(PLAY), FAMILIES[:6])


def _holiday_week():
    """Full, with a waiting list; one family left, so that the first who fits has an offer."""
    target = _next(HOLIDAY_WEEK, scope=ActivitySeries.EnrolScope.BLOCK, seats=SEATS)
    groups = _register(target, FAMILIES)
    if groups:
        withdraw(target, list(groups[2].registrations.all()))


def _next(slug, *, scope=None, seats=None):
    """What someone would register for now; None when it is on the list already, or is not coming."""
    series = ActivitySeries.objects.filter(slug=slug).first()
    if series is None or RegistrationGroup.objects.filter(series=series).exists():
        return None
    if scope:
        series.enrol_scope, series.capacity, series.registration = scope, seats, series.Registration.REQUIRED
        series.save()
    session = series.sessions.planned().coming().select_related("series").order_by("starts_at").first()
    return session and Target.of_session(session)


def _register(target, families):
    if target is None:
        return []
    desk = User.objects.filter(membership__centre=target.series.centre_id).order_by("pk").first()
    groups = []
    for number, (names, last) in enumerate(families):
        by_phone = number % 3 == 0
        people = [Person(name, last, timezone.localdate().year - 7 - number % 5) for name in names.split()]
        contact = Contact(
            f"Ouder {last}", f"0470 00 01 {number:02d}", "" if by_phone else f"{last.lower()}@example.org"
        )
        channel = {"channel": "phone", "by": desk} if by_phone else {}
        groups.append(enrol(target, people=people, contact=contact, **channel).group)
    return groups
