from datetime import time, timedelta

import pytest
from django.utils import timezone

from activities.actions import registration, waiting
from activities.forms import registration as form_module
from activities.models import Carer, Draw, Participant, Registration, RegistrationGroup, RegistrationMove, Session
from activities.targets import Target
from buurtwerk.accounts.limits import PublicPost
from buurtwerk.accounts.models import SecureLink
from buurtwerk.outbox.models import Message
from buurtwerk.places.public import current_version
from tests.activities.factories import make_group, make_participant, make_registration, make_series, make_session
from tests.activities.registering import register, stamped, typed
from tests.factories import make_centre, make_user

pytestmark = pytest.mark.django_db


def open_moment(**fields):
    fields = {"series_registration": "required", "series_capacity": 15, "start": time(0, 5), "end": time(23), **fields}
    day = timezone.localdate() + timedelta(days=fields.pop("days", 20))
    return make_session(day=day, **fields)


def statuses(session):
    return sorted(Registration.objects.filter(session=session).values_list("status", flat=True))


def fill(session, count, **fields):
    for _ in range(count):
        make_registration(session, **fields)
    Target.of_session(session).count()


def page_of(client, response):
    assert response.status_code == 302, response.content.decode()
    return client.get(response.url).content.decode()


def test_a_parent_registers_two_children_in_one_go(client):
    session = open_moment(series_title="Speelnamiddag")

    html = page_of(client, register(client, session, "Amina", "Bilal"))

    group = RegistrationGroup.objects.get()
    for words in ("Je bent ingeschreven", "Speelnamiddag", "Amina Voorbeeld", "Bilal Voorbeeld", group.code):
        assert words in html
    assert "<script" not in html
    assert statuses(session) == ["confirmed", "confirmed"]
    assert (group.channel, group.phone, group.by) == ("web", "0470 12 34 56", None)
    assert Carer.objects.count() == 2
    session.refresh_from_db()
    assert session.taken == 2


def test_the_form_gives_another_line_and_keeps_what_was_typed(client):
    session = open_moment()

    response = register(client, session, "Amina", more="1", contact_name="")

    html = response.content.decode()
    assert 'name="first_name_1"' in html
    assert 'value="Amina"' in html
    assert "Er is nog iets nodig" not in html
    assert "Samen of niet?" in html
    assert not Registration.objects.exists()


def test_the_same_form_sent_twice_is_one_registration(client):
    session = open_moment()
    form = typed("Amina")
    address = f"/moment/{session.code}/inschrijven/"

    first, second = client.post(address, form), client.post(address, form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert RegistrationGroup.objects.count() == Registration.objects.count() == 1


def test_a_drop_in_says_to_just_come(client):
    session = open_moment(series_registration="none")

    html = client.get(f"/moment/{session.code}/inschrijven/").content.decode()

    assert "Kom gewoon langs" in html
    assert "<form" not in html
    assert register(client, session).status_code == 200
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"first_name_0": ""}, "Vul de voornaam in."),
        ({"first_name_0": "x" * 81}, "80"),
        ({"first_name_0": "Am\x00ina"}, "teken"),
        ({"birth_year_0": "twee"}, "Typ een jaar met vier cijfers"),
        ({"birth_year_0": "1800"}, "Dat geboortejaar kan niet."),
        ({"phone": ""}, "Vul een telefoonnummer in"),
        ({"phone": "bel maar"}, "enkel cijfers en spaties"),
        ({"email": "geen mail"}, "Dit is geen volledig mailadres."),
        ({"contact_name": "85.07.30-033.28"}, "rijksregisternummer"),
        ({"language": "xx"}, "xx"),
        ({"token": "geen"}, "Laad de pagina opnieuw."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, fields, sentence):
    session = open_moment(series_age_max=12)

    response = client.post(f"/moment/{session.code}/inschrijven/", {**typed("Amina"), **fields})

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Registration.objects.exists()
    assert not Participant.objects.exists()


