from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from activities.clock import LABEL, heartbeat, plan_moments
from activities.generation import generate
from activities.models import Session
from buurtwerk.accounts.policy import Role
from buurtwerk.daily.models import Run
from tests.activities.factories import load_holidays, make_registration, make_series, make_session
from tests.activities.test_dates import on
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db
LIST = "/team/activiteiten/"


def day(number):
    return timezone.localdate() + timedelta(days=number)


def daily_series(**fields):
    return make_series(rrule="FREQ=DAILY", first_date=day(1), until=day(5), **fields)


def test_the_daily_work_makes_what_is_missing_and_a_second_time_nothing():
    series = daily_series()

    assert plan_moments() == 5
    assert plan_moments() == 0
    assert series.sessions.count() == 5


def test_the_daily_work_follows_a_closing_but_leaves_people_and_what_was_changed_by_hand():
    series = daily_series()
    generate(series)
    full, by_hand, empty = (on(series, day(number)).get() for number in (2, 3, 4))
    make_registration(full)
    Session.objects.filter(pk=by_hand.pk).update(overridden_fields=["starts_at"])
    series.centre.closures.create(first_day=day(2), last_day=day(4), reason="Teamdag")

    assert plan_moments() == "0 gemaakt, 1 overgeslagen, 0 aangepast"

    for moment in (full, by_hand, empty):
        moment.refresh_from_db()
    assert [one.status for one in (full, by_hand, empty)] == ["planned", "planned", "skipped"]


def test_the_daily_work_leaves_a_moment_that_someone_planned_apart():
    series = daily_series()
    apart = make_session(series, day=day(30))

    plan_moments()

    apart.refresh_from_db()
    assert apart.status == "planned"


def test_the_years_beyond_the_facts_are_planned_from_the_rule():
    load_holidays()
    call_command("daily", verbosity=0)
    first = date(2029, 9, 5)
    series = make_series(first_date=first, until=first + timedelta(days=180), holiday_policy="skip")
    series.public_holiday_policy = "skip"
    series.save()

    made = generate(series, until=date(2030, 8, 31))

    days = {session.original_start.date() for session in made}
    assert date(2029, 10, 24) in days and date(2029, 10, 31) not in days


@pytest.fixture
def coordinator(client):
    user = make_user(Role.COORDINATOR, centre=make_centre())
    client.force_login(user)
    return user


def test_the_list_says_when_the_planning_was_last_done_and_what_it_made(client, coordinator):
    daily_series()
    call_command("daily", verbosity=0)

    assert "5 momenten gemaakt" in client.get(LIST).content.decode()
    assert not heartbeat().is_late


@pytest.mark.parametrize("trouble", ["never", "late", "failed"])
def test_the_list_warns_when_the_planning_stopped(client, coordinator, trouble):
    if trouble != "never":
        Run.objects.create(done=[{"label": LABEL, "result": "KeyError", "failed": trouble == "failed"}])
    if trouble == "late":
        Run.objects.update(at=timezone.now() - timedelta(days=2, hours=1))

    assert "Vraag de beheerder om het dagelijkse werk te laten lopen" in client.get(LIST).content.decode()
