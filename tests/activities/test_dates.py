from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.generation import at_any_hour, dates_of, generate
from activities.models import ActivitySeries, SeriesException, SeriesPhase, Session
from buurtwerk.accounts.policy import Role
from tests.activities.factories import (
    load_holidays,
    make_registration,
    make_series,
    make_session,
    play_afternoon,
)
from tests.breaking import breaks
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db
AUTUMN = date(2026, 11, 4)


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def worker(client, centre):
    user = make_user(Role.WORKER, centre=centre)
    client.force_login(user)
    return user


@pytest.fixture
def weekly(centre):
    """Every day of the coming week, at two."""
    today = timezone.localdate()
    series = make_series(centre=centre, rrule="FREQ=DAILY", first_date=today + timedelta(days=1))
    series.until = today + timedelta(days=7)
    series.save()
    generate(series)
    return series


def address(series):
    return reverse("activities:series-date", args=[series.slug])


def send(client, series, action, day, reason="", **options):
    return client.post(address(series), {"action": action, "day": str(day), "reason": reason}, **options)


def days_ahead(number):
    return timezone.localdate() + timedelta(days=number)


def on(series, day):
    return series.sessions.filter(original_start__range=at_any_hour(day))


def undo(client, page):
    token = next(tag for message in page.context["messages"] for tag in message.extra_tags.split() if "undo:" in tag)
    return client.post(reverse("drafts:take-back", args=[token.removeprefix("undo:")]), follow=True)


def test_a_skipped_date_says_why_and_its_moment_stays_findable(client, worker, weekly):
    page = send(client, weekly, "skip", days_ahead(2), "Uitstap met de klas", follow=True)

    moment = on(weekly, days_ahead(2)).get()
    assert (moment.status, moment.reason_public) == ("skipped", "Uitstap met de klas")
    assert "Uitstap met de klas" in page.content.decode()
    generate(weekly)
    assert on(weekly, days_ahead(2)).count() == 1


def test_undo_puts_a_skipped_date_back(client, worker, weekly):
    page = send(client, weekly, "skip", days_ahead(2), "Uitstap", follow=True)

    undo(client, page)

    assert on(weekly, days_ahead(2)).get().status == "planned"
    assert not SeriesException.objects.exists()


def test_undo_of_a_second_decision_gives_back_the_first(client, worker, weekly):
    send(client, weekly, "skip", days_ahead(2), "Uitstap", follow=True)
    page = send(client, weekly, "restore", days_ahead(2), follow=True)
    assert on(weekly, days_ahead(2)).get().status == "planned"

    undo(client, page)

    assert on(weekly, days_ahead(2)).get().reason_public == "Uitstap"


def test_an_older_undo_does_not_take_back_what_came_after(client, worker, weekly):
    first = send(client, weekly, "skip", days_ahead(2), "Uitstap", follow=True)
    send(client, weekly, "skip", days_ahead(2), "Verbouwing")

    undo(client, first)

    assert on(weekly, days_ahead(2)).get().reason_public == "Verbouwing"


def test_an_added_date_is_on_and_marked_and_comes_once(client, worker, weekly):
    extra = days_ahead(20)
    page = send(client, weekly, "add", extra, follow=True)

    assert on(weekly, extra).get().status == "planned"
    assert "(toegevoegd)" in page.content.decode()
    again = send(client, weekly, "add", extra)
    assert "Op die dag is er al een moment." in again.content.decode()
    assert on(weekly, extra).count() == 1


def test_a_date_that_a_holiday_skipped_is_put_back_in_one_tap(client, centre, worker):
    load_holidays()
    day = next(one.first_day for one in _holidays_to_come()) + timedelta(days=2)
    series = play_afternoon(centre=centre, first_date=day - timedelta(days=7), until=day + timedelta(days=7))
    series.rrule = "FREQ=DAILY"
    series.save()
    generate(series)
    assert not on(series, day).exists()
    html = client.get(series.get_absolute_url()).content.decode()
    assert f'name="day" value="{day}"' in html

    client.post(address(series), {"action": "restore", "day": str(day)})

    assert on(series, day).get().status == "planned"
    assert next(one for one in dates_of(series) if one.day == day).remark.startswith("gaat toch door, ook al is het")


