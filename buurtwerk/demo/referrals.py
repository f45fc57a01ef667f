"""Invented referrals, to invented organisations: a made-up answer says nothing about a real one."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.languages import Language
from households.actions import referrals as actions
from households.models import Consent, FollowUp, Household, Referral, ReferralMove
from partners.models import Organisation, Service, Verification

Status = Referral.Status

# Slug, what it is about, themes.
PARTNERS = [
    ("demo-wonen", "Voorbeelddienst wonen (demo)", ["housing", "energy_water"]),
    ("demo-taal", "Voorbeeldschool Nederlands (demo)", ["dutch_literacy"]),
    ("demo-werk", "Voorbeelddienst werk (demo)", ["work"]),
    ("demo-huiswerk", "Voorbeeldhulp huiswerk (demo)", ["school_learning"]),
    ("demo-thuis", "Voorbeelddienst thuishulp (demo)", ["care_ageing", "mental_wellbeing"]),
]


@dataclass(frozen=True)
class Row:
    nickname: str
    partner: str
    theme: str
    days_ago: int
    need: str
    shared: tuple = ("first_name", "need")
    how: str = "spoken"
    warmth: str = "called"
    # Where it went after it was sent, with how many days ago.
    then: tuple = ()


ROWS = [
    Row(
        "Gezin van Samira",
        "demo-wonen",
        "housing",
        16,
        "De muur in de slaapkamer ziet zwart. Wie komt kijken?",
        shared=("first_name", "language", "need"),
    ),
    Row("Hamid en Zahra", "demo-wonen", "housing", 9, "Ze zoeken een grotere woning.", then=((Status.WAITLISTED, 6),)),
    Row("Tekle", "demo-taal", "dutch_literacy", 21, "Tekle wil les in de avond.", then=((Status.ACCEPTED, 14),)),
    Row(
        "Bishnu en Sita",
        "demo-taal",
        "dutch_literacy",
        12,
        "Sita wil oefenen met praten.",
        warmth="went_along",
        then=((Status.ACCEPTED, 9), (Status.ARRIVED, 4)),
    ),
    Row("Gezin van Mihai", "demo-werk", "work", 2, "Mihai zoekt werk overdag, dicht bij huis.", how="paper"),
    Row(
        "Farid",
        "demo-werk",
        "work",
        30,
        "Farid wil een opleiding volgen.",
        then=((Status.ACCEPTED, 26), (Status.SCHEDULED, 3)),
    ),
    Row("Roger en Godelieve", "demo-thuis", "care_ageing", 6, "Ze vragen wat hulp met poetsen.", warmth="introduced"),
    Row(
        "Oksana en Maksym",
        "demo-huiswerk",
        "school_learning",
        8,
        "Maksym wil hulp met lezen.",
        shared=("first_name", "language", "family", "need"),
    ),
    Row(
        "Emre en Sevda",
        "demo-huiswerk",
        "school_learning",
        25,
        "De kinderen zoeken een rustige plek voor huiswerk.",
        then=((Status.WAITLISTED, 20), (Status.ACCEPTED, 5)),
    ),
    Row("Simonne", "demo-thuis", "care_ageing", 1, "Simonne wil weten wie er boodschappen doet.", how="paper"),
]


def load_referrals():
    """Add the referrals that were never here; leave the others as they are."""
    with asking_everything():
        partners = {slug: _partner(slug, name, themes) for slug, name, themes in PARTNERS}
        for row in ROWS:
            household = Household.objects.filter(nickname=row.nickname, primary_worker__isnull=False).first()
            if household and not household.referrals.filter(organisation=partners[row.partner]).exists():
                _refer(row, household, partners[row.partner])


def _partner(slug, name, themes):
    organisation, is_new = Organisation.objects.get_or_create(
        slug=slug,
        defaults={"name": name, "kind": "ngo", "description": "Bestaat niet echt. Om mee te oefenen in de demo."},
    )
    if is_new:
        service = Service.objects.create(
            slug=slug, organisation=organisation, name=name, themes=themes, city_wide=True, languages=["nl"]
        )
        Verification.objects.create(
            service=service, by=User.objects.get(username="els"), method="phone", result="correct"
        )
    return organisation


def _refer(row, household, organisation):
    """As if it had happened then, so not by the actions: those only know now."""
    worker = household.primary_worker
    person = household.members.current().select_related("person").first().person
    sent_at = _moment(row.days_ago)
    text, shared = _text(row, household, person, organisation)
    consent = Consent.objects.create(
        centre=household.centre,
        household=household,
        given_by=person.first_name,
        how=row.how,
        given_on=timezone.localdate(sent_at),
        language=household.languages[0] if household.languages else Language.NL,
        text=text,
        noted_by=worker,
    )
    moves = [(Status.SENT, row.days_ago), *row.then]
    referral = Referral.objects.create(
        centre=household.centre,
        household=household,
        person=person,
        organisation=organisation,
        theme=row.theme,
        need=row.need,
        warmth=row.warmth,
        shared=shared,
        shared_text=text,
        consent=consent,
        status=moves[-1][0],
        version=len(moves),
        sent_at=sent_at,
        feedback_due_on=timezone.localdate(sent_at) + actions.CHECK_BACK_AFTER,
        check_back=_next_step(household, organisation, *moves[-1]),
        made_by=worker,
    )
    Referral.objects.filter(pk=referral.pk).update(created_at=sent_at)
    Consent.objects.filter(pk=consent.pk).update(noted_at=sent_at)
    _write_moves(referral, moves)


def _text(row, household, person, organisation):
    known = actions.shareable(household=household, person=person, theme=row.theme, need=row.need)
    shares = {item: known[item] for item in row.shared if known[item]}
    text = actions.text_that_leaves(
        shares, organisation=organisation, centre=household.centre, by=household.primary_worker
    )
    return text, list(shares)


def _next_step(household, organisation, status, days_ago):
    what, days = actions.NEXT_STEPS[status]
    step = FollowUp.objects.create(
        centre=household.centre,
        household=household,
        what=what.format(organisation),
        due_on=timezone.localdate() + timedelta(days=days - days_ago),
        assigned_to=household.primary_worker,
        created_by=household.primary_worker,
    )
    FollowUp.objects.filter(pk=step.pk).update(created_at=_moment(days_ago))
    return step


def _write_moves(referral, moves):
    before = Status.DRAFT
    for status, days_ago in moves:
        ReferralMove.objects.create(
            centre=referral.centre,
            referral=referral,
            from_status=before,
            to_status=status,
            by=referral.made_by,
            at=_moment(days_ago),
        )
        before = status


def _moment(days_ago):
    return timezone.now() - timedelta(days=days_ago)
