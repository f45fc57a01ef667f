"""The page of one signal, and what is decided there."""

import pytest
from django.urls import reverse

from buurtwerk.accounts.models import Role
from buurtwerk.drafts.models import Undo
from buurtwerk.trail.models import Access
from signals.codes import Status
from signals.models import Signal, SignalNote
from tests.factories import make_neighbourhood, make_user
from tests.signals.factories import address, make_signal, move, weighed

pytestmark = pytest.mark.django_db


@pytest.fixture
def els(client):
    user = make_user(Role.COORDINATOR, first_name="Els")
    client.force_login(user)
    return user


def colleague_of(user, **fields):
    return make_user(centre=user.membership_set.get().centre, **fields)


def decided(signal, **changes):
    sent = {**weighed(), "neighbourhood": "", "loaded_version": signal.version, **changes}
    return {name: value for name, value in sent.items() if value is not None}


def status_of(signal):
    return Signal.objects.get(pk=signal.pk).status


# Weighing


def test_weighing_a_new_signal_stores_what_was_decided_and_keeps_it_open_on_the_screen(client, els):
    buurt = make_neighbourhood()
    signal = make_signal(by=els)

    response = client.post(
        address("triage", signal), decided(signal, neighbourhood=buurt.pk, urgency="today", extra_themes=["mobility"])
    )

    signal.refresh_from_db()
    assert response.url == signal.get_absolute_url()
    assert (signal.status, signal.neighbourhood, signal.urgency) == (Status.TRIAGED, buurt, "today")
    assert (signal.summary, signal.extra_themes) == ("Er is geen licht op het pad.", ["mobility"])


def test_the_first_sentence_is_proposed_as_summary_unless_it_points_at_someone(client, els):
    plain = make_signal(by=els, body="De lift is stuk. Mijn buur zit vast.")
    pointing = make_signal(by=els, body="Bel 0470 11 22 33. De lift is stuk.")

    proposals = [
        client.get(signal.get_absolute_url()).context["decisions"]["triage"]["summary"].value()
        for signal in (plain, pointing)
    ]

    assert proposals == ["De lift is stuk.", ""]


BAD = {
    "empty": ({"summary": ""}, "summary"),
    "only spaces": ({"summary": "  "}, "summary"),
    "too long": ({"summary": "a" * 301}, "summary"),
    "NUL": ({"summary": "Geen\x00licht"}, "summary"),
    "phone": ({"summary": "Bel 0470 11 22 33 terug."}, "summary"),
    "phone with a country": ({"summary": "Bel +32 470 11 22 33."}, "summary"),
    "mail": ({"summary": "Mail naar samira@voorbeeld.be."}, "summary"),
    "national number": ({"summary": "Nummer 85.07.30-033.28."}, "summary"),
    "eleven digits": ({"summary": "Nummer 85073003399."}, "summary"),
    "IBAN": ({"summary": "Stort op BE68 5390 0754 7034."}, "summary"),
    "unknown theme": ({"theme": "weather"}, "theme"),
    "unknown extra theme": ({"extra_themes": ["weather"]}, "extra_themes"),
    "three extra themes": ({"extra_themes": ["food", "work", "goods"]}, "extra_themes"),
    "unknown buurt": ({"neighbourhood": "999999"}, "neighbourhood"),
    "unknown urgency": ({"urgency": "soon"}, "urgency"),
    "a version that is no number": ({"loaded_version": "één"}, "loaded_version"),
    "no version": ({"loaded_version": None}, "loaded_version"),
}


@pytest.mark.parametrize("name", ["triage", "pick-up"])
@pytest.mark.parametrize(("wrong", "field"), BAD.values(), ids=BAD)
def test_bad_input_is_said_at_its_field_and_nothing_is_stored(client, els, name, wrong, field):
    signal = make_signal(by=els)

    response = client.post(address(name, signal), decided(signal, **wrong))

    form = response.context["form"]
    assert response.status_code == 200
    assert field in form.errors
    assert form["summary"].value() == wrong.get("summary", "Er is geen licht op het pad.")
    assert status_of(signal) == Status.NEW


def test_a_summary_may_hold_years_and_amounts(client, els):
    signal = make_signal(by=els)

    client.post(address("triage", signal), decided(signal, summary="In 2026 kost het 1.250 euro voor 3 kinderen."))

    assert status_of(signal) == Status.TRIAGED


