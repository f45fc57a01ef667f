from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from activities.generation import dates_of, end_of_school_year, generate, instant, replan, warnings_of
from activities.models import Session
from buurtwerk.accounts.rowlevel import asking_everything
from tests.activities.factories import load_holidays, local, make_series, make_session, play_afternoon

pytestmark = pytest.mark.django_db
END = date(2027, 8, 31)


def skipped(dates):
    return {planned.day: planned.skipped_because for planned in dates if planned.skipped_because}


def test_school_holidays_and_public_holidays_are_skipped_each_with_its_reason():
    load_holidays()
    series = play_afternoon()

    dates = dates_of(series, END)

    assert skipped(dates) == {
        date(2026, 11, 4): "Herfstvakantie",
        date(2026, 11, 11): "Wapenstilstand",
        date(2026, 12, 23): "Kerstvakantie",
        date(2026, 12, 30): "Kerstvakantie",
        date(2027, 2, 10): "Krokusvakantie",
        date(2027, 3, 31): "Paasvakantie",
        date(2027, 4, 7): "Paasvakantie",
    }
    assert len(generate(series, until=END)) == 37
    assert Session.objects.count() == 37


def test_ten_o_clock_stays_ten_o_clock_when_winter_comes():
    series = make_series(
        rrule="FREQ=WEEKLY;BYDAY=SA", first_date=date(2026, 10, 24), local_start=time(10), local_end=time(12)
    )

    generate(series, until=date(2026, 10, 31))

    before, after = Session.objects.order_by("starts_at")
    assert before.starts_at == datetime(2026, 10, 24, 8, tzinfo=UTC)
    assert after.starts_at == datetime(2026, 10, 31, 9, tzinfo=UTC)
    assert [local(before), local(after)] == ["2026-10-24 10:00", "2026-10-31 10:00"]
    assert [session.ends_at - session.starts_at for session in (before, after)] == [timedelta(hours=2)] * 2


def test_ten_o_clock_stays_ten_o_clock_when_summer_comes():
    series = make_series(
        rrule="FREQ=WEEKLY;BYDAY=SA", first_date=date(2027, 3, 27), local_start=time(10), local_end=time(12)
    )

    generate(series, until=date(2027, 4, 3))

    before, after = Session.objects.order_by("starts_at")
    assert before.starts_at == datetime(2027, 3, 27, 9, tzinfo=UTC)
    assert after.starts_at == datetime(2027, 4, 3, 8, tzinfo=UTC)


def test_an_hour_that_does_not_exist_is_refused_with_its_reason():
    series = make_series(
        rrule="", first_date=date(2027, 3, 28), local_start=time(2, 30), local_end=time(4), until=date(2027, 3, 28)
    )

    assert skipped(dates_of(series, END)) == {date(2027, 3, 28): "02.30 uur bestaat die dag niet: de klok gaat vooruit"}
    assert generate(series, until=END) == []


def test_of_a_doubled_hour_we_take_the_first_and_say_so():
    series = make_series(rrule="", first_date=date(2026, 10, 25), local_start=time(2, 30), local_end=time(4))

    (planned,) = dates_of(series, END)

    assert planned.remark == "02.30 uur is er die dag twee keer: we nemen de eerste keer"
    assert instant(planned.start, series.zone) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_only_in_the_holidays_means_only_then_and_not_on_a_public_holiday():
    load_holidays()
    series = make_series(
        rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        first_date=date(2026, 12, 14),
        until=date(2027, 1, 8),
        holiday_policy="only",
        public_holiday_policy="skip",
    )

    dates = dates_of(series, END)

    assert [planned.day.day for planned in dates if planned.is_on] == [21, 22, 23, 24, 28, 29, 30, 31]
    assert skipped(dates)[date(2026, 12, 25)] == "Kerstmis"
    assert skipped(dates)[date(2027, 1, 5)] == "Geen schoolvakantie"


def test_a_closed_centre_skips_the_date_whatever_the_policy():
    series = make_series(first_date=date(2026, 9, 2), until=date(2026, 9, 16))
    series.centre.closures.create(first_day="2026-09-07", last_day="2026-09-11", reason="Verbouwing")

    assert skipped(dates_of(series, END)) == {date(2026, 9, 9): "Gesloten: Verbouwing"}


def test_a_school_year_without_known_holidays_warns_and_plans_nothing():
    load_holidays()
    series = play_afternoon(first_date=date(2029, 9, 5), until=date(2029, 9, 12))

    dates = dates_of(series, date(2030, 8, 31))

    assert warnings_of(dates) == ["De schoolvakanties van 2029-30 zijn nog niet bekend"]
    assert not any(planned.is_on for planned in dates)