def _holidays_to_come():
    from buurtwerk.places.models import SchoolHoliday

    return SchoolHoliday.objects.filter(first_day__gt=timezone.localdate(), kind__in=["christmas", "carnival"])


def test_a_moment_page_puts_its_skipped_moment_back(client, worker, weekly):
    send(client, weekly, "skip", days_ahead(2), "Uitstap")
    moment = on(weekly, days_ahead(2)).get()

    assert "Zet dit moment terug" in client.get(moment.get_absolute_url()).content.decode()
    other = on(weekly, days_ahead(3)).get()
    assert f"?wat=skip&amp;dag={days_ahead(3)}" in client.get(other.get_absolute_url()).content.decode()


def test_a_moment_with_people_is_not_skipped_behind_their_back(client, worker, weekly):
    moment = on(weekly, days_ahead(2)).get()
    make_registration(moment)

    page = send(client, weekly, "skip", days_ahead(2), "Uitstap")

    assert "Er zijn al mensen bij dit moment." in page.content.decode()
    moment.refresh_from_db()
    assert moment.status == "planned"
    assert not SeriesException.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"action": ""}, "Kies wat je wil doen."),
        ({"action": "x"}, ""),
        ({"day": ""}, "Kies de dag."),
        ({"day": "2026-02-31"}, ""),
        ({"day": "1999-01-01"}, "Kies een dag vanaf vandaag"),
        ({"day": "9999-12-31"}, "Kies een dag vanaf vandaag"),
        ({"reason": ""}, "Schrijf kort waarom deze datum wegvalt."),
        ({"reason": "x" * 201}, ""),
        ({"reason": "a\x00b"}, ""),
        ({"reason": "85.07.30-033.28"}, "een rijksregisternummer"),
    ],
)
def test_bad_input_about_a_date_decides_nothing(client, worker, weekly, changes, sentence):
    data = {"action": "skip", "day": str(days_ahead(2)), "reason": "Uitstap", **changes}

    response = client.post(address(weekly), data)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not SeriesException.objects.exists()


def test_a_date_of_another_centre_does_not_exist_and_a_reader_decides_nothing(client, worker, weekly):
    assert send(client, make_series(), "skip", days_ahead(2), "x").status_code == 404
    client.force_login(make_user(Role.RECEPTION, centre=weekly.centre))
    assert send(client, weekly, "skip", days_ahead(2), "x").status_code == 403


def test_the_rules_of_other_hours_hold_in_the_database(weekly, worker):
    fields = {"series": weekly, "from_day": days_ahead(3), "local_start": time(9), "local_end": time(10), "by": worker}
    SeriesPhase.objects.create(**fields)
    with breaks("series_phase_once"):
        SeriesPhase.objects.create(**fields)
    fields["from_day"] = days_ahead(4)
    with breaks("series_phase_ends_after_it_starts"):
        SeriesPhase.objects.create(**fields | {"local_end": time(9)})
    with breaks("series_phase_room_for_someone"):
        SeriesPhase.objects.create(**fields, capacity=0)


def hours_address(session):
    return reverse("activities:session-hours", args=[session.code])


def change(client, session, **changes):
    session.refresh_from_db()
    session.series.refresh_from_db()
    data = {
        "loaded": f"{session.sequence}.{session.series.version}",
        "scope": "session",
        "start": "15:00",
        "end": "17:00",
        "capacity": "",
        "save": "1",
        **changes,
    }
    return client.post(hours_address(session), data, follow=True)


def hours_of(series):
    return [timezone.localtime(one.starts_at).hour for one in series.sessions.order_by("starts_at")]


def test_other_hours_for_one_moment_leave_the_rest_and_last(client, worker, weekly):
    moment = on(weekly, days_ahead(3)).get()

    change(client, moment)

    assert hours_of(weekly) == [14, 14, 15, 14, 14, 14, 14]
    moment.refresh_from_db()
    assert (moment.overridden_fields, moment.is_moved) == (["ends_at", "place", "starts_at"], True)
    generate(weekly)
    assert hours_of(weekly) == [14, 14, 15, 14, 14, 14, 14]