def test_an_overtaken_edit_keeps_what_was_typed_and_shows_what_stands_there(client, els):
    signal = make_signal(Status.TRIAGED, by=els)
    sent = decided(signal, summary="Mijn zin.")
    from signals import actions

    actions.triage(signal, **weighed(summary="De zin van Noor."), by=colleague_of(els), seen=signal.version)

    response = client.post(address("triage", signal), sent)
    again = client.post(
        address("triage", signal), {**sent, "loaded_version": response.context["form"]["loaded_version"].value()}
    )

    assert response.context["form"]["summary"].value() == "Mijn zin."
    assert ("Samenvatting", "De zin van Noor.") in response.context["form"].theirs
    assert "De zin van Noor." in response.content.decode()
    assert again.status_code == 302
    assert Signal.objects.get().summary == "Mijn zin."


def test_a_closed_signal_cannot_be_weighed_and_the_text_stays(client, els):
    signal = make_signal(Status.CLOSED, by=els)

    response = client.post(address("triage", signal), decided(signal, summary="Toch nog iets."))

    assert "Je kunt het niet aanpassen" in response.content.decode()
    assert status_of(signal) == Status.CLOSED


# Deciding


def test_one_button_weighs_a_new_signal_takes_it_and_opens_the_next(client, els):
    signal, following = make_signal(by=els), make_signal(by=els)

    response = client.post(address("pick-up", signal), decided(signal))

    signal.refresh_from_db()
    assert (signal.status, signal.assigned_to) == (Status.ASSIGNED, els)
    assert response.url == following.get_absolute_url()
    assert [event.after for event in signal.events.all()] == ["assigned", "triaged", "new"]


def test_after_the_last_one_the_list_opens(client, els):
    signal = make_signal(by=els)

    response = client.post(address("spam", signal), {"loaded_version": 1})

    assert response.url == reverse("signals:list")


def test_the_next_one_comes_from_the_same_list(client, els):
    signal = make_signal(by=els, theme="food")
    make_signal(by=els, theme="work")
    following = make_signal(by=els, theme="food")

    response = client.post(address("pick-up", signal) + "?theme=food&show=new", decided(signal, theme="food"))

    assert response.url == following.get_absolute_url() + "?show=new&theme=food"


DECISIONS = [
    ("pick-up", Status.TRIAGED, {}, Status.ASSIGNED),
    ("wait", Status.TRIAGED, {"on": "de huisvestingsdienst"}, Status.WAITING),
    ("close", Status.ASSIGNED, {"resolution": "helped", "why": "We gingen samen."}, Status.CLOSED),
    ("reopen", Status.CLOSED, {"why": "Het is er opnieuw."}, Status.REOPENED),
    ("spam", Status.NEW, {}, Status.SPAM),
    ("not-spam", Status.SPAM, {}, Status.NEW),
]


@pytest.mark.parametrize(("name", "before", "sent", "after"), DECISIONS)
def test_each_decision_has_its_own_address_and_can_be_undone(client, els, name, before, sent, after):
    signal = make_signal(before, by=els)
    kept = Signal.objects.values("status", "assigned_to", "waiting_on", "resolution", "due_on").get()

    response = client.post(address(name, signal), {**sent, "loaded_version": signal.version})

    assert response.status_code == 302
    assert status_of(signal) == after
    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))
    assert Signal.objects.values(*kept).get() == kept
    assert signal.events.first().what == "taken_back"


@pytest.mark.parametrize(("name", "before", "sent", "after"), DECISIONS)
def test_the_same_decision_twice_counts_once(client, els, name, before, sent, after):
    signal = make_signal(before, by=els)
    sent = {**sent, "loaded_version": signal.version}

    client.post(address(name, signal), sent)
    events = signal.events.count()
    second = client.post(address(name, signal), sent, follow=True)

    assert signal.events.count() == events
    assert "Dit deed je al" in second.content.decode()


