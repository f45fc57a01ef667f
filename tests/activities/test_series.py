from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import ActivitySeries, Session
from buurtwerk.accounts.policy import Role
from tests.activities.factories import TRANSACTION, load_holidays, make_series, make_session, play_afternoon
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db
LIST = "/team/activiteiten/"
NEW = "/team/activiteiten/nieuw/"


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def worker(client, centre):
    user = make_user(Role.WORKER, centre=centre)
    client.force_login(user)
    return user


def typed(centre, /, **changes):
    """What someone fills in for a weekly afternoon; a change to None leaves the field out."""
    today = timezone.localdate()
    fields = {
        "token": str(uuid4()),
        "loaded_version": "1",
        "centre": centre.pk,
        "title": "Speelnamiddag",
        "summary": "Spelen en knutselen.",
        "kind": "kind",
        "type": "play_afternoon",
        "audience": "children",
        "age_min": "6",
        "age_max": "12",
        "rhythm": "weekly",
        "weekdays": ["WE"],
        "first_date": today.isoformat(),
        "until": (today + timedelta(days=27)).isoformat(),
        "local_start": "14:00",
        "local_end": "16:30",
        "holiday_policy": "ignore",
        "public_holiday_policy": "ignore",
        "registration": "none",
        "price_eur": "",
        "languages": ["nl"],
        "public_level": "public",
        "save": "1",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def change_address(series):
    return reverse("activities:series-change", args=[series.slug])


def test_a_worker_plans_a_series_and_its_moments_are_there(client, centre, worker):
    response = client.post(NEW, typed(centre), follow=True)

    series = ActivitySeries.objects.get()
    assert (series.slug, series.rrule, series.age_max) == ("speelnamiddag", "FREQ=WEEKLY;BYDAY=WE", 12)
    assert series.sessions.count() == 4
    assert "“Speelnamiddag” is bewaard. 4 momenten gepland" in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"weekdays": ["MO", "WE"]}, "FREQ=WEEKLY;BYDAY=MO,WE"),
        ({"rhythm": "biweekly", "weekdays": ["TH"]}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
        ({"rhythm": "once"}, ""),
        ({"rhythm": "own", "rrule": "FREQ=MONTHLY;BYDAY=2TU"}, "FREQ=MONTHLY;BYDAY=2TU"),
    ],
)
def test_tiles_make_the_rule(client, centre, worker, changes, rule):
    client.post(NEW, typed(centre, **changes))

    assert ActivitySeries.objects.get().rrule == rule


def test_without_a_weekday_it_is_the_day_of_the_first_time(client, centre, worker):
    client.post(NEW, typed(centre, weekdays=None))

    series = ActivitySeries.objects.get()
    assert series.sessions.first().original_start.date() == timezone.localdate()


