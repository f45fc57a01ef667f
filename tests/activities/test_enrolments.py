"""The lists of the team, and registering at the desk."""

import uuid
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from activities.enrolment_daily import take_names_off, turn_the_waiting_lists
from activities.forms.series import SeriesForm
from activities.models import Participant, Registration, RegistrationGroup, RegistrationMove
from activities.targets import Target, held_at_most
from buurtwerk.accounts.models import SecureLink
from buurtwerk.accounts.rowlevel import asking
from buurtwerk.trail.models import Access
from tests.activities.factories import (
    make_group,
    make_participant,
    make_registration,
    make_series,
    make_session,
)
from tests.factories import make_centre, make_user
from tests.households.factories import make_household, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def session(centre):
    day = timezone.localdate() + timedelta(days=20)
    return make_session(make_series(centre=centre, registration="required", capacity=2), day=day)


@pytest.fixture
def desk(client, centre):
    client.force_login(make_user("reception", centre=centre))
    return client


def address(session, name="session-registrations"):
    return reverse(f"activities:{name}", args=[session.code])


def decide(client, row, what):
    return client.post(reverse("activities:registration-decide", args=[row.pk, what]), follow=True).content.decode()


def test_the_list_shows_who_is_in_and_who_waits_in_which_order(desk, session):
    make_registration(session, participant=make_participant(centre=session.centre, first_name="Amina"))
    for number, name in enumerate(["Tweede", "Eerste"]):
        participant = make_participant(centre=session.centre, first_name=name)
        make_registration(session, participant=participant, status="waitlisted", rank=10 - number, price_tier="social")

    html = desk.get(address(session)).content.decode()

    assert "1 van 2 plaatsen" in html
    assert html.index("Eerste") < html.index("Tweede") < html.index("Amina")
    assert 'class="tag">B<' in html
    assert "ansentarief" not in html
    assert len(Access.objects.get(record_type="registration").record_ids) == 3


def test_an_empty_list_says_so(desk, session):
    assert "Nog niemand ingeschreven." in desk.get(address(session)).content.decode()


@pytest.mark.parametrize("size", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(desk, session, size, django_assert_max_num_queries):
    for number in range(size):
        make_registration(session, status="waitlisted" if number else "confirmed")

    with django_assert_max_num_queries(14):
        desk.get(address(session))


def register_at(client, session, **fields):
    form = {
        "token": str(uuid.uuid4()),
        "who": "",
        "first_name": "Amina",
        "last_name": "Voorbeeld",
        "birth_year": "2018",
        "contact_name": "Samira",
        "phone": "0470 12 34 56",
        "email": "",
        "channel": "phone",
        "price_tier": "normal",
        "save": "1",
        **fields,
    }
    return client.post(address(session, "session-desk"), form)


def test_at_the_desk_someone_who_came_before_is_found_first(desk, session):
    known = make_participant(centre=session.centre, first_name="Amina", last_name="Voorbeeld", birth_year=2018)
    make_participant(first_name="Amina", last_name="Elders", birth_year=2018)

    search = {"search": "1", "name": "amina", "birth_year": "2018"}
    html = desk.post(address(session, "session-desk"), search).content.decode()
    register_at(desk, session, who=known.code)

    assert "Amina Voorbeeld (2018)" in html
    assert "Elders" not in html
    row = Registration.objects.get()
    assert (row.participant, row.group.channel, row.group.by.username) == (known, "phone", row.group.by.username)


def test_at_the_desk_a_second_tap_is_one_registration(desk, session):
    token = str(uuid.uuid4())

    register_at(desk, session, token=token)
    again = register_at(desk, session, token=token)

    assert again.status_code == 302
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first_name": ""}, "Vul de voornaam in, of kies iemand uit de lijst."),
        ({"who": "vreemd"}, "Kies iemand uit de lijst"),
        ({"phone": ""}, "Vul een telefoonnummer in."),
        ({"contact_name": "Sa\x00mira"}, "teken"),
        ({"channel": "web"}, "web"),
    ],
)
def test_what_is_wrong_at_the_desk_is_said_and_nothing_is_kept(desk, session, fields, sentence):
    response = register_at(desk, session, **fields)

    assert sentence in response.content.decode()
    assert not Registration.objects.exists()


def test_someone_of_another_centre_cannot_be_registered_here(desk, session):
    response = register_at(desk, session, who=make_participant().code)

    assert response.status_code == 200
    assert not Registration.objects.exists()


def test_a_colleague_places_accepts_refuses_and_withdraws(desk, session):
    seated = [make_registration(session), make_registration(session)]
    waits = make_registration(session, status="waitlisted")

    assert "niet genoeg plaatsen vrij" in decide(desk, waits, "plaats")
    decide(desk, seated[0], "uitschrijven")
    assert Registration.objects.get(pk=waits.pk).status == "offered"
    assert "aanvaard" in decide(desk, waits, "aanvaard")
    assert Registration.objects.get(pk=waits.pk).status == "confirmed"
    assert "Er is niets veranderd" in decide(desk, waits, "weiger")
    assert RegistrationMove.objects.filter(what="accepted").get().by is not None


