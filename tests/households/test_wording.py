"""Respectful notes: a helper that marks and suggests, and never blocks."""

import pytest
from django.template import Context, Template
from django.urls import reverse

from buurtwerk.accounts.models import Membership, Role
from buurtwerk.drafts.models import Draft
from households import wording
from households.models import Contact
from tests.factories import make_centre, make_user
from tests.households.factories import leave_nothing_open, make_contact, make_household, make_member

pytestmark = pytest.mark.django_db

REREAD = reverse("households:reread")
KEEP = {
    "draft_form": "contact",
    "draft_subject": "",
    "draft_title": "Contact noteren",
    "draft_address": "/team/noteer/?concept=1",
}


@pytest.fixture
def noor():
    return make_user(Role.WORKER, centre=make_centre(), first_name="Noor")


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


@pytest.fixture
def signed_in(client, noor):
    client.force_login(noor)
    return client


def found(text, known=()):
    return [(hint.kind, hint.word) for hint in wording.hints(text, known)]


def test_the_list_of_judging_words_is_long_and_says_what_else_to_write():
    assert len(wording.JUDGING_WORDS) >= 80
    assert all(wording.JUDGING_WORDS.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De moeder is lui.", [("judging", "lui")]),
        ("Luie mensen, een agressieve vader.", [("judging", "Luie"), ("judging", "agressieve")]),
        ("Ze is een slechte moeder.", [("judging", "slechte moeder")]),
        ("Hij werkt niet mee.", [("judging", "werkt niet mee")]),
        ("Het is vies en smerig.", [("judging", "vies"), ("judging", "smerig")]),
        ("Ze is depressief en neemt medicatie.", [("health", "depressief"), ("health", "medicatie")]),
        ("Hij zit in de gevangenis.", [("justice", "gevangenis")]),
        ("Bel haar op 0470 12 34 56.", [("number", "0470 12 34 56")]),
        ("Mail naar wie@example.org vandaag", [("number", "wie@example.org")]),
        ("Ze woont in de Ridderstraat 12.", [("number", "12")]),
        ("Gisteren kwam Fatima mee.", [("name", "Fatima")]),
        ("Fatima kwam mee.", []),
        ("Ze betaalt 125 euro huur voor 24/12/2026, om 14.05 uur.", []),
        ("Naar het OCMW in Leuven, op maandag, met een brief in het Turks.", []),
        ("De kinderen spelen buiten. Het regent.", []),
        ("Het kleine zusje luistert, er is luidruchtig gezang.", []),
        ("", []),
    ],
)
def test_what_is_marked_and_what_is_not(text, expected):
    assert found(text) == expected


def test_names_that_are_known_are_not_marked():
    assert found("Gisteren zag ik Samira bij Ali.", known=["Samira El Amrani"]) == [("name", "Ali")]


def test_a_hint_says_where_why_and_what_else():
    hint = wording.hints("Hij is lui vandaag.")[0]

    assert (hint.start, hint.end, hint.word) == (7, 10, "lui")
    assert hint.why and hint.suggestion == "kwam de afspraak niet na"


def test_a_sentence_gets_its_mark_in_front_and_another_one_instead():
    text = "Ze verhuist in mei. Ze lijkt moe.\nDe huur is betaald."

    once = wording.mark(text, {0: "heard", 1: "impression", 2: "fact"})
    assert once == "Gehoord: Ze verhuist in mei. Indruk: Ze lijkt moe.\nFeit: De huur is betaald."
    assert [sentence.mark for sentence in wording.sentences(once)] == ["heard", "impression", "fact"]
    assert (
        wording.mark(once, {0: "fact", 1: "", 2: ""}) == "Feit: Ze verhuist in mei. Ze lijkt moe.\nDe huur is betaald."
    )
    assert wording.mark(once, {}) == once


def shown(text):
    return Template("{% load marks %}{{ text|marked }}").render(Context({"text": text}))


def test_marks_are_shown_as_tags_and_everything_else_stays_text():
    page = shown("Gehoord: <script>x</script>. Feit: a & b")

    tags = ['<span class="tag">gehoord</span>', '<span class="tag">feit</span>']
    assert page == f"{tags[0]} &lt;script&gt;x&lt;/script&gt;. {tags[1]} a &amp; b"
    assert shown("<b>Feit") == "&lt;b&gt;Feit"
    assert shown(None) == ""


def test_the_story_and_the_contact_show_the_marks(signed_in, household):
    contact = make_contact(household, note="Indruk: Ze is moe.")

    for address in (contact.get_absolute_url(), household.get_absolute_url()):
        assert '<span class="tag">indruk</span> Ze is moe.' in signed_in.get(address).content.decode()


