"""Who looked where, week by week: what a coordinator should know without searching for it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, F, Max
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.daily.work import every_day
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households.models import BreakGlass, Household

WEEKS = 8
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One of the five: how often, and by how many colleagues."""

    label: str
    times: int
    people: int
    more: str = ""


@dataclass(frozen=True)
class Opening:
    """A file that someone opened who is not in its team."""

    user: User
    role: str
    household: Household
    times: int
    last: datetime
    reason: str


@dataclass(frozen=True)
class Digest:
    lines: list
    openings: list
    unseen: list
    glass: list


def monday_of(day):
    return day - timedelta(days=day.weekday())


def last_weeks():
    """The Mondays of this week and those before it, the newest first."""
    this = monday_of(timezone.localdate())
    return [this - number * WEEK for number in range(WEEKS)]


def digest(user, week):
    """The week that begins on this Monday, in the centres that this user reviews."""
    centres = user.centres_where("files.review")
    since = timezone.make_aware(datetime.combine(week, time.min))
    until = timezone.make_aware(datetime.combine(week + WEEK, time.min))
    looks = Access.objects.filter(centre__in=centres, at__gte=since, at__lt=until)
    reviewed = BreakGlass.objects.filter(centre__in=centres).select_related("user", "seen_by", "household")
    openings = _openings(looks, user)
    glass = list(reviewed.filter(at__gte=since, at__lt=until))
    return Digest(
        lines=_lines(looks, openings, glass),
        openings=openings,
        unseen=[each.give_review(user) for each in reviewed.unseen()],
        glass=[each for each in glass if each.seen_at],
    )


def _lines(looks, openings, glass):
    counted = {
        row["action"]: row
        for row in looks.values("action").annotate(times=Count("pk"), people=Count("user", distinct=True))
    }
    failed = looks.filter(action=Access.Action.BREAK_GLASS, record_ids=[]).count()

    def line(label, action, more=""):
        row = counted.get(action, {"times": 0, "people": 0})
        return Line(label, row["times"], row["people"], more)

    files, people = {each.household.pk for each in openings}, {each.user.pk for each in openings}
    tried = f"{failed} keer met een code die niets opende" if failed else ""
    return [
        Line("Dossiers geopend door wie niet in het dossierteam zit", len(files), len(people)),
        Line("Noodtoegang", len(glass), len({each.user_id for each in glass}), tried),
        line("Uitgevoerd in een bestand", Access.Action.EXPORT),
        line("Afgedrukt", Access.Action.PRINT),
        line("Gezocht naar een gezin of een persoon", Access.Action.SEARCH),
    ]


def _openings(looks, reviewer):
    """Who opened a file without being of its team: grouped, the newest first."""
    rows = list(
        looks.filter(action=Access.Action.VIEW, record_type="household", record_ids__len=1)
        .annotate(family=F("record_ids__0"))
        .values("family", "user", "role", "reason")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("-last")
    )
    users = User.objects.in_bulk({row["user"] for row in rows})
    families = Household.objects.visible_to(reviewer).with_readers(reviewer)
    families = families.select_related("primary_worker").in_bulk({row["family"] for row in rows})
    return [
        Opening(users[row["user"]], row["role"], families[row["family"]], row["times"], row["last"], row["reason"])
        for row in rows
        if row["family"] in families and not families[row["family"]].is_in_file_team(users[row["user"]])
    ]


@every_day("Weekoverzicht van inzage")
def tell_that_the_week_is_ready():
    """Every Monday, or the first day after it that this runs: once for each coordinator and week."""
    week = monday_of(timezone.localdate()) - WEEK
    address = f"{reverse('households:digest')}?week={week:%Y-%m-%d}"
    roles = RIGHTS["files.review"].roles
    reviewing = User.objects.filter(membership__role__in=roles, is_active=True).distinct()
    told = Notice.objects.filter(url=address).values("to")
    to_tell = list(reviewing.exclude(pk__in=told))
    Notice.objects.tell(*to_tell, text="Het weekoverzicht van wie dossiers las, staat klaar.", url=address)
    return len(to_tell)
