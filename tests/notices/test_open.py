import pytest
from django.urls import reverse

from buurtwerk.notices.models import Notice
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_notice_stands_on_vandaag_until_it_is_opened(client):
    noor, els = make_user(first_name="Noor"), make_user(first_name="Els")
    Notice.objects.tell(noor, els, None, text="HH-2026-0007 is geopend.", url="/team/opvolging/", by=els)
    client.force_login(noor)
    notice = Notice.objects.get()
    assert "HH-2026-0007 is geopend." in client.get("/team/").content.decode()

    response = client.post(reverse("notices:open", args=[notice.pk]))

    assert response.url == "/team/opvolging/"
    assert "HH-2026-0007" not in client.get("/team/").content.decode()


def test_a_notice_of_someone_else_does_not_exist(client):
    notice = Notice.objects.create(to=make_user(), text="HH-2026-0007 is geopend.", url="/team/")
    client.force_login(make_user())

    assert "HH-2026-0007" not in client.get("/team/").content.decode()
    assert client.post(reverse("notices:open", args=[notice.pk])).status_code == 404