@pytest.mark.parametrize(("name", "before", "sent", "after"), DECISIONS)
def test_a_decision_that_does_not_fit_the_status_is_refused_in_words(client, els, name, before, sent, after):
    fits = {"pick-up": {"triaged", "waiting", "reopened", "new"}, "wait": {"triaged", "assigned", "reopened"}}
    fits = {**fits, "close": {"triaged", "assigned", "waiting", "reopened"}, "reopen": {"closed"}}
    fits = {**fits, "spam": {"new", "triaged"}, "not-spam": {"spam"}}
    for status in set(Status.values) - fits[name]:
        signal = make_signal(status, by=els)

        response = client.post(address(name, signal), {**sent, "loaded_version": signal.version}, follow=True)

        assert status_of(signal) == status
        assert "Dat kan niet" in response.content.decode()


def test_a_signal_is_given_to_a_colleague_and_undone(client, els):
    noor = colleague_of(els, first_name="Noor")
    signal = make_signal(Status.TRIAGED, by=els)

    client.post(address("assign", signal), {"to": noor.pk, "loaded_version": signal.version})

    assert Signal.objects.get().assigned_to == noor
    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))
    assert (Signal.objects.get().status, Signal.objects.get().assigned_to) == (Status.TRIAGED, None)


WRONG = {
    "assign to nobody": ("assign", {"to": ""}, "to"),
    "assign to a stranger": ("assign", {"to": "999999"}, "to"),
    "wait on nobody": ("wait", {"on": " "}, "on"),
    "wait on a phone number": ("wait", {"on": "bel 0470 11 22 33"}, "on"),
    "close without a resolution": ("close", {"resolution": "", "why": "Klaar."}, "resolution"),
    "close with an unknown resolution": ("close", {"resolution": "solved", "why": "Klaar."}, "resolution"),
    "not possible without a reason": ("close", {"resolution": "not_possible", "why": ""}, "why"),
    "a reason with a mail address": ("close", {"resolution": "helped", "why": "zie a@voorbeeld.be"}, "why"),
    "a reason that is too long": ("close", {"resolution": "helped", "why": "a" * 501}, "why"),
    "a reason with a NUL": ("close", {"resolution": "helped", "why": "a\x00b"}, "why"),
}


@pytest.mark.parametrize(("name", "sent", "field"), WRONG.values(), ids=WRONG)
def test_a_wrong_decision_comes_back_with_what_was_typed(client, els, name, sent, field):
    signal = make_signal(Status.TRIAGED, by=els)

    response = client.post(address(name, signal), {**sent, "loaded_version": signal.version})

    form = response.context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in sent} == sent
    assert status_of(signal) == Status.TRIAGED


def test_reopening_needs_a_reason(client, els):
    signal = make_signal(Status.CLOSED, by=els)

    response = client.post(address("reopen", signal), {"why": "", "loaded_version": signal.version})

    assert list(response.context["form"].errors) == ["why"]


def test_a_signal_that_is_opened_again_stays_on_the_screen(client, els):
    make_signal(Status.CLOSED, by=els)
    signal = make_signal(Status.CLOSED, by=els)

    response = client.post(
        address("reopen", signal) + "?show=closed", {"why": "Het is terug.", "loaded_version": signal.version}
    )

    assert response.url == signal.get_absolute_url() + "?show=closed"


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.VOLUNTEER, Role.READER])
def test_a_signal_goes_only_to_who_works_on_signals_here(client, els, role):
    elsewhere = make_user(Role.COORDINATOR)
    here = make_user(role, centre=els.membership_set.get().centre)
    signal = make_signal(Status.TRIAGED, by=els)

    for nobody in (elsewhere, here):
        response = client.post(address("assign", signal), {"to": nobody.pk, "loaded_version": signal.version})
        assert list(response.context["form"].errors) == ["to"]
    assert status_of(signal) == Status.TRIAGED


def test_who_comes_too_late_is_told_by_whom_and_gets_the_next(client, els):
    signal, following = make_signal(Status.TRIAGED, by=els), make_signal(by=els)
    noor = colleague_of(els, first_name="Noor")
    old_screen = {"loaded_version": signal.version}
    move(signal, Status.ASSIGNED, by=noor)

    response = client.post(address("pick-up", signal), old_screen, follow=True)

    assert response.redirect_chain[-1][0] == following.get_absolute_url()
    assert "Noor nam dit al op" in response.content.decode()
    assert Signal.objects.get(pk=signal.pk).assigned_to == noor