def test_the_form_shows_the_rule_as_it_was_chosen(client, centre, worker):
    series = make_series(centre=centre, rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH")

    form = client.get(change_address(series)).context["form"]

    assert form["rhythm"].value() == "biweekly"
    assert form["weekdays"].value() == ["MO", "TH"]


def test_the_preview_gives_every_date_with_reasons_and_saves_nothing(client, centre, worker):
    load_holidays()
    series = play_afternoon(centre=centre)

    page = client.post(
        change_address(series),
        typed(
            centre,
            first_date="2026-09-02",
            until="2027-06-30",
            holiday_policy="skip",
            public_holiday_policy="skip",
            title="Andere titel",
            preview="1",
            save=None,
        ),
    )

    html = page.content.decode()
    assert "Er is nog niets bewaard." in html
    assert "Herfstvakantie" in html and "woensdag 4 november" in html
    assert "Wapenstilstand" in html
    assert 'value="Andere titel"' in html
    assert ActivitySeries.objects.get().title != "Andere titel"
    assert not Session.objects.exists()


def test_the_preview_warns_for_a_year_without_known_holidays(client, centre, worker):
    html = client.post(NEW, typed(centre, holiday_policy="skip", preview="1", save=None)).content.decode()

    assert "zijn nog niet bekend. Voor die dagen plannen we niets." in html
    assert not ActivitySeries.objects.exists()


def test_the_same_form_sent_twice_saves_once(client, centre, worker):
    data = typed(centre)

    first = client.post(NEW, data)
    second = client.post(NEW, data)

    assert ActivitySeries.objects.count() == 1
    assert first.url == second.url


def test_the_same_title_gets_an_address_of_its_own(client, centre, worker):
    client.post(NEW, typed(centre))
    client.post(NEW, typed(centre))
    client.post(NEW, typed(centre, title="Nieuw"))
    client.post(NEW, typed(centre, title="!!!"))

    slugs = set(ActivitySeries.objects.values_list("slug", flat=True))
    assert slugs == {"speelnamiddag", "speelnamiddag-2", "nieuw-2", "activiteit"}


def test_new_hours_change_the_coming_moments_and_say_how_many(client, centre, worker):
    today = timezone.localdate()
    series = make_series(centre=centre, rrule="FREQ=DAILY", until=today + timedelta(days=3))
    past = make_session(series, day=today - timedelta(days=7))
    off = make_session(series, day=today + timedelta(days=1), status="cancelled", reason_public="Ziek")
    plain = make_session(series, day=today + timedelta(days=2))
    data = typed(centre, local_start="15:00", local_end="17:00", rhythm="own", rrule="FREQ=DAILY")
    data["until"] = series.until.isoformat()

    html = client.post(change_address(series), data, follow=True).content.decode()

    assert "1 moment vanaf nu aangepast." in html
    assert "1 moment gelaten zoals het was" in html
    hours = [timezone.localtime(Session.objects.get(pk=one.pk).starts_at).hour for one in (past, off, plain)]
    assert hours == [14, 14, 15]


def test_an_edit_that_a_colleague_overtook_shows_both_and_loses_nothing(client, centre, worker):
    series = make_series(centre=centre, title="Oude titel")
    ActivitySeries.objects.update(title="Titel van Els", version=2)

    html = client.post(change_address(series), typed(centre, title="Mijn titel")).content.decode()

    assert "Titel van Els" in html and 'value="Mijn titel"' in html
    assert ActivitySeries.objects.get().title == "Titel van Els"
    client.post(change_address(series), typed(centre, title="Mijn titel", loaded_version="2"))
    assert ActivitySeries.objects.get().title == "Mijn titel"


BAD = [
    ({"title": ""}, "Geef de activiteit een naam."),
    ({"title": "x" * 101}, "100 tekens"),
    ({"title": "\x00"}, ""),
    ({"summary": ""}, "Zeg kort wat jullie doen."),
    ({"summary": "85.07.30-033.28"}, "een rijksregisternummer"),
    ({"summary": "a\x07b"}, "Er staat een onzichtbaar teken in."),
    ({"summary": "x" * 601}, ""),
    ({"kind": None}, "Kies wat voor iets het is."),
    ({"kind": "iets"}, ""),
    ({"rhythm": None}, "Kies hoe vaak het is."),
    ({"rhythm": "own", "rrule": ""}, "Schrijf de regel op."),
    ({"rhythm": "own", "rrule": "FREQ=HOURLY"}, "Deze regel kennen we niet."),
    ({"rhythm": "own", "rrule": "FREQ=WEEKLY;INTERVAL=0"}, "Deze regel kennen we niet."),
    ({"weekdays": ["XX"]}, ""),
    ({"first_date": ""}, "Kies de eerste dag."),
    ({"first_date": "morgen"}, ""),
    ({"first_date": "2062-01-01"}, "Kies een eerste dag tussen"),
    ({"until": "2062-01-01"}, "Kies een dag binnen drie jaar"),
    ({"until": "2020-01-01"}, "De laatste dag komt voor de eerste."),
    ({"local_end": "14:00"}, "Het einde komt na het begin"),
    ({"local_end": "25:00"}, ""),
    ({"local_start": ""}, "Vul in wanneer het begint."),
    ({"age_min": "-1"}, ""),
    ({"age_min": "zes"}, ""),
    ({"age_min": "13", "age_max": "12"}, "De hoogste leeftijd is kleiner dan de laagste."),
    ({"age_max": "99999999999"}, ""),
    ({"capacity": "0"}, ""),
    ({"capacity": "99999999999"}, ""),
    ({"price_eur": "-1"}, ""),
    ({"price_eur": "veel"}, ""),
    ({"price_eur": "NaN"}, ""),
    ({"price_eur": "1e9"}, ""),
    ({"languages": ["xx"]}, ""),
    ({"themes": ["xx"]}, ""),
    ({"public_level": "geheim"}, ""),
    ({"type": "iets"}, ""),
    ({"centre": "999999"}, ""),
    ({"centre": "x"}, ""),
    ({"token": "x"}, ""),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD)
def test_bad_input_gets_a_clear_message_and_keeps_what_was_typed(client, centre, worker, changes, sentence):
    data = typed(centre, **{"summary": "Mijn lange uitleg.", **changes})

    response = client.post(NEW, data)

    html = response.content.decode()
    assert response.status_code == 200
    assert "Er is nog iets nodig" in html
    assert sentence in html
    if "summary" not in changes:
        assert "Mijn lange uitleg." in html
    assert not ActivitySeries.objects.exists()


def test_a_script_in_a_title_is_only_text(client, centre, worker):
    client.post(NEW, typed(centre, title="<script>alert(1)</script>"))

    series = ActivitySeries.objects.get()
    for address in (series.get_absolute_url(), LIST, series.public_url, "/"):
        assert "<script>alert" not in client.get(address).content.decode()


def test_a_price_may_have_a_comma_or_a_point(client, centre, worker):
    client.post(NEW, typed(centre, price_eur="2,50", price_social_eur="0.50"))

    series = ActivitySeries.objects.get()
    assert series.price_in_words == "€ 2,50 · kansentarief € 0,50"


def test_another_centre_cannot_be_planned_for(client, centre, worker):
    client.post(NEW, typed(make_centre()))

    assert not ActivitySeries.objects.exists()


def test_a_series_of_another_centre_does_not_exist(client, worker):
    series = make_series()

    for address in (series.get_absolute_url(), change_address(series)):
        assert client.get(address).status_code == 404
    assert client.post(change_address(series), typed(series.centre)).status_code == 404
    assert str(series) not in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("role", "reads", "changes"),
    [
        (Role.WORKER, 200, 200),
        (Role.COORDINATOR, 200, 200),
        (Role.RECEPTION, 200, 403),
        (Role.MONITOR, 200, 403),
        (Role.VOLUNTEER, 200, 403),
        (Role.READER, 200, 403),
        (Role.ADMINISTRATOR, 403, 403),
        (None, 403, 403),
    ],
)
def test_each_role_reads_or_changes_what_it_may(client, role, reads, changes):
    series = make_series()
    client.force_login(make_user(role, centre=series.centre))

    assert [client.get(address).status_code for address in (LIST, series.get_absolute_url())] == [reads, reads]
    assert [client.get(address).status_code for address in (NEW, change_address(series))] == [changes, changes]


