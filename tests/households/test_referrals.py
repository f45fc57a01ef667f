"""Referrals: what leaves, with whose consent, and what became of it."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Membership, Role, SecureLink, User
from buurtwerk.accounts.rowlevel import asking
from buurtwerk.drafts.models import Draft, SavedOnce, Undo
from buurtwerk.trail.models import Access
from households import timeline
from households.actions import referrals as actions
from households.forms.referrals import ReferralForm
from households.models import Consent, FollowUp, Household, Referral, ReferralMove
from tests.breaking import breaks
from tests.factories import make_centre, make_neighbourhood, make_user
from tests.households.conftest import NEED
from tests.households.factories import make_household, make_member
from tests.partners.factories import make_organisation, make_service

pytestmark = pytest.mark.django_db

Status = Referral.Status
# Four of them around each request in a test: savepoints and contexts.
LIST_QUERIES, DETAIL_QUERIES = 9, 10


def make_referral(household=None, *, status=Status.SENT, days_ago=0, **fields):
    """A referral that left with consent, and stands where we want it."""
    household = household or make_household()
    fields.setdefault("person", None)
    person = fields.pop("person") or (household.members.first() or make_member(household)).person
    maker = fields.pop("made_by", household.primary_worker)
    fields = {"theme": "housing", "need": NEED, "shared": ["first_name"], "shared_text": "Voornaam: Samira", **fields}
    fields.setdefault("organisation", None)
    fields["organisation"] = fields["organisation"] or make_organisation()
    consent = Consent(given_by="Samira", how="spoken", given_on=timezone.localdate(), language="ar")
    referral = actions.send(Referral(household=household, person=person, **fields), consent=consent, by=maker)
    if status != Status.SENT:
        extra = {"declined": {"decline_reason": "full"}, "closed": {"outcome": "helped"}}.get(status, {})
        if status in (Status.WITHDRAWN, Status.CANCELLED):
            extra = {"shared_text": ""}
        Referral.objects.filter(pk=referral.pk).update(status=status, **extra)
    if days_ago:
        Referral.objects.filter(pk=referral.pk).update(sent_at=referral.sent_at - timedelta(days=days_ago))
    referral.refresh_from_db()
    return referral


def fingerprint_on(response):
    return re.search(r'name="previewed" value="(\w*)"', response.content.decode()).group(1)


def previewed(client, page, filled_in):
    response = client.post(page, {**filled_in, "preview": "1"})
    return {**filled_in, "previewed": fingerprint_on(response)}


def sent(client, page, filled_in, **changes):
    return client.post(page, {**previewed(client, page, filled_in), **changes, "send": "1"})


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# Making one


def test_a_referral_with_consent_leaves_with_exactly_the_previewed_text(client, page, family, noor, filled_in):
    preview = client.post(page, {**filled_in, "preview": "1"})
    shown = preview.context["form"].text

    response = sent(client, page, filled_in)

    referral = Referral.objects.get()
    assert response.url == referral.get_absolute_url()
    assert referral.shared_text == shown == referral.consent.text
    assert shown == (
        f"Aan: Voorbeelddienst wonen\nVan: Noor, {family.centre}\n\n"
        f"Voornaam: Samira\nTelefoon: 0470 12 34 56\nDe vraag: {NEED} (Wonen)"
    )
    assert (referral.status, referral.made_by, referral.centre) == (Status.SENT, noor, family.centre)
    assert referral.feedback_due_on == timezone.localdate() + timedelta(days=5)
    assert (referral.consent.how, referral.consent.given_by, referral.consent.language) == ("spoken", "Samira", "ar")
    move = referral.moves.get()
    assert (move.from_status, move.to_status, move.by) == (Status.DRAFT, Status.SENT, noor)


def test_sending_plans_to_ask_after_five_days(client, page, noor, filled_in):
    sent(client, page, filled_in)

    follow_up = FollowUp.objects.get()
    assert follow_up.what == "Navragen bij Voorbeelddienst wonen: hoe ging het?"
    assert (follow_up.assigned_to, follow_up.due_on) == (noor, timezone.localdate() + timedelta(days=5))
    assert Referral.objects.get().check_back == follow_up


@pytest.mark.parametrize("consent", [{"how": ""}, {"how": "no"}, {"how": "no", "given_by": "", "language": ""}])
def test_without_consent_it_is_refused_and_nothing_typed_is_lost(client, page, filled_in, consent):
    response = sent(client, page, filled_in, **consent)

    assert response.status_code == 200
    assert list(errors_of(response)) == ["how"]
    assert not Referral.objects.exists() and not Consent.objects.exists() and not FollowUp.objects.exists()
    form = response.context["form"]
    for name, typed in {**filled_in, **consent, "here": True}.items():
        assert str(form[name].value()) == str(typed)
    body = response.content.decode()
    assert NEED in body
    assert body.count("checked") >= 3 + 4  # what is shared; person, organisation, warmth, here


def test_the_missing_consent_is_named_at_its_field_and_in_the_summary(client, page, filled_in):
    response = sent(client, page, filled_in, how="")

    message = "Kies of er toestemming is. Zonder toestemming kan je niets doorgeven."
    assert response.content.decode().count(message) == 2
    assert 'id="id_how_error"' in response.content.decode()


def test_with_a_no_only_a_tip_sheet_remains(client, page, filled_in, service):
    service.how_to_enter = "Bel in de voormiddag."
    service.save()

    response = client.post(page, {**filled_in, "how": "no", "tip": "1"})

    body = response.content.decode()
    assert "Voorbeelddienst wonen" in body and "Bel in de voormiddag." in body
    assert not any(word in body for word in ["Samira", "0470", NEED, "Noor"])
    assert not Referral.objects.exists()


def test_a_tip_sheet_of_nobody_asks_who(client, page, filled_in):
    response = client.post(page, {**filled_in, "organisation": "", "tip": "1"})

    assert "organisation" in errors_of(response)
    assert NEED in response.content.decode()


def test_everything_that_may_be_shared_is_off_at_first(client, page):
    body = client.get(page).content.decode()

    ticks = re.findall(r'<input type="checkbox" name="shared"[^>]*>', body)
    assert len(ticks) == len(Referral.Shared.values)
    assert not any("checked" in tick for tick in ticks)
    assert not re.search(r'<input type="radio" name="how"[^>]*checked', body)


def test_nothing_ticked_is_refused(client, page, filled_in):
    response = client.post(page, {**filled_in, "shared": [], "preview": "1"})

    assert errors_of(response) == {"shared": ["Vink aan wat je mag delen."]}


def test_what_we_do_not_know_does_not_go_along_and_says_so(client, page, filled_in):
    response = client.post(page, {**filled_in, "shared": ["first_name", "email"], "preview": "1"})

    assert response.context["form"].unknown == ["E-mail"]
    assert "E-mail" not in response.context["form"].text


def test_only_unknown_things_ticked_is_refused(client, page, filled_in):
    response = client.post(page, {**filled_in, "shared": ["email"], "preview": "1"})

    assert list(errors_of(response)) == ["shared"]


def test_the_family_is_described_by_roles_and_ages_and_never_by_names(client, page, filled_in):
    response = client.post(page, {**filled_in, "shared": ["family"], "preview": "1"})

    text = response.context["form"].text
    assert "Ouder" in text and "Kind" in text
    assert "Ilyas" not in text and "Samira" not in text


def test_without_a_preview_nothing_leaves(client, page, filled_in):
    response = client.post(page, {**filled_in, "send": "1"})

    assert list(errors_of(response)) == ["__all__"]
    assert not Referral.objects.exists()
    assert response.context["form"].text in response.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"shared": ["first_name", "phone", "need", "address"]},
        {"need": "Iets heel anders."},
        {"theme": "energy_water", "checked_myself": "on"},
    ],
)
def test_what_changed_after_the_preview_must_be_shown_again(client, page, filled_in, change):
    ready = {**previewed(client, page, filled_in), **change}

    refused = client.post(page, {**ready, "send": "1"})
    assert not Referral.objects.exists()
    assert "__all__" in errors_of(refused)

    client.post(page, {**ready, "previewed": fingerprint_on(refused), "send": "1"})
    assert Referral.objects.get().shared_text == refused.context["form"].text


def test_another_organisation_after_the_preview_must_be_shown_again(client, page, filled_in):
    other = make_service(themes=["housing"], checked_days_ago=1).organisation

    response = sent(client, page, filled_in, organisation=other.pk)

    assert "__all__" in errors_of(response)
    assert not Referral.objects.exists()


def test_sending_twice_makes_one_referral(client, page, filled_in):
    ready = {**previewed(client, page, filled_in), "send": "1"}

    first, second = client.post(page, ready), client.post(page, ready)

    assert first.url == second.url
    assert Referral.objects.count() == FollowUp.objects.count() == Consent.objects.count() == 1
    assert SavedOnce.objects.count() == 1


def test_a_card_that_is_not_current_asks_for_an_own_check(client, page, filled_in):
    stale = make_service(themes=["housing"], city_wide=True).organisation
    filled_in["organisation"] = stale.pk

    refused = client.post(page, {**filled_in, "preview": "1"})
    assert list(errors_of(refused)) == ["checked_myself"]

    accepted = client.post(page, {**filled_in, "checked_myself": "on", "preview": "1"})
    assert errors_of(accepted) == {}


def test_searching_finds_by_theme_buurt_language_and_word_and_keeps_what_was_typed(client, page, family, filled_in):
    elsewhere = make_service(themes=["housing"], neighbourhoods=[make_neighbourhood()], checked_days_ago=1)
    french = make_service(themes=["housing"], city_wide=True, languages=["fr"], checked_days_ago=1)
    half = {**filled_in, "organisation": "", "search": "1"}

    def found(**changes):
        response = client.post(page, {**half, **changes})
        assert response.context["form"].errors == {}
        assert NEED in response.content.decode()
        return {value for value, _ in response.context["form"].fields["organisation"].choices}

    here = {filled_in["organisation"], french.organisation_id}
    assert found() == here
    assert found(here="") == here | {elsewhere.organisation_id}
    assert french.organisation_id not in found(spoken="tr")
    assert found(q="voorbeelddienst") == {filled_in["organisation"]}


def test_the_chosen_organisation_stays_when_another_search_hides_it(client, page, filled_in):
    response = client.post(page, {**filled_in, "q": "niemand heet zo", "search": "1"})

    choices = [value for value, _ in response.context["form"].fields["organisation"].choices]
    assert choices == [filled_in["organisation"]]


def test_stale_cards_sink(client, page, filled_in):
    stale = make_service(name="Aaa", themes=["housing"], city_wide=True).organisation

    response = client.post(page, {**filled_in, "search": "1"})

    choices = [value for value, _ in response.context["form"].fields["organisation"].choices]
    assert choices == [filled_in["organisation"], stale.pk]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"organisation": "999999"}, "organisation"),
        ({"organisation": "9" * 40}, "organisation"),
        ({"organisation": "ja\0"}, "organisation"),
        ({"person": "999999"}, "person"),
        ({"person": ""}, "person"),
        ({"theme": "onbekend"}, "theme"),
        ({"theme": "\0"}, "theme"),
        ({"need": ""}, "need"),
        ({"need": "   "}, "need"),
        ({"need": "x" * 2001}, "need"),
        ({"need": "met\0nul"}, "need"),
        ({"need": "rijksregister 85.07.30-033.28"}, "need"),
        ({"warmth": "gevlogen"}, "warmth"),
        ({"shared": ["first_name", "bankrekening"]}, "shared"),
        ({"how": "sms"}, "how"),
        ({"given_by": ""}, "given_by"),
        ({"given_by": "x" * 121}, "given_by"),
        ({"given_by": "Sa\x07mira"}, "given_by"),
        ({"given_on": "2062-01-01"}, "given_on"),
        ({"given_on": "2020-01-01"}, "given_on"),
        ({"given_on": "31 februari"}, "given_on"),
        ({"given_on": ""}, "given_on"),
        ({"language": "klingon"}, "language"),
        ({"language": ""}, "language"),
        ({"q": "x" * 101}, "q"),
        ({"token": "geen token"}, "token"),
        ({"token": ""}, "token"),
    ],
)
def test_bad_input_gets_a_message_at_its_field_and_stores_nothing(client, page, filled_in, change, field):
    response = sent(client, page, filled_in, **change)

    assert response.status_code == 200
    assert field in errors_of(response)
    assert not Referral.objects.exists() and not Consent.objects.exists() and not FollowUp.objects.exists()
    if field not in ("token", "need"):
        assert NEED in response.content.decode()


@pytest.mark.parametrize("button", ["search", "preview", "tip", "send"])
def test_any_button_takes_any_rubbish(client, page, button):
    rubbish = "<script>alert(1)</script>\0\x01" + "é" * 3000
    response = client.post(page, {**dict.fromkeys(ReferralForm.base_fields, rubbish), button: "1"})

    assert response.status_code == 200
    assert "<script>alert(1)" not in response.content.decode()


def test_someone_of_another_family_cannot_be_chosen(client, page, family, filled_in):
    neighbour = make_member(make_household(centre=family.centre, worker=family.primary_worker)).person

    response = sent(client, page, filled_in, person=neighbour.pk)

    assert list(errors_of(response)) == ["person"]


def test_someone_who_left_the_family_cannot_be_chosen(client, page, family, filled_in):
    family.members.filter(person__first_name="Samira").update(
        since=timezone.localdate() - timedelta(days=9), until=timezone.localdate()
    )

    response = client.post(page, {**filled_in, "preview": "1"})

    assert list(errors_of(response)) == ["person"]


def test_an_organisation_that_stopped_cannot_be_chosen(client, page, service, filled_in):
    service.organisation.is_active = False
    service.organisation.save()

    response = client.post(page, {**filled_in, "preview": "1"})

    assert "organisation" in errors_of(response)


def test_a_family_without_people_says_what_to_do(client, noor):
    household = make_household(worker=noor)
    client.force_login(noor)

    response = client.get(reverse("households:referral-create", args=[household.code]))

    assert "Voeg eerst iemand toe" in response.content.decode()


def test_a_draft_brings_back_what_was_typed_and_goes_when_it_is_sent(client, page, noor, family, filled_in):
    lists = {name: value if isinstance(value, list) else [str(value)] for name, value in filled_in.items()}
    Draft.objects.keep(
        user=noor, form="referral", subject=family.code, title="Doorverwijzing", address=page, typed=lists
    )

    form = client.get(page).context["form"]
    assert form["need"].value() == NEED
    assert form["shared"].value() == ["first_name", "phone", "need"]
    assert form["how"].value() == "spoken"
    assert str(form["organisation"].value()) == str(filled_in["organisation"])
    assert form.text == ""

    sent(client, page, filled_in)
    assert not Draft.objects.exists()


def test_a_draft_of_a_colleague_is_not_shown(client, page, family, filled_in):
    colleague = make_user(centre=family.centre)
    Draft.objects.keep(
        user=colleague, form="referral", subject=family.code, title="x", address=page, typed={"need": ["Geheim"]}
    )

    assert "Geheim" not in client.get(page).content.decode()


def test_opening_the_form_leaves_a_trail(client, page, noor, family):
    client.get(page)

    trail = Access.objects.get()
    assert (trail.user, trail.record_type, trail.record_ids) == (noor, "household", [family.pk])


# Taking it back


def test_undo_cancels_and_wipes_what_was_shared(client, page, filled_in):
    sent(client, page, filled_in)

    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))

    referral = Referral.objects.get()
    assert (referral.status, referral.shared_text, referral.consent.text) == (Status.CANCELLED, "", "")
    assert FollowUp.objects.get().status == FollowUp.Status.DROPPED
    assert referral.moves.first().to_status == Status.CANCELLED


def test_undo_comes_too_late_once_there_is_an_answer(noor, family):
    referral = make_referral(family)
    actions.note_answer(referral, status=Status.ACCEPTED, by=noor)

    sentence = actions.take_back_sent(referral.pk, by=noor)

    referral.refresh_from_db()
    assert sentence.startswith("Dit kan niet meer")
    assert referral.status == Status.ACCEPTED
    assert referral.shared_text


def test_withdrawing_wipes_the_text_kills_the_link_and_plans_to_tell(client, noor, family):
    referral = make_referral(family, shared_text="Voornaam: Samira")
    token = SecureLink.objects.give_out(purpose="referral", subject_id=referral.pk)
    client.force_login(noor)

    client.post(reverse("households:referral-withdraw", args=[referral.pk]), {"why": "Ze bedacht zich."})

    referral.refresh_from_db()
    assert (referral.status, referral.shared_text, referral.consent.text) == (Status.WITHDRAWN, "", "")
    assert referral.consent.withdrawn_at is not None
    assert SecureLink.objects.open(token, purpose="referral") is None
    to_do = FollowUp.objects.open().get()
    assert to_do.what == f"Laat {referral.organisation} weten dat de toestemming ingetrokken is"
    assert (to_do.assigned_to, to_do.due_on) == (noor, timezone.localdate())
    move = referral.moves.first()
    assert (move.to_status, move.why) == (Status.WITHDRAWN, "Ze bedacht zich.")


def test_withdrawing_twice_withdraws_once(client, noor, family):
    referral = make_referral(family)
    client.force_login(noor)
    address = reverse("households:referral-withdraw", args=[referral.pk])

    client.post(address)
    again = client.post(address)

    assert again.status_code == 302
    assert referral.moves.filter(to_status=Status.WITHDRAWN).count() == 1
    assert FollowUp.objects.open().count() == 1


def test_what_was_wiped_is_nowhere_on_the_page(client, noor, family):
    referral = make_referral(family, shared_text="Voornaam: Geheimnaam")
    actions.withdraw(referral, by=noor)
    client.force_login(noor)

    assert "Geheimnaam" not in client.get(referral.get_absolute_url()).content.decode()


def test_a_withdrawal_with_a_bad_note_keeps_it_and_withdraws_nothing(client, noor, family):
    referral = make_referral(family)
    client.force_login(noor)

    response = client.post(reverse("households:referral-withdraw", args=[referral.pk]), {"why": "x" * 301})

    referral.refresh_from_db()
    assert referral.status == Status.SENT
    assert "x" * 301 in response.content.decode()


# Moves

ALLOWED = [(before, after) for before, afters in actions.MOVES.items() for after in afters if before != Status.DRAFT]
DETAILS = {Status.DECLINED: {"decline_reason": "full"}, Status.CLOSED: {"outcome": "helped"}}


def make_move(referral, status, by):
    if status == Status.WITHDRAWN:
        return actions.withdraw(referral, by=by)
    return actions.note_answer(referral, status=status, by=by, **DETAILS.get(status, {}))


@pytest.mark.parametrize(("before", "after"), ALLOWED)
def test_each_allowed_move_is_made_and_written_down(noor, family, before, after):
    referral = make_referral(family, status=before)

    make_move(referral, after, noor)

    referral.refresh_from_db()
    move = referral.moves.first()
    assert referral.status == after
    assert (move.from_status, move.to_status, move.by) == (before, after, noor)
    assert referral.version == 2
    assert FollowUp.objects.open().count() == (1 if after in actions.NEXT_STEPS else 0)


@pytest.mark.parametrize("before", [status for status in Status if status != Status.DRAFT])
def test_each_other_move_is_refused_and_changes_nothing(noor, family, before):
    referral = make_referral(family, status=before)

    for after in set(Status) - set(actions.MOVES[before]):
        with pytest.raises(actions.NotPossible):
            make_move(referral, after, noor)

    referral.refresh_from_db()
    assert (referral.status, referral.version, referral.moves.count()) == (before, 1, 1)


def test_the_table_knows_every_status():
    assert set(actions.MOVES) == set(Status)


def answer(client, referral, **data):
    return client.post(
        reverse("households:referral-answer", args=[referral.pk]), {"loaded_version": referral.version, **data}
    )


def test_the_answer_of_the_partner_is_noted(client, noor, family):
    referral = make_referral(family)
    client.force_login(noor)

    response = answer(client, referral, answer="waitlisted", why="Ongeveer zes weken.")

    referral.refresh_from_db()
    assert response.url == referral.get_absolute_url()
    assert referral.status == Status.WAITLISTED
    assert referral.moves.first().why == "Ongeveer zes weken."


def test_not_turning_up_gives_the_maker_something_to_do(client, family):
    maker, coordinator = family.primary_worker, make_user(Role.COORDINATOR, centre=family.centre)
    referral = make_referral(family, status=Status.SCHEDULED, made_by=maker)
    client.force_login(coordinator)

    answer(client, referral, answer="no_show")

    to_do = FollowUp.objects.open().get()
    assert to_do.what == f"Niet opgedaagd bij {referral.organisation}: hoor wat er misliep"
    assert (to_do.assigned_to, to_do.household) == (maker, family)
    referral.refresh_from_db()
    assert referral.status == Status.NO_SHOW


def test_what_a_colleague_who_left_had_to_do_goes_to_who_notes_the_answer(noor, family):
    gone = make_user(centre=family.centre)
    referral = make_referral(family, made_by=gone)
    FollowUp.objects.update(assigned_to=noor)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    actions.note_answer(referral, status=Status.WAITLISTED, by=noor)

    assert FollowUp.objects.open().get().assigned_to == noor


@pytest.mark.parametrize(
    ("status", "data", "field"),
    [
        (Status.SENT, {}, "answer"),
        (Status.SENT, {"answer": "aanvaard"}, "answer"),
        (Status.SENT, {"answer": "scheduled"}, "answer"),
        (Status.SENT, {"answer": "withdrawn"}, "answer"),
        (Status.SENT, {"answer": "declined"}, "decline_reason"),
        (Status.SENT, {"answer": "declined", "decline_reason": "geen zin"}, "decline_reason"),
        (Status.ARRIVED, {"answer": "closed"}, "outcome"),
        (Status.SENT, {"answer": "accepted", "why": "x" * 301}, "why"),
        (Status.SENT, {"answer": "accepted", "why": "nul\0"}, "why"),
        (Status.SENT, {"answer": "accepted", "loaded_version": "een"}, "loaded_version"),
        (Status.SENT, {"answer": "accepted", "loaded_version": ""}, "loaded_version"),
    ],
)
def test_a_bad_answer_is_refused_at_its_field(client, noor, family, status, data, field):
    referral = make_referral(family, status=status)
    client.force_login(noor)

    response = answer(client, referral, **data)

    assert response.status_code == 200
    assert field in errors_of(response)
    referral.refresh_from_db()
    assert referral.status == status


def test_an_answer_that_a_colleague_overtook_is_shown_again(client, noor, family):
    referral = make_referral(family)
    actions.note_answer(referral, status=Status.WAITLISTED, by=noor)
    client.force_login(noor)

    refused = answer(client, referral, answer="accepted", why="Ze belden terug.")

    assert "Een collega noteerde intussen “Wachtlijst”" in refused.content.decode()
    assert "Ze belden terug." in refused.content.decode()
    referral.refresh_from_db()
    assert referral.status == Status.WAITLISTED

    again = answer(client, referral, answer="accepted", why="Ze belden terug.")
    assert again.status_code == 302


def test_the_same_answer_twice_is_noted_once(client, noor, family):
    referral = make_referral(family)
    client.force_login(noor)

    for _ in range(2):
        response = answer(client, referral, answer="accepted")

    assert response.status_code == 302
    assert referral.moves.filter(to_status=Status.ACCEPTED).count() == 1


def test_an_answer_can_be_undone(client, noor, family):
    referral = make_referral(family)
    client.force_login(noor)
    answer(client, referral, answer="declined", decline_reason="full")

    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))

    referral.refresh_from_db()
    assert (referral.status, referral.decline_reason) == (Status.SENT, "")
    assert [move.to_status for move in referral.moves.all()] == [Status.SENT, Status.DECLINED, Status.SENT]
    assert FollowUp.objects.open().get().what.startswith("Navragen bij")


def test_an_answer_cannot_be_undone_after_the_next_one(noor, family):
    referral = make_referral(family)
    move = actions.note_answer(referral, status=Status.WAITLISTED, by=noor)
    actions.note_answer(referral, status=Status.ACCEPTED, by=noor)

    assert actions.take_back_answer(move.pk, by=noor).startswith("Dit kan niet meer")
    referral.refresh_from_db()
    assert referral.status == Status.ACCEPTED


def test_no_longer_needed_wipes_the_text_and_leaves_no_undo(client, noor, family):
    referral = make_referral(family)
    client.force_login(noor)

    answer(client, referral, answer="cancelled")

    referral.refresh_from_db()
    assert (referral.status, referral.shared_text) == (Status.CANCELLED, "")
    assert not Undo.objects.exists()
    assert not FollowUp.objects.open().exists()


def test_what_has_ended_offers_no_answer_any_more(client, noor, family):
    referral = make_referral(family, status=Status.CLOSED)
    client.force_login(noor)

    body = client.get(referral.get_absolute_url()).content.decode()

    assert "Noteer het antwoord" not in body and "Trek in" not in body


# What the tables themselves refuse


@pytest.mark.parametrize("status", [status for status in Status if status not in (Status.DRAFT, Status.CANCELLED)])
def test_the_database_refuses_to_let_anything_leave_without_consent(family, status):
    referral = make_referral(family)

    with breaks("referral_leaves_with_consent"):
        Referral.objects.filter(pk=referral.pk).update(
            status=status, consent=None, outcome="helped", decline_reason="full", shared_text=""
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "closed"}, "referral_closed_with_outcome"),
        ({"status": "declined"}, "referral_declined_with_reason"),
        ({"status": "withdrawn"}, "referral_taken_back_shares_nothing"),
        ({"status": "cancelled"}, "referral_taken_back_shares_nothing"),
        ({"sent_at": None}, "referral_leaves_with_consent"),
        ({"feedback_due_on": None}, "referral_leaves_with_consent"),
    ],
)
def test_the_database_refuses_what_can_never_be(family, change, constraint):
    referral = make_referral(family)

    with breaks(constraint):
        Referral.objects.filter(pk=referral.pk).update(**change)


# Who sees what


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.READER, Role.MONITOR, Role.RECEPTION, Role.ADMINISTRATOR, None])
def test_other_roles_are_refused_everywhere(client, family, role):
    referral = make_referral(family)
    client.force_login(make_user(role, centre=family.centre))

    answers = [
        client.get(reverse("households:referral-create", args=[family.code])),
        client.post(reverse("households:referral-create", args=[family.code])),
        client.get(reverse("households:referral-list")),
        client.get(referral.get_absolute_url()),
        client.post(reverse("households:referral-answer", args=[referral.pk])),
        client.post(reverse("households:referral-withdraw", args=[referral.pk])),
    ]

    assert [response.status_code for response in answers] == [403] * 6


@pytest.mark.parametrize("role", [Role.WORKER, Role.COORDINATOR])
def test_nothing_of_another_centre_exists(client, family, role):
    referral = make_referral(family)
    client.force_login(make_user(role))

    answers = [
        client.get(reverse("households:referral-create", args=[family.code])),
        client.get(referral.get_absolute_url()),
        client.post(reverse("households:referral-answer", args=[referral.pk]), {"answer": "accepted"}),
        client.post(reverse("households:referral-withdraw", args=[referral.pk])),
    ]

    assert [response.status_code for response in answers] == [404] * 4
    assert "Samira" not in client.get(reverse("households:referral-list")).content.decode()


def test_a_colleague_outside_the_file_team_does_not_learn_of_a_referral(client, family):
    referral = make_referral(family)
    client.force_login(make_user(centre=family.centre))

    assert client.get(referral.get_absolute_url()).status_code == 404
    assert "Samira" not in client.get(reverse("households:referral-list")).content.decode()


@pytest.mark.parametrize("who", ["maker", "primary", "backup"])
def test_the_maker_and_the_file_team_see_it_with_the_need(client, family, who):
    maker, backup = make_user(centre=family.centre), make_user(centre=family.centre)
    Household.objects.filter(pk=family.pk).update(backup_worker=backup)
    referral = make_referral(family, made_by=maker)
    client.force_login({"maker": maker, "primary": family.primary_worker, "backup": backup}[who])

    assert NEED in client.get(referral.get_absolute_url()).content.decode()
    assert "Samira" in client.get(reverse("households:referral-list")).content.decode()


def test_a_coordinator_sees_what_was_shared_but_not_our_own_words(client, family):
    referral = make_referral(family)
    coordinator = make_user(Role.COORDINATOR, centre=family.centre)
    client.force_login(coordinator)

    body = client.get(referral.get_absolute_url()).content.decode()

    assert "Voornaam: Samira" in body and referral.organisation.name in body and "Verstuurd" in body
    assert NEED not in body


def test_opening_a_referral_leaves_a_trail(client, noor, family):
    referral = make_referral(family)
    client.force_login(noor)

    client.get(referral.get_absolute_url())

    trail = Access.objects.get()
    assert (trail.user, trail.record_type, trail.record_ids) == (noor, "referral", [referral.pk])
    assert trail.centre_id == family.centre_id


@pytest.mark.parametrize(
    ("name", "method", "status"),
    [
        ("referral-detail", "post", 405),
        ("referral-answer", "get", 405),
        ("referral-withdraw", "get", 405),
        ("referral-list", "post", 405),
        ("referral-create", "put", 405),
    ],
)
def test_a_wrong_method_is_refused(client, noor, family, name, method, status):
    referral = make_referral(family)
    subject = {"referral-list": [], "referral-create": [family.code]}.get(name, [referral.pk])
    client.force_login(noor)

    assert getattr(client, method)(reverse(f"households:{name}", args=subject)).status_code == status


def test_an_unknown_referral_does_not_exist(client, noor):
    client.force_login(noor)

    assert client.get(reverse("households:referral-detail", args=[999999])).status_code == 404
    assert client.get("/team/doorverwijzingen/99999999999999999999999/").status_code == 404


@pytest.mark.parametrize("role", [Role.WORKER, Role.COORDINATOR])
def test_the_page_and_the_queryset_agree_on_who_may_read(family, role):
    maker, other = make_user(role, centre=family.centre), make_user(role, centre=family.centre)
    referrals = [make_referral(family), make_referral(family, made_by=maker)]

    for user in (maker, other, family.primary_worker):
        visible = set(Referral.objects.visible_to(user))
        assert {referral for referral in referrals if referral.is_readable_by(user)} == visible


# The overview


def listed(response):
    return [referral.pk for referral in response.context["referrals"]]


def test_who_waits_longest_comes_first_with_the_days_in_words(client, noor, family):
    new, old = make_referral(family), make_referral(family, days_ago=12)
    make_referral(family, status=Status.ACCEPTED)
    client.force_login(noor)

    response = client.get(reverse("households:referral-list"))

    assert listed(response) == [old.pk, new.pk]
    assert "wacht 12 dagen" in response.content.decode()
    assert "vandaag doorgegeven" in response.content.decode()


def test_the_overview_counts_and_filters_by_status_theme_and_age(client, noor, family):
    waiting = make_referral(family, days_ago=12, theme="health")
    accepted = make_referral(family, status=Status.ACCEPTED)
    closed = make_referral(family, status=Status.CLOSED)
    client.force_login(noor)
    address = reverse("households:referral-list")

    tabs = {tab.label: tab.count for tab in client.get(address).context["form"].tabs(Referral.objects.all())}

    assert (tabs["Wacht"], tabs["Verstuurd"], tabs["Aanvaard"], tabs["Afgesloten"]) == (1, 1, 1, None)
    assert listed(client.get(address, {"toestand": "accepted"})) == [accepted.pk]
    assert listed(client.get(address, {"toestand": "closed"})) == [closed.pk]
    assert len(listed(client.get(address, {"toestand": "alles"}))) == 3
    assert listed(client.get(address, {"toestand": "alles", "thema": "health"})) == [waiting.pk]
    assert listed(client.get(address, {"toestand": "alles", "langer": "10"})) == [waiting.pk]


def test_the_coordinator_sees_all_of_the_centre_and_can_ask_for_her_own(client, family):
    els = make_user(Role.COORDINATOR, centre=family.centre)
    theirs, own = make_referral(family, days_ago=2), make_referral(family, made_by=els)
    client.force_login(els)
    address = reverse("households:referral-list")

    assert listed(client.get(address)) == [theirs.pk, own.pk]
    assert listed(client.get(address, {"mijn": "on"})) == [own.pk]


@pytest.mark.parametrize(
    "asked", [{"toestand": "\0"}, {"thema": "x" * 500}, {"langer": "-1"}, {"langer": "'; --"}, {"mijn": "\0"}]
)
def test_a_filter_that_makes_no_sense_breaks_nothing(client, noor, asked):
    client.force_login(noor)

    assert client.get(reverse("households:referral-list"), asked).status_code == 200


def test_an_empty_overview_says_where_referring_begins(client, noor):
    client.force_login(noor)

    assert "Hier staat niets." in client.get(reverse("households:referral-list")).content.decode()


def test_the_overview_has_a_limit(client, noor, family, monkeypatch):
    monkeypatch.setattr("households.views.referrals.LIST_LIMIT", 2)
    for _ in range(3):
        make_referral(family)
    client.force_login(noor)

    response = client.get(reverse("households:referral-list"))

    assert len(listed(response)) == 2
    assert "Dit zijn de eerste 2" in response.content.decode()


@pytest.mark.parametrize("size", [1, 5])
@pytest.mark.parametrize("role", [Role.WORKER, Role.COORDINATOR])
def test_the_overview_costs_the_same_for_any_number_of_rows(client, django_assert_num_queries, role, size):
    worker = make_user(role)
    for _ in range(size):
        make_referral(make_household(worker=worker))
    client.force_login(worker)

    with django_assert_num_queries(LIST_QUERIES):
        response = client.get(reverse("households:referral-list"))
    assert len(listed(response)) == size


@pytest.mark.parametrize("size", [1, 5])
def test_a_referral_costs_the_same_for_any_number_of_moves(client, noor, family, django_assert_num_queries, size):
    referral = make_referral(family)
    for _ in range(size):
        ReferralMove.objects.create(
            centre=family.centre, referral=referral, from_status="sent", to_status="sent", by=make_user()
        )
    client.force_login(noor)

    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(referral.get_absolute_url())


def test_vandaag_asks_for_waiting_referrals_in_one_query_served_by_an_index(family, django_assert_num_queries):
    make_referral(family)
    worker = family.primary_worker
    assert worker.roles  # read with the sign-in on every page
    waiting = Referral.objects.visible_to(worker).waiting().waiting_longest_first()[:10]

    with django_assert_num_queries(1):
        assert len(waiting) == 1

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    assert "referral_waiting_longest" in waiting.explain()


# The story of a family


def test_the_story_tells_of_a_referral_to_who_may_read_it(noor, family):
    referral = make_referral(family, organisation=make_organisation(name="Voorbeelddienst wonen"))

    [entry] = [entry for entry in timeline.of(family, user=noor) if entry.kind == "referral"]

    assert "naar Voorbeelddienst wonen" in entry.title
    assert entry.url == referral.get_absolute_url()
    assert entry.tags == ("Verstuurd",)


def test_the_story_does_not_tell_others(family):
    make_referral(family)
    colleague = make_user(centre=family.centre)

    assert [entry for entry in timeline.of(family, user=colleague) if entry.kind == "referral"] == []


# Under it all

TABLES = [
    "households_consent",
    "households_consentevent",
    "households_referral",
    "households_referralevent",
    "households_referralmove",
]


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("table", TABLES)
def test_plain_sql_shows_only_the_rows_of_ones_own_centre(table):
    mine = make_referral()
    make_referral()
    everything = count(table)

    with asking(centres=[mine.centre_id]):
        own = count(table)
    with asking(centres=[]):
        nothing = count(table)

    assert everything == 2 * own > 0
    assert nothing == 0


def test_a_move_can_be_added_but_never_rewritten(family):
    make_referral(family)

    for statement in ("UPDATE households_referralmove SET why = 'anders'", "DELETE FROM households_referralmove"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_referral_cannot_be_put_into_another_centre(family):
    referral = make_referral(family)
    elsewhere = make_centre()

    with asking(centres=[family.centre_id]), pytest.raises(DatabaseError), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(centre=elsewhere)


def test_someone_of_two_centres_sees_by_the_role_in_each(family):
    els = make_user(Role.COORDINATOR)
    Membership.objects.create(user=els, centre=family.centre, role=Role.WORKER)
    make_referral(family)

    assert not Referral.objects.visible_to(els).exists()