def test_hints_stand_beside_the_note_while_typing(signed_in, household):
    make_member(household, first_name="Samira")
    typed = {"note": "Vandaag zag ik Samira en Ali. Ali is lui.", "who": household.code, **KEEP}

    page = signed_in.post(REREAD, typed, headers={"HX-Request": "true"}).content.decode()

    assert "Zou je dit voorlezen aan tafel?" in page
    assert "<strong>Ali</strong>" in page and "<strong>lui</strong>" in page and "<strong>Samira</strong>" not in page
    assert not Draft.objects.exists()


def test_without_scripts_everything_typed_is_kept_read_again_and_given_back(signed_in, household):
    typed = {"note": "Ze is lui. Haar zus zei dat ze verhuist.", "who": household.code, "mode": "home", **KEEP}

    response = signed_in.post(REREAD, typed)
    page = signed_in.get(response.url)
    assert "Bekijk dit nog eens" in page.content.decode()
    assert [field.label for field in page.context["form"]] == ["Ze is lui.", "Haar zus zei dat ze verhuist."]
    back = signed_in.post(response.url, {"sentence_0": "impression", "sentence_1": "heard"})

    form = signed_in.get(back.url).content.decode()
    assert back.url == "/team/noteer/?concept=1"
    assert "Indruk: Ze is lui. Gehoord: Haar zus zei dat ze verhuist." in form
    assert f'value="{household.code}"' in form and 'value="home"' in form
    assert not Contact.objects.exists()


def test_it_never_blocks(signed_in, household):
    signed_in.post(
        reverse("households:note"),
        {
            "token": "7c1b1f7e-0000-4000-8000-000000000001",
            "who": household.code,
            "mode": "home",
            "outcome": "talked",
            "note": "Hij is lui en Ali ook.",
            "happened_on": "2026-01-05",
            "visibility": "file",
            "next_step": "none",
        },
    )

    assert Contact.objects.get().note == "Hij is lui en Ali ook."


def test_an_empty_form_is_told_that_there_is_nothing_to_read(signed_in):
    response = signed_in.post(REREAD, {"note": "", **KEEP})

    assert "nog geen tekst" in signed_in.get(response.url).content.decode()


@pytest.mark.parametrize("marks", [{}, {"sentence_0": "zomaar"}, {"sentence_0": "x\x00"}])
def test_a_wrong_mark_changes_nothing(signed_in, noor, marks):
    address = signed_in.post(REREAD, {"note": "Ze is moe.", **KEEP}).url

    assert signed_in.post(address, marks).status_code == 200
    assert Draft.objects.get().typed["note"] == ["Ze is moe."]


def test_the_draft_of_a_colleague_does_not_exist(client, signed_in, noor):
    address = signed_in.post(REREAD, {"note": "Ze is moe.", **KEEP}).url
    client.force_login(make_user(Role.WORKER))

    assert client.get(address).status_code == 404


def test_who_lost_the_right_reads_nothing_of_the_record_in_an_old_draft(signed_in, noor, household):
    contact = make_contact(household, note="Wat er stond.")
    edit = reverse("households:contact-edit", args=[contact.pk])
    keep = {**KEEP, "draft_form": "contact-edit", "draft_subject": str(contact.pk), "draft_address": edit}
    address = signed_in.post(REREAD, {"note": "Wat er stond.", **keep, "draft_title": "Contact aanpassen"}).url
    assert "Wat er stond." in signed_in.get(address).content.decode()

    leave_nothing_open()
    Membership.objects.filter(user=noor).delete()
    make_centre()
    Membership.objects.create(user=noor, centre=make_centre(), role=Role.WORKER)

    drafts = signed_in.get(reverse("drafts:list")).content.decode()
    assert "Contact aanpassen" in drafts
    assert not [each for each in ("Wat er stond.", household.nickname) if each in drafts]
    assert signed_in.get(address).status_code == 404
    assert signed_in.get(edit).status_code == 404


@pytest.mark.parametrize("words", ["Samira" * 10_000, "é" * 5_000, "0" * 5_000, "a@" * 5_000, "Ridderstraat " * 2_000])
def test_a_long_text_is_read_in_no_time(words):
    wording.hints(words)
    wording.sentences(words)


def test_marking_loses_nothing_of_a_text_that_is_too_long(signed_in):
    long = "Ze is moe. " + "a" * 9_000
    address = signed_in.post(REREAD, {"note": long, **KEEP}).url

    signed_in.post(address, {"sentence_0": "heard", "sentence_1": "none"})

    assert Draft.objects.get().typed["note"] == [f"Gehoord: {long}"]
