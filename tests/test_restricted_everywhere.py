"""A restricted family, asked at every address by a colleague and by reception: nothing of it, in no page and no number.

An address of the family answers like one that was never given; every other page is what it was without the family.
"""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from buurtwerk.accounts.models import Role
from households.models import Household, Person
from tests.addresses import ADDRESSES, make_world, path_of
from tests.factories import make_user
from tests.households.factories import make_contact, make_follow_up, make_household, make_member

pytestmark = pytest.mark.django_db

OF_THE_FAMILY = {"household", "contact", "follow_up", "referral", "help_request", "ended", "attachment"}
MARKER = "Zebravink"
WORDS = ["Zebravink", "Quetzal", "Kolibriestraat", "0499 12 34 56", "Toekan"]
NEVER_GIVEN, NOBODY = "HH-2019-9999", 999_999_999

ROLES = [Role.WORKER, Role.RECEPTION]


def subjects(name):
    return {path.split(".")[0] for path in ADDRESSES[name].args.split()}


ABOUT_IT = [name for name, address in ADDRESSES.items() if subjects(name) & OF_THE_FAMILY]
OTHERS = [
    name
    for name, address in ADDRESSES.items()
    if not address.args and not name.startswith("account_") and address.method == "get"
]
SEARCHES = {
    "households:list": {"q": MARKER},
    "households:create": {"nickname": MARKER, "phone": "0499 12 34 56", "address": "Kolibriestraat 12"},
    "households:create-candidates": {"first_name": "Quetzal"},
    "households:create-details": {"nickname": MARKER},
    "households:note-search": {"search": MARKER},
}


def never_given(world):
    """The same world, with codes and numbers that nobody ever gave."""
    nothing = {"code": NEVER_GIVEN, "pk": NOBODY, "person_id": NOBODY}
    kept = {"right", "sheet"}
    return SimpleNamespace(
        **{
            name: value if name in kept else SimpleNamespace(**{**nothing, "kind": getattr(value, "kind", "")})
            for name, value in vars(world).items()
        }
    )


def plain(response, *codes):
    """What the page says, without what differs from one request to the next."""
    page = response.content.decode()
    page = re.sub(r'(csrfmiddlewaretoken|token)" (value|type)="[^"]*"( value="[^"]*")?', "", page)
    page = re.sub(r'data-session-[a-z]+="[0-9]+"', "", page)
    for code in codes:
        page = page.replace(str(code), "X")
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page)


def asking(client, world, role):
    colleague = make_user(role, centre=world.centre, first_name="Vreemde")
    client.force_login(colleague)
    return colleague


def restrict(household):
    fields = {"restricted": True, "restricted_reason": "Toekan", "nickname": MARKER, "address": "Kolibriestraat 12"}
    Household.objects.filter(pk=household.pk).update(**fields, search_key="zebravinkkolibriestraat12")
    people = Person.objects.filter(memberships__household=household)
    people.update(first_name="Quetzal", phone="0499 12 34 56", search_key="quetzal0499123456")


@pytest.mark.parametrize("role", ROLES)
def test_every_address_of_a_restricted_family_answers_like_one_that_was_never_given(client, role):
    world = make_world()
    for household in (world.household, world.double):
        restrict(household)
    asking(client, world, role)
    nothing = never_given(world)

    for name in ABOUT_IT:
        real, unknown = path_of(name, world), path_of(name, nothing)
        answers = [getattr(client, ADDRESSES[name].method)(path) for path in (real, unknown)]
        statuses = [answer.status_code for answer in answers]
        assert statuses in ([403, 403], [404, 404]), name
        assert plain(answers[0], real) == plain(answers[1], unknown), name
        assert not [word for word in WORDS if word in answers[0].content.decode()], name


def add_restricted_family(world):
    household = make_household(worker=world.worker, centre=world.centre)
    member = make_member(household)
    contact = make_contact(household, note="Toekan", visibility="team")
    contact.present.add(member.person)
    make_follow_up(household, what="Toekan")
    restrict(household)
    return household


@pytest.mark.parametrize("role", ROLES)
def test_every_other_page_is_what_it_was_without_the_family(client, role):
    """Also in its numbers: what is counted, how many pages there are, what a filter or a search finds."""
    world = make_world()
    asking(client, world, role)

    def pages():
        for name in OTHERS:
            yield name, plain(client.get(path_of(name, world)))
        for name, words in SEARCHES.items():
            yield f"{name} with words", plain(client.post(reverse(name), words, follow=True))
        for query in ("status=closed", "mine=1", "intensity=0", "order=bereikt", "page=2"):
            yield query, plain(client.get(f"{reverse('households:list')}?{query}"))

    list(pages())
    before = dict(pages())
    household = add_restricted_family(world)
    after = dict(pages())

    assert [name for name in before if before[name] != after[name]] == []
    shown = {name: [word for word in [*WORDS[1:], household.code] if word in page] for name, page in after.items()}
    # What someone typed themselves stands in their own form.
    assert {name: words for name, words in shown.items() if words and " with words" not in name} == {}


@pytest.mark.parametrize("role", ROLES)
def test_the_family_is_there_to_be_found_by_who_may_know(client, role):
    """That something is hidden only says something when there is something to hide."""
    world = make_world()
    household = add_restricted_family(world)
    client.force_login(world.worker)

    found = client.post(reverse("households:list"), {"q": MARKER}, follow=True).content.decode()

    assert household.code in found and "1 gevonden" in found
