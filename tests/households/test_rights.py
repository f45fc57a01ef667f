import uuid
from datetime import date, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Undo
from buurtwerk.interface.figures import HIDDEN
from buurtwerk.trail.models import Access
from households import timeline
from households.actions.rights import families_for_figures, figures, overview, rights_to_ask
from households.models import Household, Right, RightCheck
from households.models.right import months_later
from households.rights_list import load_rights
from tests.breaking import breaks
from tests.factories import make_neighbourhood, make_user
from tests.households.factories import make_household, make_member, make_right_check

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
State = RightCheck.State
FIGURES, EXPORT = reverse("households:right-figures"), reverse("households:right-figures-export")
RIGHTS = reverse("households:right-list")


@pytest.fixture
def noor():
    return make_user(first_name="Noor")


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


@pytest.fixture
def rent():
    return Right.objects.get(code="rent_support")


@pytest.fixture
def energy():
    return Right.objects.get(code="social_energy_tariff")


@pytest.fixture
def signed_in(client, noor):
    client.force_login(noor)
    return client


@pytest.fixture
def coordinator(household):
    return make_user(Role.COORDINATOR, centre=household.centre)


def through(household, member=None):
    if member:
        return reverse("households:rights-go-through-person", args=[household.code, member.pk])
    return reverse("households:rights-go-through", args=[household.code])


def shown(client, address):
    """What the page of the list has filled in already, as a browser would send it back."""
    form = client.get(address).context["form"]
    values = {"token": uuid.uuid4()}
    for row in form.rows:
        values |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
    return values


def answer(client, address, **rows):
    """Tap what is given and leave the rest as it stands: `answer(client, address, r1={"state": "has"})`."""
    fields = shown(client, address)
    for prefix, values in rows.items():
        fields |= {f"{prefix}-{name}": value for name, value in values.items()}
    return client.post(address, fields)


def row(right):
    return f"r{right.pk}"


def last(household, right, person=None):
    return RightCheck.objects.filter(household=household, right=right, person=person).first()


# The list that every centre has


def test_the_list_is_there_from_the_start_with_its_source_and_not_checked_yet():
    assert Right.objects.count() == 11
    assert not Right.objects.exclude(hint_checked=False).exists()
    assert not Right.objects.filter(source="").exists()


def test_what_a_coordinator_changed_survives_the_next_migration(rent):
    Right.objects.filter(pk=rent.pk).update(label="Steun bij de huur", is_active=False)

    load_rights(using="default")

    rent.refresh_from_db()
    assert (Right.objects.count(), rent.label, rent.is_active) == (11, "Steun bij de huur", False)


def test_a_right_says_what_it_is(rent):
    for constraint, fields in {"right_has_a_name": {"label": ""}, "right_known_theme": {"theme": "alles"}}.items():
        with breaks(constraint):
            Right.objects.filter(pk=rent.pk).update(**fields)


def typed_right(**fields):
    return {"label": "Kerstpremie", "theme": "income_debt", "order": 20, "is_active": "on", "hint": "", **fields}


def test_a_coordinator_adds_a_right_once(client, coordinator):
    client.force_login(coordinator)
    fields = typed_right(token=uuid.uuid4())

    client.post(reverse("households:right-create"), fields)
    client.post(reverse("households:right-create"), fields)

    assert Right.objects.get(label="Kerstpremie").code == "kerstpremie"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"label": ""}, "label", "Geef het recht een naam."),
        ({"label": "Maximumfactuur"}, "label", "Dit recht staat al in de lijst."),
        ({"theme": ""}, "theme", "Kies waarover het gaat."),
        ({"order": "zes"}, "order", "Vul een getal in, zoals 12."),
        ({"order": "99999999999"}, "order", "Vul een getal in van 0 tot 9999."),
        ({"hint": "a" * 501}, "hint", "niet meer dan 500 tekens"),
    ],
)
def test_bad_input_in_the_list_is_said_at_the_field(client, coordinator, fields, field, sentence):
    client.force_login(coordinator)

    response = client.post(reverse("households:right-create"), typed_right(token=uuid.uuid4(), **fields))

    assert sentence in " ".join(response.context["form"].errors[field])
    assert Right.objects.count() == 11


