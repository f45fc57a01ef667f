"""The list of signals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role
from signals.codes import Status
from signals.models import Signal
from tests.factories import make_centre, make_neighbourhood, make_user
from tests.signals.factories import make_signal

pytestmark = pytest.mark.django_db

LIST = "/team/signalen/"


@pytest.fixture
def els(client):
    user = make_user(Role.COORDINATOR)
    client.force_login(user)
    return user


def shown(client, query=""):
    return list(client.get(LIST + query).context["signals"])


def test_the_oldest_due_comes_first_and_danger_stands_on_top(client, els):
    now = timezone.now()
    young = make_signal(by=els, received_at=now)
    old = make_signal(by=els, received_at=now - timedelta(days=9))
    danger = make_signal(by=els, received_at=now, urgency="danger")

    assert shown(client) == [danger, old, young]


def test_a_late_signal_says_so_in_words(client, els):
    signal = make_signal(by=els, received_at=timezone.now() - timedelta(days=30))
    Signal.objects.filter(pk=signal.pk).update(due_on=timezone.localdate() - timedelta(days=3))

    assert "3 dagen te laat" in client.get(LIST).content.decode()


def test_an_empty_inbox_says_well_done(client, els):
    make_signal(Status.CLOSED, by=els)

    assert "Alles bekeken. Goed gewerkt." in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("show", "statuses"),
    [
        ("open", {"new", "triaged", "assigned", "waiting", "reopened"}),
        ("new", {"new"}),
        ("mine", {"assigned"}),
        ("waiting", {"waiting"}),
        ("closed", {"closed"}),
        ("spam", {"spam"}),
        ("nonsense", {"new", "triaged", "assigned", "waiting", "reopened"}),
    ],
)
def test_each_tab_shows_its_statuses(client, els, show, statuses):
    for status in Status.values:
        make_signal(status, by=els)

    assert {signal.status for signal in shown(client, f"?show={show}")} == statuses


def test_filters_narrow_by_theme_buurt_and_urgency_together(client, els):
    buurt = make_neighbourhood(slug="hoogland")
    wanted = make_signal(by=els, theme="food", neighbourhood=buurt, urgency="today")
    make_signal(by=els, theme="work", neighbourhood=buurt, urgency="today")
    make_signal(by=els, theme="food", urgency="today")
    make_signal(by=els, theme="food", neighbourhood=buurt)

    assert shown(client, "?theme=food&neighbourhood=hoogland&urgency=today") == [wanted]


@pytest.mark.parametrize("words", ["comité", "COMITE", "comi", "straat comite", "buren"])
def test_search_finds_the_beginning_of_words_with_or_without_accents(client, els, words):
    wanted = make_signal(by=els, body="Zes buren willen een comité in de straat.")
    make_signal(by=els, body="De lift is stuk.")

    assert shown(client, f"?q={words}") == [wanted]


@pytest.mark.parametrize("words", ["'", "a & | !", "\\", "%", "<script>", "lift:*", "()"])
def test_search_survives_strange_signs(client, els, words):
    make_signal(by=els, body="De lift is stuk.")

    assert client.get(LIST, {"q": words}).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["?theme=weather", "?neighbourhood=atlantis", "?urgency=soon", "?q=%00", "?after=S-2026-9999", "?after=%00"],
)
def test_a_filter_that_makes_no_sense_is_left_out(client, els, query):
    signal = make_signal(by=els)

    assert shown(client, query) == [signal]


def test_search_does_not_look_into_contact_details(client, els):
    make_signal(by=els, contact={"name": "Zebravink", "phone": "0470112233", "mail": "zebravink@voorbeeld.be"})

    assert shown(client, "?q=zebravink") == shown(client, "?q=0470112233") == []
    assert "zebravink" not in client.get(LIST).content.decode().lower()


def test_pages_follow_each_other_without_doubles_or_gaps(client, els):
    made = [make_signal(by=els) for _ in range(33)]

    first = client.get(LIST)
    second = client.get(LIST + first.context["more"])

    assert list(first.context["signals"]) + list(second.context["signals"]) == made
    assert "more" not in second.context


def test_only_centres_where_i_read_are_in_the_list(client, els):
    mine = make_signal(by=els)
    make_signal()
    logs_only = make_centre()
    Membership.objects.create(user=els, centre=logs_only, role=Role.VOLUNTEER)
    make_signal(centre=logs_only)

    assert shown(client) == [mine]


@pytest.mark.parametrize("size", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(client, els, size, django_assert_num_queries):
    buurt = make_neighbourhood()
    for _ in range(size):
        make_signal(Status.ASSIGNED, by=els, neighbourhood=buurt)

    # session, user, context, signals, buurten of the filter; the test adds three around the request
    with django_assert_num_queries(5 + 3):
        client.get(LIST)


@pytest.mark.parametrize("size", [1, 5])
def test_the_start_page_gets_its_signals_in_one_query_each(els, size, django_assert_num_queries):
    buurt = make_neighbourhood()
    for _ in range(size):
        make_signal(by=els)
        make_signal(Status.ASSIGNED, by=els)
    Signal.objects.update(neighbourhood=buurt)
    visible = Signal.objects.visible_to(els)

    with django_assert_num_queries(2):
        new, mine = list(visible.waiting_for_triage()), list(visible.assigned_to_me(els))
        assert [(signal.title != "", signal.where) for signal in new + mine] == [(True, buurt.name)] * 2 * size
