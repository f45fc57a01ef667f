import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse

from buurtwerk.interface import views
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db


def title(response):
    return re.search(r"<h1>(.*?)</h1>", response.content.decode())[1]


def is_of_the_team(response):
    return 'class="team ' in response.content.decode()


@pytest.mark.parametrize("address, team", [("/bestaat-niet/", False), ("/team/bestaat-niet/", True)])
def test_a_page_that_is_not_there_stays_in_the_look_of_where_it_is(client, address, team):
    response = client.get(address)

    assert response.status_code == 404
    assert title(response) == "Deze pagina is er niet"
    assert is_of_the_team(response) == team


def test_a_public_page_that_is_not_there_touches_no_session(client):
    response = client.get("/bestaat-niet/")

    assert not response.wsgi_request.session.accessed
    assert "<script" not in response.content.decode()


def test_a_colleague_keeps_the_menu_on_a_page_that_is_not_there(client):
    client.force_login(make_user())

    assert "Afmelden" in client.get("/team/bestaat-niet/").content.decode()


@pytest.mark.parametrize("team", [False, True])
def test_a_wrong_method_says_what_to_do_and_which_method_is_right(client, team):
    client.force_login(make_user())
    address = reverse("drafts:list") if team else make_centre().get_absolute_url()

    response = client.post(address)

    assert response.status_code == 405
    assert title(response) == "Dit kan niet via dit adres"
    assert response.headers["Allow"] == "GET, HEAD"
    assert is_of_the_team(response) == team


def test_a_form_without_its_secret_is_refused_in_words():
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"username": "noor"})

    assert response.status_code == 403
    assert title(response) == "Deze pagina stond te lang open"


@pytest.mark.parametrize("address", ["/", "/team/"])
def test_a_strange_host_name_is_refused_before_there_is_a_user(client, address):
    response = client.get(address, headers={"host": "kwaad.example"})

    assert response.status_code == 400
    assert title(response) == "Hier klopt iets niet"


@pytest.mark.parametrize("address", ["/", "/team/"])
def test_what_is_broken_is_said_without_the_database(client, django_assert_num_queries, address):
    request = RequestFactory().get(address)
    request.user = make_user()

    with django_assert_num_queries(0):
        response = views.server_error(request)

    assert response.status_code == 500
    assert title(response) == "Er ging iets mis bij ons"
    assert "Afmelden" not in response.content.decode()


def test_what_someone_may_not_do_is_said_in_words():
    request = RequestFactory().get("/team/")
    request.user = AnonymousUser()

    response = views.forbidden(request)

    assert response.status_code == 403
    assert title(response) == "Dit mag je niet doen"


def test_too_many_attempts_are_told_when_to_come_back(client):
    for _ in range(31):
        response = client.post(reverse("account_login"), {"username": ""})

    assert response.status_code == 429
    assert "Probeer opnieuw over 5 minuten." in response.content.decode()
    assert is_of_the_team(response)


@pytest.mark.parametrize(
    "address, onward", [("/bestaat-niet/", ["/", "/wegwijzer/"]), ("/team/bestaat-niet/", ["/team/"])]
)
def test_a_page_that_went_wrong_shows_where_to_go(client, address, onward):
    client.force_login(make_user())

    page = client.get(address).content.decode()

    assert re.findall(r'<a class="btn" href="([^"]+)"', page) == onward