def test_two_coordinators_at_once_lose_nothing(client, coordinator, rent):
    client.force_login(coordinator)
    fields = typed_right(label="Wat ik typte", loaded_version=rent.version)
    Right.objects.filter(pk=rent.pk).update(label="Wat zij typte", version=2)

    page = client.post(rent.get_absolute_url(), fields).content.decode()

    rent.refresh_from_db()
    assert "Wat ik typte" in page
    assert "Wat zij typte" in page
    assert rent.label == "Wat zij typte"


def test_a_buurtwerker_does_not_change_the_list(signed_in, rent):
    assert [signed_in.get(page).status_code for page in (RIGHTS, rent.get_absolute_url())] == [403, 403]


def test_a_hint_that_nobody_checked_says_so_everywhere(signed_in, client, coordinator, household):
    page = signed_in.get(through(household)).content.decode()
    client.force_login(coordinator)
    listed = client.get(RIGHTS).content.decode()

    assert "nog niet nagekeken" in page
    assert "nog niet nagekeken" in listed


# What always holds of an answer


def test_a_reason_belongs_to_a_no(household, rent):
    with breaks("right_check_reason_belongs_to_no"):
        make_right_check(household, rent, State.HAS, reason="shame")


def test_we_ask_again_later_and_not_before(household, rent):
    with breaks("right_check_asks_later"):
        make_right_check(household, rent, next_ask_on=TODAY)


# Going through it


def test_only_what_changed_is_kept(signed_in, household, rent, energy):
    make_right_check(household, energy, State.HAS)

    answer(signed_in, through(household), **{row(rent): {"state": "requested"}})

    kept = RightCheck.objects.get(right=rent)
    assert RightCheck.objects.count() == 2
    assert (kept.state, kept.by, kept.answered_on) == ("requested", household.primary_worker, TODAY)


def test_saving_without_a_change_keeps_nothing(signed_in, household, rent):
    make_right_check(household, rent, State.DECLINED, reason="shame", next_ask_on=TODAY + timedelta(days=60))

    response = answer(signed_in, through(household))

    assert RightCheck.objects.count() == 1
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["Er is niets veranderd."]


def test_a_no_is_remembered_with_its_reason_and_a_month_to_ask_again(signed_in, household, rent):
    march = months_later(TODAY, 4)

    answer(
        signed_in,
        through(household),
        **{row(rent): {"state": "declined", "reason": "shame", "again": f"{march:%Y-%m}"}},
    )

    kept = last(household, rent)
    assert (kept.state, kept.reason, kept.next_ask_on) == ("declined", "shame", march)


@pytest.mark.parametrize(("state", "months"), [("declined", 6), ("refused", 12), ("requested", 3)])
def test_a_day_to_come_back_is_proposed(signed_in, household, rent, state, months):
    answer(signed_in, through(household), **{row(rent): {"state": state}})

    assert last(household, rent).next_ask_on == months_later(TODAY, months)


def test_who_never_wants_to_be_asked_again_is_not(signed_in, household, rent):
    answer(signed_in, through(household), **{row(rent): {"state": "declined", "again": "never"}})

    assert last(household, rent).next_ask_on is None


def test_another_reason_keeps_the_very_day_to_ask_again(signed_in, household, rent):
    soon = TODAY + timedelta(days=1)
    make_right_check(household, rent, reason="shame", next_ask_on=soon)

    answer(signed_in, through(household), **{row(rent): {"reason": "fear"}})

    assert (last(household, rent).reason, last(household, rent).next_ask_on) == ("fear", soon)


def test_a_month_that_passed_cannot_be_chosen_again(signed_in, household, rent, due):
    response = answer(
        signed_in, through(household), **{row(rent): {"state": "declined", "again": f"{due.next_ask_on:%Y-%m}"}}
    )

    assert response.status_code == 200
    assert RightCheck.objects.count() == 1


