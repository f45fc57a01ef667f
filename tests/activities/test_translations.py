"""The texts of activities in other languages: written beside the Dutch one, and known to be stale when that changes."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from activities.texts import is_stale, with_translation
from buurtwerk.accounts.models import Role
from tests.activities.factories import make_series, make_session
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db
DUTCH = {"title": "Spelen", "summary": "Kom erbij."}


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches["pages"].clear()


@pytest.fixture
def series():
    return make_series(**DUTCH, centre=make_centre())


@pytest.fixture
def team(client, series):
    client.force_login(make_user(Role.WORKER, centre=series.centre))
    return client


def address(series):
    return reverse("activities:series-translations", args=[series.slug])


def send(client, series, **texts):
    return client.post(address(series), {"loaded_version": series.version, **texts})


def test_a_translation_is_written_beside_the_dutch_text_and_read_at_once(team, series):
    session = make_session(series)
    assert "Nederlands: “Spelen”" in team.get(address(series)).content.decode()

    response = send(team, series, title_fr="Jouer", summary_fr="Viens avec nous.", title_ar="اللعب")

    assert response["Location"] == reverse("activities:translations")
    french = team.get(f"/fr{session.public_url}").content.decode()
    assert "Jouer" in french and "Viens avec nous." in french
    assert "pas encore traduit" not in french
    assert "اللعب" in team.get("/ar/").content.decode()
    assert "Spelen" in team.get(session.public_url).content.decode()


def test_what_is_not_translated_stands_in_dutch_with_a_mark(client, series):
    html = client.get(f"/en{series.public_url}").content.decode()

    assert '<bdi lang="nl">Spelen</bdi>' in html
    assert '<bdi lang="nl">Kom erbij.</bdi>' in html
    assert "not translated yet" in html
    assert "nog niet vertaald" not in client.get(series.public_url).content.decode()


def test_a_changed_dutch_text_makes_its_translation_stale_until_someone_looks(team, series):
    send(team, series, title_fr="Jouer", summary_fr="Viens.")
    series.refresh_from_db()
    series.title = "Spelen en eten"
    series.save()

    assert "het Nederlands veranderde" in team.get(reverse("activities:translations")).content.decode()
    html = team.get(address(series)).content.decode()
    assert "Nu: “Spelen en eten” Vroeger: “Spelen”" in html

    send(team, series, title_fr="Jouer", summary_fr="Viens.")
    series.refresh_from_db()
    assert is_stale(series.i18n, "fr", "title", series.title)

    send(team, series, title_fr="Jouer", summary_fr="Viens.", checked_fr="on")
    series.refresh_from_db()
    assert not is_stale(series.i18n, "fr", "title", series.title)


def test_a_new_translation_of_a_changed_text_is_not_stale():
    before = with_translation({}, "fr", {"title": ("Jouer", False)}, {"title": "Spelen"})

    after = with_translation(before, "fr", {"title": ("Jouer et manger", False)}, {"title": "Spelen en eten"})

    assert after == {"fr": {"title": "Jouer et manger", "of": {"title": "Spelen en eten"}}}
    assert with_translation(after, "fr", {"title": ("", False)}, {"title": "Spelen"}) == {}


def test_the_list_says_what_lacks_which_language(team, series):
    send(team, series, title_fr="Jouer", summary_fr="Viens.", title_en="Playing")

    html = team.get(reverse("activities:translations")).content.decode()

    for words in (
        "Français</bdi>: klaar",
        "English</bdi>: half",
        "Türkçe</bdi>: ontbreekt",
        "العربية</bdi>: ontbreekt",
    ):
        assert words in html
    assert address(series) in html


def test_what_is_over_or_internal_needs_no_translation(team, series):
    yesterday = timezone.localdate() - timedelta(days=1)
    make_series(title="Voorbij", centre=series.centre, first_date=yesterday, until=yesterday)
    make_series(title="Overleg", centre=series.centre, public_level="internal")
    make_series(title="Van elders")

    html = team.get(reverse("activities:translations")).content.decode()

    assert "Spelen" in html
    assert not [title for title in ("Voorbij", "Overleg", "Van elders") if title in html]


def test_an_empty_list_says_so(client):
    client.force_login(make_user(Role.WORKER))

    assert "Er is geen openbare activiteit" in client.get(reverse("activities:translations")).content.decode()


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"title_fr": "x" * 101}, "100"),
        ({"title_fr": "nul\x00"}, "Null"),
        ({"summary_ar": "85.07.30-033.28"}, "rijksregisternummer"),
        ({"loaded_version": "geen getal"}, "getal"),
    ],
)
def test_bad_input_keeps_all_that_was_typed_and_stores_nothing(team, series, texts, sentence):
    response = send(team, series, **{"title_tr": "Oyun", **texts})

    series.refresh_from_db()
    assert response.status_code == 200
    assert 'value="Oyun"' in response.content.decode()
    assert series.i18n == {}
    assert 'class="note note-bad"' in response.content.decode()


def test_an_overtaken_edit_is_kept_and_compared(team, series):
    send(team, series, title_fr="Jouer")

    response = send(team, series, title_fr="Le jeu")

    assert "Iemand anders bewaarde dit intussen." in response.content.decode()
    series.refresh_from_db()
    assert series.i18n["fr"]["title"] == "Jouer"


def test_a_script_in_a_translation_is_shown_as_text(team, series):
    session = make_session(series)
    send(team, series, title_fr="<script>alert(1)</script>", summary_fr="{{ secret }}")

    for path in (f"/fr{session.public_url}", "/fr/", "/fr/kalender.rss"):
        assert "<script>alert" not in team.get(path).content.decode()
    assert "{{ secret }}" in team.get(address(series)).content.decode()


@pytest.mark.parametrize("size", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_activities(team, series, django_assert_num_queries, size):
    for _ in range(size):
        make_series(centre=series.centre)
    team.get(reverse("activities:translations"))

    with django_assert_num_queries(8):
        team.get(reverse("activities:translations"))
