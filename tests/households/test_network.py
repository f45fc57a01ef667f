"""Whom a family leans on: as a picture, in words, and on paper."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Undo
from buurtwerk.trail.models import Access
from households import ecomap
from households.models import SupportLink
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_household, make_member, make_support_link
from tests.partners.factories import make_organisation

pytestmark = pytest.mark.django_db


def url(name, household, *more):
    return reverse(f"households:{name}", args=[household.code, *more])


@pytest.fixture
def household(client):
    household = make_household()
    client.force_login(household.primary_worker)
    return household


def typed(**fields):
    return {"token": uuid.uuid4(), "name": "Tante Rosa", "kind": "family", "quality": "strong", **fields}


def test_a_support_figure_is_added_and_shown_in_the_picture_and_in_words(client, household):
    child = make_member(household, first_name="Ilyas", role="child")

    client.post(url("support-create", household), typed(person=child.person_id, note="Past op woensdag op."))

    link = SupportLink.objects.get()
    assert (link.name, link.kind, link.quality, link.person, link.household) == (
        "Tante Rosa",
        "family",
        "strong",
        child.person,
        household,
    )
    page = client.get(url("network", household)).content.decode()
    picture, words = page.split("In woorden")
    assert "<svg" in picture and "eco-strong" in picture and "Tante Rosa" in picture
    for each in ("Tante Rosa", "voor Ilyas", "Band: sterk", "Past op woensdag op."):
        assert each in words


def test_the_same_submit_twice_adds_one_figure(client, household):
    form = typed()

    for _ in range(2):
        client.post(url("support-create", household), form)

    assert SupportLink.objects.count() == 1


def test_adding_can_be_undone(client, household):
    client.post(url("support-create", household), typed())

    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))

    assert not SupportLink.objects.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": ""}, "Typ een naam, of kies iemand die we kennen of een organisatie."),
        ({"organisation": "own"}, "Kies één van de drie"),
        ({"name": "a" * 81}, "80"),
        ({"name": "Rosa\x00"}, "null"),
        ({"kind": ""}, "Kies wat voor iemand het is."),
        ({"kind": "aap"}, "geldige keuze"),
        ({"since": "2062-01-01"}, "Kies vandaag of een dag ervoor."),
        ({"since": "gisteren"}, "geldige datum"),
        ({"name": "", "other": "foreign"}, "geldige keuze"),
        ({"person": "foreign"}, "geldige keuze"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_keeps_what_was_typed(client, household, given, message):
    real = {"own": make_organisation().pk, "foreign": make_member(make_household()).person_id}
    given = {name: real.get(value, value) for name, value in given.items()}

    response = client.post(url("support-create", household), typed(note="Belt elke zondag", **given))

    page = response.content.decode()
    assert response.status_code == 200
    assert "Belt elke zondag" in page
    assert message.lower() in page.lower()
    assert not SupportLink.objects.exists()


def test_a_figure_that_is_over_stands_under_before_and_can_come_back(client, household):
    link = make_support_link(household)

    client.post(url("support-end", household, link.pk))

    page = client.get(url("network", household)).content.decode()
    assert "<svg" not in page.split('id="netwerk"')[1] or "eco-dot" not in page
    assert "Rosa van hiernaast" in page.split("Vroeger")[1]
    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))
    link.refresh_from_db()
    assert link.until is None


def test_two_colleagues_who_change_one_figure_lose_nothing(client, household):
    link = make_support_link(household)
    form = {"loaded_version": 1, "name": "Rosa", "kind": "friend", "quality": "weak"}
    client.post(url("support-edit", household, link.pk), form)

    page = client.post(url("support-edit", household, link.pk), {**form, "name": "Roza"}).content.decode()

    link.refresh_from_db()
    assert link.name == "Rosa"
    assert "Roza" in page and "Iemand anders bewaarde dit intussen" in page


def test_nobody_outside_the_file_team_sees_the_network(client, household):
    link = make_support_link(household)
    stranger, colleague = make_user(), make_user(centre=household.centre)

    client.force_login(stranger)
    assert client.get(url("network", household)).status_code == 404
    client.force_login(colleague)
    assert client.get(url("network", household)).status_code == 403
    assert client.post(url("support-edit", household, link.pk), {}).status_code == 403
    assert not SupportLink.objects.visible_to(colleague).exists()
    assert SupportLink.objects.visible_to(make_user(Role.COORDINATOR, centre=household.centre)).exists()


def test_the_database_keeps_the_network_in_its_centre(household):
    make_support_link(household)

    with asking_as(make_user()), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM households_supportlink")
        rows = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM households_supportlinkevent")
        assert (rows, cursor.fetchone()[0]) == (0, 0)


def test_a_figure_of_another_family_is_not_found_here(client, household):
    other = make_support_link(make_household(worker=household.primary_worker))

    assert client.get(url("support-edit", household, other.pk)).status_code == 404


def test_the_network_of_who_has_a_luik_stays_in_it(client, household):
    household.has_compartments = True
    household.save()
    samira, karim = (make_member(household, first_name=name, has_compartment=True) for name in ("Samira", "Karim"))
    make_support_link(household, name="Zus van Samira", person=samira.person)
    make_support_link(household, name="Broer van Karim", person=karim.person)
    make_support_link(household, name="Juf Els")

    def names(luik):
        page = client.get(url("network", household), {"luik": luik} if luik else {}).content.decode()
        return {name for name in ("Zus van Samira", "Broer van Karim", "Juf Els") if name in page}

    assert names(None) == {"Juf Els"}
    assert names(samira.pk) == {"Zus van Samira", "Juf Els"}
    assert names(karim.pk) == {"Broer van Karim", "Juf Els"}
    assert "Voor wie druk je af" in client.get(url("network-print", household)).content.decode()
    paper = client.get(url("network-print", household), {"luik": karim.pk}).content.decode()
    assert "Broer van Karim" in paper and "Zus van Samira" not in paper


def test_a_print_is_written_in_the_trail(client, household):
    make_support_link(household)

    assert "Rosa van hiernaast" in client.get(url("network-print", household)).content.decode()
    assert Access.objects.filter(action="print", record_ids=[household.pk]).count() == 1


@pytest.mark.parametrize("size", [1, 5])
def test_the_network_costs_the_same_for_any_number_of_figures(client, household, size):
    for _ in range(size):
        make_support_link(household, name="", organisation=make_organisation())
        make_support_link(household, person=make_member(household).person)

    with CaptureQueriesContext(connection) as asked:
        client.get(url("network", household))

    assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) <= 12


# The picture


def boxes(drawn):
    """The box of each line of words, as wide as we think it can be."""
    for figure in drawn.figures:
        for line in figure.lines:
            size = ecomap.NAME if line.is_name else ecomap.SMALL
            width = ecomap._width(line.text, size)
            left = figure.text_x - width if figure.is_left else figure.text_x
            yield left, line.y - 0.8 * size, left + width, line.y + 0.25 * size


@pytest.mark.parametrize("number", [1, 2, 3, 7, 24])
def test_no_two_labels_of_up_to_twenty_four_figures_overlap(household, number):
    names = ["Buurtcentrum Sint-Maartensdal en omstreken van Leuven", "Mmmmmmmmmmmmmmmmmmmmmmm", "Rosa", "Oma Fatima"]
    links = [
        SupportLink(household=household, name=names[each % 4] + str(each), kind="faith", quality="broken")
        for each in range(number)
    ]

    drawn = ecomap.draw(household, links)

    found = list(boxes(drawn))
    middle = (ecomap.MIDDLE - 48, drawn.middle - 48, ecomap.MIDDLE + 48, drawn.middle + 48)
    for place, (left, top, right, bottom) in enumerate(found):
        assert left >= 0 and right <= drawn.width and top >= 0 and bottom <= drawn.height
        for other in [*found[:place], middle]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    assert ecomap.draw(household, links) == drawn


def test_the_picture_says_in_words_what_it_shows_and_has_no_style_of_its_own(client, household):
    make_support_link(household, name="Rosa <b>", quality="tense")

    page = client.get(url("network", household)).content.decode()

    picture = page.split('<svg class="eco"')[1].split("</svg>")[0]
    assert 'role="img"' in picture and "<title" in picture and "Rosa &lt;b&gt; (buur, gespannen)" in picture
    assert "style=" not in picture
    assert re.search(r'class="eco-line eco-tense"', picture)


# What the table itself refuses


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("support_link_to_exactly_one", {"name": ""}),
        ("support_link_to_exactly_one", {"name": "Rosa", "organisation": True}),
        (
            "support_link_until_after_since",
            {"since": timezone.localdate(), "until": timezone.localdate() - timedelta(days=1)},
        ),
    ],
)
def test_a_figure_points_to_exactly_one_and_ends_after_it_began(household, constraint, wrong):
    if "organisation" in wrong:
        wrong = {**wrong, "organisation": make_organisation()}

    with breaks(constraint):
        make_support_link(household, **{"name": "Rosa", **wrong})


def test_nobody_is_a_support_figure_of_themselves(household):
    person = make_member(household).person

    with breaks("support_link_not_to_oneself"):
        make_support_link(household, person=person, other=person)
