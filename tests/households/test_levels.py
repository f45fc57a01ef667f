"""How closely we follow: four levels, changed by a person with a reason, proposed and never done by the app."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Undo
from buurtwerk.trail.models import Access
from households import proposals
from households.models import ContactAgreement, Household, Review
from households.rhythm import ENDING, IN, NONE, PAST, RESTING, standing, with_rhythm
from tests.breaking import breaks
from tests.factories import make_user
from tests.households.factories import make_contact, make_household

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=20)


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture
def household():
    return make_household(intensity=2, next_review_on=ago(1))


@pytest.fixture
def signed_in(client, household):
    client.force_login(household.primary_worker)
    return client


def level(household, **fields):
    """What the browser sends for the level; empty fields come along as empty."""
    return {
        "loaded_version": household.version,
        "intensity": household.intensity,
        "intensity_reason": household.intensity_reason,
        "next_review_on": "",
        "rhythm_days": "",
        **fields,
    }


def address(household):
    return reverse("households:level", args=[household.code])


def save(client, household, **fields):
    household.refresh_from_db()
    return client.post(address(household), level(household, **fields))


def undo(client):
    return client.post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]), follow=True)


# R9: level 3 needs a reason and a review date


def test_r9_aanklampend_asks_a_reason_and_a_day_to_look_again(signed_in, household):
    page = save(signed_in, household, intensity=3).content.decode()

    assert "Schrijf waarom je aanklampend opvolgt." in page
    assert "Kies een dag om dit te herbekijken, ten laatste" in page
    household.refresh_from_db()
    assert household.intensity == 2 and not Review.objects.exists()


def test_r9_aanklampend_is_reviewed_within_six_weeks(signed_in, household):
    late = TODAY + timedelta(days=43)
    page = save(signed_in, household, intensity=3, intensity_reason="Zelf gevraagd", next_review_on=late)
    assert "ten laatste" in page.content.decode()

    last = TODAY + timedelta(weeks=6)
    save(signed_in, household, intensity=3, intensity_reason="Zelf gevraagd", next_review_on=last)

    household.refresh_from_db()
    assert (household.intensity, household.next_review_on) == (3, last)


def test_r9_the_database_refuses_aanklampend_without_reason_or_review(household):
    for fields in ({"intensity_reason": "Zelf gevraagd"}, {"next_review_on": SOON, "intensity_reason": ""}):
        with breaks("household_assertive_has_reason_and_review"):
            Household.objects.filter(pk=household.pk).update(**{"intensity": 3, "next_review_on": None, **fields})


@pytest.mark.parametrize(("chosen", "months"), [(0, 12), (1, 6), (2, 3)])
def test_the_other_levels_get_the_review_of_their_own_term(signed_in, household, chosen, months):
    save(signed_in, household, intensity=chosen)

    household.refresh_from_db()
    assert household.next_review_on == TODAY + Household.REVIEW_AFTER[chosen]
    assert 28 * months < (household.next_review_on - TODAY).days < 32 * months


def test_r9_no_time_or_silence_moves_a_level(household):
    for number in range(5):
        make_contact(household, outcome="no_answer", happened_on=ago(40 + number))

    assert names(household) == ["review"]

    household.refresh_from_db()
    assert household.intensity == 2


# Changing it


def test_a_change_is_kept_with_who_when_and_why(signed_in, household):
    response = save(
        signed_in, household, intensity=3, intensity_reason="Ze vroeg het zelf", next_review_on=SOON, rhythm_days=7
    )

    assert response.url == household.get_absolute_url()
    household.refresh_from_db()
    assert (household.intensity, household.rhythm, household.version) == (3, 7, 2)
    page = signed_in.get(address(household)).content.decode()
    assert "Van opvolging naar aanklampend, eigen ritme van 7 dagen" in page
    assert "Begonnen met opvolging" in page
    assert "Ze vroeg het zelf" in page and str(household.primary_worker) in page


def test_looking_again_and_leaving_it_is_kept_too(signed_in, household):
    save(signed_in, household)

    review = Review.objects.get()
    assert review.kept and review.by == household.primary_worker
    assert "Herbekeken: blijft opvolging" in signed_in.get(address(household)).content.decode()


def test_a_change_can_be_taken_back_and_leaves_no_review(signed_in, household):
    save(signed_in, household, intensity=3, intensity_reason="Vergissing", next_review_on=SOON)

    page = undo(signed_in).content.decode()

    household.refresh_from_db()
    assert "Het ritme is weer zoals het was." in page
    assert (household.intensity, household.intensity_reason, household.next_review_on) == (2, "", ago(1))
    assert not Review.objects.exists()


def test_what_a_colleague_changed_since_is_not_taken_back(signed_in, household):
    save(signed_in, household, intensity=1)
    Household.objects.filter(pk=household.pk).update(version=5, nickname="Anders")

    page = undo(signed_in).content.decode()

    household.refresh_from_db()
    assert "intussen aangepast" in page
    assert household.intensity == 1 and Review.objects.count() == 1


def test_a_contact_noted_meanwhile_survives_the_way_back(signed_in, household):
    save(signed_in, household, intensity=1)
    Household.objects.filter(pk=household.pk).update(last_reached_on=TODAY)

    undo(signed_in)

    household.refresh_from_db()
    assert (household.intensity, household.last_reached_on) == (2, TODAY)


def test_an_overtaken_change_shows_both_and_loses_nothing(signed_in, household):
    mine = level(household, intensity=1, intensity_reason="Mijn reden")
    save(signed_in, household, intensity=0, intensity_reason="Andere reden")

    page = signed_in.post(address(household), mine).content.decode()

    assert "Iemand anders bewaarde dit intussen" in page
    assert "Andere reden" in page and 'value="Mijn reden"' in page
    household.refresh_from_db()
    assert household.intensity == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"intensity": ""}, "Kies hoe dicht je opvolgt."),
        ({"intensity": "9"}, "keuze"),
        ({"intensity": "3' OR 1=1"}, "keuze"),
        ({"intensity_reason": "x" * 301}, "300"),
        ({"intensity_reason": "nul\x00"}, "teken"),
        ({"intensity_reason": "Nummer 85073003328"}, "rijksregisternummer"),
        ({"next_review_on": "2062-01-01"}, "binnen de twee jaar"),
        ({"next_review_on": TODAY.isoformat()}, "vanaf morgen"),
        ({"next_review_on": "gisteren"}, "datum"),
        ({"rhythm_days": "elke week"}, "Vul een aantal dagen in"),
        ({"rhythm_days": "0"}, "van 1 tot 366"),
        ({"rhythm_days": "-3"}, "rhythm_days_error"),
        ({"rhythm_days": "99999"}, "van 1 tot 366"),
        ({"intensity": "0", "rhythm_days": "14"}, "Open aanbod heeft geen ritme."),
        ({"loaded_version": ""}, "Laad de pagina opnieuw."),
    ],
)
def test_bad_input_is_said_at_the_field_and_kept(signed_in, household, fields, message):
    typed = {"intensity_reason": "Blijft staan", **fields}

    page = save(signed_in, household, **typed).content.decode()

    assert message in page and "<title>Fout:" in page
    assert "intensity_reason" in fields or 'value="Blijft staan"' in page
    household.refresh_from_db()
    assert (household.version, household.intensity_reason) == (1, "") and not Review.objects.exists()


def test_a_script_in_a_reason_is_only_text(signed_in, household):
    save(signed_in, household, intensity=1, intensity_reason="<script>alert(1)</script>")

    page = signed_in.get(address(household)).content.decode()

    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


# Who


def test_a_colleague_outside_the_file_may_not_and_a_stranger_does_not_learn_of_it(client, household):
    client.force_login(make_user(centre=household.centre))
    assert client.get(address(household)).status_code == 403
    assert client.post(address(household), level(household, intensity=0)).status_code == 403
    client.force_login(make_user())
    assert client.get(address(household)).status_code == 404
    client.force_login(make_user(Role.RECEPTION, centre=household.centre))
    assert client.get(address(household)).status_code == 403
    household.refresh_from_db()
    assert household.intensity == 2 and not Access.objects.exists()


def test_reviews_are_as_hidden_as_their_family(household):
    Review.objects.create(centre=household.centre, household=household, before=2, after=2, by=household.primary_worker)
    Household.objects.filter(pk=household.pk).update(restricted=True, restricted_reason="Op hun vraag.")
    colleague, stranger = make_user(centre=household.centre), make_user()

    seen = {}
    for name, user in {"own": household.primary_worker, "colleague": colleague, "stranger": stranger}.items():
        with asking_as(user):
            seen[name] = (Review.objects.count(), Review.objects.visible_to(user).count())

    assert seen == {"own": (1, 1), "colleague": (0, 0), "stranger": (0, 0)}


def test_the_page_of_the_level_is_a_view_of_the_family(signed_in, household):
    signed_in.get(address(household))
    save(signed_in, household, intensity=9)

    assert [row.record_ids for row in Access.objects.all()] == [[household.pk]]


@pytest.mark.parametrize("size", [1, 5])
def test_the_page_costs_the_same_for_any_history(signed_in, household, size):
    for number in range(size):
        make_contact(household, happened_on=ago(number))
        Household.objects.filter(pk=household.pk).update(last_reached_on=ago(30 - number))
        Review.objects.create(
            centre=household.centre, household=household, before=2, after=2, by=household.primary_worker
        )

    with CaptureQueriesContext(connection) as asked:
        signed_in.get(address(household))

    ours = [each for each in asked if "SAVEPOINT" not in each["sql"] and "set_config" not in each["sql"]]
    assert len(ours) <= 12


# R4: rhythm is judged on reached, effort on attempts


def test_r4_an_attempt_never_counts_as_reached(signed_in):
    worker = make_user()
    household = make_household(worker=worker, intensity=3, intensity_reason="Gevraagd", next_review_on=SOON)
    Household.objects.filter(pk=household.pk).update(last_reached_on=ago(12), last_attempt_on=TODAY)
    make_contact(household, happened_on=ago(12))
    for days in (3, 0):
        make_contact(household, outcome="card_left", happened_on=ago(days))
    signed_in.force_login(worker)

    page = signed_in.get(household.get_absolute_url()).content.decode()

    assert "Ritme voorbij, 2 dagen" in page
    assert "2 keer geprobeerd sindsdien, het laatst vandaag" in page


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"last_reached_on": ago(0)}, IN),
        ({"last_reached_on": ago(23)}, IN),
        ({"last_reached_on": ago(24)}, ENDING),
        ({"last_reached_on": ago(30)}, ENDING),
        ({"last_reached_on": ago(31)}, PAST),
        ({"last_reached_on": ago(12), "rhythm_days": 10}, PAST),
        ({"last_reached_on": ago(13), "rhythm_days": 17}, IN),
        ({"last_reached_on": ago(14), "rhythm_days": 17}, ENDING),
        ({"intensity": 0, "last_reached_on": ago(300)}, NONE),
        ({"status": "paused", "last_reached_on": ago(300)}, RESTING),
        ({"status": "closed", "closed_on": date(2026, 1, 1), "closure_reason": "goal"}, NONE),
        ({}, IN),
    ],
)
def test_r4_python_and_the_database_judge_the_rhythm_alike(fields, state):
    household = make_household(**{"intensity": 2, **fields})

    found = with_rhythm(Household.objects.all()).get()

    assert (standing(household).state, found.rhythm_state) == (state, state)
    assert found.rhythm_ends_on == standing(household).ends_on


def test_a_family_whose_agreement_asks_for_rest_is_resting():
    household = make_household(intensity=2, last_reached_on=ago(300))
    ContactAgreement.objects.create(household=household, centre=household.centre, pause_until=TODAY)

    assert standing(household).state == RESTING
    assert with_rhythm(Household.objects.all()).get().rhythm_state == RESTING


# R5 and what the app proposes


def names(household):
    known = proposals.with_recent(Household.objects.all()).get(pk=household.pk)
    known.next_review_on = household.next_review_on
    return [each.name for each in proposals.of(known, proposals.recent_of(known))]


def doors(household, *outcomes):
    for days, outcome in enumerate(outcomes):
        make_contact(household, outcome=outcome, mode="door", happened_on=ago(days))
    household.last_attempt_on = TODAY
    household.save()


def test_r5_three_closed_doors_propose_another_way_where_a_level_is_chosen(signed_in, household):
    doors(household, "no_answer", "no_answer", "no_answer")

    for page in (household.get_absolute_url(), address(household)):
        assert "Drie keer niemand bereikt." in signed_in.get(page).content.decode()
    household.refresh_from_db()
    assert household.intensity == 2


def test_a_review_date_that_came_proposes_to_look_again(household):
    assert names(household) == ["review"]
    household.next_review_on = SOON
    assert names(household) == []


def test_a_rhythm_missed_twice_proposes_closer_or_otherwise():
    household = make_household(intensity=2, next_review_on=SOON)
    for days in (100, 50):
        make_contact(household, happened_on=ago(days))
    assert names(household) == ["missed"]

    make_contact(household, happened_on=ago(45))
    assert names(household) == []


def test_a_family_that_often_comes_itself_may_need_more():
    household = make_household(intensity=1, next_review_on=SOON)
    for days in range(4):
        make_contact(household, initiative="resident", happened_on=ago(days))

    assert names(household) == ["asked"]


def test_three_calm_reviews_propose_less_and_a_change_starts_anew():
    household = make_household(intensity=2, next_review_on=SOON)
    make_contact(household)
    made = {"centre": household.centre, "household": household, "by": household.primary_worker, "after": 2}
    for _ in range(3):
        Review.objects.create(**made, before=2)
    assert names(household) == ["calm"]

    Review.objects.create(**made, before=1)
    assert names(household) == []


def test_who_does_not_read_the_file_sees_no_proposals_and_no_rhythm(client, household):
    client.force_login(make_user(centre=household.centre))

    page = client.get(household.get_absolute_url()).content.decode()

    assert "Om over na te denken" not in page and "om de 30 dagen" not in page
