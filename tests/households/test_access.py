"""Wie keek in mijn dossier: every reading leaves its line, and the lines can be read back in plain words."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role
from buurtwerk.notices.models import Notice
from buurtwerk.trail.models import Access
from households.digest import monday_of, tell_that_the_week_is_ready
from households.models import Household
from tests.addresses import make_world, path_of
from tests.factories import make_user
from tests.households.factories import (
    make_attachment,
    make_contact,
    make_follow_up,
    make_glass,
    make_household,
    make_member,
)

pytestmark = pytest.mark.django_db

Action = Access.Action


@pytest.fixture
def family():
    return make_household(nickname="Zebravink")


def tab(family):
    return reverse("households:access", args=[family.code])


def paper(family):
    return reverse("households:access-print", args=[family.code])


def lines(**fields):
    return [(line.action, line.record_type, line.record_ids) for line in Access.objects.filter(**fields).order_by("pk")]


def look(family, user, *, days_ago=0, action=Action.VIEW, record_type="household", ids=None, **fields):
    """A line of the trail of some days ago."""
    ids = [family.pk] if ids is None else ids
    fields = {"role": "Buurtwerker", "centre": family.centre, **fields}
    with patch("django.utils.timezone.now", return_value=timezone.now() - timedelta(days=days_ago)):
        return Access.objects.create(user=user, action=action, record_type=record_type, record_ids=ids, **fields)


# --- R17: each reading leaves exactly its rows


def test_a_list_of_names_leaves_one_row_with_all_that_was_shown(client, family):
    other = make_household(centre=family.centre, nickname="Andere")
    client.force_login(family.primary_worker)

    client.get(reverse("households:list"))

    assert lines() == [("list", "household", [other.pk, family.pk])]


def test_a_search_leaves_what_it_found_and_never_the_words(client, family):
    make_household(centre=family.centre, nickname="Iemand anders")
    client.force_login(family.primary_worker)

    client.post(reverse("households:list"), {"q": "zebra"}, follow=True)

    assert lines() == [("search", "household", [family.pk])]
    assert not Access.objects.exclude(reason="").exists()


@pytest.mark.parametrize("name", ["create", "create-candidates"])
def test_candidates_leave_a_row(client, family, name):
    client.force_login(family.primary_worker)

    client.post(reverse(f"households:{name}"), {"nickname": "Zebravink"})

    assert lines() == [("search", "household", [family.pk])]


@pytest.mark.parametrize("name", ["member-create", "member-candidates"])
def test_people_that_are_found_leave_a_row(client, family, name):
    person = make_member(make_household(centre=family.centre), first_name="Ilyas").person
    client.force_login(family.primary_worker)

    client.post(reverse(f"households:{name}", args=[family.code]), {"first_name": "Ilyas"})

    assert lines(record_type="person") == [("search", "person", [person.pk])]


def test_families_that_are_found_while_noting_leave_a_row(client, family):
    client.force_login(family.primary_worker)

    client.post(reverse("households:note-search"), {"search": "zebra"}, headers={"HX-Request": "true"})

    assert lines() == [("search", "household", [family.pk])]


def test_a_search_that_found_nobody_leaves_nothing(client, family):
    client.force_login(family.primary_worker)

    client.post(reverse("households:create"), {"nickname": "Qqqq"})

    assert not Access.objects.exists()


def test_the_row_says_in_which_role(client, family):
    client.force_login(make_user(Role.COORDINATOR, centre=family.centre))

    client.get(family.get_absolute_url())

    assert Access.objects.get().role == "Coördinator"


def test_a_row_for_each_centre_in_one_statement(client, family):
    worker = family.primary_worker
    elsewhere = make_household(nickname="Elders")
    worker.membership_set.create(centre=elsewhere.centre, role=Role.WORKER)
    client.force_login(type(worker).objects.get(pk=worker.pk))

    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(reverse("households:list"))

    assert [line.centre for line in Access.objects.order_by("pk")] == [elsewhere.centre, family.centre]
    assert sum("INSERT INTO" in each["sql"] for each in asked) == 1


@pytest.mark.parametrize("page", ["access", "restriction", "papers", "detail", "edit"])
def test_each_page_of_a_family_leaves_one_row(client, family, page):
    client.force_login(family.primary_worker)

    client.get(reverse(f"households:{page}", args=[family.code]))

    assert lines() == [("view", "household", [family.pk])]


def test_printing_who_looked_is_printing(client, family):
    client.force_login(family.primary_worker)

    client.get(paper(family))

    assert lines() == [("print", "household", [family.pk])]


# --- the statement


def test_it_tells_who_when_what_and_why_about_all_that_hangs_on_the_family(client, family):
    noor, els = make_user(centre=family.centre, first_name="Noor"), make_user(centre=family.centre, first_name="Els")
    contact, follow_up, attachment = make_contact(family), make_follow_up(family), make_attachment(family)
    look(family, noor)
    look(family, noor)
    look(family, noor, record_type="contact", ids=[contact.pk])
    look(family, noor, record_type="follow_up", ids=[follow_up.pk], days_ago=1)
    look(family, noor, record_type="attachment", ids=[attachment.pk], days_ago=1)
    look(family, els, action=Action.BREAK_GLASS, reason="Er is gevaar voor iemand: een buur in paniek", days_ago=2)
    other = make_household(centre=family.centre)
    look(other, els)
    look(other, els, record_type="contact", ids=[make_contact(other).pk])
    client.force_login(family.primary_worker)

    days = client.get(tab(family)).context["days"]

    assert [{(each.who, each.did, each.times) for each in day.looks} for day in days] == [
        {("Noor", "opende het dossier", 2), ("Noor", "las een contactmoment", 1)},
        {("Noor", "bekeek wat we opvolgen", 1), ("Noor", "opende een papier", 1)},
        {("Els", "opende het dossier met noodtoegang", 1)},
    ]
    assert days[2].looks[0].why == "Er is gevaar voor iemand: een buur in paniek"


def test_on_paper_it_says_roles_and_not_names(client, family, settings):
    els = make_user(Role.COORDINATOR, centre=family.centre, first_name="Elsewhere")
    look(family, els, action=Action.BREAK_GLASS, role="Coördinator", reason="Een klacht: de bewoner vroeg het")
    client.force_login(family.primary_worker)

    page = client.get(paper(family)).content.decode()

    assert "Coördinator opende het dossier met noodtoegang" in page and "de bewoner vroeg het" in page
    assert "Elsewhere" not in page
    settings.STATEMENT_NAMES = True
    assert "Elsewhere" in client.get(paper(family)).content.decode()


def test_a_child_of_two_families_is_not_told_of_in_the_other(client, family):
    child = make_member(family, first_name="Ilyas", role="child").person
    elsewhere = make_household(centre=family.centre, restricted=True)
    elsewhere.members.create(person=child, centre=family.centre, role="child")
    look(elsewhere, elsewhere.primary_worker, record_type="person", ids=[child.pk])
    client.force_login(family.primary_worker)

    assert client.get(tab(family)).context["days"] == []


def test_who_does_not_read_the_file_does_not_read_who_looked(client, family):
    client.force_login(make_user(centre=family.centre))

    assert client.get(tab(family)).status_code == client.get(paper(family)).status_code == 403


def test_many_days_come_in_pages_and_cost_the_same(client, family):
    client.force_login(family.primary_worker)
    costs = []
    for days_ago in (1, 30):
        for day in range(days_ago):
            look(family, family.primary_worker, days_ago=day + 1)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(tab(family))
        costs.append(len([query for query in asked if "SAVEPOINT" not in query["sql"]]))

    assert len(page.context["days"]) == 14
    assert costs[0] == costs[1] <= 12
    assert client.get(tab(family), {"page": 3}).context["days"]


# --- the week of the coordinator


@pytest.fixture
def els(family):
    return make_user(Role.COORDINATOR, centre=family.centre, first_name="Els")


def week_of(client, **query):
    return client.get(reverse("households:digest"), query)


def test_the_week_in_five_lines(client, family, els):
    youssef = make_user(centre=family.centre, first_name="Youssef")
    other = make_household(centre=family.centre)
    for each in (family, other):
        look(each, youssef)
    look(family, family.primary_worker)
    look(family, youssef, action=Action.EXPORT)
    look(family, youssef, action=Action.PRINT)
    look(family, youssef, action=Action.SEARCH)
    look(family, youssef, action=Action.BREAK_GLASS, ids=[])
    look(family, youssef, days_ago=9)
    make_glass(family, youssef)
    client.force_login(els)

    found = week_of(client).context["digest"]

    assert [(line.times, line.people) for line in found.lines] == [(2, 1), (1, 1), (1, 1), (1, 1), (1, 1)]
    assert found.lines[1].more == "1 keer met een code die niets opende"
    assert {(each.user, each.household) for each in found.openings} == {(youssef, family), (youssef, other)}


def test_noodtoegang_of_an_earlier_week_stays_until_it_is_seen(client, family, els):
    glass = make_glass(family, make_user(centre=family.centre), minutes_ago=20 * 24 * 60)
    client.force_login(els)

    assert week_of(client).context["digest"].unseen == [glass]

    client.post(reverse("households:break-glass-seen", args=[glass.pk]))

    assert week_of(client).context["digest"].unseen == []


def test_the_last_eight_weeks_can_be_looked_at(client, family, els):
    youssef = make_user(centre=family.centre)
    look(family, youssef, days_ago=14)
    client.force_login(els)

    assert len(week_of(client).context["weeks"]) == 8
    before = monday_of(timezone.localdate()) - timedelta(days=14)
    assert [each.user for each in week_of(client, week=before).context["digest"].openings] == [youssef]


@pytest.mark.parametrize("week", ["gisteren", "2026-02-31", "0001-01-01", "9999-12-31", "x\x00", "<script>"])
def test_a_strange_week_in_the_address_is_no_error(client, els, week):
    client.force_login(els)

    assert week_of(client, week=week).status_code == 200


def test_another_centre_is_not_in_it(client, family, els):
    elsewhere = make_household()
    look(elsewhere, make_user(centre=elsewhere.centre))
    make_glass(elsewhere, make_user(centre=elsewhere.centre))
    client.force_login(els)

    found = week_of(client).context["digest"]

    assert (found.openings, found.unseen) == ([], [])


@pytest.mark.parametrize("size", [1, 5])
def test_the_week_costs_the_same_for_any_number_of_rows(client, family, els, size):
    for _ in range(size):
        other = make_household(centre=family.centre)
        look(other, make_user(centre=family.centre))
        make_glass(other, make_user(centre=family.centre))
    client.force_login(els)

    with CaptureQueriesContext(connection) as asked:
        week_of(client)

    assert len(asked) <= 14, [each["sql"][:90] for each in asked]


def test_the_coordinator_hears_once_that_the_week_is_ready(family, els):
    make_user(Role.WORKER, centre=family.centre)

    assert tell_that_the_week_is_ready() == 1
    assert tell_that_the_week_is_ready() == 0

    notice = Notice.objects.get()
    assert notice.to == els
    assert notice.url.endswith(f"?week={monday_of(timezone.localdate()) - timedelta(days=7)}")


def test_the_family_itself_is_found_by_its_code_in_the_week(client, family, els):
    look(family, make_user(centre=family.centre))
    client.force_login(els)

    assert family.code in week_of(client).content.decode()
    assert Household.objects.visible_to(els).filter(pk=family.pk).exists()


# Every page with a family or someone of it on it, also a form, and what each is written down as.
SHOWN = {
    "merge": "household",
    "member-create": "household",
    "follow-up-create": "household",
    "help-request-create": "household",
    "member-link": "person",
    "contact-edit": "contact",
    "follow-up-list": "follow_up",
    "follow-up-hand-over": "follow_up",
    "referral-list": "referral",
    "help-request-list": "help_request",
    "help-request-detail": "help_request",
    "help-request-edit": "help_request",
}


@pytest.mark.parametrize("name, record_type", SHOWN.items())
def test_a_form_or_a_list_with_people_on_it_leaves_one_row(client, name, record_type):
    world = make_world()
    Membership.objects.create(user=world.worker, centre=world.centre, role=Role.COORDINATOR)
    client.force_login(world.worker)

    client.get(path_of(f"households:{name}", world))

    assert [line[1] for line in lines()] == [record_type]


@pytest.mark.parametrize("name", ["addition-create", "contact-correct"])
def test_the_words_of_a_contact_in_a_form_leave_a_row(client, family, name):
    """R17: a note that is read in a form is read."""
    contact = make_contact(family, note="Wat er staat")
    client.force_login(make_user(Role.COORDINATOR, centre=family.centre))

    page = client.get(reverse(f"households:{name}", args=[contact.pk]))

    assert "Wat er staat" in page.content.decode()
    assert lines() == [("view", "contact", [contact.pk])]


def test_a_family_that_is_found_for_a_bike_or_a_talk_leaves_a_row(client, family):
    talk = make_contact(author=family.primary_worker, centre=family.centre)
    client.force_login(family.primary_worker)

    client.post(reverse("households:bike-find-family"), {"search": "Zebra"})
    client.post(reverse("households:contact-link", args=[talk.pk]), {"search": "Zebra"})

    assert lines() == [("search", "household", [family.pk])] * 2