def test_a_year_without_known_public_holidays_warns_and_plans_nothing():
    load_holidays()
    series = play_afternoon(first_date=date(2029, 1, 10), until=date(2029, 1, 17))

    assert warnings_of(dates_of(series, date(2029, 8, 31))) == ["De feestdagen van 2029 zijn nog niet bekend"]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=MONTHLY;BYDAY=2TU", ["2026-09-08", "2026-10-13", "2026-11-10"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", ["2026-09-14", "2026-09-28", "2026-10-12"]),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=2SU", ["2026-12-13"]),
        ("", ["2026-09-01"]),
    ],
)
def test_rules_give_their_dates(rule, days):
    series = make_series(rrule=rule, first_date=date(2026, 9, 1))

    assert [str(planned.day) for planned in dates_of(series, date(2026, 12, 31))][: len(days)] == days


def test_generating_again_adds_nothing():
    series = make_series(first_date=date(2026, 9, 2))

    first = generate(series, until=END)
    second = generate(series, until=END)

    assert (len(first), len(second)) == (52, 0)
    assert Session.objects.count() == 52


def test_a_cancelled_moment_does_not_come_back_by_generating():
    series = make_series(first_date=date(2026, 9, 2), until=date(2026, 9, 2))
    generate(series, until=END)
    Session.objects.update(status="cancelled", reason_public="Ziek")

    assert generate(series, until=END) == []
    assert Session.objects.get().status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_generating_at_the_same_time_leaves_no_doubles():
    series = make_series(first_date=date(2026, 9, 2))

    def run(_):
        try:
            with asking_everything():
                return len(generate(series, until=END))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        made = sorted(threads.map(run, range(4)))

    assert made == [0, 0, 0, 52]
    assert Session.objects.count() == 52


def test_from_july_on_the_next_school_year_is_made_too():
    assert end_of_school_year(date(2026, 11, 22)) == date(2027, 8, 31)
    assert end_of_school_year(date(2027, 6, 30)) == date(2027, 8, 31)
    assert end_of_school_year(date(2027, 7, 1)) == date(2028, 8, 31)


def coming_wednesdays():
    """A series whose moments surround today: one past, and some to come."""
    today = timezone.localdate()
    return make_series(rrule="FREQ=DAILY", first_date=today - timedelta(days=1), until=today + timedelta(days=3))


def test_new_hours_move_the_coming_untouched_moments_only():
    series = coming_wednesdays()
    generate(series)
    past, _, cancelled, by_hand, plain = Session.objects.order_by("starts_at")
    Session.objects.filter(pk=cancelled.pk).update(status="cancelled", reason_public="Ziek")
    Session.objects.filter(pk=by_hand.pk).update(overridden_fields=["starts_at"])
    series.local_start, series.local_end = time(15), time(17)
    series.save()

    replanned = replan(series)

    assert replanned.left_alone == 2
    assert replanned.added == 0
    hours = {session.pk: timezone.localtime(session.starts_at).hour for session in Session.objects.all()}
    assert [hours[one.pk] for one in (past, cancelled, by_hand, plain)] == [14, 14, 14, 15]
    plain.refresh_from_db()
    assert plain.original_start.hour == 14
    assert plain.sequence == 1


def test_new_hours_make_no_doubles():
    series = coming_wednesdays()
    generate(series)
    series.local_start = time(15)
    series.save()

    replan(series)

    assert generate(series) == []
    assert Session.objects.count() == 5


def test_a_moment_outside_the_new_rule_is_kept_as_skipped_and_comes_back_with_the_old_rule():
    series = coming_wednesdays()
    generate(series)
    code = Session.objects.order_by("starts_at").last().code
    series.until = timezone.localdate() + timedelta(days=2)
    series.save()

    assert replan(series).skipped == 1
    moment = Session.objects.get(code=code)
    assert (moment.status, moment.reason_public) == ("skipped", "Staat niet meer in de planning")

    series.until = timezone.localdate() + timedelta(days=3)
    series.save()
    replan(series)
    assert Session.objects.get(code=code).status == "planned"


def test_replanning_an_unchanged_series_changes_nothing():
    series = coming_wednesdays()
    generate(series)

    replanned = replan(series)

    assert (replanned.changed, replanned.skipped, replanned.added) == (0, 0, 0)


def test_a_moment_of_another_series_is_left_alone():
    other = make_session()
    series = coming_wednesdays()

    generate(series)
    series.local_start = time(15)
    series.save()
    replan(series)

    other.refresh_from_db()
    assert other.sequence == 0
