import pytest
from django.urls import reverse

from partners.forms import NeedForm, TeamNeedForm
from partners.models import Service
from tests.factories import make_neighbourhood, make_user
from tests.partners.factories import count_queries, make_organisation, make_service

pytestmark = pytest.mark.django_db


def found(**asked):
    return [service.name for service in NeedForm(asked).apply(Service.objects.active())]


def reasons(**asked):
    form = NeedForm(asked)
    return {
        service.name: [reason.text for reason in form.why(service)] for service in form.apply(Service.objects.active())
    }


def test_a_need_finds_the_services_with_that_theme():
    make_service(name="Fietsen", themes=["mobility", "goods"])
    make_service(name="Eten", themes=["food"])
    make_service(name="Niets geweten")

    assert reasons(thema="mobility") == {"Fietsen": ["Mobiliteit"]}


def test_an_age_finds_the_services_around_it_and_those_of_unknown_age_last():
    make_service(name="Alle", age_min=0)
    make_service(name="Onbekend")
    make_service(name="Kleuters", age_min="2.5", age_max=6)
    make_service(name="Tieners", age_min=12, age_max=18)
    make_service(name="Zes", age_min=6, age_max=6)

    assert reasons(leeftijd="6") == {
        "Alle": ["Alle leeftijden"],
        "Kleuters": ["2,5 tot 6 jaar"],
        "Zes": ["6 tot 6 jaar"],
        "Onbekend": ["Leeftijd niet geweten"],
    }
    assert found(leeftijd="2") == ["Alle", "Kleuters", "Onbekend"]
    assert found(leeftijd="1") == ["Alle", "Onbekend"]
    assert found(leeftijd="19") == ["Alle", "Onbekend"]


def test_a_buurt_finds_its_own_services_the_larger_area_and_the_whole_city():
    borough = make_neighbourhood(slug="kessel-lo", name="Kessel-Lo", kind="borough")
    buurt = make_neighbourhood(slug="casablanca", name="Casablanca", part_of=borough)
    other = make_neighbourhood(slug="hoogland", name="Hoogland")
    make_service(name="Stad", city_wide=True)
    make_service(name="Onbekend")
    make_service(name="Buurt", neighbourhoods=[buurt, other])
    make_service(name="Deelgemeente", neighbourhoods=[borough])
    make_service(name="Elders", neighbourhoods=[other])

    assert reasons(buurt="casablanca") == {
        "Buurt": ["In Casablanca"],
        "Deelgemeente": ["In Kessel-Lo, daar ligt Casablanca"],
        "Stad": ["Heel de stad"],
        "Onbekend": ["Buurt niet geweten"],
    }
    assert found(buurt="kessel-lo") == ["Deelgemeente", "Stad", "Onbekend"]


def test_areas_that_are_a_part_of_each_other_do_not_hang_the_search():
    one = make_neighbourhood(slug="een")
    two = make_neighbourhood(slug="twee", part_of=one)
    one.part_of = two
    one.save()
    make_service(name="Hier", neighbourhoods=[one])

    assert found(buurt="twee") == ["Hier"]


def test_a_language_finds_who_speaks_it_and_unknown_languages_last():
    make_service(name="Alleen Nederlands", languages=["nl"])
    make_service(name="Niet geweten")
    make_service(name="Turks en meer", languages=["nl", "tr"])

    assert reasons(taal="tr") == {"Turks en meer": ["Turks"], "Niet geweten": ["Talen niet geweten"]}


@pytest.mark.parametrize(
    "words", ["velo", "VÉLOKADEE", "kinderfiets", "fiets", "jaar huren", "vzw VELO", "mobiliteit", "velo-kadee", "12"]
)
def test_words_find_a_service_by_its_name_its_text_its_organisation_or_its_theme(words):
    organisation = make_organisation(name="vzw VELO", description="Je kan er huren voor een jaar, tot 12.")
    make_service(
        name="VELOKadee", description="Kinderfietsen die meegroeien", organisation=organisation, themes=["mobility"]
    )
    make_service(name="Eten", description="Soep", themes=["food"])

    assert found(q=words) == ["VELOKadee"]


def test_every_word_counts():
    make_service(name="Warme soep")
    make_service(name="Koude soep")

    assert found(q="soep warme") == ["Warme soep"]


@pytest.mark.parametrize("words", ["!!!", "' OR 1=1 --", "a:* & | !", "%", "_", "<script>", "\\", "((", "²"])
def test_strange_words_are_only_words(words):
    make_service(name="Soep")

    assert found(q=words) in (["Soep"], [])