def test_someone_outside_the_ages_is_asked_to_look_twice(client):
    session = open_moment(series_registration="optional", series_age_min=6, series_age_max=12)
    year = timezone.localdate().year - 17

    first = register(client, session, year=year)
    again = register(client, session, year=year, ages_seen="on")

    assert "Wil je toch inschrijven?" in first.content.decode()
    assert 'name="ages_seen" value="on"' in first.content.decode()
    assert again.status_code == 302


def test_where_registering_is_a_must_the_ages_are_too(client):
    session = open_moment(series_age_min=6, series_age_max=12)

    response = register(client, session, year=timezone.localdate().year - 17, ages_seen="on")

    assert "valt daarbuiten. Bel ons gerust." in response.content.decode()
    assert not Registration.objects.exists()


def test_the_price_is_a_plain_choice_and_lists_see_a_letter(client):
    session = open_moment(series_price_eur=5, series_price_social_eur=1)

    html = client.get(f"/moment/{session.code}/inschrijven/").content.decode()
    register(client, session, price_tier="social")

    assert "€ 1, kansentarief" in html
    row = Registration.objects.get()
    assert (row.amount, row.tier_letter) == (1, "B")


@pytest.mark.parametrize(
    "fields",
    [
        {"website": "http://example.org"},
        {"stamp": "zomaar:iets:vals"},
        {"stamp": ""},
        {"stamp": stamped("een ander")},
    ],
)
def test_a_program_is_asked_to_try_again_and_a_person_keeps_what_was_typed(client, fields):
    session = open_moment()

    response = client.post(f"/moment/{session.code}/inschrijven/", {**typed("Amina"), **fields})

    html = response.content.decode()
    assert "Dat lukte niet. Kijk alles nog eens na en probeer opnieuw." in html
    assert 'value="Amina"' in html
    assert not Registration.objects.exists()


def test_a_form_that_comes_back_within_seconds_is_no_person(client):
    session = open_moment()
    form = typed("Amina")

    quick = client.post(
        f"/moment/{session.code}/inschrijven/", {**form, "stamp": stamped(form["token"], seconds_ago=1)}
    )

    assert "probeer opnieuw" in quick.content.decode()
    assert not Registration.objects.exists()


def test_the_page_as_it_was_opened_can_be_sent(client, monkeypatch):
    monkeypatch.setattr(form_module, "QUICKEST", -1)
    session = open_moment()
    page = client.get(f"/moment/{session.code}/inschrijven/").context["form"]

    opened = {name: page[name].value() for name in ("token", "stamp")}

    assert client.post(f"/moment/{session.code}/inschrijven/", {**typed("Amina"), **opened}).status_code == 302


def test_forty_posts_in_a_minute_leave_five(client):
    session = open_moment(series_capacity=100)

    answers = [register(client, session, f"Kind{number}").status_code for number in range(40)]

    assert answers == [302] * 5 + [429] * 35
    assert Registration.objects.count() == 5
    assert "192.0.2" not in str(list(PublicPost.objects.values_list("block", flat=True)))
    assert register(client, session, "Elders", comes_from="198.51.100.7").status_code == 302


def test_behind_a_proxy_the_visitors_are_told_apart(client, settings):
    session = open_moment(series_capacity=100)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = []
    for number in range(7):
        forwarded = {"X-Forwarded-For": f"198.51.{number}.7"}
        answers.append(client.post(f"/moment/{session.code}/inschrijven/", typed(f"Kind{number}"), headers=forwarded))

    assert [answer.status_code for answer in answers] == [302] * 7


def test_who_may_not_send_more_keeps_what_was_typed(client):
    session = open_moment()
    for number in range(5):
        register(client, session, f"Kind{number}")

    html = register(client, session, "Amina").content.decode()

    assert "Probeer over een uur opnieuw, of bel." in html
    assert 'value="Amina"' in html


def test_a_child_that_is_known_stays_one_and_registers_once(client):
    session, other = open_moment(), None
    other = make_session(session.series, day=timezone.localdate() + timedelta(days=27))

    register(client, session, "Amina")
    register(client, other, "amina", phone="+32 470 12 34 56")
    again = register(client, session, "Amina")

    assert Participant.objects.count() == 1
    assert "Amina staat hier al ingeschreven" in again.content.decode()
    assert Registration.objects.count() == 2


