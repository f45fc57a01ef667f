"""Children's bikes: lend, swap, renew, take back; who outgrows, what ends, what it costs, and who may know."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Undo
from buurtwerk.trail.models import Access
from households.actions import bikes as actions
from households.bikes import a_year_after, age_on, outgrowing, sizes_on, tariff_on
from households.models import Bike, BikeLoan, BikeRepair, BikeService, BikeSize, BikeTariff
from tests.breaking import breaks
from tests.factories import make_centre, make_user
from tests.households.factories import make_bike, make_household, make_loan, make_member
from tests.partners.factories import make_organisation

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def rita(client, centre):
    """Of the reception: she lends, and opens no family."""
    rita = make_user(Role.RECEPTION, centre=centre, first_name="Rita")
    client.force_login(rita)
    return rita


@pytest.fixture
def els(client, centre):
    els = make_user(Role.COORDINATOR, centre=centre, first_name="Els")
    client.force_login(els)
    return els


@pytest.fixture
def amina(centre):
    return child_of(make_household(centre=centre, nickname="Gezin van Samira"))


def child_of(household, *, age=5, first_name="Amina"):
    return make_member(household, first_name=first_name, role="child", birth_year=TODAY().year - age)


def address(name, *args):
    return reverse(f"households:{name}", args=args)


def lend_form(amina, on, **fields):
    form = {"token": uuid.uuid4(), "child": amina.person_id, "bike": on.pk, "since": TODAY().isoformat()}
    return form | {"deposit": "20"} | fields


def guide(centre):
    actions.take_guide(centre, since=TODAY() - timedelta(days=1))


def in_a_year():
    return a_year_after(TODAY())


# Lending


def test_a_bike_is_lent_for_a_year_at_the_tariff_of_the_day(client, rita, centre, amina):
    BikeTariff.objects.create(centre=centre, since=date(2020, 1, 1), fee_cents=1000, deposit_cents=2000)
    BikeTariff.objects.create(centre=centre, since=TODAY(), fee_cents=2500, deposit_cents=2000)
    BikeTariff.objects.create(centre=centre, since=TODAY() + timedelta(days=9), fee_cents=9900, deposit_cents=0)
    bike = make_bike(centre, number="12")

    response = client.post(address("bike-lend", amina.household.code), lend_form(amina, bike, deposit="12,50"))

    loan = BikeLoan.objects.get()
    assert response.url == loan.get_absolute_url()
    assert (loan.child, loan.household, loan.due_on) == (amina.person, amina.household, in_a_year())
    assert (loan.fee_cents, loan.deposit_paid_cents, loan.lent_by) == (2500, 1250, rita)
    bike.refresh_from_db()
    assert bike.status == "lent"


def test_without_a_tariff_no_amount_is_guessed(client, rita, centre, amina):
    client.post(address("bike-lend", amina.household.code), lend_form(amina, make_bike(centre, number="1"), deposit=""))

    loan = BikeLoan.objects.get()
    assert (loan.fee_cents, loan.deposit_paid_cents) == (None, 0)
    assert "onbekend" in client.get(loan.get_absolute_url()).content.decode()
    assert "Er is nog geen tarief." in client.get(address("bike-list")).content.decode()


def test_the_same_form_sent_twice_lends_once(client, rita, centre, amina):
    form = lend_form(amina, make_bike(centre, number="1"))

    urls = {client.post(address("bike-lend", amina.household.code), form).url for _ in range(2)}

    assert BikeLoan.objects.count() == len(urls) == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("child", "", "Kies een kind."),
        ("bike", "", "Kies een fiets."),
        ("since", "2062-01-01", "Deze dag komt nog."),
        ("since", "2001-01-01", "meer dan een jaar geleden"),
        ("since", "gisteren", "Kies een dag, zoals"),
        ("deposit", "veel", "Vul een bedrag in, zoals 25 of 12,50."),
        ("deposit", "-5", "Vul een bedrag in, zoals 25 of 12,50."),
        ("deposit", "1" * 40, "Vul een bedrag in, zoals 25 of 12,50."),
        ("deposit", "nul\x00", "onzichtbaar teken"),
    ],
)
def test_a_loan_that_cannot_be_is_refused_beside_its_field(client, rita, centre, amina, field, value, sentence):
    form = lend_form(amina, make_bike(centre, number="1"), **{field: value})

    page = client.post(address("bike-lend", amina.household.code), form).content.decode()

    assert sentence in page
    assert BikeLoan.objects.count() == 0


def test_a_bike_or_a_child_of_elsewhere_cannot_be_chosen(client, rita, centre, amina):
    mine, theirs = make_bike(centre, number="1"), make_bike(make_centre(), number="1")
    stranger = child_of(make_household(centre=centre, nickname="Anderen"))

    for form in (lend_form(amina, theirs), lend_form(stranger, mine)):
        assert client.post(address("bike-lend", amina.household.code), form).status_code == 200

    assert BikeLoan.objects.count() == 0


def test_a_child_that_rides_already_gets_no_second_bike(client, rita, centre, amina):
    make_loan(make_bike(centre, number="1"), amina, by=rita)

    form = lend_form(amina, make_bike(centre, number="2"))
    page = client.post(address("bike-lend", amina.household.code), form).content.decode()

    assert "Amina heeft al een fiets." in page
    assert BikeLoan.objects.count() == 1


def test_lending_can_be_taken_back_at_once(client, rita, centre, amina):
    bike = make_bike(centre, number="1")
    client.post(address("bike-lend", amina.household.code), lend_form(amina, bike))

    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))

    bike.refresh_from_db()
    assert bike.is_free
    assert BikeLoan.objects.count() == 0


def test_the_family_is_found_without_its_name_in_an_address(client, rita, centre, amina):
    make_bike(centre, number="1")

    response = client.post(address("bike-find-family"), {"search": "Samira"})

    assert response.status_code == 200
    assert address("bike-lend", amina.household.code) in response.content.decode()


# Swap, renew, return


def test_a_larger_bike_in_one_step_keeps_the_year_and_the_deposit(client, rita, centre, amina):
    small, large = make_bike(centre, number="1"), make_bike(centre, number="2", wheel=20)
    old = make_loan(small, amina, by=rita, since=TODAY() - timedelta(days=100))

    response = client.post(address("loan-swap", old.pk), {"bike": large.pk, "returned_state": "good"})

    new = BikeLoan.objects.open().get()
    assert response.url == new.get_absolute_url()
    assert (new.bike, new.since, new.due_on, new.follows) == (large, TODAY(), old.due_on, old)
    assert (new.deposit_paid_cents, new.fee_cents) == (2000, 0)
    small.refresh_from_db(), large.refresh_from_db(), old.refresh_from_db()
    assert (small.status, large.status) == ("stock", "lent")
    assert (old.returned_on, old.deposit_returned_cents) == (TODAY(), None)


def test_a_swap_sent_twice_happens_once(client, rita, centre, amina):
    old = make_loan(make_bike(centre, number="1"), amina, by=rita)
    form = {"bike": make_bike(centre, number="2", wheel=20).pk, "returned_state": "repair"}

    for _ in range(2):
        client.post(address("loan-swap", old.pk), form)

    assert BikeLoan.objects.count() == 2
    assert BikeRepair.objects.count() == 1


def test_a_loan_that_ended_is_renewed_before_it_is_swapped(client, rita, centre, amina):
    loan = make_loan(make_bike(centre, number="1"), amina, by=rita, since=TODAY() - timedelta(days=366))
    form = {"bike": make_bike(centre, number="2").pk, "returned_state": "good"}

    assert "Verleng eerst" in client.post(address("loan-swap", loan.pk), form).content.decode()


def test_renewing_adds_a_year_from_where_it_ended_and_the_fee_of_that_year(client, rita, centre, amina):
    loan = make_loan(make_bike(centre, number="1"), amina, by=rita, since=TODAY() - timedelta(days=30))
    BikeTariff.objects.create(centre=centre, since=TODAY(), fee_cents=2500, deposit_cents=0)
    due_on = loan.due_on

    for _ in range(2):
        client.post(address("loan-renew", loan.pk), {"version": "1"})

    loan.refresh_from_db()
    assert (loan.due_on, loan.fee_cents, loan.version) == (a_year_after(due_on), 2500, 2)


@pytest.mark.parametrize(("state", "status"), [("good", "stock"), ("repair", "repair"), ("lost", "gone")])
def test_a_bike_comes_back_in_a_state_and_goes_where_it_belongs(client, rita, centre, amina, state, status):
    bike = make_bike(centre, number="1")
    loan = make_loan(bike, amina, by=rita)

    form = {"returned_state": state, "return_note": "Ketting", "deposit": "15"}
    client.post(address("loan-return", loan.pk), form)

    bike.refresh_from_db(), loan.refresh_from_db()
    assert bike.status == status
    assert (loan.returned_on, loan.deposit_returned_cents, loan.taken_back_by) == (TODAY(), 1500, rita)
    assert BikeRepair.objects.filter(bike=bike, what="Ketting").exists() == (state == "repair")


def test_no_more_deposit_goes_back_than_was_paid(client, rita, centre, amina):
    loan = make_loan(make_bike(centre, number="1"), amina, by=rita)

    page = client.post(address("loan-return", loan.pk), {"returned_state": "good", "deposit": "20,01"}).content.decode()

    assert "Er was € 20,00 waarborg." in page
    assert (
        "Kies hoe de fiets terugkomt." in client.post(address("loan-return", loan.pk), {"deposit": ""}).content.decode()
    )
    assert BikeLoan.objects.open().count() == 1


def test_a_return_can_be_taken_back_while_nobody_else_rides_it(client, rita, centre, amina):
    bike = make_bike(centre, number="1")
    loan = make_loan(bike, amina, by=rita)
    client.post(address("loan-return", loan.pk), {"returned_state": "repair", "deposit": "20"})

    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))

    bike.refresh_from_db(), loan.refresh_from_db()
    assert (bike.status, loan.is_open, BikeRepair.objects.count()) == ("lent", True, 0)


# Upkeep


def test_a_bike_in_repair_is_out_of_use_until_it_is_done(client, rita, centre, amina):
    bike = make_bike(centre, number="1")

    client.post(address("bike-repair", bike.pk), {"what": "Band plat"})
    page = client.post(address("bike-lend", amina.household.code), lend_form(amina, bike)).content.decode()
    repair = BikeRepair.objects.get()
    client.post(address("bike-repair-done", repair.pk), {"done_what": "Nieuwe band", "cost": "7,5"})

    assert "niet meer vrij" in page
    bike.refresh_from_db(), repair.refresh_from_db()
    assert bike.is_free
    assert (repair.done_by, repair.cost_cents, repair.done_on) == (rita, 750, TODAY())
    assert "Nieuwe band" in client.get(bike.get_absolute_url()).content.decode()


def test_a_bike_that_is_lent_cannot_be_repaired_or_written_off(client, els, centre, amina):
    bike = make_bike(centre, number="1")
    make_loan(bike, amina, by=els)

    client.post(address("bike-repair", bike.pk), {"what": "Band plat"})
    client.post(address("bike-write-off", bike.pk))

    bike.refresh_from_db()
    assert (bike.status, BikeRepair.objects.count()) == ("lent", 0)


def test_a_bike_that_is_gone_is_on_no_list_until_it_is_found_again(client, els, centre):
    bike = make_bike(centre, number="1")

    client.post(address("bike-write-off", bike.pk))
    gone = client.get(address("bike-list")).content.decode()
    client.post(address("bike-find-again", bike.pk))

    assert bike.get_absolute_url() not in gone
    assert bike.get_absolute_url() in client.get(address("bike-list")).content.decode()


# Sizes, and who outgrows


def test_who_is_about_to_outgrow_stands_on_the_list_with_the_smallest_bike_that_fits_next(client, rita, centre, amina):
    guide(centre)
    family = amina.household
    grown, fitting = child_of(family, age=9, first_name="Bilal"), child_of(family, age=5, first_name="Chaima")
    for number, (child, wheel) in enumerate([(grown, 16), (fitting, 20)], start=1):
        make_loan(make_bike(centre, number=str(number), wheel=wheel), child, by=rita)
    next_bike = make_bike(centre, number="9", wheel=24)
    make_bike(centre, number="8", wheel=24)
    make_bike(centre, number="7", wheel=14)

    loans = BikeLoan.objects.select_related("bike", "child")
    sizes, free = sizes_on(centre.pk, TODAY()), list(Bike.objects.free())
    found = outgrowing(loans, sizes=sizes, free=free)
    page = client.get(address("bike-list")).content.decode()

    assert [each.loan.child.first_name for each in found] == ["Bilal"]
    assert found[0].is_too_small
    assert found[0].next_bike.wheel == next_bike.wheel
    assert "Past hierna: Fiets 8, 24 inch" in page


@pytest.mark.parametrize(("years", "expected"), [(5.4, []), (5.6, [False]), (6.1, [True])])
def test_half_a_year_ahead_is_early_enough(centre, monkeypatch, years, expected):
    guide(centre)
    loan = BikeLoan(bike=Bike(wheel=16), child=child_of(make_household(centre=centre)).person)
    monkeypatch.setattr("households.bikes.age_on", lambda child, day: years)

    found = outgrowing([loan], sizes=sizes_on(centre.pk, TODAY()), free=[])

    assert [each.is_too_small for each in found] == expected


def test_a_child_of_unknown_age_is_not_guessed_about(centre):
    person = make_member(make_household(centre=centre), role="child").person

    assert age_on(person, TODAY()) is None


def test_the_newest_row_of_a_size_counts_from_its_day(centre):
    for since, to_age in ((date(2020, 1, 1), 6), (TODAY(), 7), (TODAY() + timedelta(days=5), 8)):
        BikeSize.objects.create(centre=centre, wheel=16, from_age=4, to_age=to_age, since=since, source="Gids")

    assert sizes_on(centre.pk, TODAY())[16].to_age == 7


def test_the_guide_is_a_beginning_and_overwrites_nothing(client, els, centre):
    BikeSize.objects.create(centre=centre, wheel=16, from_age=3, to_age=7, source="Eigen ervaring")

    for _ in range(2):
        client.post(address("bike-guide", centre.slug))

    assert BikeSize.objects.count() == 5
    assert BikeSize.objects.get(wheel=16).to_age == 7
    assert "nog na te kijken" in client.get(address("bike-settings", centre.slug)).content.decode()


def test_what_ends_this_month_or_is_late_stands_on_top(client, rita, centre, amina):
    late = make_loan(make_bike(centre, number="1"), amina, by=rita, since=TODAY() - timedelta(days=370))
    later = child_of(amina.household, first_name="Bilal")
    make_loan(make_bike(centre, number="2"), later, by=rita)

    page = client.get(address("bike-list")).content.decode()

    ending = page[page.index('id="einde"') : page.index('id="groeit"')]
    assert late.get_absolute_url() in ending
    assert "te laat" in ending
    assert "Bilal" not in ending


# Settings


def test_the_coordinator_chooses_to_refer_and_names_to_whom(client, els, centre):
    partner = make_organisation(name="Voorbeeldfietsen")
    form = {"mode": "refer", "partner": "", "loaded_version": 1}

    refused = client.post(address("bike-settings", centre.slug), form).content.decode()
    client.post(address("bike-settings", centre.slug), form | {"partner": partner.pk})

    assert "Kies naar wie je doorverwijst." in refused
    assert (BikeService.objects.get().mode, BikeService.objects.get().partner) == ("refer", partner)


def test_a_centre_that_refers_shows_how_and_no_stock(client, centre, amina):
    partner = make_organisation(name="Voorbeeldfietsen")
    make_bike(centre, number="1")
    BikeService.objects.update(mode="refer", partner=partner)
    worker = amina.household.primary_worker
    client.force_login(worker)

    page = client.get(address("bike-list")).content.decode()
    found = client.post(address("bike-find-family"), {"search": "Samira"}).content.decode()
    form = f"{address('referral-create', amina.household.code)}?aan={partner.slug}"

    assert "Zo verwijs je door" in page
    assert "Fiets 1" not in page
    assert form in found
    assert re.search(rf'value="{partner.pk}"[^>]*checked', client.get(form).content.decode())
    assert client.get(address("bike-lend", amina.household.code)).url == address("bike-list")


def test_the_reception_of_a_centre_that_refers_asks_a_worker(client, rita, centre, amina):
    BikeService.objects.create(centre=centre, mode="refer", partner=make_organisation(name="Voorbeeldfietsen"))

    page = client.post(address("bike-find-family"), {"search": "Samira"}).content.decode()

    assert "vraag de buurtwerker om door te verwijzen naar Voorbeeldfietsen" in page


def test_a_centre_that_chose_nothing_says_so(client, rita, centre):
    assert "doet nog niets met kinderfietsen" in client.get(address("bike-list")).content.decode()


def test_amounts_are_dated_and_never_overwritten(client, els, centre):
    form = {"token": uuid.uuid4(), "since": TODAY().isoformat(), "fee": "25", "deposit": "20", "source": "Bestuur"}

    client.post(address("bike-tariff", centre.slug), form)
    client.post(address("bike-tariff", centre.slug), form)
    again = client.post(address("bike-tariff", centre.slug), form | {"token": uuid.uuid4()}).content.decode()
    empty = client.post(address("bike-tariff", centre.slug), form | {"token": uuid.uuid4(), "fee": ""}).content.decode()

    assert tariff_on(centre.pk, TODAY()).fee_cents == 2500
    assert BikeTariff.objects.count() == 1
    assert "Er staat al een tarief dat op die dag begint." in again
    assert "Is het gratis? Vul 0 in." in empty


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"wheel": "99"}, "Vul een getal in van 10 tot 28."),
        ({"from_age": "6", "to_age": "4"}, "De hoogste leeftijd is hoger dan de laagste."),
        ({"since": "2062-01-01"}, "Kijk het jaar na."),
        ({"source": ""}, "Zeg waar je dit van hebt."),
    ],
)
def test_a_size_that_cannot_be_is_refused_beside_its_field(client, els, centre, fields, sentence):
    form = {"token": uuid.uuid4(), "wheel": "16", "from_age": "4", "to_age": "6", "since": TODAY().isoformat()}

    page = client.post(address("bike-size", centre.slug), form | {"source": "Gids"} | fields).content.decode()

    assert sentence in page
    assert BikeSize.objects.count() == 0


def test_a_new_bike_has_a_number_of_its_own_in_the_centre(client, els, centre):
    make_bike(centre, number="A1")
    make_bike(make_centre(), number="B2")
    form = {"token": uuid.uuid4(), "number": "a1", "wheel": "16"}

    refused = client.post(address("bike-create"), form).content.decode()
    client.post(address("bike-create"), form | {"number": "B2"})

    assert "Er is al een fiets met dit nummer." in refused
    assert Bike.objects.filter(centre=centre, number="B2").exists()


def test_two_colleagues_who_change_a_bike_lose_nothing(client, els, centre):
    bike = make_bike(centre, number="1", description="Rood")
    Bike.objects.update(version=2, description="Rood met bel")

    form = {"number": "1", "wheel": "16", "description": "Blauw", "loaded_version": 1}
    page = client.post(address("bike-edit", bike.pk), form).content.decode()

    assert "Rood met bel" in page
    assert "Blauw" in page


# Who may know


def test_the_reception_sees_a_first_name_and_a_nickname_and_no_way_into_the_family(client, rita, centre, amina):
    amina.person.last_name = "El Amrani"
    amina.person.save()
    bike = make_bike(centre, number="1")
    loan = make_loan(bike, amina, by=rita)

    pages = [client.get(path).content.decode() for path in (address("bike-list"), bike.get_absolute_url())]
    pages.append(client.get(loan.get_absolute_url()).content.decode())

    assert all("Amina" in page and "Gezin van Samira" in page for page in pages)
    assert not [page for page in pages if "El Amrani" in page or amina.household.get_absolute_url() in page]


def test_of_a_restricted_family_others_see_a_lent_bike_and_nothing_more(client, rita, centre):
    family = make_household(centre=centre, nickname="Afgeschermd gezin", restricted=True)
    child = child_of(family, first_name="Zeynep")
    bike = make_bike(centre, number="1")
    loan = make_loan(bike, child, by=family.primary_worker)

    pages = [client.get(path).content.decode() for path in (address("bike-list"), bike.get_absolute_url())]

    assert all("Uitgeleend" in page for page in pages)
    assert not [page for page in pages if "Zeynep" in page or "Afgeschermd" in page]
    assert client.get(loan.get_absolute_url()).status_code == 404
    assert client.get(address("bike-lend", family.code)).status_code == 404
    with asking_as(rita):
        assert BikeLoan.objects.count() == 0


def test_a_child_that_rides_for_a_family_one_may_not_know_gets_no_second_bike(client, rita, centre, amina):
    hidden = make_household(centre=centre, nickname="Afgeschermd", restricted=True)
    make_loan(make_bike(centre, number="1"), amina, by=hidden.primary_worker)
    BikeLoan.objects.update(household=hidden)

    form = lend_form(amina, make_bike(centre, number="2"))
    page = client.post(address("bike-lend", amina.household.code), form).content.decode()

    assert "Amina heeft al een fiets." in page
    assert "Afgeschermd" not in page


def test_a_loan_and_its_bike_of_another_centre_do_not_exist(client, rita):
    elsewhere = make_centre()
    child = child_of(make_household(centre=elsewhere))
    bike = make_bike(elsewhere, number="1")
    loan = make_loan(bike, child, by=child.household.primary_worker)

    assert {client.get(each.get_absolute_url()).status_code for each in (bike, loan)} == {404}
    with asking_as(rita):
        counts = [model.objects.count() for model in (Bike, BikeLoan, BikeService, BikeRepair)]
    assert counts == [0, 0, 0, 0]


def test_who_manages_elsewhere_manages_nothing_here(client, centre):
    worker = make_user(Role.WORKER, centre=centre)
    Membership.objects.create(user=worker, centre=make_centre(), role=Role.COORDINATOR)
    client.force_login(worker)
    bike = make_bike(centre, number="1")

    assert client.get(address("bike-edit", bike.pk)).status_code == 403
    assert client.get(address("bike-settings", centre.slug)).status_code == 403


def test_a_family_shows_its_bike_on_its_page_and_in_its_story(client, centre, amina):
    worker = amina.household.primary_worker
    loan = make_loan(make_bike(centre, number="12"), amina, by=worker)
    client.force_login(worker)

    page = client.get(amina.household.get_absolute_url()).content.decode()

    assert f'<a href="{loan.get_absolute_url()}">Fiets 12</a> voor Amina' in page
    assert "Fiets 12 voor Amina" in page


def test_looking_at_a_loan_leaves_a_trace(client, rita, centre, amina):
    loan = make_loan(make_bike(centre, number="1"), amina, by=rita)

    client.get(loan.get_absolute_url())

    row = Access.objects.get(user=rita)
    assert (row.action, row.record_type, row.record_ids) == ("view", "household", [amina.household_id])


# The tables themselves


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("bike_loan_forward", {"due_on": date(2020, 1, 1)}),
        ("bike_loan_ends_after_start", {"returned_on": date(2020, 1, 1), "returned_state": "good"}),
        ("bike_loan_back_by_someone_in_a_state", {"returned_on": timezone.localdate()}),
        ("bike_loan_no_more_back_than_paid", {"deposit_returned_cents": 9999}),
    ],
)
def test_the_table_itself_refuses_a_loan_that_cannot_be(centre, amina, constraint, fields):
    worker = amina.household.primary_worker
    loan = make_loan(make_bike(centre, number="1"), amina, by=worker)
    if "returned_state" in fields:
        fields = {**fields, "taken_back_by": worker}

    with breaks(constraint):
        BikeLoan.objects.filter(pk=loan.pk).update(**fields)


def test_the_tables_refuse_a_second_loan_a_second_number_and_impossible_sizes(centre, amina):
    worker, bike = amina.household.primary_worker, make_bike(centre, number="1")
    loan = make_loan(bike, amina, by=worker)
    other = child_of(amina.household, first_name="Bilal")
    again = {"household": amina.household, "centre": centre, "due_on": in_a_year(), "lent_by": worker}
    size = {"centre": centre, "source": "Gids", "from_age": 4, "to_age": 6, "wheel": 16}
    refused = {
        "bike_lent_once": lambda: BikeLoan.objects.create(bike=bike, child=other.person, **again),
        "bike_once_for_a_child": lambda: BikeLoan.objects.create(
            bike=make_bike(centre, number="2"), child=loan.child, **again
        ),
        "bike_number_once": lambda: make_bike(centre, number="1"),
        "bike_wheel_possible": lambda: make_bike(centre, number="3", wheel=99),
        "bike_size_ages_forward": lambda: BikeSize.objects.create(**size | {"to_age": 4}),
        "bike_size_wheel_possible": lambda: BikeSize.objects.create(**size | {"wheel": 9}),
        "bike_service_refers_to_someone": lambda: BikeService.objects.filter(centre=centre).update(mode="refer"),
        "bike_in_repair_once": lambda: [
            BikeRepair.objects.create(centre=centre, bike=bike, what="x", noted_by=worker) for _ in range(2)
        ],
        "bike_repair_done_by_someone": lambda: BikeRepair.objects.create(
            centre=centre, bike=bike, what="x", noted_by=worker, done_on=TODAY()
        ),
        "bike_tariff_once_a_day": lambda: [
            BikeTariff.objects.create(centre=centre, fee_cents=1, deposit_cents=1) for _ in range(2)
        ],
        "bike_size_once_a_day": lambda: [BikeSize.objects.create(**size) for _ in range(2)],
    }

    for constraint, act in refused.items():
        with breaks(constraint):
            act()


@pytest.mark.parametrize("name", ["bike-list", "bike-detail"])
def test_a_page_costs_the_same_for_one_bike_and_for_many(client, rita, centre, name):
    guide(centre)

    def queries(number):
        for _ in range(number):
            bike = make_bike(centre, number=f"{Bike.objects.count() + 1}")
            make_loan(bike, child_of(make_household(centre=centre), age=8), by=rita)
        asked = Counter()
        with connection.execute_wrapper(asked):
            client.get(address(name, *([bike.pk] if name == "bike-detail" else [])))
        return asked.number

    client.get(address("bike-list"))
    few, many = queries(1), queries(5)

    assert few == many <= 14


class Counter:
    number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += 1
        return execute(sql, params, many, context)