def test_a_stranger_is_sent_to_the_sign_in(client):
    for address in (LIST, NEW, make_series().get_absolute_url()):
        assert client.get(address).url.startswith("/team/aanmelden/")


def test_a_worker_who_only_reads_elsewhere_does_not_change_there(client, worker):
    from buurtwerk.accounts.models import Membership

    elsewhere = make_series()
    Membership.objects.create(user=worker, centre=elsewhere.centre, role=Role.READER)

    assert client.get(elsewhere.get_absolute_url()).status_code == 200
    assert client.get(change_address(elsewhere)).status_code == 403


def test_the_list_names_the_next_moment_and_finds_by_title(client, centre, worker):
    series = make_series(centre=centre, title="Naaiatelier")
    make_session(series, day=timezone.localdate() + timedelta(days=1), status="cancelled", reason_public="Ziek")
    make_session(series, day=timezone.localdate() + timedelta(days=8))
    make_series(
        centre=centre, title="Praatgroep", until=timezone.localdate() - timedelta(days=1), first_date="2026-01-01"
    )

    html = client.get(LIST).content.decode()

    assert "Naaiatelier" in html and "Praatgroep" not in html
    assert client.get(LIST).context["rows"][0].next_at.date() == timezone.localdate() + timedelta(days=8)
    assert "Praatgroep" in client.get(LIST + "?over=on").content.decode()
    assert "Geen activiteit gevonden" in client.get(LIST + "?q=zwemmen").content.decode()
    assert client.get(LIST + "?q=%00").status_code == 200
    assert client.get(LIST + "?q=" + "x" * 300).status_code == 200


def test_an_empty_list_says_so(client, worker):
    assert "Er zijn nog geen activiteiten." in client.get(LIST).content.decode()


@pytest.mark.parametrize("size", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_series(client, centre, worker, django_assert_num_queries, size):
    for _ in range(size):
        make_session(make_series(centre=centre))

    # The session, the user with roles, who asks, the list itself, and when it was last planned.
    with django_assert_num_queries(6 + TRANSACTION):
        client.get(LIST)


@pytest.mark.parametrize("size", [1, 5])
def test_a_series_costs_the_same_for_any_number_of_moments(client, centre, worker, django_assert_num_queries, size):
    series = make_series(centre=centre, local_start=time(14))
    for number in range(size):
        make_session(series, day=timezone.localdate() + timedelta(days=number + 1))

    with django_assert_num_queries(10 + TRANSACTION):
        client.get(series.get_absolute_url())