def test_each_step_is_told_by_mail_without_a_name_and_a_phone_is_called_for_an_offer(client):
    session = open_moment(series_capacity=1, series_title="Speelnamiddag")
    seated = make_registration(session)
    register(client, session, "Amina", email="samira@example.org")
    register(client, session, "Bilal", phone="0470 99 99 99")
    leave([seated])
    mailed = Registration.objects.get(status="offered")
    waiting.decline(Target.of_session(session), [mailed])

    told = Message.objects.exclude(whom=seated.group.code).order_by("pk")

    assert list(told.values_list("channel", "to")) == [
        ("mail", "samira@example.org"),
        ("mail", "samira@example.org"),
        ("call", "0470 99 99 99"),
    ]
    assert "Amina" not in str(list(told.values_list("subject", "body")))
    link = told[0].body.split()[-1]
    assert "Je inschrijving" in client.get(link.removeprefix("http://127.0.0.1:8000")).content.decode()


# The private page


def test_the_private_page_withdraws_one_child_or_all(client):
    session = open_moment()
    address = register(client, session, "Amina", "Bilal").url
    first, second = Registration.objects.order_by("pk")

    client.get(address)
    assert statuses(session) == ["confirmed", "confirmed"]
    client.post(address, {"withdraw": first.pk})
    assert statuses(session) == ["confirmed", "withdrawn"]
    client.post(address, {"withdraw": "all"})

    assert statuses(session) == ["withdrawn", "withdrawn"]
    session.refresh_from_db()
    assert session.taken == 0
    assert "Je bent niet (meer) ingeschreven." in client.get(address).content.decode()


def test_the_private_page_withdraws_nobody_else(client):
    session = open_moment()
    address = register(client, session, "Amina").url
    stranger = make_registration(session)

    client.post(address, {"withdraw": stranger.pk})

    stranger.refresh_from_db()
    assert stranger.status == "confirmed"


def test_the_private_page_changes_how_we_reach_someone(client):
    session = open_moment()
    address = register(client, session, "Amina").url
    form = {"contact": "1", "contact_name": "Samira V.", "phone": "0471 00 00 00", "email": "", "language": "fr"}

    refused = client.post(address, {**form, "phone": ""})
    client.post(address, form)

    assert "Vul een telefoonnummer in." in refused.content.decode()
    group = RegistrationGroup.objects.get()
    assert (group.contact_name, group.phone, group.locale) == ("Samira V.", "0471 00 00 00", "fr")


def test_a_dead_link_tells_nothing(client):
    session = open_moment()
    address = register(client, session, "Amina").url
    SecureLink.objects.update(expires_at=timezone.now())

    gone, never = client.get(address), client.get("/inschrijving/bestaat-niet/")

    assert (gone.status_code, never.status_code) == (404, 404)
    assert "Amina" not in gone.content.decode()
    assert client.post(address, {"withdraw": "all"}).status_code == 404
    assert statuses(session) == ["confirmed"]


# Seats and the waiting list


def test_who_comes_when_it_is_full_reads_the_place_on_the_waiting_list(client):
    session = open_moment(series_capacity=2)
    fill(session, 2)

    first = page_of(client, register(client, session, "Amina"))
    second = page_of(client, register(client, session, "Bilal", phone="0470 99 99 99"))

    assert "Net volzet – je staat 1e op de wachtlijst" in first
    assert "Net volzet – je staat 2e op de wachtlijst" in second


def test_without_a_waiting_list_full_is_full(client):
    session = open_moment(series_capacity=1, series_has_waiting_list=False)
    fill(session, 1)

    response = register(client, session, "Amina")

    assert "Net volzet. Er is hier geen wachtlijst." in response.content.decode()
    assert RegistrationGroup.objects.count() == 1