def test_other_hours_from_here_on_keep_each_moment_what_it_was(client, worker, weekly):
    codes = list(weekly.sessions.order_by("starts_at").values_list("code", "original_start"))

    change(client, on(weekly, days_ahead(4)).get(), scope="onward")

    assert hours_of(weekly) == [14, 14, 14, 15, 15, 15, 15]
    assert list(weekly.sessions.order_by("starts_at").values_list("code", "original_start")) == codes
    weekly.refresh_from_db()
    assert weekly.local_start == time(14)
    assert "Vanaf" in client.get(weekly.get_absolute_url()).content.decode()


def test_once_the_day_is_there_the_series_takes_over_its_new_hours(client, worker, weekly):
    from activities.clock import plan_moments

    change(client, on(weekly, days_ahead(4)).get(), scope="onward")
    SeriesPhase.objects.update(from_day=timezone.localdate())

    plan_moments()

    weekly.refresh_from_db()
    assert (weekly.local_start, weekly.local_end) == (time(15), time(17))
    assert not weekly.phases.exists()


def test_other_hours_for_the_whole_series_leave_what_is_past(client, worker, weekly):
    past = make_session(weekly, day=days_ahead(-3))

    change(client, on(weekly, days_ahead(2)).get(), scope="series", capacity="12")

    assert hours_of(weekly) == [14, 15, 15, 15, 15, 15, 15, 15]
    past.refresh_from_db()
    assert past.sequence == 0
    weekly.refresh_from_db()
    assert (weekly.local_start, weekly.capacity) == (time(15), 12)


def test_moments_with_people_change_only_after_a_yes(client, worker, weekly):
    full = on(weekly, days_ahead(5)).get()
    make_registration(full)
    first = on(weekly, days_ahead(2)).get()

    asked = change(client, first, scope="onward").content.decode()

    assert "1 moment heeft al mensen (1 ingeschreven)" in asked
    assert hours_of(weekly) == [14] * 7
    change(client, first, scope="onward", people="no")
    assert hours_of(weekly) == [14, 15, 15, 15, 14, 15, 15]
    change(client, first, scope="onward", people="yes")
    assert hours_of(weekly) == [14, 15, 15, 15, 15, 15, 15]


def test_the_preview_counts_and_saves_nothing(client, worker, weekly):
    html = change(client, on(weekly, days_ahead(4)).get(), scope="onward", preview="1").content.decode()

    assert "4 momenten vanaf nu aangepast." in html
    assert "Er is nog niets bewaard." in html
    assert hours_of(weekly) == [14] * 7


def test_two_editors_of_a_moment_lose_nothing(client, worker, weekly):
    moment = on(weekly, days_ahead(4)).get()
    Session.objects.filter(pk=moment.pk).update(sequence=3)

    html = change(client, moment, loaded="0.1").content.decode()

    assert "Iemand anders veranderde dit intussen" in html and 'value="15:00"' in html
    assert hours_of(weekly) == [14] * 7


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"start": "14:00", "end": "14:00"}, "Het einde komt na het begin"),
        ({"end": "30:00"}, "Schrijf een uur zoals 14:30."),
        ({"start": "x"}, "Schrijf een uur zoals 14:30."),
        ({"start": ""}, "Vul in wanneer het begint."),
        ({"scope": ""}, "Kies waarvoor het geldt."),
        ({"scope": "x"}, ""),
        ({"capacity": "0"}, ""),
        ({"capacity": "1"}, "Er zijn al 2 plaatsen ingenomen. Kies er minstens 2."),
        ({"capacity": "1", "scope": "series"}, "Er zijn al 2 plaatsen ingenomen. Kies er minstens 2."),
        ({"loaded": ""}, "Laad de pagina opnieuw."),
        ({"loaded": "\x00"}, ""),
    ],
)
def test_bad_hours_change_nothing(client, worker, weekly, changes, sentence):
    moment = on(weekly, days_ahead(4)).get()
    make_registration(moment)
    make_registration(moment)

    response = change(client, moment, **changes)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert hours_of(weekly) == [14] * 7
    assert ActivitySeries.objects.get(pk=weekly.pk).version == 1


def test_an_hour_that_does_not_exist_is_refused_for_a_moment(client, centre, worker):
    series = make_series(centre=centre)
    moment = make_session(series, day=date(2027, 3, 28))

    html = change(client, moment, start="02:30", end="04:00").content.decode()

    assert "02.30 uur bestaat die dag niet: de klok gaat vooruit." in html
