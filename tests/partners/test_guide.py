import pytest
from django.core.cache import caches
from django.urls import reverse

from tests.factories import make_neighbourhood
from tests.partners.factories import check, count_queries, make_organisation, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    caches["pages"].clear()


def pages(service):
    return [reverse("partners:guide"), service.organisation.get_public_url()]


def test_anyone_reads_the_guide_without_a_cookie_or_a_script(client):
    service = make_service(
        organisation=make_organisation(name="vzw VELO", phone="016 00 00 12", email="info@voorbeeld.be"),
        name="VELOKadee",
        cost="€ 20 per jaar",
        how_to_enter="Kom langs op woensdag.",
        access_mode="walk_in",
        city_wide=True,
    )

    for page in pages(service):
        response = client.get(page)

        assert response.status_code == 200
        assert not response.cookies
        assert "<script" not in response.text
        for said in ["VELO", "tel:016000012", "€ 20 per jaar", "Binnenlopen. Kom langs op woensdag.", "Heel de stad"]:
            assert said in response.text


def test_an_unchanged_page_costs_one_query_and_may_be_answered_with_304(client, django_assert_num_queries):
    service = make_service()
    for page in pages(service):
        first = client.get(page)

        with django_assert_num_queries(1):
            again = client.get(page)
        with django_assert_num_queries(1):
            unchanged = client.get(page, headers={"If-None-Match": first.headers["ETag"]})

        assert again.content == first.content
        assert unchanged.status_code == 304


def rename_organisation(service):
    service.organisation.name = "Nieuwe naam"
    service.organisation.save()


def rename_service(service):
    service.name = "Nieuwe naam"
    service.save()


def check_service(service):
    check(service)


def add_a_buurt(service):
    service.neighbourhoods.add(make_neighbourhood())


def remove_a_buurt(service):
    service.neighbourhoods.clear()


@pytest.mark.parametrize("change", [rename_organisation, rename_service, check_service, add_a_buurt, remove_a_buurt])
def test_a_change_shows_at_once(client, change):
    service = make_service(neighbourhoods=[make_neighbourhood()])
    before = [client.get(page) for page in pages(service)]

    change(service)

    for page, old in zip(pages(service), before, strict=True):
        new = client.get(page, headers={"If-None-Match": old.headers["ETag"]})
        assert new.status_code == 200
        assert new.content != old.content


def test_a_card_says_honestly_whether_it_was_checked(client):
    never = make_service()
    fresh = make_service(checked_days_ago=1)
    old = make_service(checked_days_ago=300)

    def said(service):
        return client.get(service.organisation.get_public_url()).text

    assert "Nog niet nagekeken. Vraag eerst of dit nog klopt." in said(never)
    assert "Nagekeken op" in said(fresh) and "Vraag eerst" not in said(fresh)
    assert "Nagekeken op" in said(old) and "Vraag eerst of dit nog klopt." in said(old)


def test_what_is_only_for_the_team_stays_there(client):
    organisation = make_organisation(source="Verteld aan de balie", to_check="Adres klopt niet")
    make_service(organisation=organisation, name="Gestopte winkel", status="ended")

    text = client.get(organisation.get_public_url()).text + client.get(reverse("partners:guide")).text

    assert "balie" not in text
    assert "Adres klopt niet" not in text
    assert "Gestopte winkel" not in text


def test_what_rests_says_so_on_its_card(client):
    service = make_service(status="paused")

    assert "ligt nu even stil" in client.get(service.organisation.get_public_url()).text


def test_a_card_that_is_put_away_or_never_was_does_not_exist(client):
    gone = make_organisation(is_active=False)

    assert client.get(gone.get_public_url()).status_code == 404
    assert client.get(reverse("partners:guide-card", args=["nergens"])).status_code == 404


def test_the_guide_is_only_read(client):
    service = make_service()

    for page in pages(service):
        assert client.post(page).status_code == 405


def test_what_people_wrote_is_shown_as_text(client):
    service = make_service(name="<script>alert(1)</script>", description="<b>vet</b>")
    organisation = service.organisation

    text = client.get(organisation.get_public_url()).text + client.get(reverse("partners:guide"), {"q": "<i>"}).text

    assert "<script>" not in text
    assert "<b>" not in text
    assert "<i>" not in text


def test_a_card_costs_the_same_for_any_number_of_services(client):
    organisation = make_organisation()
    counts = []
    for more in (1, 4):
        for _ in range(more):
            make_service(organisation=organisation, neighbourhoods=[make_neighbourhood()])
        counts.append(count_queries(client, organisation.get_public_url()))

    assert counts[0] == counts[1] <= 12


def test_the_finer_filters_are_folded_until_one_of_them_makes_no_sense(client):
    page = client.get("/wegwijzer/").content.decode()
    wrong = client.get("/wegwijzer/", {"leeftijd": "honderd"}).content.decode()

    assert "<details>" in page and "<details open>" not in page
    assert "<details open>" in wrong