def test_a_family_stays_together_or_says_that_it_need_not(client):
    session = open_moment(series_capacity=2)
    fill(session, 1)

    register(client, session, "Amina", "Bilal", together="samen")
    assert statuses(session) == ["confirmed", "waitlisted", "waitlisted"]
    register(client, session, "Chloe", "Dries", together="apart", phone="0470 99 99 99")

    assert statuses(session) == ["confirmed", "confirmed", "waitlisted", "waitlisted", "waitlisted"]


def waiting_group(session, count, *, rank, **fields):
    group = make_group(session.series, keep_together=fields.pop("keep_together", True))
    return [make_registration(session, group=group, status="waitlisted", rank=rank, **fields) for _ in range(count)]


def leave(registrations):
    waiting.withdraw(Target.of_registration(registrations[0]), registrations)


def state(rows):
    return {Registration.objects.get(pk=row.pk).status for row in rows}


def test_a_family_that_does_not_fit_is_skipped_keeps_its_rank_and_the_skip_is_written_down():
    session = open_moment(series_capacity=2)
    seated = [make_registration(session), make_registration(session)]
    family = waiting_group(session, 2, rank=10)
    single = waiting_group(session, 1, rank=20)

    leave(seated[:1])

    assert (state(family), state(single)) == ({"waitlisted"}, {"offered"})
    skipped = RegistrationMove.objects.get(what="skipped")
    assert (skipped.group, skipped.seats) == (family[0].group, 2)

    leave(seated[1:])
    waiting.decline(Target.of_registration(single[0]), single)

    assert state(family) == {"offered"}


def test_an_offered_seat_is_nobody_elses_and_the_link_says_yes(client):
    session = open_moment(series_capacity=1)
    seated = make_registration(session)
    address = register(client, session, "Amina").url
    leave([seated])

    assert "Er is een plaats voor je vrij" in client.get(address).content.decode()
    other = page_of(client, register(client, session, "Bilal", phone="0470 99 99 99"))
    assert "je staat 1e op de wachtlijst" in other
    client.post(address, {"accept": "1"})

    assert statuses(session) == ["confirmed", "waitlisted", "withdrawn"]


def test_an_offer_that_ran_out_is_seen_on_reading_and_goes_to_the_next(client):
    session = open_moment(series_capacity=1)
    seated = make_registration(session)
    address = register(client, session, "Amina").url
    next_one = waiting_group(session, 1, rank=9_000_000_000_000_000_000)
    leave([seated])
    Registration.objects.filter(status="offered").update(offered_until=timezone.now() - timedelta(minutes=1))

    html = client.get(address).content.decode()
    client.post(address, {"accept": "1"})

    assert "Er is een plaats voor je vrij" not in html
    assert "Aanbod vervallen" in html
    assert state(next_one) == {"offered"}
    assert statuses(session) == ["expired", "offered", "withdrawn"]


@pytest.mark.parametrize(
    ("hour", "begins", "hours", "ends"),
    [
        (12, 100, 24, 36),
        # half of the ten hours that are left
        (10, 10, 24, 15),
        # at night an offer waits for eight o'clock
        (22, 100, 24, 24 + 8 + 24),
        (3, 100, 24, 8 + 24),
        (22, 14, 24, 24 + 8 + 2),
    ],
)
def test_an_offer_lasts_at_most_half_of_the_time_left_and_never_begins_at_night(hour, begins, hours, ends):
    midnight = timezone.make_aware(timezone.datetime(2027, 1, 12))
    now = midnight + timedelta(hours=hour)
    series = make_series(offer_hours=hours)
    session = make_session(series, day=now.date() + timedelta(days=3))
    session.starts_at = now + timedelta(hours=begins)

    begin, until = waiting.offer_window(Target(series, session), now)

    assert 8 <= timezone.localtime(begin).hour < 21
    assert until == midnight + timedelta(hours=ends)


