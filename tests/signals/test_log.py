"""Logging a signal at the desk or in the street."""

import pytest
from django.urls import reverse

from buurtwerk.accounts.models import Membership, Role
from buurtwerk.drafts.models import Draft, Undo
from signals.codes import Status
from signals.models import Signal, SignalContact
from tests.factories import make_centre, make_neighbourhood, make_user
from tests.signals.factories import address, fill_in, make_signal

pytestmark = pytest.mark.django_db

NEW = "/team/signalen/nieuw/"


def sign_in(client, role=Role.WORKER, **fields):
    user = make_user(role, **fields)
    client.force_login(user)
    return user


def test_a_street_signal_takes_a_theme_and_a_sentence(client):
    hoogland = make_neighbourhood(name="Hoogland")
    me = sign_in(client, centre=make_centre(neighbourhood=hoogland))

    response = client.post(NEW, fill_in(client))

    signal = Signal.objects.get()
    assert response.url == address("noted", signal)
    assert (signal.status, signal.channel, signal.theme) == (Status.NEW, "street", "childcare")
    assert (signal.neighbourhood, signal.created_by, signal.due_on is not None) == (hoogland, me, True)
    assert not SignalContact.objects.exists()
    assert [event.what for event in signal.events.all()] == ["logged"]


def test_at_the_desk_the_channel_is_the_desk(client):
    sign_in(client, Role.RECEPTION)

    client.post(NEW, fill_in(client))

    assert Signal.objects.get().channel == "desk"


def test_the_buurt_may_be_unknown(client):
    sign_in(client, centre=make_centre(neighbourhood=make_neighbourhood()))

    client.post(NEW, fill_in(client, neighbourhood=""))

    assert Signal.objects.get().neighbourhood is None


def test_who_works_in_two_centres_says_which(client):
    me = sign_in(client)
    other = make_centre(name="Zuid")
    Membership.objects.create(user=me, centre=other, role=Role.WORKER)

    client.post(NEW, fill_in(client, centre=other.pk))

    assert Signal.objects.get().centre == other


def test_a_signal_cannot_be_logged_in_a_centre_where_i_may_not(client):
    me = sign_in(client)
    Membership.objects.create(user=me, centre=make_centre(), role=Role.WORKER)
    read_only = make_centre()
    Membership.objects.create(user=me, centre=read_only, role=Role.READER)

    response = client.post(NEW, fill_in(client, centre=read_only.pk))

    assert "centre" in response.context["form"].errors
    assert not Signal.objects.exists()


def test_the_themes_of_this_centre_come_in_order_of_use(client):
    me = sign_in(client)
    centre = me.membership_set.get().centre
    for theme in ("mobility", "work", "work"):
        make_signal(centre=centre, by=me, theme=theme)

    form = client.get(NEW).context["form"]

    assert [code for code, _ in form.fields["theme"].choices[:2]] == ["work", "mobility"]
    assert len(form.fields["theme"].choices) == 20


def test_contact_details_go_to_their_own_table(client):
    sign_in(client)

    client.post(NEW, fill_in(client, contact_name="Samira", contact_phone="0470 11 22 33", may_contact="on"))

    contact = Signal.objects.get().contact
    assert (contact.name, contact.phone, contact.may_contact) == ("Samira", "0470 11 22 33", True)


def test_sending_the_same_form_twice_saves_once(client):
    sign_in(client)
    sent = fill_in(client)

    first, second = client.post(NEW, sent), client.post(NEW, sent)

    assert first.url == second.url
    assert Signal.objects.count() == 1


BAD = {
    "empty": ({"body": ""}, "body"),
    "only spaces": ({"body": "   \n "}, "body"),
    "too long": ({"body": "a" * 3001}, "body"),
    "NUL": ({"body": "Licht\x00 stuk"}, "body"),
    "control character": ({"body": "Licht\x08 stuk"}, "body"),
    "national number": ({"body": "Zijn nummer is 85.07.30-033.28"}, "body"),
    "unknown theme": ({"theme": "weather"}, "theme"),
    "no theme": ({"theme": ""}, "theme"),
    "NUL in a theme": ({"theme": "foo\x00d"}, "theme"),
    "unknown buurt": ({"neighbourhood": "999999"}, "neighbourhood"),
    "a buurt that is no number": ({"neighbourhood": "hier"}, "neighbourhood"),
    "unknown channel": ({"channel": "pigeon"}, "channel"),
    "unknown urgency": ({"urgency": "soon"}, "urgency"),
    "a name that is too long": ({"contact_name": "a" * 81}, "contact_name"),
    "a phone of letters": ({"contact_phone": "bel mij"}, "contact_phone"),
    "a mail without an at": ({"contact_mail": "samira"}, "contact_mail"),
    "contact without a way": ({"contact_name": "Samira", "may_contact": True}, "contact_phone"),
}


