"""Invented questions, agreements and answers about rights, of the invented families."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from buurtwerk.accounts.rowlevel import asking_everything
from households.actions.plans import save_version
from households.models import HelpRequest, Household, Plan, PlanStep, Right, RightCheck
from households.models.right import months_later
from partners.models import Organisation

Status, State, Reason = HelpRequest.Status, RightCheck.State, RightCheck.Reason


@dataclass(frozen=True)
class Question:
    nickname: str
    words: str
    theme: str
    days_ago: int
    status: str = Status.WORKING
    next_in: int = 7
    outcome: str = ""
    of_someone: bool = True


QUESTIONS = [
    Question(
        "Gezin van Samira", "Ik wil weg van die schimmel. Ilyas hoest elke nacht.", "housing", 16, Status.WITH_PARTNER
    ),
    Question("Gezin van Samira", "Die brief van de school, wat moet ik daarmee?", "school_learning", 5, next_in=0),
    Question("Debby en de jongens", "Hoe hou ik op het einde van de maand iets over?", "income_debt", 12, next_in=-2),
    Question("Hamid en Zahra", "We zitten met zes op twee kamers.", "housing", 30, Status.WITH_PARTNER, next_in=10),
    Question("María Elena en Lucía", "Ik zoek opvang, dan kan ik gaan werken.", "childcare", 3, Status.ASKED),
    Question("Oksana en Maksym", "Maksym wil bij een voetbalploeg.", "youth_leisure", 9, next_in=1),
    Question(
        "Roger en Godelieve",
        "Wie kan er eens naar onze rekening van het gas kijken?",
        "energy_water",
        40,
        Status.SOLVED,
        outcome="Het sociaal tarief staat nu op de factuur.",
        of_someone=False,
    ),
    Question(
        "Willy van de hoek",
        "Ik wil wat meer volk zien in de week.",
        "living_together",
        60,
        Status.PARTLY,
        outcome="Komt op dinsdag eten. Op zondag is er niets open.",
    ),
    Question(
        "Gezin van Fatuma",
        "Kan iemand ons helpen verhuizen naar iets groters?",
        "housing",
        90,
        Status.UNSOLVED,
        outcome="Er is geen betaalbare woning met vier kamers.",
        of_someone=False,
    ),
    Question("Cindy en Luna", "Mag ik hier komen printen?", "digital", 20, Status.WITHDRAWN),
]

# Days ago, own words, and goals with steps: what, of whom, by how many days from now, done.
PLANS = {
    "Gezin van Samira": [
        (
            28,
            "Ik wil dat Ilyas goed kan slapen.",
            [("Een droge slaapkamer", [("Neem foto's van de muur", "family", None, True)])],
        ),
        (
            7,
            "Ik wil dat Ilyas goed kan slapen.",
            [
                (
                    "Een droge slaapkamer",
                    [
                        ("Neem foto's van de muur", "family", None, True),
                        ("Schrijf de huisbaas", "worker", 4, False),
                        ("Kom kijken naar de muur", "demo-wonen", 14, False),
                    ],
                ),
                ("Ilyas leest vlot", [("Ga elke woensdag naar de huiswerkklas", "family", None, False)]),
            ],
        ),
    ],
    "Oksana en Maksym": [
        (
            10,
            "Ik wil zelf naar de winkel en de dokter kunnen.",
            [
                ("Nederlands leren", [("Schrijf je in voor de les", "family", 9, False)]),
                ("Maksym bij een ploeg", [("Bel de ploeg over het inschrijven", "worker", 2, False)]),
            ],
        ),
    ],
}

# What families said of a right: state, reason, days ago, months from now to ask again.
RIGHTS = {
    "Gezin van Samira": [
        ("increased_reimbursement", State.HAS, "", 200, None),
        ("study_allowance", State.REQUESTED, "", 20, 2),
        ("rent_support", State.DECLINED, Reason.FEAR, 120, None),
        ("rent_support", State.REQUESTED, "", 14, 2),
    ],
    # In March we ask again.
    "Debby en de jongens": [
        ("living_wage_support", State.DECLINED, Reason.SHAME, 40, "march"),
        ("uitpas_reduced", State.HAS, "", 40, None),
    ],
    "Willy van de hoek": [
        ("social_energy_tariff", State.DECLINED, Reason.DIFFICULT, 200, "now"),
        ("increased_reimbursement", State.HAS, "", 200, None),
    ],
    "Hamid en Zahra": [
        ("social_housing_registration", State.GRANTED, "", 100, None),
        ("growth_package_social_supplement", State.REFUSED, "", 30, 11),
    ],
}
# So that the figures of a neighbourhood have something to show: a short look at three rights with more families.
QUICK_LOOK = ["social_energy_tariff", "uitpas_reduced", "study_allowance"]
SAID = [State.HAS, State.DECLINED, State.HAS, State.REQUESTED, State.DECLINED, State.NOT_FOR]
WHY = [Reason.UNKNOWN, Reason.DIFFICULT, Reason.SHAME]


def load_help():
    """Add what was never here; a family where people wrote something of their own is left alone."""
    with asking_everything():
        for row in QUESTIONS:
            _ask(row)
        for nickname, versions in PLANS.items():
            _agree(nickname, versions)
        _answer()


def _family(nickname):
    found = Household.objects.filter(nickname=nickname, primary_worker__isnull=False)
    return found.select_related("primary_worker").first()


def _ask(row):
    household = _family(row.nickname)
    ever = HelpRequest.pgh_event_model.objects.filter(household=household, words=row.words)
    if household is None or ever.exists():
        return
    worker, today = household.primary_worker, timezone.localdate()
    member = household.members.current().select_related("person").first() if row.of_someone else None
    is_open = row.status in dict(HelpRequest.OPEN_CHOICES)
    asked = HelpRequest.objects.create(
        centre_id=household.centre_id,
        household=household,
        person=member and member.person,
        words=row.words,
        theme=row.theme,
        status=row.status,
        outcome=row.outcome,
        owner=worker,
        next_on=today + timedelta(days=row.next_in) if is_open else None,
        asked_on=today - timedelta(days=row.days_ago),
        referral=household.referrals.filter(theme=row.theme).first() if row.status == Status.WITH_PARTNER else None,
        created_by=worker,
        ended_at=None if is_open else _moment(2),
        ended_by=None if is_open else worker,
    )
    # Django writes the moment of saving itself; the story needs the day of the question.
    HelpRequest.objects.filter(pk=asked.pk).update(created_at=_moment(row.days_ago))


def _agree(nickname, versions):
    household = _family(nickname)
    if household is None or household.plans.exists():
        return
    for days_ago, own_words, goals in versions:
        agreed = [(what, [_step(household, days_ago, *step) for step in steps]) for what, steps in goals]
        plan = save_version(household, own_words=own_words, goals=agreed, by=household.primary_worker)
        Plan.objects.filter(pk=plan.pk).update(made_at=_moment(days_ago))


def _step(household, days_ago, what, who, in_days, is_done):
    today = timezone.localdate()
    step = PlanStep(what=what, who=PlanStep.Who.RESIDENT, due_on=in_days and today + timedelta(days=in_days))
    if who == "worker":
        step.who, step.worker = PlanStep.Who.WORKER, household.primary_worker
    elif who != "family":
        step.who, step.organisation = PlanStep.Who.PARTNER, Organisation.objects.get(slug=who)
    if is_done:
        step.done_on, step.done_by = today - timedelta(days=days_ago - 1), household.primary_worker
    return step


def _answer():
    rights = {right.code: right for right in Right.objects.all()}
    asked = Household.objects.exclude(right_checks=None).values_list("pk", flat=True)
    fresh = Household.objects.exclude(pk__in=list(asked)).filter(primary_worker__isnull=False).order_by("pk")
    checks = []
    for place, household in enumerate(fresh.select_related("primary_worker")[:60]):
        for row in RIGHTS.get(household.nickname) or _quick_look(place):
            if row[0] in rights:
                checks.append(_check(household, rights[row[0]], *row[1:]))
    # A second loading finds families that people added since: those are not ours to answer for.
    if not asked:
        RightCheck.objects.bulk_create(checks)


def _quick_look(place):
    for turn, code in enumerate(QUICK_LOOK):
        state = SAID[(place + turn) % len(SAID)]
        if (place + turn) % 4:
            why = WHY[(place // 2) % 3] if state == State.DECLINED else ""
            yield code, state, why, 30 + place, RightCheck.ASK_AGAIN_AFTER.get(state)


def _check(household, right, state, reason, days_ago, again):
    return RightCheck(
        centre_id=household.centre_id,
        household=household,
        right=right,
        state=state,
        reason=reason,
        next_ask_on=_when(again),
        answered_on=timezone.localdate() - timedelta(days=days_ago),
        at=_moment(days_ago),
        by=household.primary_worker,
    )


def _when(again):
    today = timezone.localdate()
    if again == "march":
        return months_later(today, (3 - today.month) % 12 or 12)
    if again == "now":
        return today - timedelta(days=1)
    return again and months_later(today, again)


def _moment(days_ago):
    day = timezone.localdate() - timedelta(days=days_ago)
    return min(timezone.make_aware(datetime.combine(day, time(15))), timezone.now())
