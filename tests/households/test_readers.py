"""Who can read this? Said before it is written, and never something else than what happens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from households.models import BreakGlass, Contact
from households.readers import readers_of
from tests.factories import make_user
from tests.households.factories import make_contact, make_household

pytestmark = pytest.mark.django_db

VISIBILITIES = ["team", "file", "named", "personal"]


def break_glass(household, user):
    now = timezone.now()
    return BreakGlass.objects.create(
        centre=household.centre, household=household, user=user, ground="danger", reason="x", at=now,
        until=now + timedelta(minutes=30),
    )  # fmt: skip


@pytest.fixture
def family():
    return make_household()


@pytest.fixture
def team(family):
    centre = family.centre
    team = {name: make_user(centre=centre, first_name=name) for name in ("backup", "colleague", "glass", "other")}
    team["primary"] = family.primary_worker
    team["named"] = make_user(centre=centre, first_name="named")
    team["coordinator"] = make_user(Role.COORDINATOR, centre=centre, first_name="coordinator")
    team["reception"] = make_user(Role.RECEPTION, centre=centre, first_name="reception")
    team["gone"] = make_user(centre=centre, leaves_on=timezone.localdate() - timedelta(days=1))
    team["elsewhere"] = make_user()
    family.backup_worker = team["backup"]
    family.save()
    family.colleagues.add(team["colleague"])
    break_glass(family, team["glass"])
    return team


def names(readers, team):
    return {name for name, user in team.items() if user in {reader.user for reader in readers}}


def test_it_says_why_each_of_them_reads_it_nearest_first(family, team):
    readers = readers_of(family, Contact.Visibility.FILE, author=team["primary"])

    assert [why.split(" tot ")[0] for _, why in readers] == [
        "schrijft het", "back-up", "genoemde collega", "coördinator", "noodtoegang",
    ]  # fmt: skip


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_it_says_exactly_who_really_reads_the_note(family, team, visibility, restricted):
    family.restricted, family.restricted_reason = restricted, "Op hun vraag."
    family.save()
    contact = make_contact(family, visibility=visibility, note="Vertrouwelijk", readers=[team["named"]])

    told = names(readers_of(family, visibility, named=[team["named"]], author=team["primary"]), team)

    reads = set()
    for name, user in team.items():
        with asking_as(user):
            seen = Contact.objects.visible_to(user).filter(pk=contact.pk).first()
            if seen and user.leaves_on is None and seen.note_for(user):
                reads.add(name)
    assert told == reads


def test_a_family_without_a_worker_is_everyones_until_someone_takes_it(family, team):
    family.primary_worker = None

    assert names(readers_of(family, "file"), team) >= {"other", "named", "coordinator"}


def test_it_answers_for_a_change_that_is_not_saved_yet(family, team):
    family.restricted = True

    assert "other" not in names(readers_of(family, "team"), team)


@pytest.mark.parametrize("size", [1, 5])
def test_it_is_one_query_for_any_number_of_colleagues(family, django_assert_num_queries, size):
    family.colleagues.add(*[make_user(centre=family.centre) for _ in range(size)])

    with django_assert_num_queries(1):
        readers_of(family, "file")
