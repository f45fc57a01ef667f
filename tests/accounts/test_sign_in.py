from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_user

pytestmark = pytest.mark.django_db
SIGN_IN = "/team/aanmelden/"


def sign_in(client, name="noor", password="wachtwoord"):
    return client.post(SIGN_IN, {"username": name, "password": password})


@pytest.mark.parametrize("name", ["noor", "NOOR@voorbeeld.be"])
def test_a_colleague_signs_in_by_name_or_by_mail(client, name):
    make_user(username="noor", email="noor@voorbeeld.be")

    response = sign_in(client, name)

    assert response.status_code == 302
    assert response.url == "/team/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client):
    make_user(username="noor")

    wrong = sign_in(client, password="iets anders")
    unknown = sign_in(client, name="niemand")

    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client):
    make_user(username="noor")

    for _ in range(5):
        sign_in(client, password="geraden")
    response = sign_in(client)

    assert response.status_code in (200, 429)
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client):
    response = client.post(reverse("account_signup"), {"username": "nieuw", "password1": "een-lang-wachtwoord"})

    assert response.status_code in (200, 403)
    assert "_auth_user_id" not in client.session


def test_who_left_is_out_at_once(client):
    noor = make_user(username="noor")
    client.force_login(noor)
    noor.leaves_on = timezone.localdate() - timedelta(days=1)
    noor.save()

    response = client.get("/team/")

    assert response.status_code == 302
    assert response.url.startswith(SIGN_IN)


def test_signing_out_is_a_post_and_ends_the_session(client):
    client.force_login(make_user())

    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session

    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_colleague_changes_the_password(client):
    noor = make_user(username="noor")
    client.force_login(noor)

    client.post(
        reverse("account_change_password"),
        {
            "oldpassword": "wachtwoord",
            "password1": "een-veel-langer-woord",
            "password2": "een-veel-langer-woord",
        },
    )

    noor.refresh_from_db()
    assert noor.check_password("een-veel-langer-woord")


@override_settings(PASSWORD_HASHERS=["buurtwerk.accounts.hashers.Argon2"])
def test_the_password_hash_is_argon2_with_our_cost():
    assert make_password("wachtwoord").startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")


def test_everything_under_team_is_closed_and_never_cached(client):
    response = client.get("/team/")

    assert response.status_code == 302
    assert response.url == f"{SIGN_IN}?next=/team/"
    assert response.headers["Cache-Control"] == "no-store"
