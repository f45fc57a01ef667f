import pytest
from django.urls import reverse

from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db


def test_no_page_of_the_team_stays_in_a_cache_or_a_search_engine(client):
    client.force_login(make_user())

    for address in (reverse("drafts:list"), reverse("account_change_password"), "/team/bestaat-niet/"):
        headers = client.get(address).headers

        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"


def test_public_pages_may_be_kept_but_are_always_asked_again(client):
    headers = client.get(make_centre().get_absolute_url()).headers

    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "X-Robots-Tag" not in headers


@pytest.mark.parametrize("address", ["/team/aanmelden/", "/bestaat-niet/"])
def test_every_answer_closes_what_we_never_use(client, address):
    headers = client.get(address).headers

    assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(), payment=()"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