def test_an_empty_form_is_refused_and_not_an_error(signed_in, household):
    response = signed_in.post(through(household), {})

    assert "Laad de pagina opnieuw." in response.content.decode()


def test_what_was_said_before_stays_readable(signed_in, household, rent):
    make_right_check(household, rent, State.DECLINED, reason="fear", answered_on=TODAY - timedelta(days=90))

    answer(signed_in, through(household), **{row(rent): {"state": "granted"}})

    page = signed_in.get(reverse("households:right-history", args=[household.code, rent.code])).content.decode()
    assert (last(household, rent).state, last(household, rent).reason) == ("granted", "")
    assert page.index("Toegekend") < page.index("Wil niet (angst voor gevolgen)")


def test_each_person_of_the_family_has_answers_of_their_own(signed_in, household, rent):
    member = make_member(household)

    answer(signed_in, through(household, member), **{row(rent): {"state": "has"}})

    line = next(each for each in overview(household, user=household.primary_worker) if each.right == rent)
    assert [(check.person, check.state) for check in line.answers] == [(member.person, "has")]
    assert last(household, rent) is None


def test_a_wrong_row_keeps_the_good_rows_typed_and_nothing_is_half_kept(signed_in, household, rent, energy):
    response = answer(
        signed_in, through(household), **{row(rent): {"state": "has"}, row(energy): {"state": "has", "reason": "shame"}}
    )

    form = response.context["form"]
    rows = {each.right: each for each in form.rows}
    assert not RightCheck.objects.exists()
    assert rows[rent]["state"].value() == "has"
    assert rows[energy].errors["reason"] == ["Een reden hoort bij “Wil niet”. Kies dat, of maak de reden leeg."]
    assert "Een reden hoort bij" in response.content.decode()


@pytest.mark.parametrize(
    "values",
    [{"state": "iets"}, {"state": "nul\x00"}, {"reason": "iets"}, {"again": "2062-01"}, {"again": "morgen"}],
)
def test_what_is_not_in_a_row_is_refused(signed_in, household, rent, values):
    response = answer(signed_in, through(household), **{row(rent): {"state": "declined", **values}})

    assert response.status_code == 200
    assert not RightCheck.objects.exists()


def test_what_a_colleague_just_noted_is_only_overwritten_on_purpose(signed_in, household, rent):
    fields = shown(signed_in, through(household))
    youssef = make_user(centre=household.centre, first_name="Youssef")
    make_right_check(household, rent, State.GRANTED, by=youssef)

    response = signed_in.post(through(household), {**fields, f"{row(rent)}-state": "declined"})

    before = last(household, rent).state
    row_again = next(each for each in response.context["form"].rows if each.right == rent)
    again = {f"{row(rent)}-state": "declined", f"{row(rent)}-seen": row_again["seen"].value()}
    signed_in.post(through(household), {**fields, **again})

    assert "Youssef noteerde intussen iets anders" in response.content.decode()
    assert before == "granted"
    assert last(household, rent).state == "declined"


def test_what_a_colleague_noted_elsewhere_in_the_list_does_not_stand_in_the_way(signed_in, household, rent, energy):
    fields = shown(signed_in, through(household))
    make_right_check(household, energy, State.GRANTED)

    signed_in.post(through(household), {**fields, f"{row(rent)}-state": "has"})

    assert (last(household, rent).state, last(household, energy).state) == ("has", "granted")


def test_the_same_click_twice_keeps_it_once(signed_in, household, rent):
    fields = {**shown(signed_in, through(household)), f"{row(rent)}-state": "has"}

    signed_in.post(through(household), fields)
    second = signed_in.post(through(household), fields)

    assert second["Location"] == reverse("households:help", args=[household.code])
    assert RightCheck.objects.count() == 1


def test_one_save_is_taken_back_whole(signed_in, household, rent, energy):
    make_right_check(household, rent, State.NOT_FOR)
    answer(signed_in, through(household), **{row(rent): {"state": "has"}, row(energy): {"state": "has"}})

    signed_in.post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]))

    assert [(check.right, check.state) for check in RightCheck.objects.all()] == [(rent, "not_for")]