@pytest.mark.parametrize(("wrong", "field"), BAD.values(), ids=BAD)
def test_bad_input_is_said_at_its_field_and_everything_typed_stays(client, wrong, field):
    sign_in(client)
    sent = fill_in(client, **wrong)

    response = client.post(NEW, sent)

    form = response.context["form"]
    assert response.status_code == 200
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in wrong} == wrong
    assert not Signal.objects.exists()


def test_exactly_three_thousand_characters_fit(client):
    sign_in(client)

    client.post(NEW, fill_in(client, body="é" * 3000))

    assert len(Signal.objects.get().body) == 3000


def test_without_a_token_nothing_is_saved(client):
    sign_in(client)
    sent = fill_in(client)
    del sent["token"]

    response = client.post(NEW, sent)

    assert list(response.context["form"].errors) == ["token"]


def test_a_script_is_stored_as_told_and_shown_as_text(client):
    sign_in(client)

    client.post(NEW, fill_in(client, body="<script>alert(1)</script>"))
    page = client.get(Signal.objects.get().get_absolute_url()).content.decode()

    assert Signal.objects.get().body == "<script>alert(1)</script>"
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MONITOR, Role.VOLUNTEER])
def test_who_may_only_log_gets_thanks_and_reads_nothing(client, role):
    me = sign_in(client, role)
    make_signal(by=make_user(Role.COORDINATOR, centre=me.membership_set.get().centre), theme="childcare")

    page = client.post(NEW, fill_in(client, body="Een zin over opvang."), follow=True)

    assert "Bedankt voor je signaal" in page.content.decode()
    assert "Een zin over opvang" not in page.content.decode()
    assert list(page.context["alike"]) == []
    assert client.get(Signal.objects.last().get_absolute_url()).status_code == 403


def test_the_thanks_of_someone_else_do_not_exist(client):
    me = sign_in(client)
    signal = make_signal(by=make_user(Role.COORDINATOR, centre=me.membership_set.get().centre))

    assert client.get(address("noted", signal)).status_code == 404


def test_after_saving_at_most_three_open_signals_that_look_alike_are_shown(client):
    buurt = make_neighbourhood()
    me = sign_in(client, Role.COORDINATOR, centre=make_centre(neighbourhood=buurt))
    alike = [make_signal(by=me, theme="childcare", neighbourhood=buurt) for _ in range(4)]
    make_signal(by=me, theme="food", neighbourhood=buurt)
    make_signal(Status.SPAM, by=me, theme="childcare", neighbourhood=buurt)
    make_signal(theme="childcare", neighbourhood=buurt)

    page = client.post(NEW, fill_in(client), follow=True)

    assert len(page.context["alike"]) == 3
    assert set(page.context["alike"]) < set(alike)


def test_danger_shows_at_once_whom_to_call(client):
    sign_in(client, Role.VOLUNTEER)

    page = client.post(NEW, fill_in(client, urgency="danger"), follow=True).content.decode()

    assert [number in page for number in ("tel:112", "tel:1712", "tel:106")] == [True, True, True]
    assert "de organisatie moet hem nog goedkeuren" in page


def test_what_was_logged_can_be_taken_back_and_the_sentence_is_kept_as_a_concept(client):
    sign_in(client, Role.VOLUNTEER)
    client.post(NEW, fill_in(client, body="Te vroeg bewaard.", contact_name="Samira"))

    back = client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]), {"next": NEW}, follow=True)

    signal = Signal.objects.get()
    assert (signal.status, signal.body, signal.resolution) == (Status.ERASED, "", "withdrawn")
    assert not SignalContact.objects.exists()
    assert back.context["form"]["body"].value() == "Te vroeg bewaard."
    assert "is ingetrokken" in client.get(address("noted", signal)).content.decode()


def test_a_signal_that_a_colleague_works_on_is_not_taken_back(client):
    me = sign_in(client, Role.COORDINATOR)
    client.post(NEW, fill_in(client))
    signal = Signal.objects.get()
    from tests.signals.factories import move

    move(signal, Status.TRIAGED, by=me)

    response = client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]), {"next": NEW}, follow=True)

    signal.refresh_from_db()
    assert signal.status == Status.TRIAGED
    assert "een collega werkt al" in response.content.decode()


def test_a_concept_comes_back_and_goes_away_with_saving(client):
    me = sign_in(client)
    client.post(
        reverse("drafts:keep"),
        {
            "draft_form": "signal",
            "draft_title": "Nieuw signaal",
            "draft_address": NEW,
            "body": "Halve zin",
            "theme": "work",
        },
    )

    page = client.get(NEW)

    assert (page.context["form"]["body"].value(), page.context["form"]["theme"].value()) == ("Halve zin", "work")
    client.post(NEW, fill_in(client))
    assert not Draft.objects.filter(user=me).exists()


def test_saving_takes_few_queries(client, django_assert_max_num_queries):
    sign_in(client)
    sent = fill_in(client)

    with django_assert_max_num_queries(24):
        client.post(NEW, sent)