def test_filters_add_up_and_each_unknown_ranks_lower():
    make_neighbourhood(slug="hoogland", name="Hoogland")
    make_service(name="Alles geweten", themes=["food"], age_min=0, city_wide=True, languages=["tr"])
    make_service(name="Eén onbekend", themes=["food"], age_min=0, city_wide=True)
    make_service(name="Alles onbekend", themes=["food"])
    make_service(name="Ander thema", themes=["work"], age_min=0, city_wide=True, languages=["tr"])

    asked = {"thema": "food", "buurt": "hoogland", "leeftijd": "7", "taal": "tr"}

    assert found(**asked) == ["Alles geweten", "Eén onbekend", "Alles onbekend"]


def test_cards_sink_as_they_grow_stale():
    make_service(name="A verouderd", checked_days_ago=400, age_min=0)
    make_service(name="B nakijken", checked_days_ago=210, age_min=0)
    make_service(name="C actueel", checked_days_ago=1)

    assert found(leeftijd="7") == ["C actueel", "B nakijken", "A verouderd"]


def test_what_ended_or_rests_is_not_found_unless_the_team_asks():
    make_service(name="Loopt", checked_days_ago=1)
    make_service(name="Na te kijken")
    make_service(name="Gestopt", status="ended")
    make_service(name="Even niet", status="paused")
    make_service(name="Kaart weg", organisation=make_organisation(is_active=False))

    def stands(stand):
        return {service.name for service in TeamNeedForm({"stand": stand}).services()}

    assert found() == ["Loopt", "Na te kijken"]
    assert stands("") == {"Loopt", "Na te kijken"}
    assert stands("nakijken") == {"Na te kijken"}
    assert stands("gestopt") == {"Gestopt", "Even niet", "Kaart weg"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thema", "unknown"),
        ("buurt", "nergens"),
        ("taal", "klingon"),
        ("leeftijd", "oud"),
        ("leeftijd", "-1"),
        ("leeftijd", "999"),
        ("leeftijd", "9" * 400),
        ("q", "x" * 101),
        ("q", "a\x00b"),
        ("stand", "nergens"),
    ],
)
def test_a_filter_that_makes_no_sense_says_so_and_keeps_what_was_typed(client, name, value):
    make_service(name="Soep", themes=["food"])
    make_service(name="Werk", themes=["work"])
    client.force_login(make_user())

    response = client.get(reverse("partners:list"), {"thema": "food", name: value})

    form = response.context["form"]
    assert response.status_code == 200
    assert list(form.errors) == [name]
    assert form[name].value() == value
    assert [service.name for service in response.context["page"]] == (["Soep", "Werk"] if name == "thema" else ["Soep"])


def test_each_filter_can_be_put_off_by_its_own_link(client):
    make_neighbourhood(slug="hoogland", name="Hoogland")

    response = client.get(reverse("partners:guide"), {"thema": "food", "buurt": "hoogland", "leeftijd": "0"})

    assert [(chosen.label, chosen.without) for chosen in response.context["form"].chosen()] == [
        ("Eten", "?buurt=hoogland&leeftijd=0"),
        ("Hoogland", "?thema=food&leeftijd=0"),
        ("0 jaar", "?thema=food&buurt=hoogland"),
    ]
    assert "Zoek ruimer" in response.text


def test_results_come_in_pages(client):
    for number in range(21):
        make_service(name=f"Aanbod {number:02}", themes=["food"])

    first = client.get(reverse("partners:guide"), {"thema": "food"})
    second = client.get(reverse("partners:guide"), {"thema": "food", "page": "2"})
    strange = client.get(reverse("partners:guide"), {"thema": "food", "page": "\x00"})

    assert len(first.context["page"]) == len(strange.context["page"]) == 20
    assert [service.name for service in second.context["page"]] == ["Aanbod 20"]
    assert "thema=food&amp;page=2" in first.text


@pytest.mark.parametrize("page", ["partners:list", "partners:guide"])
def test_the_directory_costs_the_same_for_any_number_of_cards(client, page):
    buurten = [make_neighbourhood(slug="hier"), make_neighbourhood()]
    client.force_login(make_user())
    asked = {"buurt": "hier", "leeftijd": "7", "taal": "tr", "q": "aanbod"}
    counts = []
    for more in (1, 4):
        for _ in range(more):
            make_service(neighbourhoods=buurten, checked_days_ago=3, languages=["tr"], themes=["food"])
            make_organisation()
        counts.append(count_queries(client, reverse(page), asked))

    assert counts[0] == counts[1] <= 12