def test_a_later_answer_is_not_taken_along(signed_in, household, rent):
    answer(signed_in, through(household), **{row(rent): {"state": "has"}})
    make_right_check(household, rent, State.GRANTED)

    signed_in.post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]))

    assert RightCheck.objects.count() == 2


# Asking again


@pytest.fixture
def due(household, rent):
    """A no of a year ago; now is the time to ask again."""
    return make_right_check(
        household, rent, reason="shame", answered_on=TODAY - timedelta(days=365), next_ask_on=TODAY - timedelta(days=1)
    )


def test_a_right_comes_back_on_its_day(signed_in, noor, due, household):
    page = signed_in.get(reverse("households:help", args=[household.code])).content.decode()

    assert list(rights_to_ask(noor)) == [due]
    assert "Opnieuw vragen" in page
    assert "Wil niet (schaamte)" in page


def test_a_tap_on_the_same_answer_is_a_new_answer(signed_in, noor, due, household, rent):
    answer(signed_in, through(household), **{row(rent): {"state": "declined", "reason": "shame"}})

    assert RightCheck.objects.count() == 2
    assert list(rights_to_ask(noor)) == []


def test_an_answer_that_was_followed_by_another_does_not_come_back(noor, due, household, rent):
    make_right_check(household, rent, State.HAS)

    assert list(rights_to_ask(noor)) == []


def test_the_answer_of_one_person_does_not_speak_for_the_family(noor, due, household, rent):
    make_right_check(household, rent, State.HAS, person=make_member(household).person)

    assert list(rights_to_ask(noor)) == [due]


def test_only_the_vaste_buurtwerker_is_reminded_and_only_of_families_we_follow(noor, due, household):
    colleague = make_user(centre=household.centre)
    household.colleagues.add(colleague)
    reminded = list(rights_to_ask(colleague))

    Household.objects.filter(pk=household.pk).update(status="closed", closed_on=TODAY, closure_reason="goal")

    assert (reminded, list(rights_to_ask(noor))) == ([], [])


def test_a_right_that_is_off_the_list_is_not_asked_again(noor, due, rent):
    Right.objects.filter(pk=rent.pk).update(is_active=False)

    assert list(rights_to_ask(noor)) == []


# Who sees it


def test_a_colleague_of_the_centre_reads_no_answer(client, household, due, rent):
    client.force_login(make_user(centre=household.centre))
    pages = [through(household), reverse("households:right-history", args=[household.code, rent.code])]

    assert [client.get(page).status_code for page in pages] == [403, 403]


def test_another_centre_has_no_row_of_it(due):
    with asking_as(make_user(Role.COORDINATOR)):
        assert RightCheck.objects.count() == 0


def test_someone_of_another_family_is_not_in_the_list(signed_in, household):
    member = make_member(make_household(centre=household.centre))

    assert signed_in.get(through(household, member)).status_code == 404


def test_one_line_of_the_story_for_one_time_through_the_list(signed_in, noor, household, rent, energy):
    answer(signed_in, through(household), **{row(rent): {"state": "has"}, row(energy): {"state": "declined"}})

    told = [(entry.title, entry.text) for entry in timeline.of(household, user=noor) if entry.kind == "rights"]

    assert told == [("Rechten overlopen", "Sociaal tarief energie: wil niet\nHuurpremie of huursubsidie: heeft het al")]


# For policy


@pytest.fixture
def buurt():
    return make_neighbourhood(name="Ridderbuurt", slug="ridderbuurt")


def families_saying(state, count, *, right, centre, buurt, **fields):
    for _ in range(count):
        family = make_household(centre=centre, neighbourhood=buurt)
        make_right_check(family, right, state, **fields)