def test_a_colleague_places_by_hand_and_who_was_passed_by_is_written_down():
    session = open_moment(series_capacity=1)
    first, second = waiting_group(session, 1, rank=1), waiting_group(session, 1, rank=2)
    colleague = make_user()

    waiting.place(Target.of_session(session), second[0], by=colleague)

    assert (state(first), state(second)) == ({"waitlisted"}, {"confirmed"})
    assert list(RegistrationMove.objects.values_list("what", "by")) == [
        ("placed", colleague.pk),
        ("skipped", colleague.pk),
    ]
    with pytest.raises(waiting.NotPossible):
        waiting.place(Target.of_session(session), first[0], by=colleague)


def test_priority_seats_are_held_quietly_and_released_a_week_before(client):
    session = open_moment(series_capacity=2, series_priority_seats=1)

    register(client, session, "Amina")
    full = page_of(client, register(client, session, "Bilal", phone="0470 99 99 99"))
    waits = Registration.objects.get(status="waitlisted")
    session.refresh_from_db()
    assert "je staat 1e op de wachtlijst" in full
    assert session.taken == 2

    waiting.give_priority(Target.of_session(session), waits, is_priority=True, by=make_user())

    assert statuses(session) == ["confirmed", "offered"]


def test_priority_seats_that_nobody_needed_are_for_everyone_in_the_last_week(client):
    session = open_moment(series_capacity=2, series_priority_seats=1, days=5)

    register(client, session, "Amina")
    register(client, session, "Bilal", phone="0470 99 99 99")

    assert statuses(session) == ["confirmed", "confirmed"]


def test_a_draw_waits_for_its_hour_and_can_be_checked(client):
    session = open_moment(series_capacity=2, series_draw_at=timezone.now() + timedelta(days=1))
    series = session.series
    html = page_of(client, register(client, session, "Amina", "Bilal"))
    for number in range(4):
        group = make_group(series)
        make_registration(session, group=group, status="requested", rank=number + 1)
    assert "We loten op" in html
    assert statuses(session) == ["requested"] * 6

    type(series).objects.update(draw_at=timezone.now())
    with_draw = Target.of_session(Session.objects.get())
    waiting.opened(with_draw)
    waiting.opened(with_draw)

    draw = Draw.objects.get()
    assert [code for code, *_ in draw.outcome] == sorted(
        (group.code for group in RegistrationGroup.objects.all()),
        key=lambda code: waiting.hashlib.sha256(f"{draw.seed}:{code}".encode()).hexdigest(),
    )
    assert statuses(session).count("confirmed") == 2
    assert statuses(session).count("waitlisted") == 4
    family = Registration.objects.filter(group__channel="web", participant__first_name__in=["Amina", "Bilal"])
    assert family.values("status").distinct().count() == 1


def test_a_whole_series_and_a_week_are_registered_for_at_once(client):
    centre = make_centre()
    series = make_series(centre=centre, registration="required", enrol_scope="series", capacity=5)
    make_session(series)
    week = make_series(centre=centre, registration="required", enrol_scope="block", capacity=5)
    monday = timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday())
    days = [make_session(week, day=monday + timedelta(days=number)) for number in range(3)]

    client.post(f"/activiteit/{series.slug}/inschrijven/", typed("Amina"))
    register(client, days[1], "Amina")

    for_series, for_week = Registration.objects.order_by("pk")
    assert (for_series.session, for_series.block) == (None, None)
    assert (for_week.session, for_week.block) == (None, monday)
    series.refresh_from_db()
    assert series.taken == 1
    assert set(week.sessions.values_list("taken", flat=True)) == {1}
    assert "Waarvoor schrijf je in?" in client.get(f"/activiteit/{week.slug}/inschrijven/").content.decode()


def test_a_registration_changes_the_public_pages(client):
    session = open_moment(series_capacity=2)
    before = current_version()

    register(client, session, "Amina")

    assert current_version() > before
    assert "Nog 1 plaats" in client.get(session.public_url).content.decode()


def test_a_resident_cannot_be_shown_another_centre_by_a_known_name(client):
    session = open_moment()
    make_participant(first_name="Amina", last_name="Voorbeeld", birth_year=timezone.localdate().year - 8)

    register(client, session, "Amina")

    assert Participant.objects.filter(centre=session.centre).count() == 1
    assert registration.digits("+32 (0)470") == registration.digits("0470") == "470"