def test_who_comes_too_late_keeps_the_reason_that_was_typed(client, els):
    signal = make_signal(Status.TRIAGED, by=els)
    old_screen = {"loaded_version": signal.version, "resolution": "helped", "why": "We gingen samen langs."}
    move(signal, Status.ASSIGNED, by=colleague_of(els))

    response = client.post(address("close", signal), old_screen)

    assert "We gingen samen langs." in response.content.decode()
    assert status_of(signal) == Status.ASSIGNED


def test_an_undo_after_someone_else_did_something_changes_nothing(client, els):
    signal = make_signal(Status.TRIAGED, by=els)
    client.post(address("pick-up", signal), {"loaded_version": signal.version})
    signal.refresh_from_db()
    move(signal, Status.CLOSED, by=colleague_of(els))

    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))

    assert status_of(signal) == Status.CLOSED


# Notes, contact details, looks


def test_a_note_is_kept_once_and_moves_nothing(client, els):
    signal = make_signal(by=els)
    token = client.get(signal.get_absolute_url()).context["decisions"]["note"]["token"].value()

    for _ in range(2):
        client.post(address("note", signal), {"text": "Bel na vijf uur.", "token": token})

    assert SignalNote.objects.get().text == "Bel na vijf uur."
    assert Signal.objects.get().version == 1
    assert "Bel na vijf uur." in client.get(signal.get_absolute_url()).content.decode()


@pytest.mark.parametrize("text", ["", "  ", "a" * 2001, "a\x00b", "85.07.30-033.28"])
def test_a_bad_note_comes_back(client, els, text):
    signal = make_signal(by=els)

    response = client.post(address("note", signal), {"text": text, "token": "b3b4b1a8-6a0c-4a86-9d5c-3c9a1c7d0f11"})

    assert "text" in response.context["form"].errors
    assert not SignalNote.objects.exists()


def test_opening_contact_details_leaves_a_trail_and_the_page_of_the_signal_holds_none(client, els):
    signal = make_signal(by=els, contact={"name": "Zebravink", "phone": "0470 11 22 33"})

    page = client.get(signal.get_absolute_url()).content.decode()
    assert "zebravink" not in page.lower() and not Access.objects.exists()

    assert "Zebravink" in client.get(address("contact", signal)).content.decode()
    look = Access.objects.get()
    assert (look.user, look.record_type, look.record_ids, look.centre) == (
        els,
        "signal_contact",
        [signal.pk],
        signal.centre,
    )


def test_contact_details_are_in_no_list_history_or_event(client, els):
    signal = make_signal(Status.CLOSED, by=els, contact={"name": "Zebravink", "mail": "zebravink@voorbeeld.be"})
    kept = [*signal.changes.values(), *signal.events.values(), *Signal.objects.values()]

    pages = [client.get(reverse("signals:list") + query) for query in ("", "?show=closed", "?q=pad&show=closed")]

    assert "zebravink" not in str(kept).lower()
    assert [b"zebravink" in page.content.lower() for page in pages] == [False, False, False]


def test_no_contact_details_is_a_404(client, els):
    signal = make_signal(by=els)

    assert client.get(address("contact", signal)).status_code == 404


def test_the_keys_press_real_buttons(client, els):
    first, signal, last = (make_signal(Status.TRIAGED, by=els) for _ in range(3))

    page = client.get(signal.get_absolute_url()).content.decode()

    assert "data-keys" in page
    assert [f'data-key="{key}"' in page for key in "jk1245"] == [True] * 6
    assert f'href="{last.get_absolute_url()}" data-key="j"' in page
    assert f'href="{first.get_absolute_url()}" data-key="k"' in page


@pytest.mark.parametrize("size", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_rows(client, els, size, django_assert_num_queries):
    from signals import actions

    signal = make_signal(Status.TRIAGED, by=els)
    for _ in range(size):
        make_signal(by=els, neighbourhood=make_neighbourhood())
        actions.add_note(signal, text="Nota.", by=colleague_of(els))
        signal.refresh_from_db()
        actions.triage(signal, **weighed(), by=els, seen=signal.version)

    # session, user, context, signal, list before and after, draft, events, notes, colleagues, buurten;
    # the test adds three around the request
    with django_assert_num_queries(11 + 3):
        client.get(signal.get_absolute_url())
