"""The words of the sign-in; who gets in is tested with the accounts."""

import pytest
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db
SIGN_IN = "/team/aanmelden/"


def errors(response):
    return [error for errors in response.context["form"].errors.values() for error in errors]


def test_the_form_asks_a_name_or_mail_under_the_name_password_managers_know(client):
    html = client.get(SIGN_IN).content.decode()

    assert "Naam of e-mail" in html and "Meld aan" in html
    assert 'name="username"' in html and 'autocomplete="username"' in html
    assert 'name="password"' in html and "placeholder" not in html


def test_empty_fields_say_what_to_fill_in(client):
    assert set(errors(client.post(SIGN_IN, {}))) == {"Vul je naam of je e-mail in.", "Vul je wachtwoord in."}


@pytest.mark.parametrize("name", ["noor", "noor@voorbeeld.be"])
def test_what_does_not_belong_together_is_said_in_one_way_and_the_name_stays(client, name):
    make_user(username="noor", email="noor@voorbeeld.be")

    response = client.post(SIGN_IN, {"username": name, "password": "mis"})

    assert errors(response) == [
        "Deze naam en dit wachtwoord horen niet bij elkaar. Kijk na wat je typte en probeer opnieuw."
    ]
    assert f'value="{name}"' in response.content.decode()
    assert 'value="mis"' not in response.content.decode()


def test_who_guesses_too_often_is_told_how_long_to_wait(client):
    make_user(username="noor")

    for _ in range(6):
        response = client.post(SIGN_IN, {"username": "noor", "password": "mis"})

    assert errors(response) == ["Te veel pogingen. Probeer opnieuw over 5 minuten."]


@pytest.mark.parametrize("name", ["no\x00or", "no\x1bor"])
def test_an_invisible_character_in_a_name_is_refused_in_words(client, name):
    response = client.post(SIGN_IN, {"username": name, "password": "mis"})

    assert response.status_code == 200
    assert "Er staat een onzichtbaar teken in. Typ de tekst opnieuw." in errors(response)


def test_after_signing_in_someone_is_where_they_wanted_to_be(client):
    make_user(username="noor")

    response = client.post(f"{SIGN_IN}?next=/team/concepten/", {"username": "noor", "password": "wachtwoord"})

    assert response.url == "/team/concepten/"


def test_a_new_password_is_refused_in_dutch(client):
    client.force_login(make_user())

    response = client.post(
        reverse("account_change_password"), {"oldpassword": "mis", "password1": "kort", "password2": "anders"}
    )

    assert "Dit is niet je wachtwoord van nu." in errors(response)
    assert "Dit wachtwoord is te kort. Neem minstens 12 tekens." in errors(response)


@pytest.mark.parametrize("name", ["account_signup", "account_inactive", "account_logout", "account_reauthenticate"])
def test_the_other_pages_of_the_account_are_ours(client, name):
    if name in ("account_logout", "account_reauthenticate"):
        client.force_login(make_user())

    html = client.get(reverse(name)).content.decode()

    assert html.count("<h1>") == 1 and 'class="team ' in html
