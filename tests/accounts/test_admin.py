import pytest

from buurtwerk.accounts.models import Membership, Role, User
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db
ADMIN = "/beheer-django/"


def test_only_an_administrator_enters_the_admin(client):
    for role in Role:
        client.force_login(make_user(role))
        response = client.get(ADMIN, follow=True)
        assert response.status_code == (200 if role == Role.ADMINISTRATOR else 403), role


def test_a_stranger_is_sent_to_the_one_sign_in(client):
    response = client.get(ADMIN, follow=True)

    assert response.redirect_chain[-1][0].startswith("/team/aanmelden/")


def test_the_admin_shows_people_of_the_team_and_places_and_nothing_else(client):
    client.force_login(make_user(Role.ADMINISTRATOR))

    response = client.get(ADMIN)

    shown = {model["object_name"] for app in response.context["app_list"] for model in app["models"]}
    assert shown == {"User", "Centre", "Neighbourhood", "SchoolHoliday", "PublicHoliday"}


def membership_fields(*rows):
    fields = {"membership_set-TOTAL_FORMS": len(rows), "membership_set-INITIAL_FORMS": 0}
    for number, (centre, role) in enumerate(rows):
        fields |= {f"membership_set-{number}-centre": centre.pk, f"membership_set-{number}-role": role}
    return fields


def add(client, *rows):
    fields = {
        "username": "nieuw",
        "usable_password": "true",
        "password1": "een-lang-wachtwoord",
        "password2": "een-lang-wachtwoord",
    }
    return client.post(f"{ADMIN}accounts/user/add/", {**fields, **membership_fields(*rows)})


def test_an_administrator_adds_a_colleague_with_a_role(client):
    centre = make_centre()
    client.force_login(make_user(Role.ADMINISTRATOR, centre=centre))

    add(client, (centre, Role.WORKER))

    nieuw = User.objects.get(username="nieuw")
    assert nieuw.roles == [(Role.WORKER, centre.pk)]
    assert not nieuw.is_superuser


def test_nobody_is_administrator_and_something_else(client):
    centre = make_centre()
    client.force_login(make_user(Role.ADMINISTRATOR, centre=centre))

    response = add(client, (centre, Role.WORKER), (centre, Role.ADMINISTRATOR))

    assert "heeft geen andere rol" in response.content.decode()
    assert not Membership.objects.filter(user__username="nieuw").exists()