def test_a_colleague_of_another_centre_learns_nothing(client, session):
    row = make_registration(session)
    client.force_login(make_user("reception", centre=make_centre()))

    assert client.get(address(session)).status_code == 404
    assert client.post(reverse("activities:registration-decide", args=[row.pk, "uitschrijven"])).status_code == 404
    assert client.get(reverse("activities:participant", args=[row.participant.code])).status_code == 404
    assert Registration.objects.get().status == "confirmed"


def test_capacity_below_who_is_registered_is_refused(session):
    for _ in range(2):
        make_registration(session)
    user = make_user("worker", centre=session.centre)

    form = SeriesForm({"capacity": "1"}, instance=session.series, user=user)

    assert held_at_most(session.series) == 2
    assert form.errors["capacity"] == ["Er zijn al 2 mensen ingeschreven. Kies minstens 2 plaatsen."]


# Participants


def test_a_participant_is_found_by_name_and_each_look_is_written_down(desk, centre):
    amina = make_participant(centre=centre, first_name="Amina")
    make_participant(first_name="Amina", last_name="Elders")

    html = desk.post(reverse("activities:participant-list"), {"name": "AMÍNA"}).content.decode()
    page = desk.get(reverse("activities:participant", args=[amina.code]))

    assert "Amina Voorbeeld" in html
    assert "Elders" not in html
    assert page.status_code == 200
    assert Access.objects.get(record_type="participant", action="view").record_ids == [amina.pk]


def test_a_participant_is_linked_to_a_person_and_only_who_may_open_the_family_sees_it(client, centre):
    amina = make_participant(centre=centre, first_name="Amina")
    worker = make_user("worker", centre=centre)
    person = make_member(make_household(worker=worker, centre=centre), first_name="Amina", last_name="Geheim").person
    client.force_login(worker)

    client.post(reverse("activities:participant-link", args=[amina.code]), {"person": person.pk})
    seen = client.get(reverse("activities:participant", args=[amina.code])).content.decode()
    client.force_login(make_user("reception", centre=centre))
    unseen = client.get(reverse("activities:participant", args=[amina.code])).content.decode()

    amina.refresh_from_db()
    assert amina.person == person
    assert "In een gezin" in seen
    assert "In een gezin" not in unseen


def test_a_person_of_another_centre_cannot_be_linked(client, centre):
    amina = make_participant(centre=centre, first_name="Amina")
    client.force_login(make_user("worker", centre=centre))
    stranger = make_member(make_household(), first_name="Amina").person

    response = client.post(reverse("activities:participant-link", args=[amina.code]), {"person": stranger.pk})

    assert "Kies iemand uit de lijst." in response.content.decode()


def test_a_participant_is_changed(desk, centre):
    amina = make_participant(centre=centre, first_name="Amina")
    typed = {"first_name": "Amina", "last_name": "Bakker", "birth_year": "", "language": ""}

    desk.post(reverse("activities:participant-change", args=[amina.code]), {"loaded_version": amina.version, **typed})

    amina.refresh_from_db()
    assert (str(amina), amina.birth_year) == ("Amina Bakker", None)


# By the clock


def test_every_day_offers_run_out_and_the_next_is_asked(session):
    group = make_group(session.series)
    until = timezone.now() - timedelta(minutes=1)
    first = make_registration(session, group=group, status="offered", offered_until=until)
    make_registration(session)
    second = make_registration(session, status="waitlisted")

    turn_the_waiting_lists()
    turn_the_waiting_lists()

    assert Registration.objects.get(pk=first.pk).status == "expired"
    assert Registration.objects.get(pk=second.pk).status == "offered"
    assert RegistrationMove.objects.filter(what="offered").count() == 1


def test_after_a_year_the_names_are_gone_and_the_count_stays(centre):
    series = make_series(centre=centre)
    old = make_session(series, day=timezone.localdate() - timedelta(days=370))
    recent = make_session(series, day=timezone.localdate() - timedelta(days=360))
    kept, gone = make_registration(recent), make_registration(old)
    Participant.objects.update(created_at=timezone.now() - timedelta(days=400))
    SecureLink.objects.give_out(purpose="registration", subject_id=gone.group_id)

    assert take_names_off() == 1

    gone.refresh_from_db()
    gone.group.refresh_from_db()
    assert (gone.participant, gone.group.contact_name, gone.group.phone) == (None, "", "")
    assert Registration.objects.filter(session=old, status="confirmed").count() == 1
    assert list(Participant.objects.all()) == [kept.participant]
    assert not SecureLink.objects.exists()
    remembered = Participant.pgh_event_model.objects.values_list("pgh_obj", flat=True)
    assert set(remembered) == {kept.participant.pk}
    groups = RegistrationGroup.pgh_event_model.objects.values_list("pgh_obj", flat=True)
    assert set(groups) == {kept.group_id}


def test_history_is_forgotten_by_nobody_who_asks_for_a_centre(centre):
    refused = pytest.raises(ProgrammingError, match="by the clock alone")

    with asking(centres=[centre.pk]), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT forget_names_of_activities()")


def test_the_number_of_taken_seats_is_what_is_held(session):
    make_registration(session)
    make_registration(session, status="offered", offered_until=timezone.now() + timedelta(hours=1))
    make_registration(session, status="waitlisted")

    Target.of_session(session).count()

    session.refresh_from_db()
    assert session.taken == 2