def test_nothing_under_five_families_is_shown_and_cannot_be_worked_out(coordinator, household, rent, buurt):
    centre = household.centre
    families_saying(State.DECLINED, 3, right=rent, centre=centre, buurt=buurt, reason="shame")
    families_saying(State.HAS, 6, right=rent, centre=centre, buurt=buurt)
    families_saying(State.GRANTED, 9, right=rent, centre=centre, buurt=buurt)

    counted = figures(families_for_figures(coordinator).filter(neighbourhood=buurt))

    states = counted.states[rent]
    hidden = [state for state, count in states.items() if count is HIDDEN]
    assert counted.families == 18
    assert State.DECLINED in hidden
    assert len(hidden) >= 2
    assert set(counted.reasons[rent].values()) == {HIDDEN}


def test_five_and_more_are_counted_with_why(coordinator, household, rent, buurt):
    families_saying(State.DECLINED, 5, right=rent, centre=household.centre, buurt=buurt, reason="shame")

    counted = figures(families_for_figures(coordinator).filter(neighbourhood=buurt))

    assert counted.states[rent][State.DECLINED] == 5
    assert counted.reasons[rent]["shame"] == 5


def test_the_last_answer_of_a_family_counts_and_a_family_counts_once(coordinator, household, rent, buurt):
    for _ in range(5):
        family = make_household(centre=household.centre, neighbourhood=buurt)
        make_right_check(family, rent, State.DECLINED)
        make_right_check(family, rent, State.GRANTED, person=make_member(family).person)

    counted = figures(families_for_figures(coordinator).filter(neighbourhood=buurt))

    assert counted.states[rent][State.GRANTED] == 5
    assert counted.states[rent][State.DECLINED] == 0


def test_the_page_and_the_sheet_hide_the_same_and_the_trail_knows(client, coordinator, household, rent, buurt):
    families_saying(State.DECLINED, 2, right=rent, centre=household.centre, buurt=buurt)
    families_saying(State.HAS, 7, right=rent, centre=household.centre, buurt=buurt)
    Right.objects.filter(pk=rent.pk).update(label="=HYPERLINK(1)")
    client.force_login(coordinator)

    page = client.get(FIGURES, {"buurt": "ridderbuurt"}).content.decode()
    sheet = client.get(EXPORT, {"buurt": "ridderbuurt"})

    line = Access.objects.get(action=Access.Action.EXPORT)
    text = sheet.content.decode()
    assert "te klein om te tonen" in page
    assert "te klein om te tonen" in text
    assert "'=HYPERLINK(1)" in text
    assert ";=HYPERLINK" not in text
    assert (line.user, line.reason, line.record_ids) == (coordinator, "buurt: Ridderbuurt", [])
    assert household.nickname not in text


def test_the_families_of_another_centre_are_not_counted(coordinator, household, rent, buurt):
    families_saying(State.HAS, 6, right=rent, centre=make_household().centre, buurt=buurt)

    assert families_for_figures(coordinator).filter(neighbourhood=buurt).count() == 0


def test_without_families_the_page_says_so(client):
    client.force_login(make_user(Role.COORDINATOR))

    assert "Er zijn nog geen gezinnen om te tellen." in client.get(FIGURES).content.decode()
    assert client.get(EXPORT).status_code == 200


@pytest.mark.parametrize("chosen", ["\x00", "bestaat-niet", "<script>alert(1)</script>"])
def test_a_strange_neighbourhood_shows_the_first_one(client, coordinator, household, chosen):
    client.force_login(coordinator)

    page = client.get(FIGURES, {"buurt": chosen}).content.decode()

    assert "Zonder buurt" in page
    assert "<script>alert" not in page


def test_a_buurtwerker_does_not_see_the_figures(signed_in):
    assert [signed_in.get(page).status_code for page in (FIGURES, EXPORT)] == [403, 403]


def test_the_list_costs_the_same_for_one_answer_and_for_all(signed_in, household, rent):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(through(household))
        return len([each for each in queries if "SAVEPOINT" not in each["sql"] and "'*'" not in each["sql"]])

    make_right_check(household, rent)
    for_one = asked()
    for right in Right.objects.all():
        make_right_check(household, right)

    assert asked() == for_one
    assert for_one <= 12


def test_months_are_first_days():
    assert [months_later(date(2026, 11, 22), ahead) for ahead in (1, 2, 14)] == [
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2028, 1, 1),
    ]
